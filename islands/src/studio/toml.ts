// A design as TOML that a person would have written: a section per part, a line per entry, the
// telling keys first. Reading is in `read.ts`.
import { type Design, type Json, type Tree, isTree } from './document.ts';

/** Sections in the order of a document; others follow. */
const ORDER = ['components', 'links', 'data', 'network', 'calls', 'workload', 'traces', 'faults', 'require', 'envelope', 'prices', 'layout'];
const FIRST = ['kind', 'call', 'op', 'from', 'arrivals', 'share', 'lasts', 'warmup', 'at', 'every', 'what', 'list'];
/** Texts that may run over lines of their own. */
const LONG = ['calls', 'traces'];
const ALIGN_MAX = 24;

export function toToml(design: Design): string {
  const plain = Object.entries(design).filter(([key, value]) => !isSection(key, value));
  let out = lines(plain, ['octo', 'title'], false);
  const known = ORDER.filter((key) => Object.hasOwn(design, key));
  const others = Object.keys(design).filter((key) => !ORDER.includes(key));
  for (const key of [...known, ...others]) {
    const value = design[key]!;
    if (!isSection(key, value)) continue;
    if (isTree(value)) out += `${out === '' ? '' : '\n'}[${keyText(key)}]\n${lines(Object.entries(value), FIRST, LONG.includes(key))}`;
    else for (const entry of value as Tree[]) out += `\n[[${keyText(key)}]]\n${lines(Object.entries(entry), FIRST, false)}`;
  }
  return out;
}

function isSection(key: string, value: Json): boolean {
  return isTree(value) || (key === 'faults' && Array.isArray(value) && value.length > 0 && value.every(isTree));
}

function lines(entries: [string, Json][], first: readonly string[], long: boolean): string {
  const shown = sorted(entries, first).filter(([, value]) => value !== null);
  const width = Math.max(0, ...shown.map(([key]) => keyText(key).length).filter((wide) => wide <= ALIGN_MAX));
  return shown.map(([key, value]) => `${keyText(key).padEnd(width)} = ${long ? longText(value) : inline(value)}\n`).join('');
}

/** The line end before the closing quotes means nothing to a plan or a trace. */
function longText(value: Json): string {
  const fits = typeof value === 'string' && value.includes('\n') && !/["\\]|[^\P{Cc}\n]/u.test(value);
  return fits ? `"""\n${value.replace(/^\n|\n$/g, '')}\n"""` : inline(value);
}

function inline(value: Json): string {
  if (value === null) return '""';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  const entries = sorted(Object.entries(value), FIRST).filter(([, entry]) => entry !== null);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, entry]) => `${keyText(key)} = ${inline(entry)}`).join(', ')} }`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value);
  // 1e+21 is no float of TOML without a point or a power, and has one.
  return text.includes('e') ? text.replace('e+', 'e') : text.includes('.') ? text : `${text}.0`;
}

/** The keys of `first` in their order, the others as they were written. */
function sorted(entries: [string, Json][], first: readonly string[]): [string, Json][] {
  const rank = ([key]: [string, Json]) => (first.includes(key) ? first.indexOf(key) : first.length);
  return entries.toSorted((a, b) => rank(a) - rank(b));
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  const named: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
  return `"${text.replace(/["\\]|\p{Cc}/gu, (c) => named[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
