// One line to a diagram: `users -> lb -> web x3 -> cache, db`. Gives a design that runs: kinds are
// guessed from names, requests begin at the first word, and what the arrows leave open is written
// as a call plan. A word that is not clear gets a sentence with its place.
import { type Design, type Tree, EMPTY, at, classes, component, isName, links, put, text, WORKLOAD_WORDS } from './document.ts';
import { connect, set } from './edit.ts';
import { SENDERS, freshSettings } from './catalogue.ts';
import { guessKind, kindNamed } from './guess.ts';
import { planFor } from './arrows.ts';

export interface Remark {
  severity: 'note' | 'error';
  /** From 1. */
  line: number;
  column: number;
  message: string;
}

export interface Sketched {
  design: Design;
  /** What this text brought, in its order. */
  names: string[];
  remarks: Remark[];
}

interface Item {
  name: string;
  kind: string;
  replicas: number;
  column: number;
}

const ARROW = /\s*(?:-{1,2}>|=+>|→|>)\s*/;
const RATE = /^\d+(?:\.\d+)?\s*\/\s*(?:s|min|h|d)$/;
const LABEL = /^\s*([^:>→,]*?)\s*:(?!\/\/)/;
const DEFAULT_RATE = 'poisson 100/s';
/** They keep things and call nobody. */
const STORES = ['relational', 'keyvalue', 'document', 'columnar', 'objects', 'search', 'external'];
/** What a hand types, and what another tool has drawn. */
const LINE_MAX = 2_000;
const TYPED = { lines: 200, items: 500 };
export const DRAWN = { lines: 2_000, items: 1_000 };

/** Adds what the text draws to a design. */
export function sketch(source: string, design: Design = EMPTY, most = TYPED): Sketched {
  const sketcher = new Sketcher(design, most.items);
  const lines = source.split('\n');
  lines.slice(0, most.lines).forEach((line, i) => sketcher.line(line, i + 1));
  if (lines.length > most.lines) sketcher.remark('error', most.lines + 1, 1, `More than ${most.lines} lines are not read. Write a large system as text instead.`);
  return sketcher.done();
}

class Sketcher {
  #design: Design;
  readonly #names = new Set<string>();
  readonly #remarks: Remark[] = [];

  readonly #most: number;

  constructor(design: Design, most: number) {
    this.#most = most;
    this.#design = at(design, 'octo') === undefined ? { ...EMPTY, ...design } : design;
  }

  remark(severity: Remark['severity'], line: number, column: number, message: string): void {
    this.#remarks.push({ severity, line, column, message });
  }

