// A fault that is dropped on the picture becomes one of the design's.
import { at, put } from '../document.ts';
import type { Studio } from '../studio.svelte.ts';

export const FAULT_DRAGGED = 'application/x-octo-fault';

/** Without `lasts` it is over at once, or lasts to the end: what the kind of fault means by it. */
export function addFault(studio: Studio, what: string, from: string, lasts: string | null): void {
  const list = at(studio.design, 'faults');
  const fault = { at: from, ...(lasts ? { lasts } : {}), what };
  studio.do(put(studio.design, ['faults'], [...(Array.isArray(list) ? list : []), fault]), `add the fault ${what}`);
}
