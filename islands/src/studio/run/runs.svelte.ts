// The runs of this visit: what was run, what was predicted of it, and which one is looked at. How
// they are made is in `runner.svelte.ts`; how they are shown is the business of the components.
import type { Design } from '../document.ts';
import type { Studio } from '../studio.svelte.ts';
import type { Prediction } from './prediction.ts';
import type { Report } from './report.ts';

export interface Ran {
  /** The name of the experiment: the same as on the server and the command line. */
  id: string;
  seed: string;
  title: string;
  design: Design;
  /** Of the design without its layout; see `digestOf`. */
  digest: string;
  report: Report;
  prediction: Prediction | null;
  /** [ms since 1970 UTC] */
  at: number;
}

/** Older ones are forgotten. */
export const KEPT = 30;

export class Runs {
  /** The newest first. */
  list: readonly Ran[] = $state.raw([]);
  /** The one that the panels show; null before the first. */
  chosen: Ran | null = $state.raw(null);

  /** The run of now. The same experiment run again takes the place of its earlier run. */
  add(ran: Ran): void {
    const before = this.list.find(({ id }) => id === ran.id);
    const kept = { ...ran, prediction: ran.prediction ?? before?.prediction ?? null };
    this.list = [kept, ...this.list.filter(({ id }) => id !== ran.id)].slice(0, KEPT);
    this.chosen = kept;
  }

  choose(id: string): void {
    this.chosen = this.list.find((ran) => ran.id === id) ?? this.chosen;
  }

  /** Whether this design has been run before, wherever its boxes stand. */
  knows(digest: string): boolean {
    return this.list.some((ran) => ran.digest === digest);
  }
}

const all = new WeakMap<Studio, Runs>();

/** The runs of a studio: one and the same for all its panels. */
export function runsOf(studio: Studio): Runs {
  const known = all.get(studio);
  if (known) return known;
  const runs = new Runs();
  all.set(studio, runs);
  return runs;
}
