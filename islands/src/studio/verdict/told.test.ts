// Answers of the engine, as `judge::json` writes them, as the page shows them.
import { describe, expect, it } from 'vitest';
import { type ToldAblation, type ToldBreak, type ToldVerdict, ablated, broken, capacity, judged, nines, unjudged, verdict } from './told.ts';

const NB = '\u202f';

describe('verdicts', () => {
  it.each([
    [{ required: 'buy p99 < 100 ms', verdict: 'met', measured_e9: 88_000_000, half_e9: 2_000_000, margin_e9: 12_000_000, unit: 's' }, `88${NB}ms ± 2${NB}ms`, `12${NB}ms`],
    [{ required: 'buy p99 < 100 ms', verdict: 'missed', measured_e9: 130_000_000, by_e9: 30_000_000, unit: 's' }, `130${NB}ms`, `30${NB}ms`],
    [{ required: 'good >= 99.9 %', verdict: 'met', measured_e9: 999_950_000, half_e9: 0, margin_e9: 50_000, unit: '' }, `99.995${NB}%`, `0.005${NB}%`],
    [{ required: 'good >= 99.9 %', verdict: 'met', measured_e9: 1e9, margin_e9: 1_000_000, unit: '' }, `100${NB}%`, `0.1${NB}%`],
    [{ required: 'cost < 400 USD/month', verdict: 'missed', measured_e9: 412e9, by_e9: 12e9, unit: 'USD/month' }, '$412 a month', '$12 a month'],
    [{ required: 'buy goodput >= 95/s', verdict: 'met', measured_e9: 99e9, half_e9: 1e9, margin_e9: 4e9, unit: '/s' }, '99/s ± 1/s', '4/s'],
    [{ required: 'db max queue < 10', verdict: 'met', measured_e9: 10e9, margin_e9: 0, unit: '' }, '10', null],
    [{ required: 'stock: no oversell', verdict: 'missed', violated: 5, checked: 35, why: '31 were sold.' }, '5 of 35', null],
    [{ required: 'recovery < 30 s', verdict: 'missed', why: 'Goodput was never back.' }, null, null],
  ] as [ToldVerdict, string | null, string | null][])('%j', (told, measured, by) => expect(verdict(told)).toMatchObject({ verdict: told.verdict, measured, by, why: told.why ?? null }));

  it('has the story of data that was not kept, with sessions by the number that they have among their own', () => {
    const story = [{ at_ns: 1, request: 3, session: 2 ** 32 * 7 + 5, component: 'db', did: 'reads stock' }, { at_ns: 2, request: 0, component: 'db', did: 'crashes' }];
    expect(verdict({ required: 'x', verdict: 'missed', story }).story?.map(({ request, session }) => [request, session])).toEqual([[3, 5], [0, null]]);
  });

  it.each([[0.5, `50${NB}%`], [0.9995, `99.95${NB}%`], [0.99, `99${NB}%`], [0.9999999, `99.99999${NB}%`], [1, `100${NB}%`]])('%d is %s', (value, shown) => expect(nines(value)).toBe(shown));
});

it('a requirement that cannot be measured is not judged, and says why and what to do', () => {
  const problem = (path: string) => ({ severity: 'error' as const, path, line: null, column: null, message: 'Nothing goes wrong here.', suggestion: 'Add a fault.' });
  expect(unjudged([problem('require.recovers'), problem('envelope'), problem('require.a.b')])).toEqual({
    recovers: { required: '', verdict: 'not judged', why: 'Nothing goes wrong here. Add a fault.' },
    'a.b': { required: '', verdict: 'not judged', why: 'Nothing goes wrong here. Add a fault.' },
  });
});

it('sentences come with what they speak of and figures that read well', () => {
  const told = judged({}, [{ role: 'cause', kind: 'overload', component: 'db', text: 'db was full.', components: ['db', 'web'], links: ['web -> db'], figures: [{ name: 'db.utilisation', value_e9: 984e6, unit: '' }, { name: 'times the load', value_e9: 3.31e9, unit: '' }, { name: 'buy.p99', value_e9: 1.5e9, unit: 's' }] }], 5);
  expect(told.explanation[0]).toEqual({ role: 'cause', kind: 'overload', component: 'db', text: 'db was full.', about: ['db', 'web', 'web -> db'], figures: [{ name: 'db.utilisation', shown: `98.4${NB}%` }, { name: 'times the load', shown: '3.31' }, { name: 'buy.p99', shown: `1.5${NB}s` }] });
});

it('a break keeps its story, its seeds and the five nearest cases', () => {
  const told: ToldBreak = {
    found: { requirement: 'fast', required: 'p99 < 40 ms', verdict: { required: 'p99 < 40 ms', verdict: 'missed' }, story: ['It broke.'], seed: 27, runs: 5, shows_at: 'web', is_smallest: true, document: {} },
    runs: 40, stopped: null, not_judged: [], sentences: [], tried: Array.from({ length: 8 }, (_, i) => ({ requirement: 'fast', slack_e9: i * 1e8, case: `case ${i}` })),
  };
  const shown = broken(told);
  expect([shown.found?.seed, shown.found?.seeds, shown.tried.length, shown.tried[2]?.slack]).toEqual(['27', 5, 5, 0.2]);
  expect(broken({ ...told, found: null }).found).toBeNull();
});

it('what could go says so in the words of the engine, and of its own name only', () => {
  const row = (component: string, change: string, could_go: boolean) => ({ component, change, result: '', earns: [], could_go });
  const told: ToldAblation = {
    rows: [row('web', 'taken away', true), row('web-2', 'taken away', true), row('web', 'at half its replicas (1 instead of 2)', true), row('db', 'taken away', false)],
    cases: [], runs: 3, stopped: null,
    sentences: ['You could delete web-2: every requirement is met without it.', 'You could delete web, if nobody needs what it does itself: every requirement is met without it.', 'web at half its replicas (1 instead of 2) would meet every requirement, too.'],
  };
  const shown = ablated(told, ['good']);
  expect(shown.rows.map(({ component, is_removed, says }) => [component, is_removed, says.slice(0, 27)])).toEqual([
    ['web', true, 'You could delete web, if no'], ['web-2', true, 'You could delete web-2: eve'], ['web', false, ''], ['db', true, ''],
  ]);
  expect(shown.missed).toEqual(['good']);
});

it('a limit is told in times the load, and prices in dollars', () => {
  const shown = capacity({
    highest: { meets_e9: 1.56e9, misses_e9: 1.72e9, missed: { requirement: 'fast', verdict: { required: 'p99 < 40 ms', verdict: 'missed', measured_e9: 41.5e6, half_e9: 944e3, unit: 's' }, shows_at: 'web' }, runs: 100, stopped: null },
    fewest: { meets: true, missed: null, parts: [{ component: 'web', had: 4, needs: 2, usd_e9_per_month: 30e9 }, { component: 'lb', had: 1, needs: 1, usd_e9_per_month: null }], runs: 65, stopped: null },
  });
  expect([shown.highest.meets, shown.highest.misses?.factor, shown.highest.misses?.verdict.measured, shown.runs]).toEqual([1.56, 1.72, `41.5${NB}ms ± 944${NB}µs`, 165]);
  expect(shown.fewest?.parts.map(({ usd_per_month }) => usd_per_month)).toEqual([30, null]);
});
