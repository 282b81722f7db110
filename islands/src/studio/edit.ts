// The commands of the studio: each takes a design and gives another one. Nothing is changed in
// place, so a design of before is still whole; a name that changes, changes wherever it is said.
import {
  type Design, type Json, type Path, type Point, type Tree,
  at, classes, component, components, filtered, freeName, isTree, linkKey, links, place, put, rekeyed, section, zones,
} from './document.ts';
import { planned } from './plan.ts';
import { renamedClassIn, renamedIn, speaksOf } from './mentions.ts';

export function addComponent(design: Design, wanted: string, settings: Tree, where?: Point): [Design, string] {
  const name = freeName(wanted, (taken) => at(design, 'components', taken) !== undefined);
  const added = put(design, ['components', name], settings);
  return [where ? move(added, { [name]: where }) : added, name];
}

/** Without these components, and without whatever spoke of them alone. */
export function remove(design: Design, names: readonly string[]): Design {
  const gone = new Set(names);
  let changed = design;
  for (const name of names) {
    for (const path of [['components', name], ['layout', name], ['prices', 'own', name]]) changed = put(changed, path, undefined);
  }
  for (const { key, from, to } of links(changed)) if (gone.has(from) || gone.has(to)) changed = put(changed, ['links', key], undefined);
  changed = inPlans(changed, (name) => (gone.has(name) ? undefined : name));
  for (const [name, data] of Object.entries(section(changed, 'data'))) {
    if (gone.has(String(at(data, 'home')))) changed = put(changed, ['data', name, 'home'], undefined);
  }
  for (const { name, from } of classes(changed)) if (gone.has(from)) changed = withoutClass(changed, name);
  return withoutMentions(changed, names);
}

/** A class of requests with its plan and what is required of it. */
export function withoutClass(design: Design, name: string): Design {
  let changed = put(put(design, ['workload', name], undefined), ['calls', name], undefined);
  changed = put(changed, ['envelope', 'rate', name], undefined);
  return component(changed, name) ? changed : withoutMentions(changed, [name]);
}

function withoutMentions(design: Design, names: readonly string[]): Design {
  const about = (said: Json | undefined) => names.some((name) => speaksOf(said, name));
  const faults = at(design, 'faults');
  let changed = design;
  if (Array.isArray(faults)) {
    const left = faults.filter((fault) => !about(at(fault, 'what')));
    if (left.length < faults.length) changed = put(changed, ['faults'], left.length > 0 ? left : undefined);
  }
  const require = section(design, 'require');
  const kept = filtered(require, (_, said) => !about(said));
  if (Object.keys(kept).length < Object.keys(require).length) changed = put(changed, ['require'], Object.keys(kept).length > 0 ? kept : undefined);
  return changed;
}

/** The same design in which a component is called otherwise, everywhere. */
export function rename(design: Design, from: string, to: string): Design {
  if (from === to || at(design, 'components', from) === undefined || at(design, 'components', to) !== undefined) return design;
  const other = (name: string) => (name === from ? to : name);
  let changed = design;
  for (const path of [['components'], ['layout'], ['prices', 'own']]) changed = rekey(changed, path, other);
  changed = rekey(changed, ['links'], (key) => {
    const [a, b] = key.split('->').map((end) => end.trim());
    return a === from || b === from ? linkKey(other(a ?? ''), other(b ?? '')) : key;
  });
  changed = inPlans(changed, other);
  for (const [name, data] of Object.entries(section(changed, 'data'))) {
    if (at(data, 'home') === from) changed = put(changed, ['data', name, 'home'], to);
  }
  for (const found of classes(changed)) if (found.from === from) changed = put(changed, ['workload', found.name, 'from'], to);
  // A requirement that begins with a name both have speaks of the class.
  const isClass = at(design, 'workload', from) !== undefined;
  return renamedIn(changed, from, to, isClass);
}

/** The same design in which a class of requests is called otherwise. */
export function renameClass(design: Design, from: string, to: string): Design {
  if (from === to || at(design, 'workload', from) === undefined || at(design, 'workload', to) !== undefined) return design;
  const other = (name: string) => (name === from ? to : name);
  let changed = design;
  for (const path of [['workload'], ['calls'], ['envelope', 'rate']]) changed = rekey(changed, path, other);
  return renamedClassIn(changed, from, to, component(design, from) !== undefined);
}

function rekey(design: Design, path: Path, rename: (key: string) => string): Design {
  const found = at(design, ...path);
  return isTree(found) ? put(design, path, rekeyed(found, rename)) : design;
}

