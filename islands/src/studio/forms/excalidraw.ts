// Excalidraw drawings, out and in: boxes with their texts, and arrows that are bound to them.
import type { Catalogue } from '../catalogue.ts';
import { type Design, type Json, type Tree, at, isTree, text } from '../document.ts';
import { type Read, readDesign } from '../read.ts';
import { newGraph } from './graph.ts';
import { scene } from './scene.ts';

const [INK, QUIET, SHEET] = ['#1e1b17', '#544d44', '#fdfaf3'];
const FONT = 2;

export function toExcalidraw(design: Design, catalogue: Catalogue): string {
  const { boxes, wires, frames } = scene(design, catalogue);
  const ids = new Map(boxes.map(({ name }, i) => [name, `box-${i}`]));
  const elements: Tree[] = frames.map(({ name, isZone, ...area }, i) => shape(`frame-${i}`, 'rectangle', area, { strokeStyle: isZone ? 'dashed' : 'solid', strokeColor: QUIET, customData: { octo: 'frame', name } }));
  boxes.forEach(({ name, kind, lines, replicas, x, y, width, height }) => {
    const id = ids.get(name)!;
    const mine = wires.flatMap(({ from, to }, i) => (from.name === name || to.name === name ? [{ id: `wire-${i}`, type: 'arrow' }] : []));
    const words = [name, kind + (replicas > 1 ? ` x${replicas}` : ''), ...lines.filter((line) => line !== kind && !/ replicas$/.test(line))].slice(0, 4);
    elements.push(shape(id, 'rectangle', { x, y, width, height }, { backgroundColor: SHEET, boundElements: [{ id: `${id}-text`, type: 'text' }, ...mine] }));
    elements.push(shape(`${id}-text`, 'text', { x: x + 8, y: y + 8, width: width - 16, height: height - 16 }, {
      text: words.join('\n'), originalText: words.join('\n'), fontSize: 14, fontFamily: FONT, textAlign: 'center', verticalAlign: 'middle', containerId: id, lineHeight: 1.25, autoResize: true,
    }));
  });
  wires.forEach(({ from, to }, i) => {
    const start = [from.x + from.width, from.y + from.height / 2] as const;
    const end = [to.x, to.y + to.height / 2] as const;
    elements.push(shape(`wire-${i}`, 'arrow', { x: start[0], y: start[1], width: Math.abs(end[0] - start[0]), height: Math.abs(end[1] - start[1]) }, {
      points: [[0, 0], [end[0] - start[0], end[1] - start[1]]], startBinding: bound(ids.get(from.name)!), endBinding: bound(ids.get(to.name)!), startArrowhead: null, endArrowhead: 'arrow', lastCommittedPoint: null, elbowed: false,
    }));
  });
  return `${JSON.stringify({ type: 'excalidraw', version: 2, source: 'octo', elements, appState: { viewBackgroundColor: '#f6f2e8' }, files: {} }, null, 1)}\n`;
}

function bound(id: string): Tree {
  return { elementId: id, focus: 0, gap: 4 };
}

function shape(id: string, type: string, { x, y, width, height }: { x: number; y: number; width: number; height: number }, more: Tree): Tree {
  const usual: Tree = {
    id, type, x, y, width, height, angle: 0, strokeColor: INK, backgroundColor: 'transparent', fillStyle: 'solid', strokeWidth: 1.5, strokeStyle: 'solid', roughness: 0, opacity: 100,
    groupIds: [], frameId: null, roundness: null, seed: 1, version: 1, versionNonce: 1, isDeleted: false, boundElements: null, updated: 1, link: null, locked: false,
  };
  return { ...usual, ...more };
}

export function isExcalidraw(source: string): boolean {
  return /^\s*\{/.test(source) && /"type"\s*:\s*"excalidraw"/.test(source.slice(0, 2_000));
}

const BOXES = ['rectangle', 'ellipse', 'diamond', 'image'];

export function fromExcalidraw(source: string): Read {
  const { design: tree, slips } = readDesign(source);
  const list = at(tree ?? undefined, 'elements');
  if (!Array.isArray(list)) return { design: null, slips: slips.length > 0 ? slips : [{ line: null, message: 'This drawing has no elements.', suggestion: null }] };
  const elements = list.filter(isTree).filter((element) => at(element, 'isDeleted') !== true);
  const labels = new Map<string, string>();
  for (const element of elements) if (at(element, 'type') === 'text') labels.set(text(at(element, 'containerId')), text(at(element, 'text')));
  const graph = newGraph();
  const boxes = new Set<string>();
  for (const element of elements) {
    const id = text(at(element, 'id'));
    const label = labels.get(id);
    if (!BOXES.includes(text(at(element, 'type'))) || at(element, 'customData', 'octo') === 'frame' || label === undefined) continue;
    boxes.add(id);
    graph.node(id, label, undefined, [number(at(element, 'x')), number(at(element, 'y'))]);
  }
  for (const element of elements) {
    if (at(element, 'type') !== 'arrow') continue;
    const [from, to] = [text(at(element, 'startBinding', 'elementId')), text(at(element, 'endBinding', 'elementId'))];
    if (boxes.has(from) && boxes.has(to)) graph.arrow(from, to);
    else graph.slip(null, 'An arrow that is not bound to a box with a text at each end was left out.');
  }
  return graph.read();
}

function number(value: Json | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
