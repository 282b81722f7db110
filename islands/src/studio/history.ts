// Undo and redo by snapshots: a design is never changed in place, so each is kept as it is and
// shares with its neighbours whatever did not change.
import type { Comments } from './comments.ts';
import { type Design } from './document.ts';

/** Older steps are forgotten. */
export const KEPT = 2_000;

export interface Step {
  design: Design;
  /** What was done to get here, as words for a button: "move web". */
  what: string;
  /** What is said about it in its text. */
  comments?: Comments;
}

export interface History {
  past: readonly Step[];
  now: Step;
  future: readonly Step[];
}

export function begin(design: Design, comments?: Comments): History {
  return { past: [], now: { design, what: '', ...(comments ? { comments } : {}) }, future: [] };
}

/** One step further. A step that says it belongs to the last one (`merge`) takes its place, so that
 * typing a word is undone at once. */
export function commit(history: History, design: Design, what: string, merge = false, comments = history.now.comments): History {
  if (design === history.now.design) return history;
  const joins = merge && history.past.length > 0 && history.now.what === what && history.future.length === 0;
  const past = joins ? history.past : [...history.past.slice(-KEPT + 1), history.now];
  return { past, now: { design, what, ...(comments ? { comments } : {}) }, future: [] };
}

export function undo({ past, now, future }: History): History {
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : { past, now, future };
}

export function redo({ past, now, future }: History): History {
  const [next, ...later] = future;
  return next ? { past: [...past, now], now: next, future: later } : { past, now, future };
}
