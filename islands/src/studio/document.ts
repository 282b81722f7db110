// The design as a tree: the same tree that its TOML and JSON have, so that what this page does not
// know survives. How it is read here, and how one value of it is changed; the commands of the
// studio are in `edit.ts`, undo and redo in `history.ts`.

export type Json = null | boolean | number | string | Json[] | Tree;
export interface Tree {
  [key: string]: Json;
}
/** A design. Anything in it may be missing or of the wrong shape: people write it. */
export type Design = Tree;
export type Path = readonly string[];

export interface Component {
  name: string;
  kind: string;
  settings: Tree;
}

export interface Link {
  /** As it is written in the tree: "web -> db". */
  key: string;
  from: string;
  to: string;
  settings: Tree;
}

export interface Class {
  name: string;
  from: string;
  settings: Tree;
}

export type Point = readonly [number, number];

export const EMPTY: Design = { octo: 1 };
/** What `[workload]` says of the whole; every other key there is a class. */
export const WORKLOAD_WORDS: readonly string[] = ['lasts', 'warmup', 'arrivals'];
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isTree(value: Json | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a tree itself says under a key, never what an object inherits. */
export function at(tree: Json | undefined, ...path: Path): Json | undefined {
  let here = tree;
  for (const key of path) {
    if (Array.isArray(here)) here = here[Number(key)];
    else if (isTree(here) && Object.hasOwn(here, key)) here = here[key];
    else return undefined;
  }
  return here;
}

export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A section as a tree; empty where it is missing or something else. */
export function section(design: Design, name: string): Tree {
  const found = at(design, name);
  return isTree(found) ? found : {};
}

/** The tree with one value changed, or taken out with `undefined`; trees on the way are made, and
 * a section that became empty goes. */
export function put(tree: Tree, path: Path, value: Json | undefined): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  const below = at(tree, key);
  if (rest.length === 0) return with_(tree, key, value);
  if (Array.isArray(below)) return with_(tree, key, putInList(below, rest, value));
  const changed = put(isTree(below) ? below : {}, rest, value);
  return with_(tree, key, Object.keys(changed).length === 0 && value === undefined ? undefined : changed);
}

function putInList(list: readonly Json[], [key, ...rest]: Path, value: Json | undefined): Json[] | undefined {
  const index = Number(key);
  if (rest.length === 0 && value === undefined) {
    const left = list.filter((_, i) => i !== index);
    return left.length > 0 ? left : undefined;
  }
  const below = list[index];
  const entry = rest.length === 0 ? value : put(isTree(below) ? below : {}, rest, value);
  const copy = [...list];
  copy[index] = entry ?? {};
  return copy;
}

/** A key that stays where it was, or comes last. */
function with_(tree: Tree, key: string, value: Json | undefined): Tree {
  if (value === undefined) return filtered(tree, (name) => name !== key);
  return { ...tree, [key]: value };
}

export function filtered(tree: Tree, keep: (key: string, value: Json) => boolean): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([key, value]) => keep(key, value)));
}

/** The tree with other keys in the same order. */
export function rekeyed(tree: Tree, rename: (key: string) => string): Tree {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [rename(key), value]));
}

export function components(design: Design): Component[] {
  return Object.entries(section(design, 'components')).flatMap(([name, value]) =>
    isTree(value) ? [{ name, kind: text(at(value, 'kind')), settings: value }] : [],
  );
}

export function component(design: Design, name: string): Component | undefined {
  const value = at(design, 'components', name);
  return isTree(value) ? { name, kind: text(at(value, 'kind')), settings: value } : undefined;
}

/** The ends of "web -> db". */
export function ends(key: string): [string, string] | undefined {
  const parts = key.split('->');
  const [from, to] = parts.map((part) => part.trim());
  return parts.length === 2 && from && to ? [from, to] : undefined;
}

export function linkKey(from: string, to: string): string {
  return `${from} -> ${to}`;
}

export function links(design: Design): Link[] {
  return Object.entries(section(design, 'links')).flatMap(([key, value]) => {
    const found = ends(key);
    return found && isTree(value) ? [{ key, from: found[0], to: found[1], settings: value }] : [];
  });
}

export function link(design: Design, from: string, to: string): Link | undefined {
  return links(design).find((found) => found.from === from && found.to === to);
}

export function classes(design: Design): Class[] {
  return Object.entries(section(design, 'workload')).flatMap(([name, value]) =>
    isTree(value) && !WORKLOAD_WORDS.includes(name) ? [{ name, from: text(at(value, 'from')), settings: value }] : [],
  );
}

export function faults(design: Design): Tree[] {
  const list = at(design, 'faults');
  return Array.isArray(list) ? list.filter(isTree) : [];
}

/** Where a component stands; nothing if nobody has put it anywhere. */
export function place(design: Design, name: string): Point | undefined {
  const value = at(design, 'layout', name);
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [x, y] = value;
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined;
}

export function replicas(settings: Tree): number {
  const count = Number(at(settings, 'replicas') ?? 1);
  return Number.isFinite(count) && count >= 1 ? Math.floor(count) : 1;
}

/** The zones of a component, however they were written. */
export function zones(settings: Tree): string[] {
  const value = at(settings, 'zones');
  return (Array.isArray(value) ? value : [value]).filter((zone): zone is string => typeof zone === 'string' && zone !== '');
}

/** A name nobody has: "web", then "web-2". */
export function freeName(wanted: string, taken: (name: string) => boolean): string {
  const cleaned = wanted.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '');
  const base = (cleaned || 'part').slice(0, 56);
  if (!taken(base)) return base;
  const stem = base.replace(/-\d+$/, '');
  for (let number = 2; ; number++) if (!taken(`${stem}-${number}`)) return `${stem}-${number}`;
}
