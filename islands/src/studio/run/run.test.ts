// The parts of running that need no page: what a prediction scores, what a moment of a run says, where
// a request is, which settings can be turned, and how faults are written.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Design } from '../document.ts';
import { readDesign } from '../read.ts';
import { FAULTS, fits, seconds, targets, touches, written } from './faults.ts';
import { clock, number, share, time, usd } from './format.ts';
import { chartsOf, rowsOf } from './lines.ts';
import { markOf, marksOf } from './marks.ts';
import { type Gap, brier, calibration, askedDigestOf, digestOf, gaps, logScore, score } from './prediction.ts';
import { answers } from './predictions.ts';
import { readNumber } from './quantity.ts';
import { type Report, type Series, type Trace, errorShare, slowest } from './report.ts';
import { causeRows, cautions, classRows, componentRows, headline, recovery, slowParts } from './results.ts';
import { NOTHING, joined, loadAt, pointAt, since } from './series.ts';
import { ends, firstOnes, placeOf, sliderOf, sliders, valueAt, valueIn, writtenAs } from './sliders.ts';
import { handed, hops, moves, spots } from './traces.ts';

const ROOT = new URL('../../../../', import.meta.url);
const design = (text: string): Design => readDesign(text).design!;
const SHOP = design(`octo = 1
title = "A shop"
[components]
users = { kind = "clients" }
lb = { kind = "balancer" }
web = { kind = "service", replicas = 3, workers = 4, time = "exp 5 ms", region = "eu", zones = ["eu-a", "eu-b"] }
cache = { kind = "cache", hits = "90 %", ttl = "30 s" }
db = { kind = "relational", workers = 16, time = { dist = "exp", mean = "4 ms" }, region = "us" }
[links]
"users -> lb" = { rtt = "20 ms" }
"lb -> web" = { timeout = "200 ms" }
"web -> cache" = {}
"web -> db" = {}
[workload]
lasts = "60 s"
buy = { from = "users", arrivals = "poisson 100/s" }
look = { from = "users", arrivals = { arrivals = "poisson", rate = "9/s" } }
`);

function report(part: Partial<Report> = {}): Report {
  return {
    engine: '2', runs: ['r-1'], seeds: ['1'], ended_by: null, events: 10, measured_ns: 50e9, window_ns: [3e9, 60e9],
    classes: { buy: klass({ sent: 1000, answered: 990, failed: { 'db: queue full': 8, 'web: timed out': 1 }, unfinished: 1 }), look: klass({ sent: 100, answered: 100 }) },
    components: { db: part_({ kind: 'relational', utilisation_e9: 970_000_000, visits: 5000, workers: 16 }), lb: part_({ kind: 'balancer', utilisation_e9: null }), web: part_({ utilisation_e9: 500_000_000, rejected: 3 }) },
    links: {}, settled: { buy: 'yes' }, first_saturated: 'db', saturated: [{ component: 'db', from_ns: 12e9, to_ns: 60e9 }], bottleneck: 'db',
    costs: { month_nano_usd: 835e9, thousand_nano_usd: 6_295_360, fixed_nano_usd_per_month: { web: 588e9 }, nano_usd_per_million: { db: 2e9 }, sources: { web: 'a list' }, not_priced: ['lb'] },
    ignores: {}, series: NOTHING, ...part,
  };
}

function klass(of: Partial<Report['classes'][string]>): Report['classes'][string] {
  return {
    sent: 0, answered: 0, good: 0, failed: {}, unfinished: 0, mean_ns: 20e6, p50_ns: 15e6, p90_ns: 40e6, p95_ns: 60e6, p99_ns: 200e6, p999_ns: 400e6, max_ns: 500e6,
    throughput_e9_per_s: 20e9, goodput_e9_per_s: 19e9, failures_e9_per_s: 0, inside_e9: 0, network_ns: 0, slow: null, ...of,
  };
}

