// The runs of this visit and the last of those before: what was run, what was predicted of it, and
// which one is looked at. How they are made is in `runner.svelte.ts`, how they are kept in `kept.ts`.
import type { Design } from '../document.ts';
import type { Studio } from '../studio.svelte.ts';
import { keepRun, keptRuns, forgetRuns } from './kept.ts';
import { type Prediction, digestOf } from './prediction.ts';
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
  /** Done when those of earlier visits are there. */
  resumed: Promise<void> = Promise.resolve();

  /** Takes up the runs of earlier visits; that of the design that is open is looked at again. */
  async resume(studio: Studio): Promise<void> {
    const before = (await keptRuns(studio.engineVersion)).filter(({ id }) => !this.list.some((ran) => ran.id === id));
    if (before.length === 0) return;
    this.list = [...this.list, ...before].slice(0, KEPT);
    const digest = digestOf(studio.design);
    if (!studio.isBlank) this.chosen ??= this.list.find((ran) => ran.digest === digest) ?? null;
  }

  /** Forgets them all, here and in this browser. */
  forget(): void {
    this.list = [];
    this.chosen = null;
    void forgetRuns();
  }

  /** The run of now. The same experiment run again takes the place of its earlier run. */
  add(ran: Ran): void {
    const before = this.list.find(({ id }) => id === ran.id);
    const kept = { ...ran, prediction: ran.prediction ?? before?.prediction ?? null };
    this.list = [kept, ...this.list.filter(({ id }) => id !== ran.id)].slice(0, KEPT);
    this.chosen = kept;
    void keepRun(kept);
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
  runs.resumed = runs.resume(studio);
  return runs;
}
