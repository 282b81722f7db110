// Where a design speaks of a name inside a text: requirements ("web.2 utilisation < 80 %"), faults
// ("cut web -> db") and the envelope ("slow x10 of db"). Only names are found here; what a
// requirement or a fault means is the engine's business.
import { type Design, type Json, at, isTree, put, section } from './document.ts';

type Change = (name: string) => string;
type What = 'component' | 'class';

/** A word that may be a name; "->" belongs to none. */
const WORD = /[A-Za-z][A-Za-z0-9_]*(?:-+[A-Za-z0-9_]+)*/g;
/** Faults that speak of a class, and those that speak of a place. */
const OF_CLASSES = ['hot', 'load'];
const OF_PLACES = ['lose'];

export function renamedIn(design: Design, from: string, to: string, isClass: boolean): Design {
  const change = (name: string) => (name === from ? to : name);
  return everywhere(design, change, 'component', isClass);
}

export function renamedClassIn(design: Design, from: string, to: string, isComponent: boolean): Design {
  const change = (name: string) => (name === from ? to : name);
  return everywhere(design, change, 'class', isComponent);
}

function everywhere(design: Design, change: Change, what: What, isBoth: boolean): Design {
  let changed = design;
  for (const [id, said] of Object.entries(section(design, 'require'))) {
    const other = typeof said === 'string' ? inRequirement(said, change, what, isBoth) : said;
    if (other !== said) changed = put(changed, ['require', id], other);
  }
  const faults = at(changed, 'faults');
  if (Array.isArray(faults)) {
    const others = faults.map((fault) => (isTree(fault) ? withKey(fault, 'what', (said) => inFault(said, change, what)) : fault));
    if (others.some((fault, i) => fault !== faults[i])) changed = put(changed, ['faults'], others);
  }
  const any = at(changed, 'envelope', 'faults', 'any');
  if (Array.isArray(any)) {
    const others = any.map((said) => inFault(said, change, what));
    if (others.some((said, i) => said !== any[i])) changed = put(changed, ['envelope', 'faults', 'any'], others);
  }
  return changed;
}

function withKey(tree: Record<string, Json>, key: string, change: (value: Json) => Json): Record<string, Json> {
  const value = at(tree, key);
  if (value === undefined) return tree;
  const other = change(value);
  return other === value ? tree : { ...tree, [key]: other };
}

/** "web p99 < 1 s", "web -> db retries < 10", "first saturated = db"; "link: no lost write" speaks of data. */
function inRequirement(said: string, change: Change, what: What, isBoth: boolean): string {
  if (/^\s*[A-Za-z0-9_-]+\s*:/.test(said)) return said;
  const sign = /[<>=]=?(?!.*->)/.exec(said)?.index ?? said.length;
  const isArrow = /^\s*[^<>=]*->/.test(said);
  // With a name that a class and a component share, the class is meant unless it is an arrow.
  const mine = what === 'class' ? !isArrow : isArrow || !isBoth;
  return said.replace(WORD, (word, offset: number) => {
    const isFirst = said.slice(0, offset).trim() === '';
    const isSecond = isArrow && /->\s*$/.test(said.slice(0, offset));
    const isValue = what === 'component' && offset > sign && /^[<>=\s]*$/.test(said.slice(sign, offset)) && /saturated|bottleneck/.test(said);
    return ((isFirst || isSecond) && mine) || isValue ? change(word) : word;
  });
}

function inFault(said: Json, change: Change, what: What): Json {
  if (isTree(said)) return inFaultTree(said, change, what);
  if (typeof said !== 'string') return said;
  const [verb = ''] = said.trim().split(/\s+/);
  if (OF_PLACES.includes(verb) || OF_CLASSES.includes(verb) !== (what === 'class')) return said;
  const start = said.indexOf(verb) + verb.length;
  return said.slice(0, start) + said.slice(start).replace(WORD, (word, offset: number, rest: string) => (isAmount(word, rest, offset) ? word : change(word)));
}

/** "x10", and "errors", "slow" and "of" between a name and an amount. */
function isAmount(word: string, rest: string, offset: number): boolean {
  if (/^x\d/.test(word)) return true;
  const before = rest.slice(0, offset).trim();
  return before !== '' && !/(?:->|--|\bof|,)$/.test(before) && !/^x[\d.]+$/.test(before);
}

function inFaultTree(said: Record<string, Json>, change: Change, what: What): Json {
  const keys = what === 'class' ? ['class'] : ['component', 'from', 'to', 'target'];
  return keys.reduce<Record<string, Json>>((tree, key) => withKey(tree, key, (value) => {
    if (typeof value !== 'string') return value;
    const [name = '', ...replica] = value.split('.');
    return [change(name), ...replica].join('.');
  }), said);
}

/** Whether a requirement or a fault speaks of this name. */
export function speaksOf(said: Json | undefined, name: string): boolean {
  if (said === undefined) return false;
  let found = false;
  const look: Change = (word) => {
    found ||= word === name;
    return word;
  };
  for (const what of ['component', 'class'] as const) {
    inFault(said, look, what);
    if (typeof said === 'string') inRequirement(said, look, what, false);
  }
  return found;
}
