// Which two runs are compared, and what runs with the same seeds tell of their noise. It outlives the
// panel that shows it.
import { GivenUp, Refused, runs as ask } from '../verdict/asked.ts';
import { type Ran, type Runs, runsOf } from '../run/runs.svelte.ts';
import type { Report } from '../run/report.ts';
import type { Studio } from '../studio.svelte.ts';

/** So many seeds for each design. */
export const SEEDS = 5;

export class Comparing {
  readonly runs: Runs;
  #before: string | null = $state(null);
  #after: string | null = $state(null);
  /** Reports with the same seeds, by the ids of both runs. */
  told: { pair: string; before: Report[]; after: Report[] } | null = $state.raw(null);
  /** Runs made so far; null when none are under way. */
  made: number | null = $state(null);
  wrong = $state('');
  #end: AbortController | null = null;

  constructor(runs: Runs) {
    this.runs = runs;
  }

  /** The newest run, unless another was chosen. */
  get after(): Ran | null {
    return this.runs.list.find(({ id }) => id === this.#after) ?? this.runs.list[0] ?? null;
  }

  /** The one of the same design before it, or any before it, unless another was chosen. */
  get before(): Ran | null {
    const { list } = this.runs;
    const chosen = list.find(({ id }) => id === this.#before);
    if (chosen) return chosen;
    const { after } = this;
    const place = list.findIndex((ran) => ran === after);
    const earlier = list.slice(place + 1);
    return earlier.find(({ title }) => title === after?.title) ?? earlier[0] ?? list.find((ran) => ran !== after) ?? null;
  }

  choose(side: 'before' | 'after', id: string): void {
    const { before, after } = this;
    this.#before = side === 'before' ? id : (before?.id ?? null);
    this.#after = side === 'after' ? id : (after?.id ?? null);
    this.giveUp();
  }

  get pair(): string {
    return `${this.before?.id} ${this.after?.id}`;
  }

  /** Runs both with the same seeds, so that chance is the same for both. */
  async tellNoise(): Promise<void> {
    const { before, after, pair } = this;
    if (!before || !after) return;
    this.giveUp();
    const end = new AbortController();
    this.#end = end;
    [this.made, this.wrong] = [0, ''];
    try {
      const seeds = Array.from({ length: SEEDS }, (_, i) => String(i + 1));
      const [old = [], now = []] = await ask([before.design, after.design], seeds, { signal: end.signal, onprogress: ({ runs }) => (this.made = runs) });
      this.told = { pair, before: old, after: now };
    } catch (wrong) {
      if (wrong instanceof Refused) this.wrong = wrong.message;
      else if (!(wrong instanceof GivenUp)) throw wrong;
    } finally {
      if (this.#end === end) [this.made, this.#end] = [null, null];
    }
  }

  giveUp(): void {
    this.#end?.abort();
    this.#end = null;
    this.made = null;
  }
}

const all = new WeakMap<Studio, Comparing>();

export function comparingOf(studio: Studio): Comparing {
  const known = all.get(studio);
  if (known) return known;
  const comparing = new Comparing(runsOf(studio));
  all.set(studio, comparing);
  return comparing;
}
