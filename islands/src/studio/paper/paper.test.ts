// The page to take along: what stands on it, that it needs nothing else, and that names that want to be
// markup stay names.
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../catalogue.ts';
import { readDesign } from '../read.ts';
import type { Report } from '../run/report.ts';
import type { Ran } from '../run/runs.svelte.ts';
import { digestOf } from '../run/prediction.ts';
import { type Known, gathered } from './gather.ts';
import { html, Markup } from './html.ts';
import { page } from './page.ts';

const CATALOGUE: Catalogue = { kinds: [], link: [], data: [], class: [], prices: [] };

function known(text: string, more: Partial<Known> = {}): Known {
  const { design } = readDesign(text);
  if (!design) throw new Error('the design of this test cannot be read');
  return {
    design, catalogue: CATALOGUE, runs: [], nameOf: ({ title }) => title, judged: null, broken: null, napkin: '', steps: [], instant: null,
    link: 'https://octo.example/studio#d=abc', date: '23 November 2026', engine: '2', ...more,
  };
}

const SHOP = `octo = 1
title = "Shop"
[components]
users = { kind = "clients" }
web = { kind = "service" }
[links]
"users -> web" = {}
[workload]
buy = { from = "users", arrivals = "poisson 100/s" }
[require]
fast = "buy p99 < 100 ms"
[envelope]
rate = "x1..x2"
faults = { any = ["crash 1"], at_once = 2, lasts = "..20 s" }
`;

const REPORT = {
  engine: '2', ended_by: null, bottleneck: 'web',
  classes: { buy: { sent: 1000, answered: 990, failed: { x: 10 }, unfinished: 0, p50_ns: 10e6, p99_ns: 100e6, mean_ns: 12e6, goodput_e9_per_s: 99e9 } },
  components: { web: { kind: 'service', utilisation_e9: 5e8, queue_e9: 0, hits_e9: null } },
  costs: { month_nano_usd: 142e9, thousand_nano_usd: null, fixed_nano_usd_per_month: { web: 142e9 }, nano_usd_per_million: {}, sources: { web: 'a price list of 2026' }, not_priced: ['lb'] },
  ignores: { service: ['Garbage collection is not modelled.'] },
} as unknown as Report;

