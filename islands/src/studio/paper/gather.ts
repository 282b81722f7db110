// Gathers what the page to take along shows, from the design, its runs and what was judged of it. What
// was said of another design is left out.
import { titleOf } from '../catalogue.ts';
import { changed } from '../compare/changes.ts';
import { rows } from '../compare/napkin.ts';
import { rate, share, time } from '../compare/shown.ts';
import { type Design, at, classes, faults, section, text } from '../document.ts';
import { drawn } from '../forms/svg.ts';
import { toField } from '../fields.ts';
import { usd } from '../run/format.ts';
import { digestOf, gaps, isRight } from '../run/prediction.ts';
import { costPerMonth, errorShare, mainClass } from '../run/report.ts';
import type { Ran } from '../run/runs.svelte.ts';
import { type Comments, NO_COMMENTS, withComments } from '../comments.ts';
import { toToml } from '../toml.ts';
import type { Broken, Instant, Judged, Step } from '../verdict/asked.ts';
import { fields } from '../verdict/envelope.ts';
import { arrivals, shown } from '../words.ts';
import type { Catalogue } from '../catalogue.ts';
import { Markup } from './html.ts';
import type { Taken, TakenRun } from './page.ts';

export interface Known {
  design: Design;
  comments?: Comments;
  catalogue: Catalogue;
  /** The newest first; of whatever design. */
  runs: readonly Ran[];
  nameOf: (ran: Ran) => string;
  judged: Judged | null;
  broken: Broken | null;
  napkin: string;
  steps: readonly Step[];
  instant: Instant | null;
  link: string;
  date: string;
  engine: string;
}

const RUNS = 8;

export function gathered(known: Known): Taken {
  const { design } = known;
  const digest = digestOf(design);
  const ran = known.runs.find((one) => one.digest === digest) ?? null;
  const report = ran?.report ?? null;
  // Runs of other designs are kept as well, and are nobody's business at work.
  const title = text(at(design, 'title'));
  const own = known.runs.filter((one) => one.title === title || one.digest === digest);
  const costs = report?.costs;
  const month = report ? costPerMonth(report) : null;
  return {
    title: title || 'A design',
    date: known.date,
    picture: new Markup(drawn(design, known.catalogue).svg),
    load: classes(design).map(({ name, from, settings }) => `${name}: ${arrivals(design, settings)}${from ? `, from ${from}` : ''}`),
    faults: faults(design).map((fault) => [shown(at(fault, 'what')), at(fault, 'at') === undefined ? '' : `at ${shown(at(fault, 'at'))}`, at(fault, 'lasts') === undefined ? '' : `for ${shown(at(fault, 'lasts'))}`].filter(Boolean).join(' ')),
    envelope: envelope(design),
    require: Object.entries(section(design, 'require')).map(([name, said]) => ({ name, text: toField(said), verdict: (known.judged && Object.hasOwn(known.judged.requirements, name) ? known.judged.requirements[name] : null) ?? null })),
    judgedBy: known.judged?.runs ?? null,
    explanation: known.judged?.explanation ?? [],
    broken: known.broken,
    napkin: known.napkin,
    rows: rows(known.steps, known.instant, report),
    runs: own.slice(0, RUNS).map((one, i) => run(one, own[i + 1], known.nameOf)),
    costs: costs ? Object.entries(costs.fixed_nano_usd_per_month).map(([name, nano]) => ({ name, month: usd(nano / 1e9) })) : [],
    cost: month === null ? null : usd(month),
    notPriced: costs?.not_priced ?? [],
    sources: [...new Set(Object.values(costs?.sources ?? {}))],
    ignores: Object.entries(report?.ignores ?? {}).map(([kind, sentences]) => ({ of: titleOf(kind), sentences })),
    cautions: report?.ended_by ? [`The run ended early: ${report.ended_by}.`] : [],
    toml: withComments(toToml(design), known.comments ?? NO_COMMENTS),
    command: `octo sim design.toml${ran && ran.seed !== '1' ? ` --seed ${ran.seed}` : ''}`,
    link: known.link,
    engine: known.engine,
  };
}

function envelope(design: Design): string | null {
  const { least, most, any, atOnce, lasts, at: when, isByClass } = fields(design);
  const parts = [
    isByClass ? 'loads by class, as the text says' : least || most ? `${least || 'x1'} to ${most || 'x1'} of the load` : '',
    any.length > 0 ? `${any.join(', ')}${atOnce && atOnce !== '1' ? `, ${atOnce} at once` : ''}${lasts ? `, for ${lasts}` : ''}${when ? `, at ${when}` : ''}` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join('; ') : null;
}

function run(ran: Ran, older: Ran | undefined, nameOf: (ran: Ran) => string): TakenRun {
  const { report, prediction } = ran;
  const main = mainClass(report);
  const of = main === null ? undefined : report.classes[main];
  const seconds = (ns: number | null | undefined) => time(ns === null || ns === undefined ? null : ns / 1e9);
  const judged = prediction ? gaps(prediction, report).filter(({ score }) => score !== null) : [];
  return {
    name: nameOf(ran),
    id: ran.id,
    seed: ran.seed,
    changed: older ? changed(older.design, ran.design) : 'the first',
    p50: seconds(of?.p50_ns),
    p99: seconds(of?.p99_ns),
    goodput: rate(of?.goodput_e9_per_s ? of.goodput_e9_per_s / 1e9 : null),
    errors: share(errorShare(report)),
    bottleneck: report.bottleneck ?? 'none',
    predicted: judged.length > 0 ? `${judged.filter(isRight).length} of ${judged.length} right` : '',
  };
}
