// What somebody wrote about a design between its lines. A design has no place for it, so it is kept
// beside, by the path that it stands at, and put back when the design is printed anew.
import { GOES_ON, tomlLines } from './lines.ts';

/** By path, "components\nweb"; what belongs to nothing any more is under "". */
export type Comments = Readonly<Record<string, Comment>>;

interface Comment {
  /** Lines above it, with their #. */
  above?: readonly string[];
  /** Behind it on its line. */
  beside?: string;
}

export const NO_COMMENTS: Comments = {};

/** More is no comment on a design. */
const MOST = 400;
const LONG = 400;

export function commentsOf(toml: string): Comments {
  // Drawings of other tools have no sections, and # means something else in them.
  if (!toml.includes('#') || !/^\s*\[/m.test(toml)) return NO_COMMENTS;
  const found: Record<string, Comment> = {};
  const lines = toml.split('\n');
  const paths = tomlLines(toml);
  let above: string[] = [];
  let count = 0;
  const keep = (path: string, comment: Comment) => {
    if (comment.above || comment.beside) found[path] = { ...found[path], ...comment };
  };
  lines.forEach((line, i) => {
    const path = paths[i];
    if (path === GOES_ON || count >= MOST) return;
    const beside = behind(line);
    if (beside !== null) count++;
    if (path) {
      keep(path.join('\n'), { ...(above.length > 0 ? { above } : {}), ...(beside === null ? {} : { beside }) });
      above = [];
    } else if (beside !== null) above.push(beside);
  });
  keep('', above.length > 0 ? { above } : {});
  return found;
}

/** The same text with the comments in it: at their paths, at what those belong to, or at the end. */
export function withComments(toml: string, comments: Comments): string {
  const all = Object.entries(comments);
  if (all.length === 0) return toml;
  const lines = toml.replace(/\n$/, '').split('\n');
  const paths = tomlLines(toml);
  const at = new Map<string, number>();
  paths.forEach((path, i) => path && path !== GOES_ON && !at.has(path.join('\n')) && at.set(path.join('\n'), i));
  const above = new Map<number, string[]>();
  const end: string[] = [];
  for (const [path, comment] of all) {
    const exact = at.get(path);
    const line = exact ?? nearest(at, path);
    const said = [...(comment.above ?? []), ...(exact === undefined && comment.beside ? [comment.beside] : [])];
    if (line === undefined) end.push(...said);
    else above.set(line, [...(above.get(line) ?? []), ...said]);
    // A line whose value goes on below has no room behind it.
    if (exact === undefined || !comment.beside) continue;
    if (paths[exact + 1] === GOES_ON) above.set(exact, [...(above.get(exact) ?? []), comment.beside]);
    else lines[exact] += `  ${comment.beside}`;
  }
  const printed = lines.flatMap((line, i) => [...(above.get(i) ?? []), line]);
  return `${[...printed, ...(end.length > 0 ? ['', ...end] : [])].join('\n')}\n`;
}

/** The line of what the path is a part of. */
function nearest(at: ReadonlyMap<string, number>, path: string): number | undefined {
  for (let parts = path.split('\n').slice(0, -1); parts.length > 0; parts = parts.slice(0, -1)) {
    const line = at.get(parts.join('\n'));
    // The head of a section says nothing of what was in it.
    if (line !== undefined) return parts.length > 1 ? line : undefined;
  }
  return undefined;
}

/** From the # on that stands in no quotes; null if there is none. */
function behind(line: string): string | null {
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quote) {
      if (c === '\\' && quote === '"') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '#') return line.slice(i).trimEnd().slice(0, LONG);
  }
  return null;
}

/** As it was kept, whatever shape that has. */
export function readComments(value: unknown): Comments {
  if (typeof value !== 'object' || value === null) return NO_COMMENTS;
  const isLine = (line: unknown): line is string => typeof line === 'string' && line.startsWith('#') && !line.includes('\n');
  const entries = Object.entries(value).slice(0, MOST).flatMap(([path, comment]): [string, Comment][] => {
    const { above, beside } = (comment ?? {}) as { above?: unknown; beside?: unknown };
    const lines = Array.isArray(above) ? above.filter(isLine) : [];
    return [[path, { ...(lines.length > 0 ? { above: lines } : {}), ...(isLine(beside) ? { beside } : {}) }]];
  });
  return Object.fromEntries(entries);
}
