// A drawing of another tool as nodes and arrows, and the design that follows from it: the same way
// as a line that was typed, so that kinds are guessed and requests begin somewhere.
import { type Design, type Point, at, component, freeName, isName } from '../document.ts';
import { group, move, set } from '../edit.ts';
import { guessKind, kindNamed } from '../guess.ts';
import type { Read, Slip } from '../read.ts';
import { DRAWN, sketch } from '../sketch.ts';

interface Found {
  name: string;
  kind: string | undefined;
  replicas: number;
  frame: string | undefined;
  place: Point | undefined;
}

export interface Graph {
  node(id: string, label?: string, frame?: string, place?: Point): void;
  arrow(from: string, to: string): void;
  /** It was no box after all, if no arrow says otherwise. */
  forget(id: string): void;
  slip(line: number | null, message: string): void;
  read(title?: string): Read;
}

const SLIPS_MAX = 50;
/** Nobody draws in longer lines, and to take one apart takes longer than it is long. */
const LINE_MAX = 1_000;

/** The lines of a drawing that are short enough to be read. */
export function drawnLines(text: string, graph: Graph): string[] {
  return text.split('\n').map((line, i) => {
    if (line.length <= LINE_MAX) return line;
    graph.slip(i + 1, `This line is longer than ${LINE_MAX} characters and was left out.`);
    return '';
  });
}

export function newGraph(): Graph {
  const nodes = new Map<string, Found>();
  const arrows: [string, string][] = [];
  const slips: Slip[] = [];
  const names = new Set<string>();

  function slip(line: number | null, message: string): void {
    if (slips.length < SLIPS_MAX) slips.push({ line, message, suggestion: null });
  }

  return {
    slip,
    node(id, label, frame, place) {
      const known = nodes.get(id);
      if (known && label === undefined) {
        known.frame ??= frame;
        return;
      }
      const told = read(label ?? id, id);
      if (known) names.delete(known.name);
      const name = freeName(told.name, (taken) => names.has(taken));
      names.add(name);
      nodes.set(id, { ...told, name, frame: frame ?? known?.frame, place: place ?? known?.place });
    },
    arrow(from, to) {
      for (const id of [from, to]) if (!nodes.has(id)) this.node(id);
      arrows.push([from, to]);
    },
    forget(id) {
      const known = nodes.get(id);
      if (!known || arrows.some((ends) => ends.includes(id))) return;
      names.delete(known.name);
      nodes.delete(id);
    },
    read(title) {
      if (nodes.size === 0) return { design: null, slips: [...slips, { line: null, message: 'There is nothing in this drawing that could be a component.', suggestion: null }] };
      if (nodes.size > DRAWN.items) slip(null, `Only the first ${DRAWN.items} of ${nodes.size} boxes were taken.`);
      return { design: designed([...nodes.values()], arrows.map(([a, b]) => [nodes.get(a)!, nodes.get(b)!]), title, slip), slips };
    },
  };
}

function designed(nodes: Found[], arrows: [Found, Found][], title: string | undefined, slip: (line: number | null, message: string) => void): Design {
  const word = ({ name, kind, replicas }: Found) => `${name}${replicas > 1 ? ` x${replicas}` : ''} (${kind ?? 'service'})`;
  const isSender = ({ kind }: Found) => kind === 'clients' || kind === 'scheduler';
  // Whoever sends comes first, so that no clients are made up for the middle of a drawing.
  const ordered = [...arrows].sort(([a], [b]) => Number(isSender(b)) - Number(isSender(a)));
  const source = ordered.filter(([a, b]) => a !== b).map(([a, b]) => `${word(a)} -> ${word(b)}`).join('\n');
  const { design: drawn, remarks } = sketch(source, undefined, DRAWN);
  for (const { severity, message } of remarks) if (severity === 'error') slip(null, message);
  let design = drawn;
  for (const { name, kind, replicas } of nodes.slice(0, DRAWN.items)) {
    if (!component(design, name)) design = set(design, ['components', name], { kind: kind ?? 'service', ...(replicas > 1 ? { replicas } : {}) });
  }
  for (const { name, frame } of nodes) if (frame && component(design, name)) design = group(design, [name], 'region', regionName(frame));
  const places = nodes.flatMap(({ name, place }): [string, Point][] => (place && component(design, name) ? [[name, place]] : []));
  if (places.length > 0) design = move(design, Object.fromEntries(places));
  return title && at(design, 'title') === undefined ? set(design, ['title'], title.slice(0, 200)) : design;
}

function regionName(frame: string): string {
  return frame.replace(/\s+/g, '-').slice(0, 64);
}

/** "web\nservice x3": a name, and what kind it is and how many, where that is said. */
function read(label: string, id: string): Omit<Found, 'frame' | 'place'> {
  const [first = '', ...others] = label.split('\n').map((line) => line.trim()).filter(Boolean);
  const rest = others.join(' ');
  const count = /(?:^|\s)[x×]\s*(\d{1,5})\b|\b(\d{1,5})\s*(?:replicas|×)/.exec(`${first} ${rest}`);
  const name = first.replace(/\s*[x×]\s*\d+$/, '').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '').slice(0, 56);
  const replicas = Math.min(10_000, Math.max(1, Number(count?.[1] ?? count?.[2] ?? 1)));
  const named = others.map((line) => kindNamed(line.split(/[\s,·x×]+/)[0] ?? '')).find(Boolean);
  return { name: isName(name) ? name : `part-${id.replace(/[^A-Za-z0-9]+/g, '').slice(0, 20)}`, kind: named ?? guessKind(first) ?? guessKind(id) ?? guessKind(rest), replicas };
}
