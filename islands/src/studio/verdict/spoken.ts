// What a sentence speaks of, so that the picture can show it: components and arrows that its figures
// and its words name. And how marks on the picture are lit and put out again, leaving what else is
// said there.
import { type Design, component, components, links } from '../document.ts';
import type { Mark, Marks } from '../studio.svelte.ts';
import type { Finding } from './asked.ts';

export interface Spoken {
  components: string[];
  /** By "web -> db". */
  links: string[];
}

export const NOTHING: Spoken = { components: [], links: [] };

const WORD = /[A-Za-z][A-Za-z0-9_-]*/g;

export function spokenOf(design: Design, finding: Pick<Finding, 'component' | 'text' | 'figures' | 'about'>): Spoken {
  if (finding.about) return sorted(design, finding.about);
  const names = [finding.component ?? '', ...finding.figures.map(({ name }) => name)];
  return among(design, [...names, finding.text].join(' \n '));
}

/** Every component and arrow that a text names. A word such as "service" is no component for being a word. */
export function among(design: Design, text: string): Spoken {
  const arrows = links(design).filter(({ from, to }) => text.includes(`${from} -> ${to}`));
  const words = new Set(text.match(WORD) ?? []);
  const named = components(design).map(({ name }) => name).filter((name) => words.has(name));
  return { components: named, links: arrows.map(({ from, to }) => keyOf(design, from, to)) };
}

function sorted(design: Design, about: readonly string[]): Spoken {
  const spoken: Spoken = { components: [], links: [] };
  for (const name of about) {
    if (component(design, name)) spoken.components.push(name);
    else {
      const found = links(design).find(({ from, to }) => `${from} -> ${to}` === name);
      if (found) spoken.links.push(found.key);
    }
  }
  return spoken;
}

function keyOf(design: Design, from: string, to: string): string {
  return links(design).find((link) => link.from === from && link.to === to)?.key ?? `${from} -> ${to}`;
}

/** The marks with these lit and no others. */
export function lit(marks: Marks, spoken: Spoken): Marks {
  const dark = put(marks, 'lit');
  const light = (of: Record<string, Mark>, names: readonly string[]) => ({ ...of, ...Object.fromEntries(names.map((name) => [name, { ...(Object.hasOwn(of, name) ? of[name] : {}), lit: true }])) });
  return { components: light(dark.components, spoken.components), links: light(dark.links, spoken.links) };
}

/** The marks with one thing that they said taken out of all of them. */
export function put(marks: Marks, what: keyof Mark): Marks {
  const without = (of: Record<string, Mark>) => Object.fromEntries(Object.entries(of).flatMap(([name, { [what]: gone, ...mark }]) => (Object.keys(mark).length > 0 ? [[name, mark]] : [])));
  return { components: without(marks.components), links: without(marks.links) };
}

const BESIDE = ' · ';

/** A few more words below these components, behind those that are there, and below no others. */
export function worded(marks: Marks, words: string, names: readonly string[]): Marks {
  const kept = Object.fromEntries(Object.entries(marks.components).flatMap(([name, mark]) => {
    const { words: said, ...rest } = mark;
    const left = said?.split(BESIDE).filter((part) => part !== words).join(BESIDE);
    const other = left ? { ...rest, words: left } : rest;
    return Object.keys(other).length > 0 ? [[name, other]] : [];
  }));
  const more = names.map((name): [string, Mark] => {
    const mark: Mark = Object.hasOwn(kept, name) ? kept[name]! : {};
    return [name, { ...mark, words: mark.words ? `${mark.words}${BESIDE}${words}` : words }];
  });
  return { ...marks, components: { ...kept, ...Object.fromEntries(more) } };
}
