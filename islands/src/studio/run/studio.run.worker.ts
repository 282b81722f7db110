// Runs designs away from the page. It listens between slices, so a run can be held, let go, stopped
// and replaced; reports are read here, and the page is given what it shows.
import init, { Run } from 'octo-engine/octo.js';
import wasm from 'octo-engine/octo_bg.wasm?url';
import { problemsOf } from '../../shared/problems.ts';
import { beats, meanwhile } from '../../shared/pulse.ts';
import { FIRST, breath, nextSlice } from '../../shared/slices.ts';
import type { Report } from './report.ts';
import type { Begin, News, Order } from './run.messages.ts';
import { since } from './series.ts';
import { handed } from './traces.ts';

/** How often the page hears of a run, at most; a report in full is made for it [ms]. */
const LIVE_MS = 75;
/** A report of a large design takes long to make: so many times as long is run between two. */
const LIVE_COST = 4;
/** Steps of a run that is held and goes on a little. */
const LEAST = 300;

const ready = init({ module_or_path: wasm });
const beat = beats((alive) => self.postMessage(alive));
let current: { order: Begin; until: number; stopped: boolean } | null = null;
let wake = () => {};

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  if (order.kind === 'begin') {
    const begun = { order, until: order.until, stopped: false };
    current = begun;
    work(begun).catch((thrown: unknown) => say({ kind: 'wrong', ticket: order.ticket, problems: problemsOf(thrown) }));
  } else if (order.ticket === current?.order.ticket) {
    if (order.kind === 'until') current.until = order.until;
    else current.stopped = true;
  }
  wake();
};

async function work(mine: NonNullable<typeof current>): Promise<void> {
  await meanwhile(ready, beat);
  if (current !== mine) return;
  const { order } = mine;
  const run = new Run(order.document, '{}', order.seed);
  try {
    if (order.traces) run.trace();
    const done = await toTheEnd(run, mine);
    if (current !== mine) return;
    const report = JSON.parse(run.report()) as Report;
    if (report.traces) report.traces = handed(report.traces);
    say({ kind: 'done', ticket: order.ticket, id: run.id(), report, isWhole: done >= 1 });
  } finally {
    run.free();
  }
}

/** The share that was run: less than 1 if it was stopped. */
async function toTheEnd(run: Run, mine: NonNullable<typeof current>): Promise<number> {
  let [events, done, handled, told, points, wait] = [FIRST, 0, 0, performance.now(), 0, LIVE_MS];
  while (current === mine && !mine.stopped) {
    if (done >= mine.until) {
      if (mine.order.live) points = tell(run, mine.order.ticket, done, points);
      await meanwhile(new Promise<void>((heard) => (wake = heard)), beat);
      continue;
    }
    // Not far beyond where it is to be held.
    const left = done > 0 && mine.until < 1 ? Math.max(LEAST, (handled / done) * (mine.until - done)) : events;
    const slice = Math.ceil(mine.until < 1 && done === 0 ? LEAST : Math.min(events, left));
    const began = performance.now();
    done = run.advance(slice);
    handled += slice;
    beat();
    if (done >= 1) return done;
    const now = performance.now();
    if (slice === events) events = nextSlice(events, now - began);
    if (mine.order.live && now - told > wait) {
      points = tell(run, mine.order.ticket, done, points);
      told = performance.now();
      wait = Math.max(LIVE_MS, LIVE_COST * (told - now));
    }
    await breath();
  }
  return done;
}

/** Tells what happened since the last time; how many points the page now has. */
function tell(run: Run, ticket: number, done: number, points: number): number {
  const report = JSON.parse(run.report()) as Report;
  say({ kind: 'live', ticket, done, live: { series: since(report.series, points), window_ns: report.window_ns } });
  return report.series.at_ns.length;
}

function say(news: News): void {
  self.postMessage(news);
}
