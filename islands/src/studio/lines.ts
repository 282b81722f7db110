// On which line of a text a part of the design is written, by its path. It looks at the shape of
// the text only, so it answers for a text with mistakes in it as well: the nearest part that it knows.

export interface Lines {
  /** From 1: the line of the path, or of what it belongs to. */
  of(path: string): number | null;
}

export function linesOf(text: string): Lines {
  const found = /^[\s\ufeff]*\{/.test(text) ? inJson(text) : inToml(text);
  return {
    of(path) {
      for (let parts = split(path); parts.length > 0; parts = parts.slice(0, -1)) {
        const line = found.get(parts.join('\n'));
        if (line !== undefined) return line;
      }
      return null;
    },
  };
}

/** "links.web -> db.timeout" and "components.web.time": a name never has a point in it. */
function split(path: string): string[] {
  return path.split('.').map((part) => part.replace(/^"|"$/g, ''));
}

function inToml(text: string): Map<string, number> {
  const found = new Map<string, number>();
  tomlLines(text).forEach((path, i) => path && note(found, path, i + 1));
  return found;
}

/** The path that each line of a text begins, as "[web]" and "time = …" do; null where it goes on with
 * one, or begins none. */
export function tomlLines(text: string): (string[] | null)[] {
  const lists = new Map<string, number>();
  let table: string[] = [];
  let long: string | null = null;
  let open = 0;
  return text.split('\n').map((whole) => {
    const source = whole.slice(0, LONG);
    if (long !== null) {
      if (whole.includes(long)) long = null;
      return GOES_ON;
    }
    if (open > 0) {
      open += balance(whole);
      return GOES_ON;
    }
    const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?/.exec(source);
    if (header) {
      table = keys(header[2] ?? '');
      if (header[1] === '[[') {
        const name = table.join('\n');
        const index = lists.get(name) ?? 0;
        lists.set(name, index + 1);
        table = [...table, String(index)];
      }
      return table;
    }
    const entry = /^\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_.\s-])+?)\s*=\s*([^]*)$/.exec(source);
    if (!entry) return null;
    const path = [...table, ...keys(entry[1] ?? '')];
    const value = (entry[2] ?? '') + whole.slice(LONG);
    const quotes = /^("""|''')/.exec(value)?.[1];
    if (quotes && !value.slice(3).includes(quotes)) long = quotes;
    else open = Math.max(0, balance(value));
    return path;
  });
}

/** The line belongs to the value of a line above. */
export const GOES_ON: string[] = [];

/** Deeper than any design goes. */
const DEEP = 64;
/** A line is looked at so far: nothing that has a name stands later in it. */
const LONG = 1_000;

function note(found: Map<string, number>, path: string[], line: number): void {
  if (path.length > DEEP) return;
  path.forEach((_, i) => {
    const key = path.slice(0, i + 1).join('\n');
    if (!found.has(key)) found.set(key, line);
  });
}

/** "a.'b c'" as its parts. */
function keys(text: string): string[] {
  const parts = text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^.\s]+/g) ?? [];
  return parts.map((part) => part.replace(/^["']|["']$/g, '').replace(/\s*->\s*/, ' -> '));
}

/** Brackets opened and not closed, outside of quotes and comments. */
function balance(source: string): number {
  const bare = source.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '').replace(/#.*$/, '');
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0);
}

function inJson(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const way: { key: string; index: number; isList: boolean }[] = [];
  let line = 1;
  let key: string | null = null;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|\n|[^\s{}[\],:"]+/g)) {
    const top = way.at(-1);
    if (token === '\n') line++;
    else if (token === '{' || token === '[') {
      if (top) mark();
      way.push({ key: '', index: 0, isList: token === '[' });
      key = null;
    } else if (token === '}' || token === ']') {
      way.pop();
      key = null;
    } else if (token === ',' && top) {
      top.index++;
      key = null;
    } else if (top && !top.isList && key === null && token.startsWith('"')) {
      key = name(token);
      top.key = key;
      note(found, path(), line);
    } else if (top?.isList && token !== ':') mark();
  }
  return found;

  function mark(): void {
    note(found, path(), line);
  }
  function path(): string[] {
    return way.slice(0, DEEP + 1).map(({ key: own, index, isList }) => (isList ? String(index) : own));
  }
}

function name(token: string): string {
  try {
    return String(JSON.parse(token)).replace(/\s*->\s*/, ' -> ');
  } catch {
    return token;
  }
}
