// Where boxes stand when nobody has put them anywhere: layers along the arrows, neighbours in the
// order of those they are joined to, and regions in bands of their own. A plain placement, not
// the engine's: that one (`crates/picture/src/layers.rs`) also lays the lines.
import { type Design, type Point, components, links, place } from './document.ts';
import { stands } from './edit.ts';
import { sizeOf } from './words.ts';

const GAP_ALONG = 72;
const GAP_ACROSS = 36;
const BAND = 64;
/** For one more box beside others that are placed already. */
const WIDE = 240;
const HIGH = 116;
const SWEEPS = 6;
/** Beyond this a circle or a crossing is not worth the time. */
const MANY = 3_000;

/** A layer of more stands in several columns, or the whole would be all height. */
const ROWS = 14;

/** A place for every component. */
export function placed(design: Design): Record<string, Point> {
  const sizes = new Map(components(design).map(({ name, settings }) => [name, sizeOf(design, name, settings)]));
  const layer = layers(design, [...sizes.keys()]);
  const inBands = bands(design).map((members) => ordered(design, members, layer));
  const starts = columnStarts(inBands, sizes, layer);
  const places: [string, Point][] = [];
  let top = 0;
  for (const columns of inBands) {
    const high = Math.max(0, ...columns.flatMap(split).map((column) => height(column, sizes)));
    for (const column of columns) {
      split(column).forEach((part, i) => {
        const { x = 0, width = 0 } = starts[layer.get(part[0] ?? '') ?? 0] ?? {};
        let y = top + (high - height(part, sizes)) / 2;
        for (const name of part) {
          places.push([name, [x + i * (width + GAP_ALONG / 2), y]]);
          y += (sizes.get(name)?.height ?? 0) + GAP_ACROSS;
        }
      });
    }
    top += high + BAND;
  }
  return Object.fromEntries(places);
}

type Sizes = Map<string, { width: number; height: number }>;

function height(column: string[], sizes: Sizes): number {
  return column.reduce((sum, name) => sum + (sizes.get(name)?.height ?? 0) + GAP_ACROSS, -GAP_ACROSS);
}

function split(column: string[]): string[][] {
  const parts = Math.ceil(column.length / ROWS);
  const rows = Math.ceil(column.length / parts);
  return Array.from({ length: parts }, (_, i) => column.slice(i * rows, (i + 1) * rows));
}

/** Where each layer begins, beyond all columns of the one before; and how wide a column of it is. */
function columnStarts(inBands: string[][][], sizes: Sizes, layer: Map<string, number>): { x: number; width: number }[] {
  const found: { width: number; columns: number }[] = [];
  for (const column of inBands.flat()) {
    const at = layer.get(column[0] ?? '') ?? 0;
    const width = Math.max(found[at]?.width ?? 0, ...column.map((name) => sizes.get(name)?.width ?? 0));
    found[at] = { width, columns: Math.max(found[at]?.columns ?? 0, split(column).length) };
  }
  let x = 0;
  return Array.from(found, (each) => {
    const { width = 0, columns = 0 } = each ?? {};
    const start = x;
    x += columns === 0 ? 0 : columns * width + (columns - 1) * (GAP_ALONG / 2) + GAP_ALONG;
    return { x: start, width };
  });
}

/** Places for those who have none; the others stay. */
export function completed(design: Design): Record<string, Point> {
  const missing = components(design).filter(({ name }) => !place(design, name));
  if (missing.length === 0) return {};
  const all = placed(design);
  const isNew = components(design).length === missing.length;
  const taken = components(design).flatMap(({ name }) => place(design, name) ?? []) as number[];
  const found: [string, Point][] = [];
  const lowest = Math.max(...taken.filter((_, i) => i % 2 === 1), -HIGH);
  missing.forEach(({ name }, i) => {
    if (isNew) return found.push([name, all[name] ?? [0, 0]]);
    const before = links(design).filter((link) => link.to === name).flatMap((link) => place(design, link.from) ?? known(found, link.from) ?? []);
    const beside: Point = before.length >= 2 ? [before[0]! + WIDE, before[1]!] : [(i % 5) * WIDE, lowest + HIGH];
    return found.push([name, free(beside, [...pairs(taken), ...found.map(([, point]) => point)])]);
  });
  return Object.fromEntries(found);
}

function known(found: [string, Point][], name: string): Point | undefined {
  return found.find(([other]) => other === name)?.[1];
}

function pairs(flat: number[]): Point[] {
  return flat.flatMap((x, i): Point[] => (i % 2 === 0 ? [[x, flat[i + 1] ?? 0]] : []));
}

/** Downwards from a place until nobody stands there. */
function free([x, y]: Point, taken: Point[]): Point {
  let down = y;
  while (taken.some(([a, b]) => Math.abs(a - x) < WIDE * 0.8 && Math.abs(b - down) < HIGH * 0.8)) down += HIGH;
  return [x, down];
}

/** Those without a region first, then a band for each region and for each zone in it. */
function bands(design: Design): string[][] {
  const found = new Map<string, string[]>();
  for (const { name, settings } of components(design)) {
    const { region, zone } = stands(settings);
    const key = `${region}\n${zone}`;
    const members = found.get(key);
    if (members) members.push(name);
    else found.set(key, [name]);
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, members]) => members);
}

/** By longest path; an arrow that closes a circle counts for nothing. */
function layers(design: Design, names: string[]): Map<string, number> {
  const after = new Map<string, string[]>(names.map((name) => [name, []]));
  const before = new Map<string, number>(names.map((name) => [name, 0]));
  for (const { from, to } of links(design)) {
    if (from === to || !after.has(from) || !after.has(to)) continue;
    after.get(from)!.push(to);
    before.set(to, before.get(to)! + 1);
  }
  const layer = new Map<string, number>(names.map((name) => [name, 0]));
  const left = new Map(before);
  const waiting = names.filter((name) => before.get(name) === 0);
  const seen = new Set(waiting);
  while (seen.size < names.length || waiting.length > 0) {
    const name = waiting.shift() ?? names.find((other) => !seen.has(other));
    if (name === undefined) break;
    seen.add(name);
    for (const next of after.get(name) ?? []) {
      if (!seen.has(next)) layer.set(next, Math.max(layer.get(next)!, layer.get(name)! + 1));
      left.set(next, left.get(next)! - 1);
      if (left.get(next) === 0 && !seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return layer;
}

/** The members of a band by layer, each where its neighbours pull it. */
function ordered(design: Design, members: string[], layer: Map<string, number>): string[][] {
  const byLayer: string[][] = [];
  for (const name of members) (byLayer[layer.get(name) ?? 0] ??= []).push(name);
  const columns = byLayer.filter(Boolean);
  if (members.length > MANY) return columns;
  const near = new Map<string, string[]>();
  for (const { from, to } of links(design)) {
    for (const [a, b] of [[from, to], [to, from]] as const) near.set(a, [...(near.get(a) ?? []), b]);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const row = new Map<string, number>();
    for (const column of columns) column.forEach((name, y) => row.set(name, y - (column.length - 1) / 2));
    const pull = (name: string) => {
      const rows = (near.get(name) ?? []).flatMap((other) => row.get(other) ?? []);
      return rows.length > 0 ? rows.reduce((a, b) => a + b, 0) / rows.length : (row.get(name) ?? 0);
    };
    for (const column of columns) column?.sort((a, b) => pull(a) - pull(b) || (a < b ? -1 : 1));
  }
  return columns;
}