function part_(of: Partial<Report['components'][string]>): Report['components'][string] {
  return {
    kind: 'service', replicas: 1, workers: 4, visits: 100, finished: 100, rejected: 0, rate_e9_per_s: 2e9, utilisation_e9: 0, busy_e9: 0, queue_e9: 0, queue_max: 0, wait_ns: 0, service_ns: 5e6, time_ns: 5e6, hits_e9: null, ...of,
  };
}

describe('the score of a prediction', () => {
  it.each([[100, 100, 1], [140, 100, 1], [100, 140, 1], [302, 100, 0.5], [1000, 100, 0], [1, 100, 0], [0, 100, 0]])('%d for %d is %d', (value, right, expected) => expect(logScore(value, right)).toBeCloseTo(expected, 2));

  it('falls evenly between the corners', () => {
    expect(logScore(10 ** 0.315, 1)).toBeCloseTo(0.75, 9);
    expect(logScore(10 ** 0.74, 1)).toBeCloseTo(0.25, 9);
  });

  it('takes a component or it does not, and cannot tell very few errors from none', () => {
    expect([score('bottleneck', 'db', 'db'), score('bottleneck', 'web', 'db'), score('breaks', '', '')]).toEqual([1, 0, 1]);
    expect([score('errors', 0, 0.0009), score('errors', 0, 0), score('errors', 0.01, 0), score('errors', 0, 0.2)]).toEqual([1, 1, 0, 0]);
  });

  it('is a row for each answer, by the class that sends most', () => {
    const told = gaps({ digest: 'x', guesses: { bottleneck: { value: 'db', confidence: 'sure' }, p99: { value: 0.4, confidence: 'think' }, errors: { value: 0, confidence: 'guess' }, cost: { value: 800, confidence: 'sure' }, breaks: { value: '', confidence: 'think' } } }, report());
    expect(told.map(({ question, truth, score }) => [question, truth, score === null ? null : Number(score.toFixed(2))])).toEqual([['bottleneck', 'db', 1], ['p99', 0.2, 0.77], ['errors', 10 / 1100, 0.04], ['cost', 835, 1], ['breaks', 'db', 0]]);
    expect(told.map((gap) => Number(brier(gap).toFixed(4)))).toEqual([0.0025, 0.0625, 0.25, 0.0025, 0.5625]);
  });

  it('hands the server its own words: measures with units, and only what the run can answer', () => {
    const told = gaps({ digest: 'x', guesses: { bottleneck: { value: '', confidence: 'sure' }, p99: { value: 0.4, confidence: 'think' }, errors: { value: 0.02, confidence: 'guess' } } }, report());
    expect(answers([...told, { ...told[0]!, question: 'cost', truth: null }], 'buy')).toEqual([
      ['ask', 'bottleneck'], ['guess', 'nothing'], ['confidence', '0.95'],
      ['ask', 'buy.p99'], ['guess', '0.4 s'], ['confidence', '0.75'],
      ['ask', 'buy.errors'], ['guess', '0.02'], ['confidence', '0.5'],
    ]);
  });

  it('leaves out what the run has no answer to', () => {
    const unpriced = report({ costs: { ...report().costs, month_nano_usd: null } });
    const [gap] = gaps({ digest: 'x', guesses: { cost: { value: 5, confidence: 'sure' } } }, unpriced);
    expect(gap).toMatchObject({ truth: null, score: null });
    expect(calibration([gap!]).every(({ answers }) => answers === 0)).toBe(true);
  });

  it('adds up to a calibration', () => {
    const gap = (confidence: 'guess' | 'sure', score: number): Gap => ({ question: 'p99', guess: { value: 1, confidence }, truth: 1, score });
    expect(calibration([gap('sure', 1), gap('sure', 0.4), gap('guess', 0.5)])).toEqual([{ confidence: 'guess', answers: 1, right: 1 }, { confidence: 'think', answers: 0, right: 0 }, { confidence: 'sure', answers: 2, right: 1 }]);
  });
});

