// What a run says, under the knob: the measures, the run's name, its progress, or what is wrong
// with it.
import type { Problem } from '../shared/problems.ts';
import type { FigureData, Shown } from './data.ts';
import { el } from './dom.ts';
import type { Measured, Result } from './messages.ts';

/** A shorter run shows no progress: it would only flicker. */
const PATIENCE_MS = 100;

const ENDED: Record<string, string> = {
  events: 'ended early: the run took too many steps',
  'live requests': 'ended early: too many requests were inside',
  'drain time': 'ended with requests still inside',
};

export class Results {
  readonly #data: FigureData;
  readonly #bar = el('progress', { max: 1, 'aria-label': 'The run' });
  readonly #waiting = el('p', { class: 'running note', hidden: true });
  readonly #spoken = el('p', { class: 'visually-hidden', role: 'status' });
  #numbers: HTMLElement;
  #line: HTMLElement;
  #timer = 0;

  /** Takes over what the server shows of its run. */
  constructor(data: FigureData, section: HTMLElement, stop: () => void) {
    this.#data = data;
    this.#numbers = section.querySelector<HTMLElement>('.measures') ?? el('div', { hidden: true });
    this.#line = section.querySelector<HTMLElement>('.run-line') ?? el('p', { class: 'run-line', hidden: true });
    if (!this.#numbers.isConnected) insert(section, this.#numbers);
    if (!this.#line.isConnected) this.#numbers.after(this.#line);
    const button = el('button', { type: 'button', class: 'is-small' }, 'Stop');
    button.addEventListener('click', stop);
    this.#waiting.append('Running ', this.#bar, ' ', button);
    this.#numbers.before(this.#waiting);
    this.#line.after(this.#spoken);
  }

  /** Where the results begin. */
  get first(): HTMLElement {
    return this.#waiting;
  }

  /** Where they end. */
  get last(): HTMLElement {
    return this.#spoken;
  }

  begin(): void {
    this.#numbers.setAttribute('aria-busy', 'true');
    this.#bar.value = 0;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.#waiting.hidden = false), PATIENCE_MS);
  }

  progress(done: number): void {
    this.#bar.value = done;
  }

  stopped(): void {
    this.#show(el('p', { class: 'note' }, 'Stopped. Move the knob to run again.'), []);
  }

  done(runs: Result[], value: number): void {
    this.#show(measures(this.#data, runs), runs.flatMap((run, at) => this.#runWords(run, at, value)));
    this.#spoken.textContent = sentence(this.#data, runs);
  }

  wrong(problems: Problem[]): void {
    const lines = problems.map(({ path, message, suggestion }) => {
      const where = path ? [el('span', { class: 'where' }, path)] : [];
      const advice = suggestion ? [el('p', { class: 'advice' }, suggestion)] : [];
      return el('li', {}, ...where, el('p', { class: 'what' }, message), ...advice);
    });
    this.#show(el('div', { role: 'alert' }, el('p', {}, 'This did not run.'), el('ul', { class: 'problems' }, ...lines)), []);
  }

  #show(numbers: HTMLElement, line: string[]): void {
    clearTimeout(this.#timer);
    this.#waiting.hidden = true;
    this.#numbers.replaceWith(numbers);
    this.#numbers = numbers;
    this.#line.replaceChildren(...line.map((words) => el('span', {}, words)));
    this.#line.hidden = line.length === 0;
  }

  #runWords({ run, ended }: Result, at: number, value: number): string[] {
    const { ran, series, seed } = this.#data;
    const label = series[at]?.label;
    const words = [`run ${run}${label ? ` (${label})` : ''}`, `seed ${seed}`];
    if (ended) words.push(ENDED[ended] ?? `ended early: ${ended}`);
    if (at > 0 || ran?.value !== value) return words;
    return [...words, ran.run === run ? 'the same run as on the server' : `the server ran ${ran.run}: this page is of another version, so reload it`];
  }
}

function insert(section: HTMLElement, element: HTMLElement): void {
  const ignores = section.querySelector('.ignores');
  if (ignores) ignores.before(element);
  else section.append(element);
}

/** A row of numbers for one line of the chart, a table for several. */
function measures(data: FigureData, runs: Result[]): HTMLElement {
  const [only] = runs;
  if (runs.length === 1 && only) {
    const pairs = data.measures.map((shown) => {
      const full = isFull(shown, find(only, shown.name));
      return el('div', full ? { class: 'is-danger' } : {}, el('dt', {}, shown.label), el('dd', {}, ...number(words(only, shown.name))));
    });
    return el('dl', { class: 'measures' }, ...pairs);
  }
  const head = el('tr', {}, el('td'), ...data.series.map(({ label }) => el('th', { scope: 'col', class: 'n' }, label)));
  const rows = data.measures.map(({ name, label }) => {
    const cells = runs.map((run, at) => el('td', { class: 'n', 'data-label': data.series[at]?.label ?? '' }, words(run, name)));
    return el('tr', {}, el('th', { scope: 'row' }, label), ...cells);
  });
  const table = el('table', { class: 'restack' }, el('thead', {}, head), el('tbody', {}, ...rows));
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'The numbers of these runs' }, table);
}

/** A worker that is busy past this is told by more than its number. */
function isFull({ name }: Shown, measured: Measured | undefined): boolean {
  return name.endsWith('utilisation') && /%$/.test(measured?.shown ?? '') && (measured?.value ?? 0) > 80;
}

/** "200 ms" as a number with a smaller unit. */
function number(text: string): (Node | string)[] {
  const [, digits, space, unit] = /^([-+\d.,e]+)(\s?)(\D+)$/.exec(text) ?? [];
  return digits && unit ? [digits, space ?? '', el('small', {}, unit)] : [text];
}

/** The result in words, for those who do not see it. */
export function sentence(data: Pick<FigureData, 'measures' | 'series'>, runs: Result[]): string {
  const parts = runs.map((run, at) => {
    const label = data.series[at]?.label;
    const list = data.measures.map(({ name, label }) => `${label} ${words(run, name)}`);
    return (label ? `${label}: ` : '') + list.join(', ');
  });
  return `${parts.join('; ')}.`;
}

function words(run: Result, name: string): string {
  return find(run, name)?.shown ?? 'not measured';
}

function find(run: Result, name: string): Measured | undefined {
  return run.measures.find((measured) => measured.name === name);
}
