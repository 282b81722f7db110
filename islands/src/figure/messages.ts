// What a figure and its worker say to each other.
import type { Problem } from '../shared/problems.ts';

export interface Job {
  /** Later jobs replace earlier ones. */
  ticket: number;
  document: string;
  seed: string;
  /** One run per entry: settings, path to text. */
  sets: Record<string, string>[];
  wanted: { name: string; unit: string | null }[];
}

export type Answer =
  /** From 0 to 1. */
  | { kind: 'progress'; ticket: number; done: number }
  | { kind: 'done'; ticket: number; runs: Result[] }
  | { kind: 'wrong'; ticket: number; problems: Problem[] };

export interface Result {
  run: string;
  /** Why it ended with requests unanswered, in the words of the report. */
  ended: string | null;
  measures: Measured[];
}

export interface Measured {
  name: string;
  shown: string;
  /** In the unit that was wanted; null for a word. */
  value: number | null;
}