describe('the digest of a design', () => {
  it('is of what it does', () => {
    const moved = { ...SHOP, layout: { web: [1, 2] }, title: 'Another' };
    const turned = design('octo = 1\n[links]\n"a -> b" = {}\n[components]\nb = { workers = 2, kind = "service" }\na = { kind = "clients" }\n');
    const same = design('octo = 1\n[components]\na = { kind = "clients" }\nb = { kind = "service", workers = 2 }\n[links]\n"a -> b" = {}\n');
    expect(digestOf(moved)).toBe(digestOf(SHOP));
    expect(digestOf(turned)).toBe(digestOf(same));
    // What it must meet and survive changes nothing of what it does, and all of what is judged.
    const asked = { ...SHOP, require: { fast: 'page p99 < 1 ms' }, envelope: { rate: 'x2' } };
    expect(digestOf(asked)).toBe(digestOf(SHOP));
    expect(askedDigestOf(asked)).not.toBe(askedDigestOf(SHOP));
    expect(askedDigestOf(moved)).toBe(askedDigestOf(SHOP));
    expect(digestOf({ ...SHOP, faults: [{ what: 'crash db', at: '1 s' }] })).not.toBe(digestOf(SHOP));
    expect(digestOf(design('octo = 1\n[components]\na = { kind = "ab" }\n'))).not.toBe(digestOf(design('octo = 1\n[components]\na = { kind = "ba" }\n')));
  });
});

describe('an answer as it is typed', () => {
  it.each([
    ['200 ms', 's', 0.2], ['1.5s', 's', 1.5], ['80 us', 's', 80e-6], ['200', 's', null], ['0', 's', 0], ['1,5 s', 's', null], ['-3 ms', 's', null], ['constructor', 's', null], ['5 constructor', 's', null],
    ['0.1 %', 'share', 0.001], ['5%', 'share', 0.05], ['0', 'share', 0], ['0.02', 'share', 0.02], ['5', 'share', null], ['150 %', 'share', null],
    ['$800', 'usd', 800], ['1,250', 'usd', 1250], ['1.2k', 'usd', 1200], ['800 USD/month', 'usd', 800], ['$2k a month', 'usd', 2000], ['lots', 'usd', null], ['', 'usd', null],
  ] as const)('%j as %s is %j', (text, takes, value) => {
    const read = readNumber(text, takes);
    if (value === null) expect(read).toBeNull();
    else expect(read).toBeCloseTo(value, 9);
  });
});

const SERIES: Series = {
  at_ns: [1e9, 2e9, 4e9], warmup_points: 1,
  classes: { buy: { sent: [10, 20, 60], answered: [10, 18, 20], good: [10, 18, 20], failed: [0, 2, 40], p99_ns: [null, 5e6, 9e6] } },
  components: { web: { arrived: [10, 20, 60], utilisation_e9: [100_000_000, 500_000_000, 960_000_000], queue_e3: [0, 0, 12_400] }, db: { arrived: [10, 20, 20], rejected: [0, 0, 40] } },
};

