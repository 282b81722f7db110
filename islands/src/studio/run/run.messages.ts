// What the page and the worker of its runs say to each other.
import type { Problem } from '../../shared/problems.ts';
import type { Report, Series } from './report.ts';

export interface Begin {
  kind: 'begin';
  /** Later runs take the place of earlier ones. */
  ticket: number;
  document: string;
  seed: string;
  /** Whether some requests are looked at closely. */
  traces: boolean;
  /** Whether what happened so far is told on the way. */
  live: boolean;
  /** How far to run before waiting, as a share of the run. */
  until: number;
}

export type Order =
  | Begin
  /** Run on to this share of the run: 0 holds it, 1 lets it go. */
  | { kind: 'until'; ticket: number; until: number }
  /** End it here, with the report of what has run. */
  | { kind: 'stop'; ticket: number };

export type News =
  | { kind: 'live'; ticket: number; done: number; live: Live }
  | { kind: 'done'; ticket: number; id: string; report: Report; isWhole: boolean }
  | { kind: 'wrong'; ticket: number; problems: Problem[] };

/** What is new since the last time. */
export interface Live {
  series: Series;
  window_ns: [number, number];
}
