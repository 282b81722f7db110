// The design as the canvas library wants it: a node for each component and each frame, an edge for
// each arrow. What did not change stays the same object, so that it is not drawn again.
import { type Edge, MarkerType, type Node } from '@xyflow/svelte';
import { kindOf, PLAIN_ICON, SENDERS, titleOf } from './catalogue.ts';
import { type Json, type Point, type Tree, component, components, links, replicas, text, at } from './document.ts';
import { stands } from './edit.ts';
import type { Studio } from './studio.svelte.ts';
import { arrowWords, boxLines, spoken } from './words.ts';

export interface BoxData extends Record<string, unknown> {
  name: string;
  icon: string;
  lines: string[];
  replicas: number;
  sends: boolean;
}

const PAD = 26;
const WIDE = 176;
const HIGH = 84;

export function nodesOf(studio: Studio, before: readonly Node[]): Node[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const { design, places } = studio;
  const chosen = new Set(studio.selected);
  const boxes = components(design).map(({ name, kind, settings }): Node => {
    const { data, ariaLabel } = saidOf(studio, name, kind, settings);
    const [x, y] = pointOf(studio, name, places);
    const node: Node = { ...old.get(name), id: name, type: 'box', position: { x, y }, data, selected: chosen.has(name), ariaLabel };
    return sameNode(old.get(name), node) ?? node;
  });
  return [...framesOf(studio, boxes, old), ...boxes];
}

/** What stands on a box and is said of it; a part of the design that did not change says the same. */
interface Said {
  name: string;
  workload: Json | undefined;
  data: BoxData;
  ariaLabel: string;
}
const said = new WeakMap<Tree, Said>();

function saidOf({ design, catalogue }: Studio, name: string, kind: string, settings: Tree): Said {
  const workload = design['workload'];
  const known = said.get(settings);
  if (known && known.name === name && known.workload === workload) return known;
  const icon = kindOf(catalogue, kind)?.icon ?? PLAIN_ICON;
  const data: BoxData = { name, icon, lines: boxLines(design, name, settings), replicas: replicas(settings), sends: SENDERS.includes(kind) };
  const fresh = { name, workload, data, ariaLabel: spoken(design, name, settings, titleOf(kind)) };
  said.set(settings, fresh);
  return fresh;
}

function pointOf(studio: Studio, name: string, places: Record<string, Point>): Point {
  if (Object.hasOwn(places, name)) return places[name]!;
  const found = at(studio.design, 'layout', name);
  return Array.isArray(found) ? [Number(found[0]), Number(found[1])] : [0, 0];
}

/** The node of before, if nothing about it changed. */
function sameNode(old: Node | undefined, node: Node): Node | undefined {
  if (!old || old.selected !== node.selected || old.ariaLabel !== node.ariaLabel) return undefined;
  if (old.position.x !== node.position.x || old.position.y !== node.position.y) return undefined;
  return old.data === node.data || JSON.stringify(old.data) === JSON.stringify(node.data) ? old : undefined;
}

/** Regions behind zones behind boxes, as wide as what stands in them. */
function framesOf(studio: Studio, boxes: Node[], old: Map<string, Node>): Node[] {
  const members = new Map<string, Node[]>();
  for (const box of boxes) {
    const { region, zone } = stands(component(studio.design, box.id)?.settings ?? {});
    for (const key of [region && `r ${region}`, zone && `z ${region} ${zone}`]) {
      if (key) members.set(key, [...(members.get(key) ?? []), box]);
    }
  }
  return [...members].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, nodes]) => frame(key, nodes, old.get(key)));
}

function frame(key: string, nodes: Node[], old: Node | undefined): Node {
  const isZone = key.startsWith('z');
  const pad = isZone ? PAD * 0.6 : PAD;
  const left = Math.min(...nodes.map(({ position }) => position.x)) - pad;
  const top = Math.min(...nodes.map(({ position }) => position.y)) - pad - 14;
  const right = Math.max(...nodes.map(({ position, measured }) => position.x + (measured?.width ?? WIDE))) + pad;
  const bottom = Math.max(...nodes.map(({ position, measured }) => position.y + (measured?.height ?? HIGH))) + pad;
  const name = key.split(' ').slice(isZone ? 2 : 1).join(' ');
  const node: Node = {
    id: key, type: 'frame', position: { x: left, y: top }, width: right - left, height: bottom - top, data: { name, isZone },
    draggable: false, selectable: false, focusable: false, connectable: false, zIndex: isZone ? -1 : -2,
  };
  return old && old.width === node.width && old.height === node.height && old.position.x === left && old.position.y === top ? old : { ...old, ...node };
}

export function edgesOf(studio: Studio, before: readonly Edge[]): Edge[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  const { design } = studio;
  return links(design).flatMap(({ key, from, to, settings }): Edge[] => {
    if (!component(design, from) || !component(design, to)) return [];
    const mark = Object.hasOwn(studio.marks.links, key) ? studio.marks.links[key] : undefined;
    const label = [arrowWords(settings), mark?.words].filter(Boolean).join(' · ');
    const selected = studio.selectedLink === key;
    const classes = ['studio-wire', mark?.danger ? 'is-danger' : '', mark?.lit ? 'is-lit' : ''].filter(Boolean).join(' ');
    const known = old.get(key);
    if (known && known.label === label && known.selected === selected && known.class === classes) return [known];
    return [{
      id: key, source: from, target: to, selected, class: classes, label, ariaLabel: `Arrow from ${from} to ${to}`,
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    }];
  });
}

/** The kind of a node's component, for the small map. */
export function isBox(node: Node): boolean {
  return node.type === 'box' && text(node.id) !== '';
}
