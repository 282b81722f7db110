// What is wrong with a design, as the engine tells it, and a fault of the engine in the same form.

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
  return [{ severity: 'error', path: '', line: null, column: null, message, suggestion: 'Try it again; if it stops again, reload the page.' }];
}
