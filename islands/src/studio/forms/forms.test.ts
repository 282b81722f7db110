// Drawings of other tools, out and in: what comes back has the same components, kinds, replicas and
// arrows; and what comes from elsewhere becomes a design that can run.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Catalogue } from '../catalogue.ts';
import { type Design, at, classes, components, links, replicas } from '../document.ts';
import { readAny } from '../import.ts';
import { readDesign } from '../read.ts';
import { sketch } from '../sketch.ts';
import { toD2 } from './d2.ts';
import { toExcalidraw } from './excalidraw.ts';
import { toMermaid } from './mermaid.ts';
import { drawn } from './svg.ts';

const NOTHING: Catalogue = { kinds: [], link: [], data: [], class: [], prices: [] };
const SHOP = readDesign(`octo = 1
title = "Shop & <friends>"
[components]
users = { kind = "clients" }
lb = { kind = "balancer", region = "us-east" }
web = { kind = "service", replicas = 3, region = "us-east", zones = ["us-east-a"] }
cache = { kind = "cache" }
db = { kind = "relational" }
jobs = { kind = "queue" }
thumbnailer = { kind = "service" }
[links]
"users -> lb" = { rtt = "40 ms" }
"lb -> web" = {}
"web -> cache" = {}
"web -> db" = { timeout = "200 ms" }
"web -> jobs" = {}
"jobs -> thumbnailer" = {}
[workload]
request = { from = "users", arrivals = "poisson 9/s" }
`).design!;

function shape(design: Design | null): string[] {
  if (!design) return ['nothing'];
  return [
    ...components(design).map(({ name, kind, settings }) => `${name} ${kind} x${replicas(settings)}${at(settings, 'region') ? ` in ${at(settings, 'region')}` : ''}`).sort(),
    ...links(design).map(({ key }) => key).sort(),
  ];
}

describe('there and back', () => {
  it.each([
    ['Mermaid', toMermaid(SHOP)],
    ['D2', toD2(SHOP)],
    ['JSON', JSON.stringify(SHOP)],
  ])('%s', async (_, text) => {
    const { design, slips } = await readAny(text);
    expect(slips).toEqual([]);
    expect(shape(design)).toEqual(shape(SHOP));
    expect(classes(design!).map(({ from }) => from)).toEqual(['users']);
  });

  it('Excalidraw, with places and without regions, which are only frames there', async () => {
    const { design, slips } = await readAny(toExcalidraw(SHOP, NOTHING));
    expect(slips).toEqual([]);
    expect(shape(design)).toEqual(shape(SHOP).map((line) => line.replace(' in us-east', '')));
    expect(Object.keys(at(design!, 'layout') as object).sort()).toEqual(components(SHOP).map(({ name }) => name).sort());
  });
});

