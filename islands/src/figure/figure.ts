// The figure of a lesson after its prediction: a knob, and what the engine answers in this
// browser. The server drew everything else, and the page is whole without this.
import { type Control, control } from './control.ts';
import { type FigureData, readData, settings } from './data.ts';
import { write } from './knob.ts';
import { Marks } from './marks.ts';
import type { Answer, Result } from './messages.ts';
import { Opens } from './opens.ts';
import { Results } from './results.ts';
import { Runner } from './runner.ts';

/** Long enough to spare the runs that nobody waits for, too short to be felt. */
const SETTLED_MS = 60;

let count = 0;

export function mount(section: HTMLElement): void {
  const script = section.querySelector('script[type="application/json"]');
  const data = readData(script?.textContent ?? '');
  if (data.committed) new Figure(section, data);
}

class Figure {
  readonly #data: FigureData;
  readonly #control: Control;
  readonly #marks: Marks | null;
  readonly #results: Results;
  readonly #opens: Opens;
  readonly #runner = new Runner((answer) => this.#hear(answer));
  readonly #document: string;
  #timer = 0;

  constructor(section: HTMLElement, data: FigureData) {
    this.#data = data;
    this.#document = JSON.stringify(data.design);
    this.#control = control(data.knob, `knob-${++count}`, () => this.#turned());
    this.#results = new Results(data, section, () => this.#stop());
    this.#marks = Marks.on(section);
    this.#marks?.onDrag((value) => this.#control.turn(value));
    this.#results.first.before(this.#control.element);
    this.#opens = new Opens(data);
    this.#results.last.after(this.#opens.element);
    void this.#opens.at(write(data.knob, this.#control.value));
    // Nothing runs by itself; but the engine may be on its way when a hand comes near.
    for (const sign of ['pointerenter', 'focusin']) section.addEventListener(sign, () => this.#runner.warm(), { once: true });
  }

  #turned(): void {
    this.#runner.forget();
    this.#results.begin();
    this.#mark(null);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#run(), SETTLED_MS);
  }

  #run(): void {
    const { seed, series, measures, chart } = this.#data;
    const value = write(this.#data.knob, this.#control.value);
    void this.#opens.at(value);
    this.#runner.run({
      document: this.#document,
      seed,
      sets: series.map((line) => settings(this.#data, line, value)),
      wanted: [...measures.map(({ name, unit }) => ({ name, unit })), ...(chart ? [{ name: chart.measure, unit: chart.unit }] : [])],
    });
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#runner.stop();
    this.#results.stopped();
    // The button under the focus is gone; what to do next is the knob.
    this.#control.element.querySelector('input')?.focus();
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'progress') return this.#results.progress(answer.done);
    if (answer.kind === 'wrong') return this.#results.wrong(answer.problems);
    this.#results.done(answer.runs, this.#control.value);
    this.#mark(answer.runs);
  }

  /** The points of the chart; without runs only where the hand is. */
  #mark(runs: Result[] | null): void {
    if (!this.#data.chart) return;
    const x = this.#control.value;
    const marks = runs?.map((run) => {
      // It was asked for last, in the unit of the axis.
      const drawn = run.measures.at(-1);
      return { x, y: drawn?.value ?? null, label: drawn?.shown ?? '' };
    });
    this.#marks?.draw(marks ?? [{ x, y: null, label: '' }]);
  }
}
