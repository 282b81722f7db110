// What a moment of a run puts on the picture: how busy components are, what waits, and what is wrong.
import type { Design } from '../document.ts';
import type { Mark, Marks } from '../studio.svelte.ts';
import { touches } from './faults.ts';
import { number, rate, share } from './format.ts';
import type { FaultReport, Report, Series } from './report.ts';
import { type Load, loadAt } from './series.ts';

/** From here on a component is in danger: its queue grows faster than its load. */
export const DANGER = 0.8;

/** One and the same, so that arrows without marks are not looked at again. */
const NO_LINKS: Marks['links'] = {};

export function marksOf(series: Series, point: number, faults: readonly FaultReport[], design: Design): Marks {
  const marks: Marks = { components: {}, links: NO_LINKS };
  if (point < 0) return marks;
  for (const name of Object.keys(series.components)) marks.components[name] = markOf(loadAt(series, name, point));
  const now = series.at_ns[point] ?? 0;
  for (const what of under(faults, now)) {
    const touched = touches(what, design);
    for (const name of touched.components) marks.components[name] = { ...marks.components[name], danger: true, words: what };
    for (const key of touched.links) marks.links = { ...marks.links, [key]: { danger: true, words: what.split(' ')[0] ?? '' } };
  }
  return marks;
}

/** How many calls went along each arrow: what moving requests show, for those who ask for no movement. */
export function flowsOf({ links, measured_ns: ns }: Report): Marks['links'] {
  if (ns <= 0) return NO_LINKS;
  return Object.fromEntries(Object.entries(links).map(([key, { calls }]) => [key, { words: rate(calls / (ns / 1e9)) }]));
}

export function markOf(load: Load): Mark {
  const words = [];
  if (load.busy !== null) words.push(`${share(Math.round(load.busy * 100) / 100)} busy`);
  if (load.rejected > 0) words.push(`turns ${rate(load.rejected)} away`);
  else if (load.waiting >= 0.5) words.push(`${number(Math.round(load.waiting))} wait`);
  if (load.backlog > 0) words.push(`${number(load.backlog)} behind`);
  if (words.length === 0) words.push(rate(load.rate));
  const danger = (load.busy ?? 0) >= DANGER || load.rejected > 0;
  return { ...(load.busy === null ? {} : { busy: load.busy }), ...(danger ? { danger } : {}), words: words.join(', ') };
}

/** The faults that last at a moment; one that is over at once is shown for a moment. */
export function under(faults: readonly FaultReport[], now: number): string[] {
  return faults.filter(({ times_ns: times }) => times.some(([from, to]) => from <= now && now <= Math.max(to ?? Infinity, from + 1e9))).map(({ what }) => what);
}
