// Commands on a design, as data, and the law of undo.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Design, type Tree, at, classes, components, freeName, links, put } from './document.ts';
import { align, connect, copied, disconnect, duplicate, group, move, pasted, remove, rename, renameClass } from './edit.ts';
import { begin, commit, redo, undo } from './history.ts';
import { speaksOf } from './mentions.ts';
import { called, planned } from './plan.ts';
import { readDesign } from './read.ts';

const SHOP = `
octo  = 1
title = "A shop"
novelty = { of = "a later version" }

[components]
users = { kind = "clients" }
web   = { kind = "service", replicas = 3, colour = "blue" }
web-2 = { kind = "service" }
cache = { kind = "cache" }
db    = { kind = "relational" }

[links]
"users -> web"  = { rtt = "40 ms" }
"web->cache" = {}
"web -> db"     = {}

[data]
order = { rows = 1000, home = "db" }

[calls]
buy = """
web x1   # the shop
  cache get order
    miss: db read order; cache put order
  50 %: try: web-2 > db
  together: db; web-2
"""
web = [{ call = "web", then = [{ call = "db", miss = [{ call = "cache" }] }] }]

[workload]
lasts = "60 s"
buy = { from = "users", arrivals = "poisson 9/s" }
web = { from = "users", arrivals = "poisson 1/s" }

[[faults]]
at = "1 s"
what = "crash web.2"
[[faults]]
at = "2 s"
what = "cut web -- db"
[[faults]]
at = "3 s"
what = "hot web 30 %"
[[faults]]
at = "4 s"
what = "deploy web errors 20 %"
[[faults]]
at = "5 s"
what = { fault = "crash", target = "web.1" }

[require]
fast = "buy p99 < 100 ms"
free = "web utilisation < 80 %"
calls = "web -> db retries < 10"
first = "first saturated = web"
whole = "order: no lost write"

[envelope]
faults = { any = ["slow x10 of web, db", "crash 1", "cut web -> db"], at_once = 1 }

[prices]
own = { web = "1 USD/h" }

[layout]
web = [1, 2]
`;

function shop(): Design {
  return readDesign(SHOP).design!;
}

describe('renaming a component', () => {
  // "web" is a class as well, so what is said of the class stays.
  const design = rename(shop(), 'web', 'shop');

  it.each([
    [['components', 'shop', 'colour'], 'blue'],
    [['prices', 'own'], { shop: '1 USD/h' }],
    [['layout'], { shop: [1, 2] }],
    [['calls', 'buy'], 'shop x1   # the shop\n  cache get order\n    miss: db read order; cache put order\n  50 %: try: web-2 > db\n  together: db; web-2\n'],
    [['calls', 'web'], [{ call: 'shop', then: [{ call: 'db', miss: [{ call: 'cache' }] }] }]],
    [['faults', '0', 'what'], 'crash shop.2'],
    [['faults', '1', 'what'], 'cut shop -- db'],
    [['faults', '2', 'what'], 'hot web 30 %'],
    [['faults', '3', 'what'], 'deploy shop errors 20 %'],
    [['faults', '4', 'what'], { fault: 'crash', target: 'shop.1' }],
    [['require', 'calls'], 'shop -> db retries < 10'],
    [['require', 'first'], 'first saturated = shop'],
    [['require', 'whole'], 'order: no lost write'],
    [['envelope', 'faults', 'any'], ['slow x10 of shop, db', 'crash 1', 'cut shop -> db']],
    [['novelty'], { of: 'a later version' }],
  ])('changes %j', (path, expected) => expect(at(design, ...(path as string[]))).toEqual(expected));

  it('keeps the order of components and arrows', () => {
    expect(components(design).map(({ name }) => name)).toEqual(['users', 'shop', 'web-2', 'cache', 'db']);
    expect(links(design).map(({ key }) => key)).toEqual(['users -> shop', 'shop -> cache', 'shop -> db']);
  });

  it('changes a requirement of the component where no class has its name', () => {
    expect(at(rename(put(shop(), ['workload', 'web'], undefined), 'web', 'shop'), 'require', 'free')).toBe('shop utilisation < 80 %');
  });

  it('there and back is nothing', () => {
    const there = rename(put(shop(), ['links', 'web->cache'], undefined), 'db', 'store');
    expect(JSON.stringify(rename(there, 'store', 'db'))).toBe(JSON.stringify(put(shop(), ['links', 'web->cache'], undefined)));
  });

  it('moves what the class says with the class, and where it is sent from with the component', () => {
    const other = renameClass(rename(shop(), 'users', 'people'), 'buy', 'order');
    expect(at(other, 'workload', 'order')).toEqual({ from: 'people', arrivals: 'poisson 9/s' });
    expect([at(other, 'calls', 'buy'), at(other, 'require', 'fast')]).toEqual([undefined, 'order p99 < 100 ms']);
    expect(at(renameClass(shop(), 'web', 'look'), 'faults', '2', 'what')).toBe('hot look 30 %');
  });

  it('never takes a name that somebody has', () => {
    expect(rename(shop(), 'web', 'db')).toEqual(shop());
  });
});