describe('a run over time', () => {
  it('is the same in pieces as in one, whatever is missing in some of them', () => {
    const { failed: _, ...quiet } = SERIES.classes['buy']!;
    const first: Series = { ...since({ ...SERIES, at_ns: SERIES.at_ns.slice(0, 1) }, 0), classes: { buy: Object.fromEntries(Object.entries(quiet).map(([key, column]) => [key, column.slice(0, 1)])) }, components: { web: { arrived: [10], utilisation_e9: [100_000_000] } } };
    const whole = joined(joined(NOTHING, first), since(SERIES, 1));
    expect(whole.classes).toEqual(SERIES.classes);
    expect(whole.components['web']).toEqual(SERIES.components['web']);
    expect(whole.components['db']).toEqual({ arrived: [0, 20, 20], rejected: [0, 0, 40] });
    expect(whole.at_ns).toEqual(SERIES.at_ns);
  });

  it('knows the point of a moment', () => expect([0, 1e9, 1.5e9, 4e9, 9e9].map((ns) => pointAt(SERIES, ns))).toEqual([0, 0, 1, 2, 2]));
  it('has no point before it began', () => expect(pointAt(NOTHING, 1)).toBe(-1));

  it('says of a component how loaded it is', () => {
    expect(loadAt(SERIES, 'web', 2)).toEqual({ busy: 0.96, waiting: 12.4, rate: 30, rejected: 0, backlog: 0 });
    expect(loadAt(SERIES, 'db', 2)).toMatchObject({ busy: null, rejected: 20 });
    expect(loadAt(SERIES, 'nobody', 2)).toMatchObject({ busy: null, rate: 0 });
  });

  it('is marked on the picture, danger by more than a colour', () => {
    expect(markOf(loadAt(SERIES, 'web', 2))).toEqual({ busy: 0.96, danger: true, words: '96\u202f% busy, 12 wait' });
    expect(markOf(loadAt(SERIES, 'db', 2))).toEqual({ danger: true, words: 'turns 20/s away' });
    expect(markOf(loadAt(SERIES, 'db', 1))).toEqual({ words: '20/s' });
    expect(marksOf(SERIES, -1, [], SHOP)).toEqual({ components: {}, links: {} });
  });

  it('shows what fails while it fails', () => {
    const faults = [{ what: 'cut web -- db', times_ns: [[1.5e9, 3e9]] as [number, number][], recovery_ns: {} }, { what: 'crash web.2', times_ns: [[2e9, 2.5e9]] as [number, number][], recovery_ns: {} }];
    const words = (point: number) => {
      const marks = marksOf(SERIES, point, faults, SHOP);
      return [marks.components['web']?.words, marks.links['web -> db']?.words];
    };
    expect([words(0), words(1), words(2)]).toEqual([['10\u202f% busy', undefined], ['crash web.2', 'cut'], ['96\u202f% busy, 12 wait', undefined]]);
  });

  it('has four charts, and lines only for what there is', () => {
    expect(chartsOf(SERIES).map(({ id, lines }) => [id, lines.map(({ name }) => name)])).toEqual([['traffic', ['sent', 'answered', 'failed']], ['latency', ['p99', 'p50']], ['busy', ['web']], ['queues', ['web']]]);
    expect(chartsOf(SERIES)[0]!.lines[0]!.values).toEqual([10, 20, 30]);
    expect(chartsOf(NOTHING).map(({ lines }) => lines.length)).toEqual([2, 0, 0, 0]);
  });

  it('is a table that can be read', () => {
    expect(rowsOf(3)).toEqual([0, 1, 2]);
    expect(rowsOf(240)).toHaveLength(24);
    expect(rowsOf(240).at(-1)).toBe(239);
    expect(rowsOf(245).at(-1)).toBe(244);
  });
});

const span = (parent: number | null, component: string, times: [number, number | null, number | null, number | null, number | null], outcome: string | null = 'answered', attempt = 1) => ({
  parent, component, replica: 1, attempt, sent_ns: times[0], arrived_ns: times[1], began_ns: times[2], left_ns: times[3], ended_ns: times[4], outcome,
});
const TRACE: Trace = {
  request: 7, class: 'buy', sent_ns: 1_000, ended_ns: 2_000, outcome: 'answered', sample: true, cut: false,
  spans: [span(null, 'lb', [1_000, 1_010, 1_010, 1_990, 2_000]), span(0, 'web', [1_010, 1_010, 1_300, 1_320, 1_990]), span(1, 'cache', [1_320, 1_320, 1_320, 1_330, 1_330]), span(1, 'db', [1_330, 1_330, 1_600, 1_980, 1_980])],
};

