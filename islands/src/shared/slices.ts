// How much of a run is done before the worker listens again.

export const FIRST = 20_000;
const WANTED_MS = 30;

/** The events of the next slice, from how long the last one took. At most twice as many, because
 * the first slices of a run are cheaper than those of a full system. */
export function nextSlice(events: number, tookMs: number): number {
  const right = tookMs > 0 ? (events * WANTED_MS) / tookMs : events * 2;
  return Math.round(Math.min(Math.max(right, 1_000), events * 2, 5_000_000));
}

const channel = typeof MessageChannel === 'undefined' ? null : new MessageChannel();
/** Several runs may draw breath at once: a newer one and the one that makes room for it. */
const waiting: (() => void)[] = [];
if (channel) channel.port1.onmessage = () => waiting.shift()?.();

/** Lets messages in between two slices; a timer would wait for milliseconds. */
export function breath(): Promise<void> {
  return new Promise((done) => {
    waiting.push(done);
    channel?.port2.postMessage(null);
  });
}

/** Runs to the end and listens between slices; false if it was given up on the way. */
export async function toTheEnd(run: { advance(events: number): number }, goesOn: () => boolean, tell: (done: number) => void): Promise<boolean> {
  for (let events = FIRST; goesOn(); ) {
    const began = performance.now();
    const done = run.advance(events);
    if (done >= 1) return true;
    events = nextSlice(events, performance.now() - began);
    tell(done);
    await breath();
  }
  return false;
}
