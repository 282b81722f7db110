// The text form both ways, the lines of its parts, and what is refused.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Design, components } from './document.ts';
import { fromField, toField } from './fields.ts';
import { linesOf } from './lines.ts';
import { placed } from './place.ts';
import { TEXT_MAX, readDesign } from './read.ts';
import { fromFragment, hasDesign, toFragment } from './share.ts';
import { toToml } from './toml.ts';

const ROOT = new URL('../../../', import.meta.url);
const EVERYTHING = readFileSync(new URL('crates/design/tests/it/everything.toml', ROOT), 'utf8');
const PACK = new URL('pack/', ROOT);
const TEMPLATES = readdirSync(PACK, { recursive: true }).map(String).filter((name) => /designs\/.*\.toml$/.test(name));

describe('a design as text', () => {
  it('is printed as people write it', () => {
    const { design } = readDesign(`{"octo":1,"title":"A \\"shop\\"","later":true,"components":{"users":{"kind":"clients"},"web":{"time":"5 ms","kind":"service","autoscale":{"min":2}}},
      "links":{"users -> web":{}},"calls":{"buy":"web\\n  db\\n","odd":"a\\"b\\nc"},"faults":[{"what":"crash web","at":"1 s"}],"layout":{"web":[1,2.5]}}`);
    expect(toToml(design!)).toBe(`octo  = 1
title = "A \\"shop\\""
later = true

[components]
users = { kind = "clients" }
web   = { kind = "service", time = "5 ms", autoscale = { min = 2 } }

[links]
"users -> web" = {}

[calls]
buy = """
web
  db
"""
odd = "a\\"b\\nc"

[[faults]]
at   = "1 s"
what = "crash web"

[layout]
web = [1, 2.5]
`);
  });

  it.each([['every word of a design', EVERYTHING], ...TEMPLATES.map((name) => [name, readFileSync(new URL(name, PACK), 'utf8')] as [string, string])])('%s comes back the same', (_, source) => {
    const { design, slips } = readDesign(source);
    expect(slips).toEqual([]);
    expect(readDesign(toToml(design!))).toEqual({ design, slips: [] });
    expect(readDesign(JSON.stringify(design, null, 2))).toEqual({ design, slips: [] });
  });

  it('keeps what it does not know, whatever it is called', () => {
    const source = 'octo = 1\nconstructor = "x"\n\n[components]\n"__proto__" = { kind = "service" }\nweb = { kind = "service", toString = [1, 2.0, -3e4, true, { a = "\\u0007" }] }\n\n[hasOwnProperty]\na = 1\n';
    const { design } = readDesign(source);
    expect(components(design!).map(({ name }) => name)).toEqual(['__proto__', 'web']);
    expect(readDesign(toToml(design!)).design).toEqual(design);
    expect(({} as Record<string, unknown>)['kind']).toBeUndefined();
  });
});