describe('a request', () => {
  it('is followed hop by hop', () => {
    expect(hops(TRACE).map(({ from, to, depth, start, network, waiting, inside }) => [from, to, depth, start, network, waiting, inside])).toEqual([
      [null, 'lb', 0, 0, 20, 0, 980], ['lb', 'web', 1, 10, 10, 290, 680], ['web', 'cache', 2, 320, 0, 0, 10], ['web', 'db', 2, 330, 0, 270, 380],
    ]);
  });

  it('takes every arrow there and back, in the order of causes, and slowly enough to see', () => {
    const ways = moves(TRACE);
    expect(ways.map(({ to, isBack }) => `${isBack ? '<' : '>'}${to}`).join(' ')).toBe('>lb >web >cache <cache >db <db <web <lb');
    for (const [i, { start, end }] of ways.entries()) {
      expect(end - start).toBeGreaterThan(0.03);
      expect(start).toBeGreaterThanOrEqual(i === 0 ? 0 : ways[i - 1]!.start);
    }
    expect(ways.at(-1)!.end).toBe(1);
  });

  it('is on one arrow at a moment, unless it called several at once', () => {
    for (let at = 0; at < 1; at += 0.01) expect(spots(moves(TRACE), at)).toHaveLength(1);
    const fan: Trace = { ...TRACE, spans: [TRACE.spans[0]!, span(0, 'web', [1_010, 1_010, 1_010, 1_500, 1_500]), span(0, 'db', [1_010, 1_010, 1_010, 1_900, 1_900])] };
    const [, web, db] = moves(fan);
    expect(web!.start).toBe(db!.start);
  });

  it('may never come back', () => {
    const lost: Trace = { ...TRACE, ended_ns: null, outcome: null, spans: [span(null, 'lb', [1_000, null, null, null, null], null)] };
    expect(moves(lost)).toMatchObject([{ to: 'lb', isBack: false }]);
    expect(hops(lost)).toMatchObject([{ end: null, outcome: 'nobody waited for it' }]);
    expect(moves({ ...lost, spans: [] })).toEqual([]);
    expect(slowest(report({ traces: [TRACE, { ...lost, request: 9 }] })).map(({ request }) => request)).toEqual([9, 7]);
  });

  it('is handed to the page only as far as a page can carry it, the slow ones first', () => {
    const wide = (request: number, sample: boolean): Trace => ({ ...TRACE, request, sample, spans: Array.from({ length: 500 }, () => TRACE.spans[0]!) });
    const all = [...Array.from({ length: 20 }, (_, i) => wide(i, true)), wide(99, false)];
    const kept = handed(all);
    expect(kept.reduce((sum, { spans }) => sum + spans.length, 0)).toBeLessThanOrEqual(4_000);
    expect(kept.at(-1)!.request).toBe(99);
    expect(handed([TRACE])).toEqual([TRACE]);
  });
});

describe('results', () => {
  const told = report();
  it('have a glance', () => expect(headline(told).map(({ label, shown, danger }) => `${label} ${shown}${danger ? '!' : ''}`)).toEqual(['answered 20/s', 'p50 15\u202fms', 'p99 200\u202fms', 'errors 0.909\u202f%!', 'busiest: db 97\u202f%!', 'a month $835']));
  it('count what failed and why', () => {
    expect(errorShare(told)).toBeCloseTo(10 / 1100, 12);
    expect(causeRows(told).map(({ cause, count }) => `${cause} ${count}`)).toEqual(['db: queue full 8', 'web: timed out 1', 'still under way at the end 1']);
    expect(classRows(told)[0]).toMatchObject({ name: 'buy', danger: true });
  });
  it('put the busiest first', () => {
    const rows = componentRows(told);
    expect(rows.map(({ name }) => name)).toEqual(['db', 'web', 'lb']);
    // Two dollars for each million of 100 calls a second.
    expect(rows.map(({ cells }) => cells.at(-1))).toEqual(['$526', '$588', 'no price']);
  });
  it('say what to be careful about', () => {
    expect(cautions(told)).toEqual(['Only 990 requests of buy were answered: its p99 rests on 10 of them.', 'Only 100 requests of look were answered: its p99 rests on 1 of them.', 'db was at its limit from 12\u202fs on.']);
    expect(cautions(report({ ended_by: 'deadlock', saturated: [], classes: {}, settled: { buy: { from_ns: null, ratio_e9: 2.5e9 } } }))).toEqual(['The run ended with requests unanswered (deadlock); they are in no percentile.', 'buy never settled: its times still rose at the end (2.5 times those of the middle), so a longer run has other numbers.']);
  });
  it('tell of recoveries', () => {
    expect(recovery({ what: 'crash db', times_ns: [[20e9, 30e9]], recovery_ns: { buy: 4.2e9, look: null } }, 60e9)).toBe('crash db, from 20.0\u202fs to 30.0\u202fs: buy was well again 4.2\u202fs after it was over; look was not well again within the run.');
    expect(recovery({ what: 'crash db', times_ns: [[20e9, null]], recovery_ns: {} }, 60e9)).toBe('crash db, from 20.0\u202fs to the end.');
  });
  it('know where slow requests were', () => {
    const slow = { from_ns: 1, requests: 5, mean_ns: 10, components: { web: { waiting_ns: 1, serving_ns: 2, network_ns: 0 }, db: { waiting_ns: 6, serving_ns: 1, network_ns: 0, retrying_ns: 1 }, lb: { waiting_ns: 0, serving_ns: 0, network_ns: 0 } } };
    expect(slowParts(report({ classes: { buy: klass({ slow }) } }), 'buy').map(({ name, all }) => [name, all])).toEqual([['db', 8], ['web', 3]]);
    expect(slowParts(told, 'nobody')).toEqual([]);
  });
});