describe('drawings from elsewhere', () => {
  const EXCALIDRAW = JSON.stringify({
    type: 'excalidraw',
    elements: [
      { id: 'a', type: 'rectangle', x: 10, y: 20 }, { id: 'at', type: 'text', containerId: 'a', text: 'Mobile clients' },
      { id: 'b', type: 'ellipse', x: 300, y: 20 }, { id: 'bt', type: 'text', containerId: 'b', text: 'Orders API' },
      { id: 'c', type: 'rectangle', x: 1, y: 2, isDeleted: true }, { id: 'free', type: 'text', text: 'a remark' },
      { id: 'w', type: 'arrow', startBinding: { elementId: 'a' }, endBinding: { elementId: 'b' } }, { id: 'v', type: 'arrow', startBinding: null, endBinding: null },
    ],
  });
  it.each<[string, string, string[], string[]]>([
    ['Mermaid as people write it', '```mermaid\ngraph TD;\n  %% a remark\n  U((Users)) -->|HTTPS| G[API Gateway];\n  G --> A[Auth service] & O["Orders (v2)"]\n  O -. async .-> K[[Kafka]]\n  O ==> P[(Postgres)]\n  K --> W(Worker)\n  style G fill:#f9f\n```\n',
      ['API-Gateway gateway x1', 'Auth-service service x1', 'Kafka log x1', 'Orders-v2 service x1', 'Postgres relational x1', 'Users clients x1', 'Worker service x1',
        'API-Gateway -> Auth-service', 'API-Gateway -> Orders-v2', 'Kafka -> Worker', 'Orders-v2 -> Kafka', 'Orders-v2 -> Postgres', 'Users -> API-Gateway'], []],
    ['D2 as people write it', 'direction: right\n# a remark\nusers: Users {shape: person}\naws: AWS Cloud {\n  web: Web tier x4 {\n    shape: rectangle\n  }\n  db: {shape: cylinder}\n}\nusers -> aws.web: https {\n  style.stroke: red\n}\naws.web -> aws.db <- nobody\n',
      ['Users clients x1', 'Web-tier service x4 in AWS-Cloud', 'db relational x1 in AWS-Cloud', 'nobody service x1', 'Users -> Web-tier', 'Web-tier -> db', 'nobody -> db'], []],
    ['Excalidraw as people draw it', EXCALIDRAW, ['Mobile-clients clients x1', 'Orders-API service x1', 'Mobile-clients -> Orders-API'], ['An arrow that is not bound to a box with a text at each end was left out.']],
    ['a line of words', 'users -> web x2 -> cache, db', ['cache cache x1', 'db relational x1', 'users clients x1', 'web service x2', 'users -> web', 'web -> cache', 'web -> db'], []],
  ])('%s', async (_, text, expected, problems) => {
    const { design, slips } = await readAny(text);
    expect([...components(design!).map(({ name, kind, settings }) => `${name} ${kind} x${replicas(settings)}${at(settings, 'region') ? ` in ${at(settings, 'region')}` : ''}`).sort(), ...links(design!).map(({ key }) => key).sort()]).toEqual([...expected.filter((line) => !line.includes('->')).sort(), ...expected.filter((line) => line.includes('->')).sort()]);
    expect(slips.map(({ message }) => message)).toEqual(problems);
  });

  it('that are broken or hostile end in a sentence, and soon', async () => {
    const began = Date.now();
    for (const text of [
      'flowchart LR', `flowchart LR\n${'a['.repeat(50_000)}`, `flowchart LR\n${'a --> '.repeat(20_000)}b`, `flowchart LR\n${'-'.repeat(100_000)}`, `flowchart LR\na${' -- x'.repeat(20_000)}`,
      '{"type":"excalidraw","elements":7}', '{"type":"excalidraw","elements":[{"type":"rectangle","id":"__proto__"},{"type":"text","containerId":"__proto__","text":"web"}]}',
      `a -> ${'{'.repeat(50_000)}`, `${'x.'.repeat(50_000)} -> y`, `x: "${'\\'.repeat(50_000)}\na -> b`, '<script>alert(1)</script> --> web',
    ]) {
      const { design, slips } = await readAny(text);
      expect(design !== null || slips.length > 0).toBe(true);
      for (const { name } of components(design ?? {})) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_-]*$/);
    }
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe('the picture', () => {
  it('is one drawing with a description from which it could be drawn again', () => {
    const { svg } = drawn(SHOP, NOTHING);
    expect(svg).toContain('<title>Shop &#38; &#60;friends&#62;</title>');
    const words = /<desc>([^<]*)/.exec(svg)?.[1] ?? '';
    expect(words).toBe('Components: users (clients, request: poisson 9/s); lb (balancer, in region us-east); web (service, 3 replicas, in region us-east, in zone us-east-a); cache (cache); db (relational); jobs (queue); thumbnailer (service). Arrows: users to lb (rtt 40 ms); lb to web; web to cache; web to db (timeout 200 ms); web to jobs; jobs to thumbnailer.');
    // Read by somebody who has nothing else.
    const [, boxes = '', arrows = ''] = /^Components: (.*)\. Arrows: (.*)\.$/.exec(words) ?? [];
    const again = arrows.split('; ').map((each) => each.replace(/ \(.*$/, '').split(' to ')).map(([from, to]) => [from, to].map((name) => `${name} (${new RegExp(`(?:^|; )${name} \\((\\w+)`).exec(boxes)?.[1]})`).join(' -> '));
    const { design } = sketch(again.join('\n'));
    expect(components(design).map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual(components(SHOP).map(({ name, kind }) => `${name} ${kind}`).sort());
    expect(links(design).map(({ key }) => key).sort()).toEqual(links(SHOP).map(({ key }) => key).sort());
    expect(svg.match(/rx="3"/g)).toHaveLength(7 + 2 + 2);
  });

  it('holds no markup of anybody else', () => {
    const { svg } = drawn({ title: '</svg><script>1</script>\u0000', components: { 'a"><script>': { kind: 'x' } } }, NOTHING);
    expect(svg).not.toMatch(/<script|\u0000/);
  });

  it('is made for the design that says everything', () => {
    const text = readFileSync(new URL('../../../../crates/design/tests/it/everything.toml', import.meta.url), 'utf8');
    expect(drawn(readDesign(text).design!, NOTHING).svg.length).toBeGreaterThan(5_000);
  });
});
