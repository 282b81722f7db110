// What is open in the studio: the design with its history, what is chosen, what is wrong with it,
// and what the last run put on the picture. Commands come here and go to `edit.ts`; how it looks is
// the business of the components.
import { untrack } from 'svelte';
import { type Catalogue, SENDERS, freshSettings } from './catalogue.ts';
import {
  type Design, type Json, type Path, type Point, type Tree,
  EMPTY, WORKLOAD_WORDS, at, component, components, freeName, isName, link, links,
} from './document.ts';
import { type Comments, NO_COMMENTS } from './comments.ts';
import * as edit from './edit.ts';
import type { Engine, Problem } from './engine.ts';
import { type History, begin, commit, redo, undo } from './history.ts';
import { completed, placed } from './place.ts';

/** How a component or an arrow is shown beside itself: by a run, a search or an explanation. */
export interface Mark {
  /** The share of time that its workers are busy. */
  busy?: number;
  /** In danger: shown by more than its colour. */
  danger?: boolean;
  /** Spoken of just now. */
  lit?: boolean;
  /** A few words below the others. */
  words?: string;
}

export interface Marks {
  components: Record<string, Mark>;
  /** By "web -> db". */
  links: Record<string, Mark>;
}

/** One and the same, so that nothing is looked at again for nothing. */
export const NO_MARKS: Marks = { components: {}, links: {} };

export interface Template {
  title: string;
  text: string;
}

export interface Given {
  catalogue: Catalogue;
  templates: Template[];
  engine: string;
}

/** A diagram of more says nothing any more, and to draw it would hold the page up. */
export const DRAWN_MAX = 300;

/** What follows sooner belongs to the same gesture. */
const MOMENT_MS = 1_500;

export class Studio {
  history: History = $state.raw(begin(EMPTY));
  /** Names of components. */
  selected: readonly string[] = $state.raw([]);
  /** "web -> db" */
  selectedLink: string | null = $state.raw(null);
  problems: readonly Problem[] = $state.raw([]);
  /** What the moment of a run that is shown puts on the picture. */
  moment: Marks = $state.raw(NO_MARKS);
  /** What is spoken of beside the picture; a run that plays on leaves it. */
  lights: Marks = $state.raw(NO_MARKS);
  /** Both together: what the picture shows. */
  readonly marks: Marks = $derived(together(this.moment, this.lights));
  /** The last thing that happened, for those who do not see it. */
  said = $state('');
  /** Rises when the picture is to be brought into the window as a whole. */
  fits = $state(0);
  /** The panel that is open below the diagram, by its id in `panels.ts`. */
  panel: string | null = $state(null);
  /** Rises when a field to connect from the chosen component is to be focused. */
  connects = $state(0);

  /** Rises when another part is chosen, and stays when the one that is chosen is called otherwise. */
  choices = $state(0);

  #lastDone = -Infinity;
  readonly #keys = new Map<string, number>();
  #named = 0;
  readonly catalogue: Catalogue;
  readonly templates: readonly Template[];
  readonly engine: Engine;
  /** The version of the meaning of results. */
  readonly engineVersion: string;

  constructor(given: Given, engine: Engine) {
    this.catalogue = given.catalogue;
    this.templates = given.templates;
    this.engineVersion = given.engine;
    this.engine = engine;
  }

  get design(): Design {
    return this.history.now.design;
  }

  /** What is said about the design between the lines of its text. */
  get comments(): Comments {
    return this.history.now.comments ?? NO_COMMENTS;
  }

  /** Said otherwise, of the same design: nothing that could be undone. */
  comment(comments: Comments): void {
    this.history = { ...this.history, now: { ...this.history.now, comments } };
  }

  readonly places: Record<string, Point> = $derived.by(() => (components(this.design).length > DRAWN_MAX ? {} : completed(this.design)));

  get isBlank(): boolean {
    return components(this.design).length === 0;
  }

