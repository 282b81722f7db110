// How the arrow keys turn whatever is turned: by one step, with Shift or a page key by ten.

const WAYS: Record<string, number> = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };
const PAGES: Record<string, number> = { PageUp: 10, PageDown: -10 };

/** So many steps, forwards or back; 0 for a key that turns nothing. */
export function stepsOf({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): number {
  return (WAYS[key] ?? 0) * (shiftKey ? 10 : 1) || (PAGES[key] ?? 0);
}
