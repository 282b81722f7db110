// The words of a design as the page brings them from the crate `design`: kinds with their drawings,
// and what each setting takes. It says nothing of what a word does in a run.

import type { Tree } from './document.ts';

export interface Word {
  key: string;
  doc: string;
  takes: string;
  synonym?: string;
  default?: string;
  min?: number;
  max?: number;
  choices?: string[];
  words?: Word[];
}

export interface Kind {
  name: string;
  doc: string;
  /** Path data on a square of 24. */
  icon: string;
  /** What arrows that leave it mean where no call plan is written. */
  arrows: 'forward' | 'call' | 'store' | 'cache' | 'end';
  /** Requests begin here. */
  sends: boolean;
  words: Word[];
}

export interface Catalogue {
  kinds: Kind[];
  link: Word[];
  data: Word[];
  class: Word[];
  prices: { list: string; sizes: { name: string; doc: string }[] }[];
}

/** As the page has it: words by number, because kinds share them. */
interface Packed {
  words: (Omit<Word, 'words'> & { words?: number[] })[];
  kinds: (Omit<Kind, 'words'> & { words: number[] })[];
  link: number[];
  data: number[];
  class: number[];
  prices: Catalogue['prices'];
}

export function unpack(packed: Packed): Catalogue {
  const word = (at: number): Word => {
    const { words, ...told } = packed.words[at] ?? { key: '', doc: '', takes: 'text' };
    return words ? { ...told, words: words.map(word) } : told;
  };
  return {
    kinds: packed.kinds.map((kind) => ({ ...kind, words: kind.words.map(word) })),
    link: packed.link.map(word),
    data: packed.data.map(word),
    class: packed.class.map(word),
    prices: packed.prices,
  };
}

export function kindOf(catalogue: Catalogue, name: string): Kind | undefined {
  return catalogue.kinds.find((kind) => kind.name === name);
}

/** A box for a kind that nobody has drawn. */
export const PLAIN_ICON = 'M4 4H20V20H4Z';

const NAMES: Record<string, string> = {
  clients: 'Clients', dns: 'DNS', cdn: 'CDN', balancer: 'Load balancer', gateway: 'Gateway', limiter: 'Rate limiter', service: 'Service',
  cache: 'Cache', relational: 'Relational database', keyvalue: 'Key-value store', document: 'Document store', columnar: 'Columnar store',
  log: 'Log', queue: 'Queue', objects: 'Object store', search: 'Search index', scheduler: 'Scheduler', external: 'Somebody else’s system',
};

/** What people call a kind. */
export function titleOf(kind: string): string {
  return Object.hasOwn(NAMES, kind) ? NAMES[kind]! : kind || 'no kind yet';
}

/** The kinds as a palette shows them. */
export const SHELVES: readonly { title: string; kinds: readonly string[] }[] = [
  { title: 'Where requests begin', kinds: ['clients', 'scheduler'] },
  { title: 'On the way in', kinds: ['dns', 'cdn', 'balancer', 'gateway', 'limiter'] },
  { title: 'Work', kinds: ['service', 'external'] },
  { title: 'Answers kept', kinds: ['cache', 'relational', 'keyvalue', 'document', 'columnar', 'search', 'objects'] },
  { title: 'Handed on', kinds: ['queue', 'log'] },
];

/** What a new component must say beside its kind, or it cannot run. */
const NEEDED: Record<string, Tree> = { limiter: { rate: '1000/s' } };

export function freshSettings(kind: string): Tree {
  return { kind, ...(Object.hasOwn(NEEDED, kind) ? NEEDED[kind] : {}) };
}

/** They send requests; nobody calls them. */
export const SENDERS: readonly string[] = ['clients', 'scheduler'];
