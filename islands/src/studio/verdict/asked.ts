// What the judgement asks the engine, and what comes back: verdicts and an explanation, what breaks a
// design, what its parts are for, how much it takes, what formulas say, and what an estimate comes to.
// One worker for one question, so that a question is given up by ending its worker, and runs that
// are watched elsewhere on the page go on. The engine's side is in `studio.asked.worker.ts`.
import { SILENT } from '../../shared/door.ts';
import { type Problem, problemsOf } from '../../shared/problems.ts';
import { type Alive, Pulse } from '../../shared/pulse.ts';
import type { Design, Tree } from '../document.ts';
import type { Report } from '../run/report.ts';

export type Said = 'met' | 'missed' | 'undecided' | 'not judged';

export interface Verdict {
  /** In the engine's words: "request p99 < 200 ms". */
  required: string;
  verdict: Said;
  /** "230 ms ± 4 ms" */
  measured: string | null;
  /** How much there is to spare, or is missing: "30 ms". */
  by: string | null;
  why: string | null;
  /** Of data that was not kept right: who did what when, up to the first violation. */
  story?: Scene[];
}

export interface Scene {
  at_ns: number;
  /** 0 for what no request did. */
  request: number;
  session: number | null;
  component: string;
  did: string;
}

export interface Finding {
  role: 'cause' | 'effect' | 'note' | 'well';
  kind: string;
  /** The component that it is about; null for all of them. */
  component: string | null;
  text: string;
  figures: { name: string; shown: string }[];
  /** Components and arrows that it speaks of, where the engine says them. */
  about?: string[];
}

export interface Judged {
  requirements: Record<string, Verdict>;
  explanation: Finding[];
  runs: number;
  stopped?: string | null;
}

export interface Broken {
  found: {
    requirement: string;
    required: string;
    verdict: Verdict;
    story: string[];
    seed: string;
    seeds: number;
    shows_at: string | null;
    is_smallest: boolean;
    /** The design with all that was done to it. */
    document: Tree;
  } | null;
  runs: number;
  stopped: string | null;
  not_judged: { requirement: string; why: string }[];
  sentences: string[];
  /** The nearest to a break first. */
  tried: { requirement: string; slack: number; case: string }[];
}

export interface AblatedRow {
  component: string;
  /** "taken away", "at half its replicas (2 instead of 4)" */
  change: string;
  is_removed: boolean;
  /** "earns fast", "earns nothing" */
  result: string;
  earns: { requirement: string; case: string; is_usual: boolean; verdict: Verdict }[];
  could_go: boolean;
  /** "You could delete lb: every requirement is met without it."; empty where it could not. */
  says: string;
}

export interface Ablated {
  rows: AblatedRow[];
  /** What the design misses as it is, so that nothing can earn it. */
  missed: string[];
  cases: string[];
  runs: number;
  stopped: string | null;
  sentences: string[];
}

export interface Capacity {
  highest: {
    meets: number | null;
    misses: { factor: number; requirement: string; verdict: Verdict; shows_at: string | null } | null;
    stopped: string | null;
  };
  fewest: {
    meets: boolean;
    missed: string | null;
    parts: { component: string; had: number; needs: number; usd_per_month: number | null }[];
    stopped: string | null;
  } | null;
  runs: number;
}

export interface Results {
  judge: Judged;
  break: Broken;
  ablate: Ablated;
  capacity: Capacity;
}
export type Kind = keyof Results;

/** What formulas say, without a run. */
export interface Instant {
  numbers: Record<string, { value: number; shown: string; formula: string; limits: string; sureness: string }>;
  first: { component: string; factor: number } | null;
  reasons: string[];
}

export interface Step {
  name: string | null;
  text: string;
  shown: string;
  /** In base units; null for what is no single number. */
  value: number | null;
  /** What it is of, in words of the engine: "a time", "a rate", "money per time", "a plain number". */
  unit: string;
}

export type Question =
  | { kind: 'search'; search: Kind; document: string; seed: string; most: number }
  /** The reports of each design for each seed. */
  | { kind: 'runs'; documents: string[]; seeds: string[] }
  | { kind: 'instant'; document: string }
  | { kind: 'estimate'; text: string };

/** Ends a question that is being answered with what is known by now. */
export interface Enough {
  kind: 'enough';
}

export interface Progress {
  runs: number;
  /** The most that it may make. */
  of: number;
  /** What is being tried: "the highest load, x3". */
  trying: string;
}

export type Answer = { kind: 'progress'; progress: Progress } | { kind: 'done'; value: unknown } | { kind: 'wrong'; problems: Problem[] };

/** The engine refused the question, or died over it. */
export class Refused extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems[0]?.message ?? 'The engine did not answer.');
    this.problems = problems;
  }
}

/** Somebody has waited long enough. */
export class GivenUp extends Error {}

export interface Waiting {
  /** Nobody wants the answer any more. */
  signal?: AbortSignal;
  /** What is known by now will do. */
  enough?: AbortSignal;
  onprogress?: (progress: Progress) => void;
}

/** A worker that was told that it is enough, and answers nothing for so long, is ended [ms]. */
const LAST_WORD_MS = 4_000;

export function ask(question: Question, { signal, enough, onprogress }: Waiting = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./studio.asked.worker.ts', import.meta.url), { type: 'module' });
    const pulse = new Pulse(() => end(() => reject(new Refused(problemsOf(SILENT)))));
    const end = (settle: () => void) => {
      pulse.rest();
      worker.terminate();
      settle();
    };
    signal?.addEventListener('abort', () => end(() => reject(new GivenUp())), { once: true });
    enough?.addEventListener('abort', () => {
      worker.postMessage({ kind: 'enough' } satisfies Enough);
      setTimeout(() => end(() => reject(new GivenUp())), LAST_WORD_MS);
    }, { once: true });
    worker.onmessage = ({ data }: MessageEvent<Answer | Alive>) => {
      pulse.heard();
      if (data.kind === 'alive') return;
      if (data.kind === 'progress') onprogress?.(data.progress);
      else if (data.kind === 'done') end(() => resolve(data.value));
      else end(() => reject(enough?.aborted ? new GivenUp() : new Refused(data.problems)));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(() => reject(new Refused(problemsOf(event.message || 'it could not be loaded'))));
    };
    worker.postMessage(question);
    pulse.expect();
  });
}

/** How many runs each may take. */
const MOST: Record<Kind, number> = { judge: 20, break: 200, ablate: 600, capacity: 600 };

export function search<K extends Kind>(kind: K, design: Design, seed: string, waiting: Waiting): Promise<Results[K]> {
  return ask({ kind: 'search', search: kind, document: JSON.stringify(design), seed, most: MOST[kind] }, waiting) as Promise<Results[K]>;
}

export function runs(designs: readonly Design[], seeds: readonly string[], waiting: Waiting): Promise<Report[][]> {
  return ask({ kind: 'runs', documents: designs.map((design) => JSON.stringify(design)), seeds: [...seeds] }, waiting) as Promise<Report[][]>;
}

export function instant(design: Design, waiting: Waiting = {}): Promise<Instant> {
  return ask({ kind: 'instant', document: JSON.stringify(design) }, waiting) as Promise<Instant>;
}

export function estimate(text: string, waiting: Waiting = {}): Promise<Step[]> {
  return ask({ kind: 'estimate', text }, waiting) as Promise<Step[]>;
}
