// The questions that were put to the judgement in this visit and what came of them, one of each kind
// at a time. They outlive the panels that show them. What they mean is in `asked.ts`.
import type { Problem } from '../../shared/problems.ts';
import type { Design } from '../document.ts';
import { askedDigestOf } from '../run/prediction.ts';
import { runsOf } from '../run/runs.svelte.ts';
import type { Studio } from '../studio.svelte.ts';
import { GivenUp, type Kind, type Progress, Refused, type Results, search } from './asked.ts';

export interface Task<Result> {
  /** What it was asked of. */
  design: Design;
  digest: string;
  /** Null once it has ended. */
  progress: Progress | null;
  result: Result | null;
  problems: Problem[];
  /** Somebody ended it. */
  isGivenUp: boolean;
}

type Tasks = { [K in Kind]: Task<Results[K]> | null };

export class Judging {
  tasks: Tasks = $state.raw({ judge: null, break: null, ablate: null, capacity: null });
  readonly #studio: Studio;
  readonly #ends: Partial<Record<Kind, AbortController>> = {};
  readonly #enough: Partial<Record<Kind, AbortController>> = {};
  /** Of the design it was made of; a derived would end with the panel that asked first. */
  #known: { design: Design; digest: string } | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Whether what is known was asked of a design that has changed since. */
  isOld(task: Task<unknown>): boolean {
    return task.digest !== this.#digest();
  }

  #digest(): string {
    const { design } = this.#studio;
    if (this.#known?.design !== design) this.#known = { design, digest: askedDigestOf(design) };
    return this.#known.digest;
  }

  async ask<K extends Kind>(kind: K): Promise<void> {
    this.giveUp(kind);
    const [end, enough] = [new AbortController(), new AbortController()];
    [this.#ends[kind], this.#enough[kind]] = [end, enough];
    const { design } = this.#studio;
    const task: Task<Results[K]> = { design, digest: this.#digest(), progress: { runs: 0, of: 1, trying: '' }, result: null, problems: [], isGivenUp: false };
    const put = (change: Partial<Task<Results[K]>>) => {
      // Another question of this kind may have begun.
      if (this.#ends[kind] === end) this.tasks = { ...this.tasks, [kind]: Object.assign({ ...task }, change) };
    };
    put({});
    try {
      const result = await search(kind, design, runsOf(this.#studio).chosen?.seed ?? '1', { signal: end.signal, enough: enough.signal, onprogress: (progress) => put({ progress }) });
      // What was stopped before its first run knows nothing.
      const knows = !enough.signal.aborted || result.runs > 0;
      put({ progress: null, result: knows ? result : null, isGivenUp: !knows });
      this.#studio.said = enough.signal.aborted ? 'It was stopped; what was found until then is shown.' : SAID[kind];
    } catch (wrong) {
      put({ progress: null, problems: wrong instanceof Refused ? wrong.problems : [], isGivenUp: wrong instanceof GivenUp });
      if (!(wrong instanceof GivenUp || wrong instanceof Refused)) throw wrong;
      this.#studio.said = wrong.message;
    }
  }

  /** Ends it with what it has found. */
  stop(kind: Kind): void {
    this.#enough[kind]?.abort();
  }

  giveUp(kind: Kind): void {
    this.#ends[kind]?.abort();
  }
}

const SAID: Record<Kind, string> = {
  judge: 'The requirements are judged.',
  break: 'The search for what breaks it has ended.',
  ablate: 'What each component is for is known.',
  capacity: 'What the design can take is known.',
};

const all = new WeakMap<Studio, Judging>();

/** The judgement of a studio: one and the same for all its panels. */
export function judgingOf(studio: Studio): Judging {
  const known = all.get(studio);
  if (known) return known;
  const judging = new Judging(studio);
  all.set(studio, judging);
  return judging;
}
