// The names in a call plan: who is called, changed or taken out, in the text of a plan and in its
// object form. What else a plan means is the engine's business (`crates/design/src/plan.rs`); a
// line that cannot be read is left as it is.
import { type Json, type Tree, at, isTree } from './document.ts';

/** Nothing: the call goes, with all that it made. */
export type Renamed = (component: string) => string | undefined;

export function planned(plan: Json, renamed: Renamed): Json | undefined {
  if (typeof plan === 'string') return inText(plan, renamed);
  if (Array.isArray(plan)) {
    const kept = inList(plan, renamed);
    return kept.length > 0 ? kept : undefined;
  }
  return plan;
}

/** The components that a plan calls. */
export function called(plan: Json): Set<string> {
  const names = new Set<string>();
  planned(plan, (name) => {
    names.add(name);
    return name;
  });
  return names;
}

function inList(calls: readonly Json[], renamed: Renamed): Json[] {
  return calls.flatMap((call): Json[] => {
    if (!isTree(call)) return [call];
    const to = at(call, 'call');
    const name = typeof to === 'string' ? renamed(to) : undefined;
    if (typeof to === 'string' && name === undefined) return [];
    const changed: Tree = name === undefined ? { ...call } : { ...call, call: name };
    for (const key of ['then', 'miss', 'transaction']) {
      const below = at(changed, key);
      if (Array.isArray(below)) changed[key] = inList(below, renamed);
    }
    return [changed];
  });
}

interface Line {
  indent: number;
  /** "miss: ", "50 %: try: ". */
  prefix: string;
  /** Chains of calls. */
  items: string[][];
  comment: string;
}

function inText(plan: string, renamed: Renamed): string | undefined {
  const kept: string[] = [];
  // Below this indentation the calls of somebody who is gone are written.
  let gone = Infinity;
  for (const source of plan.split('\n')) {
    const line = read(source);
    if (!line) {
      kept.push(source);
      continue;
    }
    if (line.indent > gone) continue;
    gone = Infinity;
    const { items, cut } = changed(line.items, renamed);
    if (cut) gone = line.indent;
    if (items.length === 0 && line.items.length > 0) {
      gone = line.indent;
      continue;
    }
    kept.push(same(items, line.items) ? source : written(source, line, items));
  }
  const text = kept.join('\n');
  return text === plan ? plan : withoutEmptyBlocks(kept);
}

function same(a: string[][], b: string[][]): boolean {
  return a.length === b.length && a.every((chain, i) => chain.join('>') === b[i]?.join('>'));
}

function changed(items: string[][], renamed: Renamed): { items: string[][]; cut: boolean } {
  const left: string[][] = [];
  // What stands below a line is made by its last call.
  let cut = false;
  for (const chain of items) {
    const calls: string[] = [];
    cut = false;
    for (const call of chain) {
      const [, name = '', rest = ''] = /^(\S+)([^]*)$/.exec(call) ?? [];
      const other = renamed(name);
      if (other === undefined) {
        cut = true;
        break;
      }
      calls.push(other + rest);
    }
    if (calls.length > 0) left.push(calls);
  }
  return { items: left, cut };
}

function read(source: string): Line | null {
  const hash = source.indexOf('#');
  const code = hash < 0 ? source : source.slice(0, hash);
  if (code.trim() === '') return null;
  const colon = code.lastIndexOf(':');
  const [, lead = '', after = ''] = /^(\s*)([^]*)$/.exec(colon < 0 ? '' : code.slice(0, colon + 1)) ?? [];
  const body = colon < 0 ? code : code.slice(colon + 1);
  const items = body.split(';').filter((item) => item.trim() !== '');
  return {
    indent: source.length - source.trimStart().length,
    prefix: lead + after,
    items: items.map((item) => item.split('>').map((call) => call.trim())),
    comment: hash < 0 ? '' : source.slice(code.trimEnd().length),
  };
}

function written(source: string, line: Line, items: string[][]): string {
  const indent = source.slice(0, line.indent);
  const body = items.map((chain) => chain.join(' > ')).join('; ');
  const prefix = line.prefix.trim();
  return indent + [prefix, body].filter(Boolean).join(' ') + line.comment;
}

/** "miss:" alone says nothing when nothing is written below it any more. */
function withoutEmptyBlocks(lines: string[]): string | undefined {
  const kept: string[] = [];
  let below = -1;
  for (const source of lines.toReversed()) {
    const line = read(source);
    if (line && line.items.length === 0 && below <= line.indent) continue;
    if (line) below = line.indent;
    kept.push(source);
  }
  const text = kept.toReversed().join('\n');
  return kept.some((source) => read(source)) ? text : undefined;
}