describe('sliders', () => {
  it('are offered for what is a single number', () => {
    expect(sliders(SHOP).map(({ label, value }) => `${label} ${value}`)).toEqual(['buy: rate 100', 'web: replicas 3', 'web: workers 4', 'web: time 5', 'cache: ttl 30', 'cache: hits 90', 'db: workers 16', 'users -> lb: rtt 20', 'lb -> web: timeout 200']);
    expect(firstOnes(sliders(SHOP), 'db', SHOP).map(({ label }) => label)).toEqual(['buy: rate', 'db: workers']);
  });

  it('turn the number and leave the words', () => {
    const rate = sliderOf(['workload', 'buy', 'arrivals'], '', 'poisson 100/s')!;
    expect([writtenAs(rate, 250), ends(rate), valueAt(rate, placeOf(rate, 100))]).toEqual(['poisson 250/s', { min: 0, max: 200, step: 1 }, 100]);
    const workers = sliderOf(['components', 'web', 'workers'], '', 4)!;
    expect([writtenAs(workers, 7), ends(workers)]).toEqual([7, { min: 1, max: 16, step: 1 }]);
    const hits = sliderOf(['components', 'cache', 'hits'], '', '99.9 %')!;
    expect([writtenAs(hits, 95.5), ends(hits)]).toEqual(['95.5 %', { min: 0, max: 100, step: 0.1 }]);
  });

  it('reach both ends and every place between', () => {
    for (const value of ['5 us', 'exp 0.3 ms', '1234/s', '7 %']) {
      const slider = sliderOf(['x'], '', value)!;
      const { min, max } = ends(slider);
      for (let place = min; place <= max; place++) expect(placeOf(slider, valueAt(slider, place))).toBeCloseTo(place, 0);
      expect([valueAt(slider, min), valueAt(slider, max)]).toEqual([slider.from, slider.to]);
    }
  });

  it.each(['poisson 100/s for 10 s then 5/s', 'unlimited', '', '0 ms', true, null, [1, 2], 1.5, -3])('leave %j alone', (value) => expect(sliderOf(['x'], '', value)).toBeNull());

  it('follow the design', () => {
    const slider = sliderOf(['components', 'web', 'workers'], '', 4)!;
    expect(valueIn(slider, SHOP)).toBe(4);
    expect(valueIn(slider, { octo: 1 })).toBe(4);
    expect(valueIn({ ...slider, path: ['components', 'web', 'time'] }, SHOP)).toBe(5);
  });
});