  /** Whatever happens to the design, happens here. `what` is said and stands on the undo button; with
   * `merge`, what is done again within a moment is undone together: typing, or moving a slider. */
  do(design: Design, what: string, merge = false, comments = this.history.now.comments): void {
    const before = this.history;
    const now = performance.now();
    this.history = commit(before, design, what, merge && now - this.#lastDone < MOMENT_MS, comments);
    this.#lastDone = now;
    if (this.history === before) return;
    if (!merge) this.said = sentence(what);
    this.#keepSelection();
  }

  undo(): void {
    const { what } = this.history.now;
    if (this.history.past.length === 0) return;
    this.history = undo(this.history);
    this.said = `Undone: ${what}.`;
    this.#keepSelection();
  }

  redo(): void {
    if (this.history.future.length === 0) return;
    this.history = redo(this.history);
    this.said = `Done again: ${this.history.now.what}.`;
    this.#keepSelection();
  }

  /** Another design altogether; undo leads back to the one before. */
  open(design: Design, what: string, comments: Comments = NO_COMMENTS): void {
    this.do(design, what, false, comments);
    this.choose([]);
    this.fits++;
  }

  /** The work of last time; there is nothing before it to go back to. */
  resume(design: Design, comments: Comments = NO_COMMENTS): void {
    this.history = begin(design, comments);
    this.fits++;
  }

  choose(names: readonly string[], key: string | null = null): void {
    const same = untrack(() => key === this.selectedLink && names.length === this.selected.length && names.every((name, i) => name === this.selected[i]));
    if (same) return;
    this.selected = names;
    this.selectedLink = key;
    this.choices++;
  }

  add(kind: string, where?: Point): string {
    const base = where ? edit.move(this.design, this.places) : this.design;
    const [design, name] = edit.addComponent(base, NAMES[kind] ?? kind, freshSettings(kind), where);
    this.do(design, `add ${name}`);
    this.choose([name]);
    if (!where) this.fits++;
    return name;
  }

  remove(names: readonly string[], keys: readonly string[] = []): void {
    let { design } = this;
    for (const found of links(design)) if (keys.includes(found.key)) design = edit.disconnect(design, found.from, found.to);
    design = edit.remove(design, names);
    const what = [...names, ...keys];
    if (what.length > 0) this.do(design, `delete ${what.length > 3 ? `${what.length} parts` : what.join(', ')}`);
  }

  connect(from: string, to: string): void {
    if (SENDERS.includes(component(this.design, to)?.kind ?? '')) this.said = `Nobody calls ${to}: it sends requests.`;
    else if (link(this.design, from, to)) this.said = `There is already an arrow from ${from} to ${to}.`;
    else this.do(edit.connect(this.design, from, to), `connect ${from} to ${to}`);
  }

  disconnect(from: string, to: string): void {
    this.do(edit.disconnect(this.design, from, to), `delete the arrow from ${from} to ${to}`);
  }

  /** What stays the same of a component that is called otherwise: its form is still its form. */
  keyOf(name: string): number {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    this.#keys.set(name, ++this.#named);
    return this.#named;
  }

  /** The design with the component called otherwise; a sentence if that cannot be. */
  rename(from: string, to: string): string | null {
    if (from === to) return null;
    if (!isName(to)) return 'Write at most 64 letters, digits, - and _, beginning with a letter.';
    if (at(this.design, 'components', to) !== undefined) return `There is already a component called ${to}.`;
    // Chosen under its new name before it has it, so that its form stays under the hands that type.
    this.selected = this.selected.map((name) => (name === from ? to : name));
    this.#keys.set(to, this.keyOf(from));
    this.#keys.delete(from);
    this.do(edit.rename(this.design, from, to), `rename ${from} to ${to}`);
    return null;
  }

  set(path: Path, value: Json | undefined, what = `set ${path.slice(1).join(' ')}`): void {
    this.do(edit.set(this.design, path, value), what, true);
  }

  /** The design with one value in it, not yet done. */
  with(path: Path, value: Json | undefined): Design {
    return edit.set(this.design, path, value);
  }

  /** Where boxes were put by hand; from now on the others stay as well. */
  move(places: Record<string, Point>): void {
    const names = Object.keys(places);
    if (names.length === 0) return;
    this.do(edit.move(edit.move(this.design, this.places), places), `move ${names.length > 3 ? `${names.length} parts` : names.join(', ')}`);
  }

  arrange(): void {
    this.do(edit.move(this.design, placed(this.design)), 'lay out the diagram');
    this.fits++;
  }

  align(boxes: Record<string, edit.Box>, edge: edit.Edge): void {
    this.do(edit.align(edit.move(this.design, this.places), boxes, edge), 'align');
  }

  group(names: readonly string[], what: 'region' | 'zones', name: string): void {
    this.do(edit.group(this.design, names, what, name), name ? `put ${names.join(', ')} into ${name}` : `take ${names.join(', ')} out`, true);
  }

  addClass(from: string): void {
    const name = freeName('request', (taken) => WORKLOAD_WORDS.includes(taken) || at(this.design, 'workload', taken) !== undefined);
    this.do(edit.set(this.design, ['workload', name], { from, arrivals: 'poisson 100/s' }), `add the class ${name}`);
  }

  removeClass(name: string): void {
    this.do(edit.withoutClass(this.design, name), `delete the class ${name}`);
  }

  /** A sentence if it cannot be called so. */
  renameClass(from: string, to: string): string | null {
    if (from === to) return null;
    if (!isName(to) || WORKLOAD_WORDS.includes(to)) return 'Write at most 64 letters, digits, - and _, beginning with a letter, and not a word of the load.';
    if (at(this.design, 'workload', to) !== undefined) return `There is already a class called ${to}.`;
    this.do(edit.renameClass(this.design, from, to), `rename ${from} to ${to}`);
    return null;
  }

  addFault(): void {
    const target = this.selected[0] ?? components(this.design).find(({ kind }) => kind !== 'clients')?.name ?? 'web';
    const list = at(this.design, 'faults');
    const fault = { at: '20 s', lasts: '10 s', what: `crash ${target}` };
    this.do(edit.set(this.design, ['faults'], [...(Array.isArray(list) ? list : []), fault]), `add a fault to ${target}`);
  }

  copied(): edit.Clip {
    return edit.copied(edit.move(this.design, this.places), this.selected);
  }

  paste(clip: Tree): void {
    const [design, names] = edit.pasted(edit.move(this.design, this.places), clip);
    if (names.length === 0) return;
    this.do(design, `paste ${names.length > 3 ? `${names.length} parts` : names.join(', ')}`);
    this.choose(names);
  }

  duplicate(): void {
    if (this.selected.length > 0) this.paste({ ...this.copied() });
  }

  /** What is gone is not chosen any more. */
  #keepSelection(): void {
    const { design } = this;
    if (this.selected.some((name) => !component(design, name))) this.selected = this.selected.filter((name) => component(design, name));
    if (this.selectedLink !== null && !links(design).some(({ key }) => key === this.selectedLink)) this.selectedLink = null;
  }
}

/** What a component is called that nobody has named. */
const NAMES: Record<string, string> = {
  clients: 'users', balancer: 'lb', service: 'web', relational: 'db', keyvalue: 'kv', document: 'docs', columnar: 'sums', objects: 'files', scheduler: 'cron', external: 'partner',
};

function together(moment: Marks, lights: Marks): Marks {
  if (lights === NO_MARKS) return moment;
  return { components: both(moment.components, lights.components), links: both(moment.links, lights.links) };
}

function both(moment: Record<string, Mark>, lights: Record<string, Mark>): Record<string, Mark> {
  const names = Object.keys(lights);
  if (names.length === 0) return moment;
  const all = { ...moment };
  for (const name of names) {
    const [now, light]: [Mark, Mark] = [Object.hasOwn(moment, name) ? moment[name]! : {}, lights[name]!];
    const words = [now.words, light.words].filter(Boolean).join(' · ');
    all[name] = { ...now, ...light, ...(words ? { words } : {}) };
  }
  return all;
}

function sentence(what: string): string {
  return `${what.slice(0, 1).toUpperCase()}${what.slice(1)}.`;
}
