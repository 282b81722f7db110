// What stands on a box and on an arrow: the settings that decide how it behaves, in few words, as
// the pictures of the course have them (`crates/picture/src/words.rs`).
import { type Design, type Json, type Tree, at, classes, components, isTree, link, links, replicas, text, zones } from './document.ts';
import { stands } from './edit.ts';

const LINES = 4;
const KEYS = ['rate', 'limit', 'hits', 'entries', 'memory', 'queue', 'ttl', 'partitions', 'shards', 'visibility', 'retention', 'attempts', 'bandwidth', 'size'];

export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (isTree(value)) return Object.entries(value).map(([key, entry]) => (key === 'dist' || key === 'arrivals' ? shown(entry) : `${key} ${shown(entry)}`)).join(' ');
  return String(value);
}

/** The lines under a component's name. */
export function boxLines(design: Design, name: string, settings: Tree): string[] {
  const kind = text(at(settings, 'kind'));
  const lines: string[] = name.toLowerCase().includes(kind) ? [] : [kind];
  for (const found of classes(design)) if (found.from === name) lines.push(`${found.name}: ${arrivals(design, found.settings)}`);
  const capacity = capacityOf(kind, settings);
  if (capacity) lines.push(capacity);
  if (at(settings, 'autoscale') !== undefined) lines.push(scaling(at(settings, 'autoscale')));
  for (const key of ['time', 'policy', 'algorithm']) if (at(settings, key) !== undefined) lines.push(shown(at(settings, key)));
  const copies = copiesOf(settings);
  if (copies) lines.push(copies);
  for (const key of KEYS) if (at(settings, key) !== undefined) lines.push(`${key} ${shown(at(settings, key))}`);
  const many = zones(settings);
  if (many.length > 1) lines.push(`zones ${many.join(', ')}`);
  return lines.filter(Boolean).slice(0, LINES);
}

export function arrivals(design: Design, settings: Tree): string {
  const own = at(settings, 'arrivals');
  if (own !== undefined) return shown(own);
  const share = at(settings, 'share');
  return share !== undefined && at(design, 'workload', 'arrivals') !== undefined ? `${shown(share)} of all` : 'no load yet';
}

function capacityOf(kind: string, settings: Tree): string | undefined {
  const workers = at(settings, 'workers') ?? at(settings, 'pool');
  const plural = kind === 'relational' || at(settings, 'workers') === undefined ? 'connections' : 'workers';
  const noun = String(workers) === '1' ? plural.slice(0, -1) : plural;
  const count = replicas(settings);
  if (count > 1) return workers === undefined ? `${count} replicas` : `${count} × ${shown(workers)} ${noun}`;
  return workers === undefined ? undefined : `${shown(workers)} ${noun}`;
}

function scaling(value: Json | undefined): string {
  const [min, max] = [at(value, 'min'), at(value, 'max')];
  if (max === undefined) return 'scales with the load';
  return min === undefined ? `scales up to ${shown(max)}` : `scales from ${shown(min)} to ${shown(max)}`;
}

function copiesOf(settings: Tree): string | undefined {
  const followers = at(settings, 'followers');
  if (isTree(followers)) {
    const count = shown(at(followers, 'count')) || '1';
    return `${count} ${count === '1' ? 'follower' : 'followers'}`;
  }
  const copies = at(settings, 'copies');
  return copies === undefined ? undefined : `${shown(copies)} ${String(copies) === '1' ? 'copy' : 'copies'}`;
}

/** "rtt 40 ms · timeout 200 ms" */
export function linkWords(design: Design, from: string, to: string): string {
  return arrowWords(link(design, from, to)?.settings ?? {});
}

/** The same of an arrow that is at hand. */
export function arrowWords(settings: Tree): string {
  return ['rtt', 'timeout', 'hedge'].flatMap((key) => (at(settings, key) === undefined ? [] : [`${key} ${shown(at(settings, key))}`])).join(' · ');
}

/** A whole component for those who hear it. */
export function spoken(design: Design, name: string, settings: Tree, title: string): string {
  const count = replicas(settings);
  const lines = boxLines(design, name, settings).filter((line) => line !== text(at(settings, 'kind')) && !/^\d+ replicas$/.test(line));
  return [`${name}, ${title}`, ...(count > 1 ? [`${count} replicas`] : []), ...lines].join(', ');
}

/** The whole diagram in a few sentences, from which it could be drawn again. */
export function inWords(design: Design): string {
  const parts = components(design).map(({ name, kind, settings }) => {
    const { region } = stands(settings);
    const many = zones(settings);
    const count = replicas(settings);
    const lines = boxLines(design, name, settings).filter((line) => line !== kind && !/^\d+ replicas$|^zones /.test(line)).map((line) => line.replace(/^\d+ × (.+)$/, '$1 each'));
    const where = [region && `in region ${region}`, many.length > 0 && `in ${many.length > 1 ? 'zones' : 'zone'} ${many.join(' and ')}`];
    return `${name} (${[kind, ...(count > 1 ? [`${count} replicas`] : []), ...lines, ...where].filter(Boolean).join(', ')})`;
  });
  const arrows = links(design).map(({ from, to, settings }) => {
    const words = arrowWords(settings);
    return `${from} to ${to}${words ? ` (${words})` : ''}`;
  });
  if (parts.length === 0) return 'Nothing is drawn yet.';
  return [`Components: ${parts.join('; ')}.`, arrows.length > 0 ? `Arrows: ${arrows.join('; ')}.` : ''].filter(Boolean).join(' ');
}

/** About how large a box is [px], before anybody has drawn it. */
export function sizeOf(design: Design, name: string, settings: Tree): { width: number; height: number } {
  const lines = boxLines(design, name, settings);
  const text = Math.max(name.length * 8.2, ...lines.map((line) => line.length * 6.2));
  return { width: Math.min(240, Math.max(120, Math.ceil(text + 64))), height: Math.round(23 + 20 + 16.5 * lines.length) };
}