function inPlans(design: Design, renamed: (component: string) => string | undefined): Design {
  let changed = design;
  for (const [name, plan] of Object.entries(section(design, 'calls'))) {
    const other = planned(plan, renamed);
    if (other !== plan) changed = put(changed, ['calls', name], other);
  }
  return changed;
}

/** Joined by an arrow, unless they are already. */
export function connect(design: Design, from: string, to: string, settings: Tree = {}): Design {
  const known = component(design, from) && component(design, to) && from !== to;
  if (!known || links(design).some((link) => link.from === from && link.to === to)) return design;
  return put(design, ['links', linkKey(from, to)], settings);
}

export function disconnect(design: Design, from: string, to: string): Design {
  const keys = links(design).filter((link) => link.from === from && link.to === to);
  return keys.reduce((changed, { key }) => put(changed, ['links', key], undefined), design);
}

/** Any value, by its path. */
export function set(design: Design, path: Path, value: Json | undefined): Design {
  return put(design, path, value);
}

export function move(design: Design, places: Record<string, Point>): Design {
  const rounded = Object.entries(places).map(([name, [x, y]]): [string, Json] => [name, [Math.round(x), Math.round(y)]]);
  return put(design, ['layout'], { ...section(design, 'layout'), ...Object.fromEntries(rounded) });
}

/** Puts components into a region, or into a zone; with no name, out of it. */
export function group(design: Design, names: readonly string[], what: 'region' | 'zones', name: string): Design {
  const value = name === '' ? undefined : what === 'region' ? name : name.split(',').map((zone) => zone.trim()).filter(Boolean);
  return names.reduce((changed, each) => (component(changed, each) ? put(changed, ['components', each, what], value) : changed), design);
}

/** Where it stands, for a frame around those that stand together: the region, and the zone if
 * there is only one. */
export function stands(settings: Tree): { region: string; zone: string } {
  const region = at(settings, 'region');
  const [zone = '', ...others] = zones(settings);
  return { region: typeof region === 'string' ? region : '', zone: others.length === 0 ? zone : '' };
}

/** Components with the arrows between them, as they are put on the clipboard. */
export interface Clip {
  octo: 1;
  components: Tree;
  links: Tree;
  layout: Tree;
}

export function copied(design: Design, names: readonly string[]): Clip {
  const chosen = new Set(names);
  const among = links(design).filter(({ from, to }) => chosen.has(from) && chosen.has(to));
  return {
    octo: 1,
    components: filtered(section(design, 'components'), (name) => chosen.has(name)),
    links: Object.fromEntries(among.map(({ key, settings }) => [key, settings])),
    layout: filtered(section(design, 'layout'), (name) => chosen.has(name)),
  };
}

/** The design with a copy in it, and what the copies are called. */
export function pasted(design: Design, clip: Tree, by: Point = [32, 32]): [Design, string[]] {
  let changed = design;
  const names = new Map<string, string>();
  for (const { name, settings } of components(clip)) {
    const from = place(clip, name);
    const [added, called] = addComponent(changed, name, settings, from && [from[0] + by[0], from[1] + by[1]]);
    changed = added;
    names.set(name, called);
  }
  for (const { from, to, settings } of links(clip)) {
    const [a, b] = [names.get(from), names.get(to)];
    if (a && b) changed = connect(changed, a, b, settings);
  }
  return [changed, [...names.values()]];
}

export function duplicate(design: Design, names: readonly string[]): [Design, string[]] {
  return pasted(design, { ...copied(design, names) });
}

export type Edge = 'left' | 'middle' | 'right' | 'top' | 'centre' | 'bottom';
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Brings boxes into one line: a column for left, middle and right, a row for the others. */
export function align(design: Design, boxes: Record<string, Box>, edge: Edge): Design {
  const all = Object.values(boxes);
  if (all.length < 2) return design;
  const left = Math.min(...all.map((box) => box.x));
  const right = Math.max(...all.map((box) => box.x + box.width));
  const top = Math.min(...all.map((box) => box.y));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  const placed = ({ x, y, width, height }: Box): Point => {
    switch (edge) {
      case 'left': return [left, y];
      case 'middle': return [(left + right - width) / 2, y];
      case 'right': return [right - width, y];
      case 'top': return [x, top];
      case 'centre': return [x, (top + bottom - height) / 2];
      case 'bottom': return [x, bottom - height];
    }
  };
  return move(design, Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, placed(box)])));
}
