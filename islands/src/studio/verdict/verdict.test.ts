// The pure half of the judgement: what sentences speak of, marks, requirements and envelopes from forms,
// and a found break as a design.
import { describe, expect, it, vi } from 'vitest';
import { Refused, search } from './asked.ts';
import { type Design, isTree, put } from '../document.ts';
import { readDesign } from '../read.ts';
import { ASKS, called, composed, subjects } from './compose.ts';
import { type Fields, change, fields, suggested, usual } from './envelope.ts';
import { replayed } from './replay.ts';
import { among, lit, NOTHING, spokenOf, worded } from './spoken.ts';
import { without } from './without.ts';

const SHOP = `octo = 1
title = "Shop"
[components]
users = { kind = "clients" }
web = { kind = "service", replicas = 2 }
web-db = { kind = "relational" }
cache = { kind = "cache" }
[links]
"users -> web" = {}
"web->web-db" = {}
"web -> cache" = {}
[data]
stock = { rows = 10 }
[workload]
lasts = "60 s"
buy = { from = "users", arrivals = "poisson 100/s" }
look = { from = "users", share = "50 %" }
[layout]
web = [10, 20]
`;

function shop(more = ''): Design {
  const { design } = readDesign(SHOP + more);
  if (!design) throw new Error('the design of this test cannot be read');
  return design;
}

describe('what a sentence speaks of', () => {
  it.each([
    ['web was full first', 'web', ''],
    ['web-db was slow, and web waited for it', 'web web-db', ''],
    ['calls web -> web-db were repeated', 'web web-db', 'web->web-db'],
    ['the website is not web2', '', ''],
    ['(cache) hit 3 times', 'cache', ''],
  ])('%s', (text, named, arrows) => {
    const spoken = among(shop(), text);
    expect([spoken.components.join(' '), spoken.links.join(', ')]).toEqual([named, arrows]);
  });

  it('takes the subject and the figures together with the words', () => {
    const finding = { component: 'web-db', text: 'It had no room left.', figures: [{ name: 'web.utilisation', shown: '99 %' }, { name: 'components.cache.ttl', shown: '1 s' }] };
    expect(spokenOf(shop(), finding).components).toEqual(['web', 'web-db', 'cache']);
  });

  it('believes the engine where it says it, and drops what is gone', () => {
    const finding = { component: null, text: 'web', figures: [], about: ['cache', 'web -> web-db', 'gone'] };
    expect(spokenOf(shop(), finding)).toEqual({ components: ['cache'], links: ['web->web-db'] });
  });
});

describe('marks', () => {
  const marks = { components: { web: { busy: 0.9, words: '90 % busy' }, cache: { lit: true } }, links: { a: { danger: true, lit: true } } };

  it('are lit one after the other, and keep what else they say', () => {
    const now = lit(marks, { components: ['web'], links: ['b'] });
    expect(now).toEqual({ components: { web: { busy: 0.9, words: '90 % busy', lit: true } }, links: { a: { danger: true }, b: { lit: true } } });
    expect(lit(now, NOTHING)).toEqual({ components: { web: { busy: 0.9, words: '90 % busy' } }, links: { a: { danger: true } } });
  });

  it('say a few words beside others, once, and lose them again', () => {
    const told = worded(worded(marks, 'could go', ['web', 'db']), 'could go', ['web', 'db']);
    expect([told.components['web']?.words, told.components['db']?.words]).toEqual(['90 % busy · could go', 'could go']);
    expect(worded(told, 'could go', [])).toEqual(marks);
  });

  it('with names that objects inherit are only those that were said', () => {
    expect(lit({ components: {}, links: {} }, { components: ['constructor'], links: [] }).components['constructor']).toEqual({ lit: true });
  });
});

describe('requirements from a form', () => {
  const asked = (id: string) => ASKS.find((one) => one.id === id)!;

  it.each([
    ['p99', 'buy', '150 ms', 'buy p99 < 150 ms'],
    ['good', 'look', '', 'look good >= 99.9 %'],
    ['cost', '', ' 90 USD/month ', 'cost < 90 USD/month'],
    ['recovery', '', '', 'recovery < 30 s'],
    ['oversell', 'stock', '5', 'stock: no oversell'],
    ['stale', 'stock', '2 s', 'stock: stale at most 2 s'],
  ])('%s', (id, of, bound, expected) => expect(composed(asked(id), of, bound)).toBe(expected));

  it('offers classes and data of the design', () => {
    expect([subjects(shop(), asked('p99')), subjects(shop(), asked('order')), subjects(shop(), asked('cost'))]).toEqual([['buy', 'look'], ['stock'], []]);
  });

  it('gives each a name that is free', () => {
    expect(called(shop('[require]\nfast = "buy p99 < 1 s"\n'), asked('p99'))).toBe('fast-2');
  });
});

