// A design without a part that earns nothing: whoever called it now calls what it called, in arrows and
// in plans, as the search tried it. Deleting by hand, which leaves a gap, is in `edit.ts`.
import { type Design, component, links, put, section } from '../document.ts';
import { connect, remove } from '../edit.ts';

export function without(design: Design, name: string): Design {
  if (!component(design, name)) return design;
  const callers = links(design).filter(({ to }) => to === name);
  const callees = links(design).filter(({ from }) => from === name);
  let changed = design;
  for (const { from } of callers) {
    for (const { to, settings } of callees) changed = connect(changed, from, to, settings);
  }
  for (const [of, plan] of Object.entries(section(changed, 'calls'))) {
    if (typeof plan === 'string') changed = put(changed, ['calls', of], around(plan, name));
  }
  return remove(changed, [name]);
}

/** A plan in which the calls of a part are made by whoever called it. */
function around(plan: string, name: string): string {
  /** How much to the left the lines of a block that lost its head move, and from which depth on. */
  let moved: { from: number; by: number } | null = null;
  const lines: string[] = [];
  const all = plan.split('\n');
  for (const [i, line] of all.entries()) {
    const depth = indent(line);
    if (moved && line.trim() !== '' && depth <= moved.from) moved = null;
    if (!moved && line.replace(/#.*/, '').trim() === name) {
      const next = all.slice(i + 1).find((after) => after.trim() !== '');
      const inner = next === undefined ? depth : indent(next);
      moved = { from: depth, by: Math.max(0, inner - depth) };
      continue;
    }
    const kept = moved ? line.slice(Math.min(moved.by, depth)) : line;
    lines.push(chained(kept, name));
  }
  return lines.join('\n');
}

/** "lb > web" without its lb. */
function chained(line: string, name: string): string {
  const parts = line.split('>');
  const first = parts[0] ?? '';
  if (parts.length < 2) return line;
  const kept = parts.filter((part, i) => part.trim() !== name || i === parts.length - 1);
  if (kept.length === parts.length) return line;
  return `${first.slice(0, indent(line))}${kept.map((part) => part.trim()).join(' > ')}`;
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}
