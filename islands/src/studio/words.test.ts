// What is said of a diagram is enough to draw it again: every design of the course is rebuilt from its
// words alone, and has the same components, kinds, replicas, places and arrows.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Design, components, links, replicas, zones } from './document.ts';
import { stands } from './edit.ts';
import { readDesign } from './read.ts';
import { inWords } from './words.ts';

const FOLDERS = [new URL('../../../pack/', import.meta.url), new URL('../../../fidelity/large/', import.meta.url), new URL('../../../crates/design/tests/it/', import.meta.url)];

function texts(): [string, string][] {
  return FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.toml'))
    .toSorted()
    .map((file): [string, string] => [file, readFileSync(new URL(file, folder), 'utf8')])
    .filter(([, text]) => readDesign(text).design?.['components'] !== undefined));
}

interface Shape {
  parts: Record<string, { kind: string; replicas: number; region: string; zones: string[] }>;
  arrows: string[];
}

function shapeOf(design: Design): Shape {
  const parts = components(design).map(({ name, kind, settings }) => [name, { kind, replicas: replicas(settings), region: stands(settings).region, zones: zones(settings) }] as const);
  return { parts: Object.fromEntries(parts), arrows: links(design).map(({ from, to }) => `${from} to ${to}`) };
}

/** As somebody would draw it who only hears it. */
function heard(words: string): Shape {
  const [said = '', arrows = ''] = words.replace(/^Components: /, '').split(/\. Arrows: /);
  const parts = said.split(/\); /).map((part) => {
    const [, name = '', all = ''] = /^([A-Za-z][\w-]*) \(([^]*?)\)?\.?$/.exec(part) ?? [];
    const [kind = '', ...rest] = all.split(', ');
    const found = (pattern: RegExp) => rest.flatMap((one) => pattern.exec(one)?.[1] ?? [])[0];
    return [name, { kind, replicas: Number(found(/^(\d+) replicas$/) ?? 1), region: found(/^in region (.+)$/) ?? '', zones: found(/^in zones? (.+)$/)?.split(' and ') ?? [] }] as const;
  });
  const ways = arrows.replace(/\.$/, '').split('; ').filter(Boolean).map((arrow) => arrow.replace(/ \(.*\)$/, ''));
  return { parts: Object.fromEntries(parts), arrows: ways };
}

describe('the words of a diagram', () => {
  const all = texts();
  it('are there for many designs', () => expect(all.length).toBeGreaterThan(5));

  it.each(all)('are enough to draw %s again', (_, text) => {
    const { design } = readDesign(text);
    expect(heard(inWords(design!))).toEqual(shapeOf(design!));
  });

  it('say where replicas stand', () => {
    const design = { octo: 1, components: { web: { kind: 'service', replicas: 4, workers: 8, region: 'eu', zones: ['eu-a', 'eu-b'] }, db: { kind: 'relational', region: 'eu', zones: ['eu-a'] } }, links: { 'web -> db': { rtt: '1 ms' } } };
    expect(inWords(design)).toBe('Components: web (service, 4 replicas, 8 workers each, in region eu, in zones eu-a and eu-b); db (relational, in region eu, in zone eu-a). Arrows: web to db (rtt 1 ms).');
    expect(heard(inWords(design))).toEqual(shapeOf(design));
  });
});
