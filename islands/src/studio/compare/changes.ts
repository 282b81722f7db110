// What was changed from one design to another, in words: parts, arrows, settings, load, faults,
// requirements. Where boxes stand is no change. What a change does is not known here.
import { type Design, type Json, type Tree, at, components, faults, isTree, links, section } from '../document.ts';
import { shown } from '../words.ts';

/** One sentence for each change, without its full stop. */
export function changes(before: Design, after: Design): string[] {
  return [
    ...parts(before, after),
    ...arrows(before, after),
    ...settings('the plan of', section(before, 'calls'), section(after, 'calls')),
    ...load(before, after),
    ...listed(before, after),
    ...settings('requirement', section(before, 'require'), section(after, 'require')),
    ...others(before, after),
  ];
}

/** The same in one line. */
export function changed(before: Design, after: Design): string {
  const all = changes(before, after);
  if (all.length === 0) return 'the same design';
  return all.length > 3 ? `${all.slice(0, 2).join('; ')}; and ${all.length - 2} more` : all.join('; ');
}

function parts(before: Design, after: Design): string[] {
  const [old, now] = [byName(components(before)), byName(components(after))];
  return both(old, now).flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (!was) return [`${name} (${is?.kind || 'no kind'}) added`];
    if (!is) return [`${name} taken out`];
    return settings(name, was.settings, is.settings);
  });
}

function arrows(before: Design, after: Design): string[] {
  const keyed = (design: Design) => new Map(links(design).map((link) => [`${link.from} -> ${link.to}`, link]));
  const [old, now] = [keyed(before), keyed(after)];
  return both(old, now).flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    if (!was) return [`arrow ${key} added`];
    if (!is) return [`arrow ${key} taken out`];
    return settings(key, was.settings, is.settings);
  });
}

function load(before: Design, after: Design): string[] {
  return settings('', section(before, 'workload'), section(after, 'workload')).map((change) => change.trim());
}

function listed(before: Design, after: Design): string[] {
  const told = (fault: Tree) => [shown(at(fault, 'what')), at(fault, 'at') === undefined ? '' : `at ${shown(at(fault, 'at'))}`, at(fault, 'lasts') === undefined ? '' : `for ${shown(at(fault, 'lasts'))}`].filter(Boolean).join(' ');
  const [old, now] = [faults(before).map(told), faults(after).map(told)];
  return [...left(now, old).map((fault) => `fault “${fault}” added`), ...left(old, now).map((fault) => `fault “${fault}” taken out`)];
}

/** What the first list has beyond the second. */
function left(of: readonly string[], without: readonly string[]): string[] {
  const rest = [...without];
  return of.filter((one) => {
    const found = rest.indexOf(one);
    if (found >= 0) rest.splice(found, 1);
    return found < 0;
  });
}

const TOLD = ['components', 'links', 'calls', 'workload', 'faults', 'require', 'layout', 'octo'];

function others(before: Design, after: Design): string[] {
  const rest = (design: Design) => Object.fromEntries(Object.entries(design).filter(([key]) => !TOLD.includes(key)));
  return settings('', rest(before), rest(after)).map((change) => change.trim());
}

/** "web workers 8 instead of 4", as deep as it differs. */
function settings(of: string, before: Tree, after: Tree): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [was, is] = [own(before, key), own(after, key)];
    if (same(was, is)) return [];
    const name = `${of} ${key}`;
    if (isTree(was) && isTree(is)) return settings(name, was, is);
    if (was === undefined) return [`${name} ${cut(is)}`];
    return is === undefined ? [`${name} not said any more (it was ${cut(was)})`] : [`${name} ${cut(is)} instead of ${cut(was)}`];
  });
}

function own(tree: Tree, key: string): Json | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

const LONG = 80;

function cut(value: Json | undefined): string {
  const text = shown(value).replace(/\s+/g, ' ').trim() || '“”';
  return text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text;
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((value, i) => same(value, other[i]));
  if (!isTree(one ?? null) || !isTree(other ?? null)) return false;
  const [a, b] = [one as Tree, other as Tree];
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

function byName<T extends { name: string }>(all: readonly T[]): Map<string, T> {
  return new Map(all.map((one) => [one.name, one]));
}

function both<T>(one: Map<string, T>, other: Map<string, T>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])];
}