describe('faults', () => {
  it('are those of the catalogue, written as it writes them', () => {
    const source = readFileSync(new URL('crates/design/src/faults.rs', ROOT), 'utf8');
    const patterns = [...source.matchAll(/^\s+(?:fault\(\s*)"([^"]+)",[^]*?"([^"]+)"\s*,?\s*\),$/gm)].map(([, name, example]) => ({ name: name!, example: example! }));
    expect(patterns.length).toBeGreaterThan(15);
    expect([...new Set(patterns.map(({ name }) => name))].toSorted()).toEqual(FAULTS.map(({ id }) => id).toSorted());
    for (const { name, example } of patterns) {
      const kind = FAULTS.find(({ id }) => id === name)!;
      const [head] = kind.written.split('{');
      expect(example.startsWith(head!.trimEnd())).toBe(true);
    }
  });

  it('are aimed at what the design has', () => {
    const aims = Object.fromEntries(FAULTS.map((kind) => [kind.id, targets(kind, SHOP)]));
    expect(aims['crash']).toEqual(['lb', 'web', 'web.1', 'web.2', 'web.3', 'cache', 'db']);
    expect(aims['cut']).toEqual(['users -> lb', 'lb -> web', 'web -> cache', 'web -> db']);
    expect([aims['flush'], aims['lose zone'], aims['lose region'], aims['load'], aims['rebalance']]).toEqual([['cache'], ['eu-a', 'eu-b'], ['eu', 'us'], ['', 'buy', 'look'], []]);
  });

  it.each([['crash', 'web.2', '', 'crash web.2'], ['slow', 'db', '10', 'slow db x10'], ['cut both', 'web -> db', '', 'cut web -- db'], ['loss', 'web -> db', '5 %', 'loss web -> db 5 %'], ['load', '', '2', 'load x2'], ['load', 'buy', '2', 'load buy x2'], ['skew behind', 'db', '500 ms', 'skew db -500 ms'], ['deploy slow', 'web', '3', 'deploy web slow x3']])('%s of %j by %j is %j', (id, target, amount, said) => expect(written(FAULTS.find((kind) => kind.id === id)!, target, amount)).toBe(said));

  it('fall only where they fit', () => {
    const [crash, cut, flush] = ['crash', 'cut', 'flush'].map((id) => FAULTS.find((kind) => kind.id === id)!);
    expect([fits(crash!, SHOP, { component: 'db' }), fits(crash!, SHOP, { component: 'users' }), fits(crash!, SHOP, { link: 'web -> db' }), fits(cut!, SHOP, { link: 'web -> db' }), fits(flush!, SHOP, { component: 'db' }), fits(flush!, SHOP, { component: 'cache' })]).toEqual([true, false, false, true, false, true]);
  });

  it.each([['crash web.2', ['web'], []], ['cut web -- db', [], ['web -> db']], ['loss db -> web 5 %', [], ['web -> db']], ['lose zone eu-b', ['web'], []], ['lose region us', ['db'], []], ['load buy x2', [], []], ['nonsense', [], []]])('%s touches %j and %j', (what, names, keys) => expect(touches(what, SHOP)).toEqual({ components: names, links: keys }));

  it('begin at a moment that people can read', () => expect([seconds(0), seconds(12.34e9), seconds(60e9)]).toEqual(['0 s', '12.3 s', '60 s']));
});

describe('numbers', () => {
  it.each([[0, '0'], [0.01234, '0.0123'], [1, '1'], [1.5, '1.5'], [12.34, '12.3'], [99.97, '100'], [123.4, '123'], [12_345, '12,300'], [1e7, '10,000,000'], [Infinity, '∞']])('%d is %s', (value, said) => expect(number(value)).toBe(said));
  it.each([[0, '0 ms'], [0.2, '200 ms'], [0.9999, '1 s'], [1.5, '1.5 s'], [90, '90 s'], [150, '2.5 min'], [8000, '2.22 h'], [3e-5, '30 µs'], [3e-10, '0.3 ns']])('%d s is %s', (value, said) => expect(time(value).replace('\u202f', ' ')).toBe(said));
  it.each([[0, '0 %'], [0.5, '50 %'], [1, '100 %'], [0.99999, '> 99.9 %'], [1e-7, '< 0.001 %'], [null, '–']])('%d as a share is %s', (value, said) => expect(share(value).replace('\u202f', ' ')).toBe(said));
  it('of money and moments', () => {
    expect([usd(null), usd(0.0063), usd(1234)]).toEqual(['not priced', '$0.0063', '$1,230']);
    expect([clock(12.34e9, 60e9), clock(90e9, 600e9), clock(3_700e9, 86_400e9), clock(5e8, 1e9)]).toEqual(['12.3\u202fs', '01:30', '01:01:40', '0.500\u202fs']);
  });
});