describe('the page', () => {
  it('says all that is known, in the order in which it is read', () => {
    const base = known(SHOP);
    const ran: Ran = { id: '0123456789abcdef', seed: '7', title: 'first try', design: base.design, digest: digestOf(base.design), report: REPORT, prediction: null, at: 0 };
    const judged = {
      runs: 5,
      requirements: { fast: { required: 'buy p99 < 100 ms', verdict: 'missed' as const, measured: '130 ms ± 2 ms', by: '30 ms', why: null } },
      explanation: [{ role: 'cause' as const, kind: 'overload', component: 'web', text: 'web was full first.', figures: [{ name: 'web.utilisation', shown: '98 %' }] }],
    };
    const told = page(gathered({ ...base, runs: [ran], judged, napkin: 'p99 = 80 ms', steps: [{ name: 'p99', text: '80 ms', shown: '80 ms', value: 0.08, unit: 'a time' }] }));
    const order = ['<h1>Shop</h1>', '0 of 1 requirements are met.', '<svg', 'What it must do', 'buy: poisson 100/s, from users', 'x1 to x2 of the load; crash 1, 2 at once, for ..20 s', 'missed', '130 ms ± 2 ms', '30 ms',
      'The estimate', 'p99 = 80 ms', '80', '1.3 times too low', 'Runs', 'first try', 'seed 7', 'web was full first.', 'web.utilisation 98 %', '$142', 'Not priced: lb', 'a price list of 2026', 'What this model ignores',
      'Garbage collection is not modelled.', 'octo sim design.toml --seed 7', '[components]', 'https://octo.example/studio#d=abc'];
    const places = order.map((words) => [words, told.indexOf(html`${words}`.text) >= 0 || told.includes(words)]);
    expect(places.filter(([, is]) => !is)).toEqual([]);
    const heads = [...told.matchAll(/<h2>([^<]*)/g)].map(([, head]) => head);
    expect(heads).toEqual(['What it must do', 'The estimate', 'Runs', 'What happens in it', 'What it costs', 'What this model ignores', 'The design itself']);
  });

  it('needs nothing else and runs nothing', () => {
    const told = page(gathered(known(SHOP)));
    expect(told).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(told).toContain("default-src &#39;none&#39;");
    expect(told).toContain('It has not been run yet.');
  });

  it('keeps names that want to be markup as names, wherever they stand', () => {
    const evil = '</pre><script>alert(1)</script><img src=x onerror=alert(1)>"\'';
    const base = known(SHOP.replace('title = "Shop"', `title = '''${evil}'''`).replace('"buy p99 < 100 ms"', `'''${evil}'''`).replace('"crash 1"', `'''${evil}'''`).replace('"poisson 100/s"', `'''${evil}'''`));
    const design = { ...base.design, components: { [evil]: { kind: evil, time: evil }, users: { kind: 'clients' } }, links: { [`users -> ${evil}`]: { rtt: evil } }, faults: [{ what: evil, at: evil }] };
    const report = { ...REPORT, bottleneck: evil, ended_by: evil, ignores: { [evil]: [evil] }, costs: { ...REPORT.costs, fixed_nano_usd_per_month: { [evil]: 1e9 }, sources: { [evil]: evil }, not_priced: [evil] } };
    const ran: Ran = { id: evil, seed: evil, title: evil, design, digest: digestOf(design), report, prediction: null, at: 0 };
    const told = page(gathered({
      ...base, design, runs: [ran], napkin: evil, link: `https://octo.example/studio#d=${evil}`, engine: evil,
      judged: { runs: 1, requirements: { fast: { required: evil, verdict: 'missed', measured: evil, by: evil, why: evil } }, explanation: [{ role: 'cause', kind: evil, component: evil, text: evil, figures: [{ name: evil, shown: evil }] }] },
      broken: { found: { requirement: evil, required: evil, verdict: { required: evil, verdict: 'missed', measured: null, by: null, why: null }, story: [evil], seed: '1', seeds: 1, shows_at: null, is_smallest: true, document: {} }, runs: 1, stopped: null, not_judged: [], sentences: [evil], tried: [] },
      steps: [{ name: evil, text: evil, shown: evil, value: 1, unit: 'a time' }],
      instant: { numbers: { [`${evil}.mean`]: { value: 1, shown: evil, formula: evil, limits: evil, sureness: evil } }, first: null, reasons: [evil] },
    }));
    expect(told).not.toMatch(/<script|<img|<\/pre><|onerror=alert\(1\)>/);
    expect(told.match(/alert\(1\)/g)?.length).toBeGreaterThan(20);
    // Every attribute that holds a text of somebody ends where it was meant to end.
    expect([...told.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href)).toEqual([`https://octo.example/studio#d=${evil.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)}`]);
  });

  it('says nothing of runs of another design', () => {
    const base = known(SHOP);
    const other = readDesign(SHOP.replace('100/s', '300/s')).design!;
    // An earlier form of this one is told beside it, with its own numbers; what has another title is not.
    const ran: Ran = { id: 'x', seed: '1', title: 'Shop', design: other, digest: digestOf(other), report: REPORT, prediction: null, at: 0 };
    const taken = gathered({ ...base, runs: [ran, { ...ran, id: 'y', title: 'Bank' }] });
    expect([taken.cost, taken.ignores]).toEqual([null, []]);
    expect(taken.runs.map(({ id }) => id)).toEqual(['x']);
  });
});

describe('html', () => {
  it('escapes every text and keeps what it made', () => {
    expect(html`<p>${'<b>&"'}${html`<i>${1}</i>`}${[html`<br>`, 'a<b']}${null}${false}${new Markup('<u>')}</p>`.text).toBe('<p>&#60;b&#62;&#38;&#34;<i>1</i><br>a&#60;b<u></p>');
  });
});