describe('renaming everything in the design that says everything', () => {
  it('leaves no name behind', () => {
    const design = readDesign(readFileSync(new URL('../../../crates/design/tests/it/everything.toml', import.meta.url), 'utf8')).design!;
    const parts = components(design).map(({ name }) => name);
    let other = parts.reduce((changed, name) => rename(changed, name, `${name}_x`), design);
    other = classes(design).reduce((changed, { name }) => renameClass(changed, name, `${name}_c`), other);
    const text = JSON.stringify(other);
    expect(text.replace(/_[xc]\b/g, '')).toBe(JSON.stringify(design));
    const said = [
      ...links(other).flatMap(({ from, to }) => [from, to]),
      ...Object.values(at(other, 'calls') as Tree).flatMap((plan) => [...called(plan)]),
      ...classes(other).map(({ from }) => from),
      ...(at(other, 'faults') as Tree[]).flatMap(({ what }) => parts.filter((name) => speaksOf(what, name))),
    ];
    expect(said.filter((name) => !name.endsWith('_x'))).toEqual([]);
    expect(new Set(said).size).toBe(parts.length);
  });
});

describe('taking a component out', () => {
  const design = remove(shop(), ['db']);

  it('takes its arrows, its calls and what was said of it', () => {
    expect(links(design).map(({ key }) => key)).toEqual(['users -> web', 'web->cache']);
    expect(at(design, 'calls', 'buy')).toBe('web x1   # the shop\n  cache get order\n    miss: cache put order\n  50 %: try: web-2\n  together: web-2\n');
    expect(at(design, 'data', 'order')).toEqual({ rows: 1000 });
    expect((at(design, 'faults') as { what: unknown }[]).map(({ what }) => what)).toEqual(['crash web.2', 'hot web 30 %', 'deploy web errors 20 %', { fault: 'crash', target: 'web.1' }]);
    expect(Object.keys(at(design, 'require') as object)).toEqual(['fast', 'free', 'first', 'whole']);
  });

  it('takes the classes of clients that are gone', () => {
    expect(at(remove(shop(), ['users']), 'workload')).toEqual({ lasts: '60 s' });
  });
});

describe('names in a plan', () => {
  const without = (plan: string, gone: string) => planned(plan, (name) => (name === gone ? undefined : name));
  it.each([
    ['lb > web > db', 'db', 'lb > web'],
    ['lb > web > db', 'lb', undefined],
    ['web\n  cache get x\n    miss:\n      db read x\n  pay', 'db', 'web\n  cache get x\n  pay'],
    ['web\n  cache get x\n    miss: db read x\n  pay', 'cache', 'web\n  pay'],
    ['a; b\n  c', 'b', 'a'],
    ['transaction:\n  db read x\n  db write x\nweb', 'db', 'web'],
  ])('%j without %s', (plan, gone, expected) => expect(without(plan, gone)).toBe(expected));

  it('leaves what it cannot read as it is', () => {
    const odd = '  >>> ; ; :::\n\t?? web';
    expect(planned(odd, (name) => name)).toBe(odd);
  });
});

