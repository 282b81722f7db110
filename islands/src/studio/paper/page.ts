// A design as a page to take to work: what it is, what it must do, what was estimated, what runs said,
// what it costs, what this leaves out, and the design itself. One file that needs nothing else.
// Where all that is gathered is in `gather.ts`.
import type { Row } from '../compare/napkin.ts';
import { gap } from '../compare/napkin.ts';
import { shownAs } from '../compare/measures.ts';
import type { Broken, Finding, Verdict } from '../verdict/asked.ts';
import { Markup, type Part, html } from './html.ts';
import { STYLE } from './style.ts';

export interface Taken {
  title: string;
  /** "23 November 2026" */
  date: string;
  /** From `forms/svg.ts`, which escapes what it writes. */
  picture: Markup;
  /** "buy: poisson 100/s, from users" */
  load: string[];
  faults: string[];
  envelope: string | null;
  require: { name: string; text: string; verdict: Verdict | null }[];
  /** How many runs the verdicts stand on. */
  judgedBy: number | null;
  explanation: Finding[];
  broken: Broken | null;
  napkin: string;
  rows: Row[];
  runs: TakenRun[];
  costs: { name: string; month: string }[];
  /** "142 USD a month" */
  cost: string | null;
  notPriced: string[];
  sources: string[];
  /** By kind of component: what the model leaves out. */
  ignores: { of: string; sentences: string[] }[];
  cautions: string[];
  toml: string;
  /** "octo sim design.toml --seed 1" */
  command: string;
  link: string;
  engine: string;
}

export interface TakenRun {
  name: string;
  id: string;
  seed: string;
  changed: string;
  p50: string;
  p99: string;
  goodput: string;
  errors: string;
  bottleneck: string;
  predicted: string;
}

