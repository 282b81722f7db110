// What a page and its worker say to each other.

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

export interface Problem {
  severity: 'note' | 'error';
  path: string;
  line: number | null;
  column: number | null;
  message: string;
  suggestion: string | null;
}

/** What was thrown, as problems: the engine throws a JSON list of them, anything else is a fault
 * of ours and says so. */
export function problemsOf(thrown: unknown): Problem[] {
  if (typeof thrown === 'string') {
    try {
      const list: unknown = JSON.parse(thrown);
      if (Array.isArray(list)) return list as Problem[];
    } catch {
      // Not from the engine after all.
    }
  }
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `The engine stopped in this browser (${cause}).`;
  return [{ severity: 'error', path: '', line: null, column: null, message, suggestion: 'Reload the page; the server can run the figure without it.' }];
}