describe('smaller commands', () => {
  it('connects once, and not to itself or to nobody', () => {
    const design = shop();
    expect(connect(design, 'web', 'db')).toBe(design);
    expect(connect(design, 'web', 'web')).toBe(design);
    expect(connect(design, 'web', 'nobody')).toBe(design);
    expect(links(disconnect(connect(design, 'cache', 'db'), 'web', 'cache')).map(({ key }) => key)).toEqual(['users -> web', 'web -> db', 'cache -> db']);
  });

  it('duplicates with the arrows in between, under new names', () => {
    const [design, names] = duplicate(shop(), ['web', 'db']);
    expect(names).toEqual(['web-3', 'db-2']);
    expect(links(design).map(({ key }) => key)).toContain('web-3 -> db-2');
    expect(at(design, 'layout', 'web-3')).toEqual([33, 34]);
  });

  it('pastes what was copied from another design', () => {
    const [design] = pasted({ octo: 1 }, { ...copied(shop(), ['web', 'cache']) });
    expect(components(design).map(({ name, kind }) => `${name} ${kind}`)).toEqual(['web service', 'cache cache']);
    expect(links(design)).toHaveLength(1);
  });

  it('groups and moves and aligns', () => {
    const grouped = group(shop(), ['web', 'db'], 'zones', 'a, b');
    expect(at(grouped, 'components', 'db', 'zones')).toEqual(['a', 'b']);
    expect(at(group(grouped, ['db'], 'zones', ''), 'components', 'db')).toEqual({ kind: 'relational' });
    expect(at(move(shop(), { db: [1.4, 2.6] }), 'layout')).toEqual({ web: [1, 2], db: [1, 3] });
    const boxes = { web: { x: 0, y: 0, width: 100, height: 50 }, db: { x: 50, y: 200, width: 60, height: 30 } };
    expect(at(align(shop(), boxes, 'middle'), 'layout')).toEqual({ web: [5, 0], db: [25, 200] });
    expect(at(align(shop(), boxes, 'bottom'), 'layout')).toEqual({ web: [0, 180], db: [50, 200] });
  });

  it('finds free names', () => {
    const taken = (name: string) => ['web', 'web-2', 'constructor'].includes(name);
    expect(['web', 'web-2', 'Orders & co.', '42', 'constructor'].map((name) => freeName(name, taken))).toEqual(['web-3', 'web-3', 'Orders-co', 'part', 'constructor-2']);
  });

  it('puts values where there is nothing, and takes empty tables away', () => {
    expect(put({}, ['a', 'b', 'c'], 1)).toEqual({ a: { b: { c: 1 } } });
    expect(put({ a: { b: { c: 1 } }, d: 2 }, ['a', 'b', 'c'], undefined)).toEqual({ d: 2 });
    expect(put({ a: [{ b: 1 }, { b: 2 }] }, ['a', '1', 'b'], 3)).toEqual({ a: [{ b: 1 }, { b: 3 }] });
    expect(put({ a: [1, 2] }, ['a', '0'], undefined)).toEqual({ a: [2] });
  });
});

describe('undo and redo', () => {
  /** Numbers that are the same each time (a linear congruence; nothing hangs on their quality). */
  function numbers(seed: number): () => number {
    let state = seed;
    return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  }

  it.each([1, 2, 3])('a thousand random steps leave the design as it was (%i)', (seed) => {
    const random = numbers(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let history = begin(shop());
    const shadow = [JSON.stringify(shop())];
    let at_ = 0;
    for (let step = 0; step < 1_000; step++) {
      const names = components(history.now.design).map(({ name }) => name);
      const before = JSON.stringify(history.now.design);
      const kind = random();
      if (kind < 0.35) {
        history = undo(history);
        at_ = Math.max(0, at_ - 1);
      } else if (kind < 0.6) {
        history = redo(history);
        at_ = Math.min(shadow.length - 1, at_ + 1);
      } else {
        const design = history.now.design;
        const other = pick([
          () => move(design, { [pick(names)]: [random() * 900, random() * 900] }),
          () => rename(design, pick(names), `n${step}`),
          () => connect(design, pick(names), pick(names)),
          () => (names.length > 3 ? remove(design, [pick(names)]) : design),
          () => duplicate(design, [pick(names)])[0],
          () => group(design, [pick(names)], 'region', pick(['', 'eu', 'us'])),
        ])();
        history = commit(history, other, `step ${step}`);
        if (other !== design) shadow.splice(++at_, Infinity, JSON.stringify(other));
        expect(JSON.stringify(design)).toBe(before);
      }
      expect(JSON.stringify(history.now.design)).toBe(shadow[at_]);
    }
    for (let step = 0; step < 1_000; step++) history = undo(history);
    expect(JSON.stringify(history.now.design)).toBe(JSON.stringify(shop()));
  });

  it('takes typing together, and begins a new step after an undo', () => {
    let history = begin({ octo: 1 });
    for (const title of ['a', 'ab', 'abc']) history = commit(history, { octo: 1, title }, 'title', true);
    expect(history.past).toHaveLength(1);
    history = undo(history);
    history = commit(history, { octo: 1, title: 'x' }, 'title', true);
    expect([history.past.length, history.future.length]).toEqual([1, 0]);
  });
});
