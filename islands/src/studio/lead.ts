// Where the focus goes when what it stood on gives way to something else: to the heading of what is chosen
// now, so that the next Tab comes to its first field. What is chosen is the business of the studio.
import { tick } from 'svelte';

/** The heading of what is chosen, in the settings or in the outline. */
export const CHOSEN = 'studio-chosen';
/** The button that runs, holds and plays. */
export const RUNS = 'studio-runs';

/** On a small screen the panels may be far below. */
export async function toPanels(): Promise<void> {
  if (matchMedia('(min-width: 760px)').matches) return;
  await tick();
  document.querySelector('.studio-dock > .studio-tabs')?.scrollIntoView({ block: 'start' });
}

/** Once the page has been drawn: sooner, it would be laid out for the focus alone, and then again. */
export async function lead(id: string): Promise<void> {
  await tick();
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  document.getElementById(id)?.focus();
}
