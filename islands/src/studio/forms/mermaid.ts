// Mermaid flowcharts, out and in. What comes in becomes lines of words, so that kinds are guessed
// and requests begin somewhere as for a line that was typed.
import { type Design, components, link, links, replicas } from '../document.ts';
import { stands } from '../edit.ts';
import { linkWords } from '../words.ts';
import { type Graph, drawnLines, newGraph } from './graph.ts';

const SHAPES: Record<string, [string, string]> = {
  relational: ['[(', ')]'], keyvalue: ['[(', ')]'], document: ['[(', ')]'], columnar: ['[(', ')]'], objects: ['[(', ')]'], search: ['[(', ')]'],
  cache: ['([', '])'], queue: ['[[', ']]'], log: ['[[', ']]'], clients: ['((', '))'], external: ['{{', '}}'],
};

export function toMermaid(design: Design): string {
  const ids = new Map(components(design).map(({ name }, i) => [name, `n${i}`]));
  const node = ({ name, kind, settings }: ReturnType<typeof components>[number]) => {
    const [open, close] = SHAPES[kind] ?? ['[', ']'];
    const count = replicas(settings);
    return `${ids.get(name)}${open}"${quoted(name)}<br/>${quoted(kind)}${count > 1 ? ` x${count}` : ''}"${close}`;
  };
  const lines = ['flowchart LR'];
  const regions = new Map<string, string[]>();
  for (const found of components(design)) {
    const { region } = stands(found.settings);
    if (region) regions.set(region, [...(regions.get(region) ?? []), node(found)]);
    else lines.push(`  ${node(found)}`);
  }
  [...regions].forEach(([region, nodes], i) => lines.push(`  subgraph r${i}["${quoted(region)}"]`, ...nodes.map((one) => `    ${one}`), '  end'));
  for (const { from, to } of links(design)) {
    if (!ids.has(from) || !ids.has(to)) continue;
    const words = link(design, from, to) ? linkWords(design, from, to) : '';
    lines.push(`  ${ids.get(from)} -->${words ? `|"${quoted(words)}"|` : ''} ${ids.get(to)}`);
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return text.replace(/["<>&#]/g, (c) => `#${c.charCodeAt(0)};`);
}

export function isMermaid(text: string): boolean {
  return /^\s*(?:```mermaid\s*)?(?:---[\s\S]*?---\s*)?(?:%%[^\n]*\n\s*)*(?:flowchart|graph)\b/.test(text);
}

const SKIPPED = /^(?:flowchart|graph|direction|classDef|class|style|linkStyle|click|accTitle|accDescr|%%|---|```)/;
const ARROW = /\s*(?:<?(?:--|==|-\.)(?:\s*("[^"]*"|[^-=.|>"]+?)\s*(?:--|==|\.-)|\.?-*)?(?:>|x|o)?|<?-{2,}>?|<?={2,}>?|-\.+->?)\s*(?:\|([^|]*)\|)?\s*/;
const NODE = /^([A-Za-z0-9_.-]+?)\s*(?:(?:\[\(|\(\[|\[\[|\(\(|\{\{|\[\/|\[\\|\[|\(|\{|>)\s*([\s\S]*?)\s*(?:\)\]|\]\)|\]\]|\)\)|\}\}|\/\]|\\\]|\]|\)|\}))?\s*(?::::?[\w-]+)?$/;

export function fromMermaid(text: string): Graph {
  const graph = newGraph();
  const frames: string[] = [];
  drawnLines(text, graph).forEach((source, i) => {
    for (const part of splitStatements(source)) {
      const line = part.trim();
      const frame = /^subgraph\s+(.*)$/.exec(line);
      if (line === '' || SKIPPED.test(line)) continue;
      if (frame) frames.push(label(NODE.exec(frame[1] ?? '')?.[2] ?? frame[1] ?? ''));
      else if (/^end\b/.test(line)) frames.pop();
      else statement(graph, line, i + 1, frames.at(-1));
    }
  });
  return graph;
}

function splitStatements(line: string): string[] {
  return line.match(/(?:"[^"]*"|[^;"])+/g) ?? [];
}

/** "a[Web] & b --> c": every one of the left to every one of the right. */
function statement(graph: Graph, line: string, number: number, frame: string | undefined): void {
  const { bare, kept } = hidden(line);
  const parts = bare.split(new RegExp(ARROW.source.replaceAll(/\((?!\?)/g, '(?:'))).filter((part) => part.trim() !== '');
  let before: string[] = [];
  for (const part of parts) {
    const here = part.split('&').flatMap((each): string[] => {
      const found = NODE.exec(shown(each.trim(), kept));
      if (!found?.[1]) {
        graph.slip(number, `“${shown(each.trim(), kept).slice(0, 60)}” could not be read and was left out.`);
        return [];
      }
      graph.node(found[1], found[2] === undefined ? undefined : label(found[2]), frame);
      return [found[1]];
    });
    for (const from of before) for (const to of here) graph.arrow(from, to);
    before = here;
  }
}

/** Labels hold anything, arrows as well: they are put aside while a line is taken apart. */
function hidden(line: string): { bare: string; kept: string[] } {
  const kept: string[] = [];
  const bare = line.replace(/"[^"]*"|\[[^\]]*\]+|\|[^|]*\|/g, (found) => (found.startsWith('|') ? ' ' : `\u0001${kept.push(found) - 1}\u0002`));
  return { bare, kept };
}

function shown(part: string, kept: readonly string[]): string {
  let text = part;
  for (let depth = 0; depth < 4 && text.includes('\u0001'); depth++) text = text.replace(/\u0001(\d+)\u0002/g, (_, i: string) => kept[Number(i)] ?? '');
  return text;
}

function label(text: string): string {
  return text.replace(/^["'`]+|["'`]+$/g, '').replace(/<br\s*\/?>/gi, '\n').replace(/<[^>]*>/g, '').replace(/#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
