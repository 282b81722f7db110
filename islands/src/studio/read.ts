// A design from text that somebody pasted: TOML or JSON, refused when it is too large to be one,
// and otherwise a tree with the line of everything in it. What the words mean, the engine says.
import { TomlDate, TomlError, parse } from 'smol-toml';
import { type Design, type Json, type Tree, isTree } from './document.ts';

export interface Slip {
  /** From 1; none for the whole. */
  line: number | null;
  message: string;
  suggestion: string | null;
}

export interface Read {
  /** Nothing if the text cannot be read at all. */
  design: Design | null;
  slips: Slip[];
}

/** As the engine has them. */
export const TEXT_MAX = 1 << 20;
const DEPTH_MAX = 64;
const COMPONENTS_MAX = 10_000;

export function readDesign(text: string): Read {
  if (text.length > TEXT_MAX) return refused(null, 'This text is larger than 1 MiB, which no design is.', 'Take the parts out that are not design, or split it.');
  const isJson = /^[\s\ufeff]*\{/.test(text);
  const deep = depth(text);
  if (deep > DEPTH_MAX) return refused(null, `This text is nested ${deep > 999 ? 'more than a thousand' : deep} levels deep.`, `A design needs at most ${DEPTH_MAX}.`);
  const read = isJson ? readJson(text) : readToml(text);
  if (!read.design) return read;
  const count = isTree(read.design['components']) ? Object.keys(read.design['components']).length : 0;
  if (count > COMPONENTS_MAX) return refused(null, `This design has ${count} components; at most ${COMPONENTS_MAX} are read.`, 'Write many alike as replicas.');
  return read;
}

function refused(line: number | null, message: string, suggestion: string | null): Read {
  return { design: null, slips: [{ line, message, suggestion }] };
}

/** How deep brackets are nested at most, without reading what they hold. */
function depth(text: string): number {
  let now = 0;
  let most = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === '\\' && quote === '"') i++;
      else if (c === quote || c === '\n') quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '{' || c === '[') most = Math.max(most, ++now);
    else if (c === '}' || c === ']') now--;
  }
  return most;
}

function readJson(text: string): Read {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return { design: value as Design, slips: [] };
  } catch (wrong) {
    const told = wrong instanceof Error ? wrong.message : String(wrong);
    const at = /position (\d+)/.exec(told)?.[1] ?? /\(line (\d+)/.exec(told)?.[0];
    const place = Number(at);
    const line = Number.isFinite(place) ? text.slice(0, place).split('\n').length : (lineOfSnippet(text, told) ?? lastLine(text));
    return refused(line, 'This is not JSON from here on.', 'Look for a comma, a quote or a bracket that is missing before this place.');
  }
}

/** Some messages tell what stands at the place instead of where it is. */
function lineOfSnippet(text: string, told: string): number | undefined {
  const snippet = /"([^"]{6,})"/.exec(told.replaceAll('...', ''))?.[1];
  const found = snippet ? text.indexOf(snippet) : -1;
  return found < 0 ? undefined : text.slice(0, found).split('\n').length;
}

function lastLine(text: string): number {
  return text.trimEnd().split('\n').length;
}

function readToml(text: string): Read {
  try {
    const slips: Slip[] = [];
    return { design: plain(parse(text.replace(/^\ufeff/, ''), { maxDepth: DEPTH_MAX + 1 }), slips) as Design, slips };
  } catch (wrong) {
    if (!(wrong instanceof TomlError)) return refused(null, 'This text cannot be read as TOML.', wrong instanceof Error ? wrong.message : null);
    const [said = ''] = wrong.message.replace(/^Invalid TOML document: /, '').split('\n');
    return refused(wrong.line, `This is not TOML: ${said.replace(/[.\s]+$/, '')}.`, 'A text needs quotes, as in time = "5 ms", and a section begins with its name in brackets.');
  }
}

/** As JSON has it. A date means nothing in a design and is kept as its text. */
function plain(value: unknown, slips: Slip[]): Json {
  if (value instanceof TomlDate) {
    slips.push({ line: null, message: `${value.toISOString()} is a date, which a design never needs.`, suggestion: 'Put it into quotes if it is a text.' });
    return value.toISOString();
  }
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((entry) => plain(entry, slips));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, entry]): [string, Json] => [key, plain(entry, slips)])) as Tree;
  return value as Json;
}
