// Requirements from a form: what may be asked of a design, in the words of `[require]`. Whether a
// design can be asked that, the engine says.
import { type Design, classes, freeName, section } from '../document.ts';

export interface Ask {
  id: string;
  group: 'Objectives' | 'Budget' | 'Recovery' | 'Data';
  title: string;
  of: 'class' | 'data' | 'whole';
  /** How the text goes on after the class or the data: "p99 <". */
  words: string;
  /** A bound as one would write it; none where there is nothing to bound. */
  example?: string;
  /** What the requirement is called. */
  name: string;
}

export const ASKS: readonly Ask[] = [
  { id: 'p99', group: 'Objectives', title: '99 % of answers take less than', of: 'class', words: 'p99 <', example: '200 ms', name: 'fast' },
  { id: 'p50', group: 'Objectives', title: 'half of the answers take less than', of: 'class', words: 'p50 <', example: '50 ms', name: 'quick' },
  { id: 'mean', group: 'Objectives', title: 'an answer takes on average less than', of: 'class', words: 'mean <', example: '80 ms', name: 'mean' },
  { id: 'good', group: 'Objectives', title: 'share of requests answered well, at least', of: 'class', words: 'good >=', example: '99.9 %', name: 'good' },
  { id: 'errors', group: 'Objectives', title: 'share of requests that fail, below', of: 'class', words: 'errors <', example: '0.1 %', name: 'errors' },
  { id: 'goodput', group: 'Objectives', title: 'good answers per second, at least', of: 'class', words: 'goodput >=', example: '95/s', name: 'enough' },
  { id: 'cost', group: 'Budget', title: 'the whole costs less than', of: 'whole', words: 'cost <', example: '400 USD/month', name: 'budget' },
  { id: 'thousand', group: 'Budget', title: 'a thousand requests cost less than', of: 'whole', words: 'cost per 1000 <', example: '0.05 USD', name: 'price' },
  { id: 'recovery', group: 'Recovery', title: 'after a fault it is well again within', of: 'whole', words: 'recovery <', example: '30 s', name: 'recovers' },
  { id: 'oversell', group: 'Data', title: 'no more is sold than there is', of: 'data', words: 'no oversell', name: 'no-oversell' },
  { id: 'effect', group: 'Data', title: 'one effect per key (no double charge)', of: 'data', words: 'at most one effect per key', name: 'one-effect' },
  { id: 'update', group: 'Data', title: 'no lost update', of: 'data', words: 'no lost update', name: 'no-lost-update' },
  { id: 'write', group: 'Data', title: 'no lost write', of: 'data', words: 'no lost write', name: 'no-lost-write' },
  { id: 'own', group: 'Data', title: 'everybody reads what they wrote', of: 'data', words: 'read your writes', name: 'own-writes' },
  { id: 'monotonic', group: 'Data', title: 'nobody reads older data after newer', of: 'data', words: 'monotonic reads', name: 'monotonic' },
  { id: 'stale', group: 'Data', title: 'what is read is older by at most', of: 'data', words: 'stale at most', example: '5 s', name: 'fresh' },
  { id: 'cache', group: 'Data', title: 'what a cache answers is older by at most', of: 'data', words: 'cache stale at most', example: '10 min', name: 'fresh-cache' },
  { id: 'message', group: 'Data', title: 'no lost message', of: 'data', words: 'no lost message', name: 'no-lost-message' },
  { id: 'order', group: 'Data', title: 'order per key', of: 'data', words: 'order per key', name: 'in-order' },
];

export const GROUPS = ['Objectives', 'Budget', 'Recovery', 'Data'] as const;

/** What a requirement of this kind may be about. */
export function subjects(design: Design, ask: Ask): string[] {
  if (ask.of === 'class') return classes(design).map(({ name }) => name);
  return ask.of === 'data' ? Object.keys(section(design, 'data')) : [];
}

/** "request p99 < 200 ms", "stock: no oversell", "cost < 400 USD/month" */
export function composed(ask: Ask, of: string, bound: string): string {
  const about = ask.of === 'whole' ? '' : ask.of === 'data' ? `${of}: ` : `${of} `;
  const asked = ask.example === undefined ? '' : ` ${bound.trim() || ask.example}`;
  return `${about}${ask.words}${asked}`;
}

/** A name for it that no other requirement has. */
export function called(design: Design, ask: Ask): string {
  const taken = section(design, 'require');
  return freeName(ask.name, (name) => Object.hasOwn(taken, name));
}