describe('texts that are no design', () => {
  const slips = (text: string) => readDesign(text).slips.map(({ line, message }) => `${line}: ${message}`);
  it.each([
    ['octo = 1\n[components]\nweb = { kind = service }\n', ['3: This is not TOML: invalid value.']],
    ['octo = 1\nocto = 2\n', ['2: This is not TOML: trying to redefine an already defined table or value.']],
    ['{"octo": 1,\n "components": {,}}', ['2: This is not JSON from here on.']],
    ['{"octo": 1', ['1: This is not JSON from here on.']],
    ['when = 2026-01-01\n', ['null: 2026-01-01 is a date, which a design never needs.']],
  ])('%j', (text, expected) => expect(slips(text)).toEqual(expected));

  it('refuses what is larger or deeper than a design can be, at once', () => {
    const began = Date.now();
    expect(readDesign('x'.repeat(TEXT_MAX + 1)).design).toBeNull();
    expect(readDesign('['.repeat(500_000)).slips[0]?.message).toContain('more than a thousand');
    expect(readDesign(`a = ${'['.repeat(100)}${']'.repeat(100)}`).slips[0]?.message).toBe('This text is nested 100 levels deep.');
    const many = `[components]\n${Array.from({ length: 10_001 }, (_, i) => `a${i} = { kind = "service" }`).join('\n')}`;
    expect(readDesign(many).slips[0]?.message).toBe('This design has 10001 components; at most 10000 are read.');
    expect(readDesign('"'.repeat(900_000)).design).toBeNull();
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('lines', () => {
  const TEXT = `octo = 1
[components]
lb = { kind = "balancer" }
web = { kind = "service",
  time = "exp 5 ms" }
[links]
"users->lb" = {}
[calls]
follow = """
[faults]
components = 1
"""
[workload]
follow = { keys = [
  1 ] }
[[faults]]
at = "1 s"
[[faults]]
what = "crash"
`;
  it.each([
    ['components.lb', 3], ['components.web.time', 4], ['components.nobody', 2], ['links.users -> lb.rtt', 7], ['calls.follow.0.then', 9], ['workload.follow.keys', 14], ['faults.1.what', 19], ['require.fast', null],
  ])('%s', (path, line) => expect(linesOf(TEXT).of(path)).toBe(line));

  it('of JSON', () => {
    const lines = linesOf('{\n "components": {\n  "web": {"kind": "service",\n   "zones": ["a",\n "b"]}},\n "links": {"a->b": {\n "rtt": 1}}}');
    expect(['components.web', 'components.web.zones', 'components.web.zones.1', 'links.a -> b.rtt', 'links.a -> b', 'nothing'].map((path) => lines.of(path))).toEqual([3, 4, 5, 7, 6, null]);
  });

  it('of any text, without an end', () => {
    for (const text of ['', '{', '"""', '[[', 'a = """\n'.repeat(9_999), '{"a":'.repeat(9_999)]) linesOf(text).of('components.web.time');
  });
});

describe('a link', () => {
  it('holds the whole design', async () => {
    const { design } = readDesign(EVERYTHING);
    const fragment = await toFragment(design!);
    expect([hasDesign(fragment), fragment.length < 6_000, /^#d=[A-Za-z0-9_-]+$/.test(fragment)]).toEqual([true, true, true]);
    const found = await fromFragment(fragment);
    expect(JSON.parse('text' in found ? found.text : '')).toEqual(design);
  });

  it('that was cut off, changed or made to burst is refused in a sentence', async () => {
    const fragment = await toFragment({ octo: 1, title: 'x'.repeat(3_000_000) } as Design);
    expect(await fromFragment(fragment)).toEqual({ wrong: 'This link holds more than a design can be, so it was not opened.' });
    for (const broken of ['#d=', '#d=!!!', '#d=AAAA', (await toFragment({ octo: 1, title: 'a shop' })).slice(0, -6)]) expect(await fromFragment(broken)).toHaveProperty('wrong');
  });
});

describe('fields', () => {
  it.each([
    ['3', 'count', 3], ['unlimited', 'count or unlimited', 'unlimited'], ['5 ms', 'duration', '5 ms'], ['a, b', 'names', ['a', 'b']], ['3, 1', 'counts', [3, 1]], ['true', 'flag', true], [' ', 'text', undefined],
    ['{"dist":"exp","mean":"5 ms"}', 'distribution', { dist: 'exp', mean: '5 ms' }], ['{"dist', 'distribution', '{"dist'],
  ])('%j as %s', (text, takes, value) => {
    expect(fromField(text, takes)).toEqual(value);
    if (value !== undefined) expect(fromField(toField(value as never), takes)).toEqual(value);
  });
});

describe('places', () => {
  it('stand in layers along the arrows, apart from each other, and regions apart', () => {
    const { design } = readDesign('[components]\nusers = { kind = "clients" }\nlb = { kind = "balancer", region = "eu" }\nweb = { kind = "service", region = "eu" }\ndb = { kind = "relational", region = "us" }\ncache = { kind = "cache", region = "eu" }\n[links]\n"users -> lb" = {}\n"lb -> web" = {}\n"web -> db" = {}\n"web -> cache" = {}\n"db -> users" = {}\n');
    const places = placed(design!);
    expect(places['users']![0] < places['lb']![0] && places['lb']![0] < places['web']![0] && places['web']![0] < places['db']![0]).toBe(true);
    expect(places['db']![1]).toBeGreaterThan(Math.max(places['web']![1], places['cache']![1]));
    const points = Object.values(places);
    for (const [i, [x, y]] of points.entries()) for (const [a, b] of points.slice(i + 1)) expect(Math.abs(x - a) > 100 || Math.abs(y - b) > 40).toBe(true);
  });

  it('are found for a thousand components in a moment', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `a${i}`);
    const design: Design = {
      components: Object.fromEntries(names.map((name) => [name, { kind: 'service' }])),
      links: Object.fromEntries(names.slice(1).map((name, i) => [`a${Math.floor(i / 3)} -> ${name}`, {}])),
    };
    const began = Date.now();
    expect(Object.keys(placed(design))).toHaveLength(1_000);
    expect(Date.now() - began).toBeLessThan(2_000);
  });
});
