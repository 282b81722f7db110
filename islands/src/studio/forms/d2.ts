// D2, out and in. Only boxes, arrows, labels and containers are read; how they look is left out.
import { type Design, components, links, replicas } from '../document.ts';
import { stands } from '../edit.ts';
import { linkWords } from '../words.ts';
import { type Graph, drawnLines, newGraph } from './graph.ts';

const SHAPES: Record<string, string> = {
  clients: 'person', relational: 'cylinder', keyvalue: 'cylinder', document: 'cylinder', columnar: 'cylinder', objects: 'stored_data', search: 'cylinder', queue: 'queue', log: 'queue', external: 'cloud', cache: 'stored_data',
};

export function toD2(design: Design): string {
  const path = new Map(components(design).map(({ name, settings }) => {
    const { region } = stands(settings);
    return [name, region ? `${key(region)}.${key(name)}` : key(name)];
  }));
  const lines = ['direction: right', ''];
  for (const { name, kind, settings } of components(design)) {
    const count = replicas(settings);
    const shape = SHAPES[kind] ? `; shape: ${SHAPES[kind]}` : '';
    lines.push(`${path.get(name)}: ${quoted(`${name}\n${kind}${count > 1 ? ` x${count}` : ''}`)} {style.multiple: ${count > 1}${shape}}`);
  }
  lines.push('');
  for (const { from, to } of links(design)) {
    const words = linkWords(design, from, to);
    if (path.has(from) && path.has(to)) lines.push(`${path.get(from)} -> ${path.get(to)}${words ? `: ${quoted(words)}` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}

function key(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** Words of D2 that are no boxes. */
const WORDS = ['direction', 'shape', 'style', 'label', 'icon', 'near', 'width', 'height', 'link', 'tooltip', 'class', 'classes', 'vars', 'layers', 'scenarios', 'steps', 'grid-rows', 'grid-columns', 'constraint'];
const ARROW = /\s*(<->|<-|->|--)\s*/;

/** What has braces: a container if a box or an arrow stands in them, else a box with its looks. */
interface Opened {
  id: string;
  label: string;
}

export function fromD2(text: string): Graph {
  const graph = newGraph();
  const way: Opened[] = [];
  const containers = new Map<string, string>();
  let skipped = 0;
  drawnLines(text, graph).forEach((source, i) => {
    const line = source.replace(/(^|\s)#.*$/, '$1').trim();
    if (skipped > 0) {
      skipped += balance(line);
      return;
    }
    if (line === '') return;
    if (line.startsWith('}')) {
      way.pop();
      return;
    }
    const head = (/^("(?:[^"\\]|\\.)*"|[\w.-]+)/.exec(line)?.[1] ?? '').split('.')[0] ?? '';
    if (WORDS.includes(head.toLowerCase())) {
      if (line.endsWith('{')) skipped = 1;
      return;
    }
    const outer = way.at(-1);
    if (outer?.id && !containers.has(outer.id)) {
      containers.set(outer.id, outer.label);
      graph.forget(outer.id);
    }
    statement(graph, line, i + 1, way, containers);
  });
  return graph;
}

function statement(graph: Graph, line: string, number: number, way: Opened[], containers: Map<string, string>): void {
  const colon = outside(line, ':');
  const ends = (colon < 0 ? line.replace(/\s*\{.*$/, '') : line.slice(0, colon)).trim();
  const after = colon < 0 ? (/\{\s*$/.test(line) ? '{' : '') : line.slice(colon + 1).trim();
  const opens = /\{\s*$/.test(after);
  const label = unquoted(after.replace(/\s*\{[^]*$/, '').trim());
  const parts = ends.split(ARROW);
  const draw = (end: string, own?: string) => graph.node(id(end), own, frame(end, way, containers));
  if (parts.length === 1) {
    if (ends === '') return;
    draw(ends, label || undefined);
    if (opens) way.push({ id: id(ends), label: label || id(ends) });
    return;
  }
  for (let i = 0; i + 2 < parts.length; i += 2) {
    const [a, sign, b] = [parts[i] ?? '', parts[i + 1], parts[i + 2] ?? ''];
    if (a.trim() === '' || b.trim() === '') {
      graph.slip(number, 'An arrow on this line leads nowhere and was left out.');
      continue;
    }
    for (const end of [a, b]) draw(end);
    if (sign === '<-') graph.arrow(id(b), id(a));
    else graph.arrow(id(a), id(b));
  }
  // What stands in the braces of an arrow is how it looks.
  if (opens) way.push({ id: '', label: '' });
}

const POINTS = /\.(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/** The last part of a path names the box. */
function id(end: string): string {
  return unquoted(end.trim().split(POINTS).at(-1) ?? '');
}

function frame(end: string, way: readonly Opened[], containers: Map<string, string>): string | undefined {
  const parts = end.trim().split(POINTS);
  const outer = parts.length > 1 ? unquoted(parts.at(-2) ?? '') : way.at(-1)?.id;
  return outer ? (containers.get(outer) ?? outer) : undefined;
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '').replaceAll('\\n', '\n').replace(/\\(.)/g, '$1');
}

function outside(line: string, wanted: string): number {
  let quote = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"' && line[i - 1] !== '\\') quote = !quote;
    else if (!quote && line[i] === wanted) return i;
  }
  return -1;
}

function balance(line: string): number {
  return (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
}