describe('the envelope as fields', () => {
  const set = (design: Design, field: keyof Fields, value: string) => {
    const { path, value: written } = change(fields(design), field, value);
    return put(design, path, written);
  };

  it.each([
    ['rate = "x0.5..x3"', 'x0.5 x3'],
    ['rate = "..x3"', ' x3'],
    ['rate = "x3"', ' x3'],
    ['rate = "x0.5"', 'x0.5 '],
  ])('reads %s', (text, expected) => {
    const { least, most } = fields(shop(`[envelope]\n${text}\n`));
    expect(`${least} ${most}`).toBe(expected);
  });

  it('writes what it reads, field by field, and takes an empty section away', () => {
    let design = set(shop(), 'most', '3');
    expect(design['envelope']).toEqual({ rate: '..x3' });
    design = set(set(set(set(design, 'least', '0.5 times'), 'any', 'crash 1\n\nflush, slow x10 of web-db'), 'atOnce', '2'), 'lasts', '..1 min');
    expect(design['envelope']).toEqual({ rate: 'x0.5..x3', faults: { any: ['crash 1', 'flush', 'slow x10 of web-db'], at_once: 2, lasts: '..1 min' } });
    for (const field of ['most', 'least', 'any', 'atOnce', 'lasts'] as const) design = set(design, field, '');
    expect(design).toEqual(shop());
  });

  it('keeps what it does not understand for the engine to speak of', () => {
    expect(set(set(shop(), 'most', 'a lot'), 'atOnce', 'two')['envelope']).toEqual({ rate: '..a lot', faults: { at_once: 'two' } });
  });

  it('leaves rates by class alone', () => {
    const design = shop('[envelope]\nrate = { buy = "x1..x2" }\n');
    expect(fields(design).isByClass).toBe(true);
    expect(set(design, 'any', 'flush')['envelope']).toEqual({ rate: { buy: 'x1..x2' }, faults: { any: ['flush'] } });
  });

  it('suggests faults of what is there, and usual ones that are an envelope', () => {
    expect(suggested(shop())).toEqual(['crash 1', 'slow x10', 'slow x10 of web-db', 'flush']);
    expect(isTree(usual())).toBe(true);
  });
});

describe('a found break', () => {
  const found = readDesign(`octo = 1
[components]
web = { kind = "service", replicas = "2", queue = "unlimited" }
[workload]
lasts = "1 min"
buy = { from = "users", arrivals = "poisson 250/s" }
look = { from = "users", share = "50 %" }
[[faults]]
at = "20 s"
lasts = "5 s"
what = "crash web.1"
`).design!;

  it('opens as the load and the faults of the case, and nothing else changes', () => {
    const opened = replayed(shop('[[faults]]\nat = "1 s"\nwhat = "flush cache"\n'), found);
    expect(opened['faults']).toEqual([{ at: '20 s', lasts: '5 s', what: 'crash web.1' }]);
    expect(opened['workload']).toEqual({ lasts: '60 s', buy: { from: 'users', arrivals: 'poisson 250/s' }, look: { from: 'users', share: '50 %' } });
    expect({ ...opened, faults: null, workload: null }).toEqual({ ...shop(), faults: null, workload: null });
  });
});

describe('a design without a part that earns nothing', () => {
  const chain = (calls = '') => readDesign(`octo = 1
[components]
users = { kind = "clients" }
lb = { kind = "balancer" }
web = { kind = "service" }
cache = { kind = "cache" }
db = { kind = "relational" }
[links]
"users -> lb" = { rtt = "20 ms" }
"lb -> web" = { timeout = "1 s" }
"web -> cache" = {}
"web -> db" = {}
${calls === '' ? '' : `[calls]\nbuy = """\n${calls}"""\n`}[workload]
buy = { from = "users", arrivals = "poisson 1/s" }
`).design!;

  it('goes around it by arrows', () => {
    expect(without(chain(), 'lb')['links']).toEqual({ 'web -> cache': {}, 'web -> db': {}, 'users -> web': { timeout: '1 s' } });
    expect(without(chain(), 'cache')['links']).toEqual({ 'users -> lb': { rtt: '20 ms' }, 'lb -> web': { timeout: '1 s' }, 'web -> db': {} });
  });

  it.each([
    ['lb', 'lb\n  web\n    cache\n    db\n', 'web\n  cache\n  db\n'],
    ['lb', 'lb > web\n  db\n', 'web\n  db\n'],
    ['web', 'lb > web > db\n', 'lb > db\n'],
    ['lb', 'web\n  db\nlb # first\n    web\n      db\nweb\n', 'web\n  db\nweb\n  db\nweb\n'],
    ['cache', 'lb > web\n  cache\n  db\n', 'lb > web\n  db\n'],
  ])('goes around %s in a plan', (name, plan, expected) => {
    const calls = without(chain(plan), name)['calls'] as Record<string, string>;
    expect(calls['buy']).toBe(expected);
  });

  it('leaves a design alone that has no such part', () => {
    const design = chain();
    expect(without(design, 'gone')).toBe(design);
  });
});

describe('a question whose worker says nothing any more', () => {
  class Silent {
    static made: Silent[] = [];
    onmessage: ((event: { data: unknown }) => void) | null = null;
    ended = false;
    constructor() { Silent.made.push(this); }
    postMessage() {}
    terminate() { this.ended = true; }
  }

  it('is refused with a sentence, and one that is at work is waited for', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('Worker', Silent);
    try {
      const progress = vi.fn();
      const answer = search('judge', {}, '1', { onprogress: progress }).catch((wrong: unknown) => wrong);
      const worker = Silent.made.at(-1)!;
      for (let beat = 0; beat < 60; beat++) {
        worker.onmessage?.({ data: { kind: 'alive' } });
        await vi.advanceTimersByTimeAsync(5_000);
      }
      expect([worker.ended, progress.mock.calls]).toEqual([false, []]);
      await vi.advanceTimersByTimeAsync(15_000);
      const wrong = await answer;
      expect(worker.ended).toBe(true);
      expect(wrong).toBeInstanceOf(Refused);
      expect((wrong as Refused).message).toBe('The engine stopped in this browser (it did not answer any more, so it was ended).');
    } finally {
      vi.unstubAllGlobals();
      vi.useRealTimers();
    }
  });
});
