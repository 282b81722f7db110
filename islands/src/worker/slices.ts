// How much of a run is done before the worker listens again.

export const FIRST = 20_000;
const WANTED_MS = 30;

/** The events of the next slice, from how long the last one took. At most twice as many, because
 * the first slices of a run are cheaper than those of a full system. */
export function nextSlice(events: number, tookMs: number): number {
  const right = tookMs > 0 ? (events * WANTED_MS) / tookMs : events * 2;
  return Math.round(Math.min(Math.max(right, 1_000), events * 2, 5_000_000));
}
