// The diagram as shapes with places and sizes, for every form that is a picture: boxes, arrows and
// the frames of regions and zones. No form of picture is known here.
import { kindOf, PLAIN_ICON, type Catalogue } from '../catalogue.ts';
import { type Design, type Point, component, components, links, place, replicas } from '../document.ts';
import { stands } from '../edit.ts';
import { completed } from '../place.ts';
import { boxLines, linkWords, sizeOf } from '../words.ts';

export interface Box {
  name: string;
  kind: string;
  icon: string;
  lines: string[];
  replicas: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Wire {
  from: Box;
  to: Box;
  label: string;
}

export interface Frame {
  name: string;
  isZone: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Scene {
  boxes: Box[];
  wires: Wire[];
  frames: Frame[];
  /** Left, top, right, bottom of all of it. */
  edges: readonly [number, number, number, number];
}

const PAD = 26;

export function scene(design: Design, catalogue: Catalogue): Scene {
  const missing = completed(design);
  const boxes = components(design).map(({ name, kind, settings }): Box => {
    const [x, y]: Point = place(design, name) ?? missing[name] ?? [0, 0];
    return { name, kind, icon: kindOf(catalogue, kind)?.icon ?? PLAIN_ICON, lines: boxLines(design, name, settings), replicas: replicas(settings), x, y, ...sizeOf(design, name, settings) };
  });
  const known = new Map(boxes.map((box) => [box.name, box]));
  const wires = links(design).flatMap(({ from, to }): Wire[] => {
    const [a, b] = [known.get(from), known.get(to)];
    return a && b ? [{ from: a, to: b, label: linkWords(design, from, to) }] : [];
  });
  const frames = framed(design, boxes);
  return { boxes, wires, frames, edges: around([...boxes, ...frames]) };
}

function framed(design: Design, boxes: readonly Box[]): Frame[] {
  const members = new Map<string, Box[]>();
  for (const box of boxes) {
    const { region, zone } = stands(component(design, box.name)?.settings ?? {});
    for (const key of [region && `r\n${region}`, zone && `z\n${zone}`]) if (key) members.set(key, [...(members.get(key) ?? []), box]);
  }
  return [...members].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inside]) => {
    const isZone = key.startsWith('z');
    const pad = isZone ? PAD * 0.6 : PAD;
    const [left, top, right, bottom] = around(inside);
    return { name: key.slice(2), isZone, x: left - pad, y: top - pad - 14, width: right - left + 2 * pad, height: bottom - top + 2 * pad + 14 };
  });
}

function around(shapes: readonly { x: number; y: number; width: number; height: number }[]): [number, number, number, number] {
  return shapes.reduce<[number, number, number, number]>(
    ([left, top, right, bottom], { x, y, width, height }) => [Math.min(left, x), Math.min(top, y), Math.max(right, x + width), Math.max(bottom, y + height)],
    shapes.length > 0 ? [Infinity, Infinity, -Infinity, -Infinity] : [0, 0, 0, 0],
  );
}
