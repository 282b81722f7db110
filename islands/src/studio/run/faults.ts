// What can go wrong, as people choose it: the kinds of fault with what each is about and how it is
// written. A test holds this list against the catalogue of the crate `design`; what a fault does is
// the engine's business.
import { type Design, classes, components, links, replicas, zones, at, text } from '../document.ts';

/** What a fault is about. */
export type About = 'component' | 'replica' | 'link' | 'zone' | 'region' | 'class' | 'all';

export interface FaultKind {
  id: string;
  title: string;
  about: About;
  /** With the target for `{}` and the amount for `#`. */
  written: string;
  /** How much, where it takes an amount: as it is written first. */
  amount?: string;
  amountIs?: string;
  says: string;
  /** Only for these kinds of component; without, for all that are called. */
  kinds?: readonly string[];
  /** It is over at once. */
  instant?: boolean;
}

export const FAULTS: readonly FaultKind[] = [
  { id: 'crash', title: 'Crash', about: 'replica', written: 'crash {}', says: 'the work there is lost, and calls are refused' },
  { id: 'slow', title: 'Slow', about: 'replica', written: 'slow {} x#', amount: '10', amountIs: 'times as slow', says: 'everything there takes so many times as long' },
  { id: 'freeze', title: 'Freeze', about: 'replica', written: 'freeze {}', says: 'nothing proceeds, then it goes on where it was' },
  { id: 'cut', title: 'Cut', about: 'link', written: 'cut {}', says: 'calls along the arrow vanish; callers wait' },
  { id: 'cut both', title: 'Cut both ways', about: 'link', written: 'cut {both}', says: 'nothing passes in either direction' },
  { id: 'loss', title: 'Loss', about: 'link', written: 'loss {} #', amount: '5 %', amountIs: 'of messages', says: 'some messages vanish, in both directions' },
  { id: 'down', title: 'Down', about: 'component', written: 'down {}', says: 'all replicas refuse' },
  { id: 'deploy errors', title: 'Bad deploy, errors', about: 'component', written: 'deploy {} errors #', amount: '20 %', amountIs: 'of calls fail', says: 'a bad version fails so many calls' },
  { id: 'deploy slow', title: 'Bad deploy, slow', about: 'component', written: 'deploy {} slow x#', amount: '3', amountIs: 'times as slow', says: 'a bad version is so many times as slow' },
  { id: 'flush', title: 'Flush', about: 'component', written: 'flush {}', says: 'all that it remembers is gone', kinds: ['cache', 'cdn', 'dns'], instant: true },
  { id: 'quota', title: 'Quota', about: 'component', written: 'quota {} #', amount: '10/s', amountIs: 'is let through', says: 'what is above it is refused', kinds: ['external'] },
  { id: 'lose zone', title: 'Lose a zone', about: 'zone', written: 'lose zone {}', says: 'all replicas there are crashed' },
  { id: 'lose region', title: 'Lose a region', about: 'region', written: 'lose region {}', says: 'everything there is crashed' },
  { id: 'load', title: 'More load', about: 'class', written: 'load {} x#', amount: '2', amountIs: 'times as much', says: 'so many times as many requests' },
  { id: 'hot', title: 'Hot key', about: 'class', written: 'hot {} #', amount: '30 %', amountIs: 'ask for one key', says: 'so many requests are about the same thing' },
  { id: 'skew ahead', title: 'Clock ahead', about: 'replica', written: 'skew {} #', amount: '500 ms', amountIs: 'ahead', says: 'its clock runs ahead', kinds: ['relational', 'keyvalue', 'document'] },
  { id: 'skew behind', title: 'Clock behind', about: 'replica', written: 'skew {} -#', amount: '500 ms', amountIs: 'behind', says: 'its clock lags behind', kinds: ['relational', 'keyvalue', 'document'] },
  { id: 'rebalance', title: 'Rebalance', about: 'component', written: 'rebalance {}', says: 'nothing is served meanwhile', kinds: ['log'] },
];

/** What a fault of this kind can be aimed at in a design, as it is written. */
export function targets(kind: FaultKind, design: Design): string[] {
  const called = components(design).filter((one) => one.kind !== 'clients' && (!kind.kinds || kind.kinds.includes(one.kind)));
  switch (kind.about) {
    case 'component': return called.map(({ name }) => name);
    case 'replica': return called.flatMap(({ name, settings }) => (replicas(settings) > 1 ? [name, ...ordinals(name, replicas(settings))] : [name]));
    case 'link': return links(design).map(({ key }) => key);
    case 'zone': return distinct(called.flatMap(({ settings }) => zones(settings)));
    case 'region': return distinct(called.flatMap(({ settings }) => [text(at(settings, 'region'))].filter(Boolean)));
    case 'class': return [...(kind.id === 'load' ? [''] : []), ...classes(design).map(({ name }) => name)];
    case 'all': return [''];
  }
}

/** Of a thousand replicas nobody wants to choose from a list. */
function ordinals(name: string, count: number): string[] {
  return Array.from({ length: Math.min(count, 12) }, (_, i) => `${name}.${i + 1}`);
}

function distinct(names: string[]): string[] {
  return [...new Set(names)].toSorted();
}

export function written(kind: FaultKind, target: string, amount: string): string {
  return kind.written.replace('{both}', target.replace('->', '--')).replace('{}', target).replace('#', amount).replace(/ {2,}/g, ' ').trim();
}

/** Which kind may be dropped on a component or an arrow. */
export function fits(kind: FaultKind, design: Design, onto: { component?: string; link?: string }): boolean {
  if (onto.link !== undefined) return kind.about === 'link';
  return onto.component !== undefined && (kind.about === 'component' || kind.about === 'replica') && targets(kind, design).includes(onto.component);
}

/** What a written fault touches on the picture. */
export interface Touched {
  components: string[];
  links: string[];
}

export function touches(what: string, design: Design): Touched {
  const zone = /^lose zone (.+)$/.exec(what)?.[1];
  const region = /^lose region (.+)$/.exec(what)?.[1];
  if (zone !== undefined) return { components: components(design).filter(({ settings }) => zones(settings).includes(zone)).map(({ name }) => name), links: [] };
  if (region !== undefined) return { components: components(design).filter(({ settings }) => text(at(settings, 'region')) === region).map(({ name }) => name), links: [] };
  const way = /^(?:cut|loss) (\S+) (->|--) (\S+)/.exec(what);
  if (way) {
    const [, from, , to] = way;
    return { components: [], links: links(design).filter((one) => (one.from === from && one.to === to) || (one.from === to && one.to === from)).map(({ key }) => key) };
  }
  const name = /^\S+ ([A-Za-z][\w-]*)/.exec(what)?.[1];
  return { components: components(design).filter((one) => one.name === name && !/^(load|hot) /.test(what)).map((one) => one.name), links: [] };
}

/** "20 s", of a moment: what a fault is written with. */
export function seconds(ns: number): string {
  const value = Math.round(ns / 1e8) / 10;
  return `${value} s`;
}