  line(source: string, number: number): void {
    if (source.length > LINE_MAX) return this.remark('error', number, 1, `This line is longer than ${LINE_MAX} characters. Write it in several lines.`);
    const code = source.replace(/(^|\s)#.*$/, '$1');
    if (code.trim() === '') return;
    const label = LABEL.exec(code);
    const groups = this.#groups(code.slice(label?.[0].length ?? 0), label?.[0].length ?? 0, number);
    if (groups.length === 0) return;
    for (const item of groups.flat()) this.#add(item, number);
    const start = this.#start(groups[0] ?? [], number);
    for (let i = 1; i < groups.length; i++) this.#join(groups[i - 1] ?? [], groups[i] ?? [], number);
    if (start) this.#load(start, label?.[1] ?? '', number);
  }

  done(): Sketched {
    let design = this.#design;
    for (const { name, from } of classes(design)) {
      if (at(design, 'calls', name) !== undefined || !this.#names.has(from)) continue;
      const { plan, remarks } = planFor(design, from);
      if (plan !== undefined) design = set(design, ['calls', name], plan);
      for (const message of remarks) this.remark('note', 1, 1, message);
    }
    return { design, names: [...this.#names], remarks: this.#remarks };
  }

  #groups(code: string, offset: number, line: number): Item[][] {
    const groups: Item[][] = [];
    let rest = code;
    let column = offset;
    while (rest !== '') {
      const arrow = ARROW.exec(rest);
      const part = arrow ? rest.slice(0, arrow.index) : rest;
      const items = part.split(',').flatMap((word, i, words) => {
        const before = words.slice(0, i).reduce((sum, other) => sum + other.length + 1, 0);
        return this.#item(word, line, column + before + (word.length - word.trimStart().length) + 1);
      });
      if (items.length > 0) groups.push(items);
      if (!arrow) break;
      column += arrow.index + arrow[0].length;
      rest = rest.slice(arrow.index + arrow[0].length);
      if (rest.trim() === '') this.remark('error', line, column, 'The arrow at the end leads nowhere. Write a name after it.');
    }
    return groups;
  }

  #item(word: string, line: number, column: number): Item[] {
    const trimmed = word.trim();
    if (trimmed === '') {
      this.remark('error', line, column, 'A name is missing here.');
      return [];
    }
    const [, bare = '', kindWord] = /^([^()]*)(?:\(([^()]*)\))?\s*$/.exec(trimmed) ?? [undefined, trimmed.replace(/[()].*$/, '')];
    const [, before, middle = '', after] = /^(?:(\d+)\s*[x×]\s+)?(.*?)(?:\s*[x×*]\s*(\d+))?$/i.exec(bare.trim()) ?? [];
    const replicas = Number(before ?? after ?? 1);
    const name = middle.trim().replace(/["'“”]/g, '').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);
    if (!isName(name)) {
      this.remark('error', line, column, `“${short(trimmed)}” is not a name. Begin it with a letter, as in web or orders-db.`);
      return [];
    }
    if (replicas < 1 || replicas > 10_000) {
      this.remark('error', line, column, `“${short(trimmed)}” asks for ${replicas} replicas. Write 1 to 10000.`);
      return [];
    }
    return [{ name, kind: this.#kind(name, kindWord, line, column), replicas, column }];
  }

  #kind(name: string, word: string | undefined, line: number, column: number): string {
    const known = component(this.#design, name)?.kind;
    const named = word === undefined ? undefined : kindNamed(word);
    if (word !== undefined && !named) this.remark('error', line, column, `“${short(word)}” is not a kind of component; ${name} is drawn as a service.`);
    const kind = named ?? known ?? guessKind(name);
    if (!kind && word === undefined) this.remark('note', line, column, `What “${name}” is, the name does not say: it is drawn as a service. Write ${name} (cache), or another kind, if it is not.`);
    return kind ?? 'service';
  }

  #add({ name, kind, replicas, column }: Item, line: number): void {
    if (this.#names.size >= this.#most) return;
    const known = component(this.#design, name);
    const settings: Tree = known ? { ...known.settings, kind } : freshSettings(kind);
    if (replicas > 1 && SENDERS.includes(kind)) this.remark('note', line, column, `“${name}” sends requests and has no replicas; say how many requests a second under Load.`);
    else if (replicas > 1) settings['replicas'] = replicas;
    this.#design = put(this.#design, ['components', name], settings);
    this.#names.add(name);
  }

  /** Who sends: the first of the line, or clients that nobody named. */
  #start(first: Item[], line: number): string | undefined {
    const sender = first.find(({ kind }) => SENDERS.includes(kind));
    if (sender) return sender.name;
    if (first.some(({ name }) => links(this.#design).some((link) => link.to === name))) return undefined;
    if (classes(this.#design).length > 0 && first.every(({ name }) => links(this.#design).some((link) => link.from === name))) return undefined;
    const known = Object.keys((at(this.#design, 'components') as Tree | undefined) ?? {}).find((name) => component(this.#design, name)?.kind === 'clients');
    if (known && classes(this.#design).length > 0) return undefined;
    const users = known ?? 'users';
    if (!known) {
      this.#add({ name: users, kind: 'clients', replicas: 1, column: 1 }, line);
      this.remark('note', line, 1, 'Nobody sends requests in this line, so clients called “users” were put before it.');
    }
    for (const { name } of first) this.#design = connect(this.#design, users, name);
    return users;
  }

  #join(from: Item[], to: Item[], line: number): void {
    const callers = from.filter(({ kind }) => !STORES.includes(kind));
    const able = callers.length > 1 ? callers.filter(({ kind }) => kind !== 'cache') : callers;
    for (const { name, column } of to) {
      if (able.length === 0) {
        const [last] = from;
        this.remark('error', line, column, `“${last?.name}” answers and calls nobody, so there is no arrow from it to “${name}”. Begin a new line with the service that calls “${name}”.`);
      }
      for (const caller of able) {
        if (SENDERS.includes(component(this.#design, name)?.kind ?? '')) this.remark('error', line, column, `Nobody calls “${name}”: it sends requests. Turn the arrow round.`);
        else this.#design = connect(this.#design, caller.name, name);
      }
    }
  }

  /** Requests that begin here, if there are none yet. */
  #load(from: string, label: string, line: number): void {
    const [, word = '', rate = ''] = /^(.*?)\s*(\d\S*\s*\/\s*\w+)?$/.exec(label.trim()) ?? [];
    if (rate !== '' && !RATE.test(rate)) this.remark('error', line, 1, `“${rate}” is not a rate. Write it as in 200/s.`);
    const wanted = word.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '');
    const known = classes(this.#design).find((found) => found.from === from && (wanted === '' || found.name === wanted));
    if (known && rate === '') return;
    const name = known?.name ?? this.#className(wanted || 'request');
    const usual = component(this.#design, from)?.kind === 'scheduler' ? 'constant 1/s' : DEFAULT_RATE;
    const arrivals = RATE.test(rate) ? `poisson ${rate.replace(/\s+/g, '')}` : usual;
    if (!text(at(this.#design, 'workload', 'lasts'))) this.#design = put(this.#design, ['workload', 'lasts'], '60 s');
    this.#design = put(put(this.#design, ['workload', name, 'from'], from), ['workload', name, 'arrivals'], arrivals);
  }

  #className(wanted: string): string {
    const taken = (name: string) => WORKLOAD_WORDS.includes(name) || at(this.#design, 'workload', name) !== undefined;
    if (!taken(wanted)) return wanted;
    for (let number = 2; ; number++) if (!taken(`${wanted}-${number}`)) return `${wanted}-${number}`;
  }
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