export function page(taken: Taken): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${taken.title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${body(taken)}
</body>
</html>
`.text;
}

/** What stands on the page. */
export function body(taken: Taken): Markup {
  return html`<header><h1>${taken.title}</h1><p class="quiet">${taken.date} · drawn and run with Octo, engine ${taken.engine}</p></header>
<main>
${verdictInShort(taken)}
<figure>${taken.picture}</figure>
${needs(taken)}
${estimate(taken)}
${runs(taken)}
${happened(taken)}
${cost(taken)}
${limits(taken)}
${itself(taken)}
</main>`;
}

function verdictInShort({ require, broken }: Taken): Part {
  const judged = require.flatMap(({ verdict }) => verdict ?? []);
  if (judged.length === 0) return null;
  const met = judged.filter(({ verdict }) => verdict === 'met').length;
  const found = broken?.found ? ` ${broken.found.story[0] ?? 'Something was found that breaks it.'}` : broken ? ' Nothing was found inside the envelope that breaks it.' : '';
  return html`<p class="lead">${met === judged.length ? `All ${met} requirements that were judged are met.` : `${met} of ${judged.length} requirements are met.`}${found}</p>`;
}

function needs({ load, faults, envelope, require, judgedBy }: Taken): Markup {
  return html`<section>
<h2>What it must do</h2>
${list('What comes', load)}${list('What goes wrong', faults)}${envelope ? html`<p>It must survive: ${envelope}.</p>` : null}
${require.length === 0 ? html`<p class="quiet">Nothing is required of it yet.</p>` : html`<table><thead><tr><th scope="col">requirement</th><th scope="col">verdict</th><th scope="col" class="n">measured</th><th scope="col" class="n">to spare, or missing</th></tr></thead><tbody>${require.map(required)}</tbody></table>${judgedBy ? html`<p class="quiet small">Verdicts from ${judgedBy} ${judgedBy === 1 ? 'run' : 'runs with different chance'}; ± is a 95 % interval.</p>` : null}`}
</section>`;
}

function required({ name, text, verdict }: Taken['require'][number]): Markup {
  const class_ = verdict?.verdict.replace(' ', '-') ?? 'open';
  return html`<tr><th scope="row">${name}: ${text}</th><td><span class="tag ${class_}">${verdict?.verdict ?? 'not judged'}</span>${verdict?.why ? html` <span class="quiet">${verdict.why}</span>` : null}</td><td class="n">${verdict?.measured ?? ''}</td><td class="n">${verdict?.by ?? ''}</td></tr>`;
}

function list(title: string, entries: readonly string[]): Part {
  return entries.length > 0 && html`<h3>${title}</h3><ul>${entries.map((entry) => html`<li>${entry}</li>`)}</ul>`;
}

function estimate({ napkin, rows }: Taken): Part {
  const told = rows.filter(({ yours, formula }) => yours !== null || formula !== null);
  if (napkin.trim() === '' && told.length === 0) return null;
  const number = (row: Row, value: number | null) => (value === null ? '' : shownAs(row.unit, value));
  return html`<section>
<h2>The estimate</h2>
${napkin.trim() === '' ? null : html`<pre>${napkin.trim()}</pre>`}
${told.length === 0 ? null : html`<table><thead><tr><th scope="col">quantity</th><th scope="col" class="n">estimate</th><th scope="col" class="n">formula</th><th scope="col" class="n">run</th><th scope="col">estimate beside the run</th></tr></thead><tbody>${told.map((row) => html`<tr><th scope="row">${row.name}</th><td class="n">${number(row, row.yours)}</td><td class="n">${number(row, row.formula)}</td><td class="n">${number(row, row.run)}</td><td>${gap(row.yours, row.run)?.text ?? ''}</td></tr>`)}</tbody></table>`}
</section>`;
}

function runs({ runs }: Taken): Markup {
  if (runs.length === 0) return html`<section><h2>Runs</h2><p class="quiet">It has not been run yet.</p></section>`;
  return html`<section>
<h2>Runs</h2>
<table><thead><tr><th scope="col">run</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99</th><th scope="col" class="n">good</th><th scope="col" class="n">errors</th><th scope="col">bottleneck</th><th scope="col">predicted</th></tr></thead>
<tbody>${runs.map((run) => html`<tr><th scope="row">${run.name}<br><span class="quiet small">${run.changed}; seed ${run.seed}, ${run.id.slice(0, 12)}</span></th><td class="n">${run.p50}</td><td class="n">${run.p99}</td><td class="n">${run.goodput}</td><td class="n">${run.errors}</td><td>${run.bottleneck}</td><td>${run.predicted}</td></tr>`)}</tbody></table>
</section>`;
}

function happened({ explanation, broken }: Taken): Part {
  if (explanation.length === 0 && !broken) return null;
  return html`<section>
<h2>What happens in it</h2>
${explanation.map(({ text, figures }) => html`<p class="keep">${text}${figures.length > 0 ? html` <span class="quiet small">${figures.map(({ name, shown }) => `${name} ${shown}`).join('; ')}</span>` : null}</p>`)}
${broken ? html`<h3>What breaks it</h3>${(broken.found?.story ?? broken.sentences).map((sentence) => html`<p>${sentence}</p>`)}` : null}
</section>`;
}

function cost({ cost, costs, notPriced, sources }: Taken): Markup {
  return html`<section>
<h2>What it costs</h2>
<p>${cost === null ? 'Nothing in it has a price yet.' : `${cost} a month.`}${notPriced.length > 0 && cost !== null ? ` Not priced: ${notPriced.join(', ')}.` : ''}</p>
${costs.length > 0 ? html`<table><thead><tr><th scope="col">part</th><th scope="col" class="n">a month</th></tr></thead><tbody>${costs.map(({ name, month }) => html`<tr><th scope="row">${name}</th><td class="n">${month}</td></tr>`)}</tbody></table>` : null}
${sources.length > 0 ? html`<p class="quiet small">Prices: ${sources.join('; ')}.</p>` : null}
</section>`;
}

function limits({ ignores, cautions }: Taken): Markup {
  const known = html`${cautions.map((sentence) => html`<p>${sentence}</p>`)}${ignores.map(({ of, sentences }) => html`<h3>${of}</h3><ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`)}`;
  return html`<section>
<h2>What this model ignores</h2>
<p>The numbers here come from a simulation with these settings, not from a system that was measured.</p>
${ignores.length + cautions.length > 0 ? known : html`<p class="quiet">A run lists here what the model of each part leaves out.</p>`}
</section>`;
}

function itself({ toml, command, link }: Taken): Markup {
  return html`<section>
<h2>The design itself</h2>
<p>As text, which <code>${command}</code> runs:</p>
<pre>${toml}</pre>
<p>As a link that holds all of it: <a href="${link}">open it in the studio</a>.</p>
<p class="link quiet">${link}</p>
</section>`;
}
