// Runs experiments away from the page. It listens between slices, so a newer job replaces the
// running one; `terminate()` is the way to stop it altogether.
import init, { Run } from 'octo-engine/octo.js';
import wasm from 'octo-engine/octo_bg.wasm?url';
import { problemsOf } from '../shared/problems.ts';
import { beats, meanwhile } from '../shared/pulse.ts';
import { toTheEnd } from '../shared/slices.ts';
import type { Answer, Job, Result } from './messages.ts';

const ready = init({ module_or_path: wasm });
const beat = beats((alive) => self.postMessage(alive));
let latest = 0;

self.onmessage = ({ data: job }: MessageEvent<Job>) => {
  latest = job.ticket;
  work(job).catch((thrown: unknown) => say({ kind: 'wrong', ticket: job.ticket, problems: problemsOf(thrown) }));
};

async function work(job: Job): Promise<void> {
  await meanwhile(ready, beat);
  const runs: Result[] = [];
  for (const set of job.sets) {
    const result = await one(job, set, runs.length);
    if (!result) return;
    runs.push(result);
  }
  say({ kind: 'done', ticket: job.ticket, runs });
}

/** One run to its end, or nothing if a newer job came. */
async function one(job: Job, set: Record<string, string>, before: number): Promise<Result | null> {
  const run = new Run(job.document, JSON.stringify(set), job.seed);
  try {
    const isDone = await toTheEnd(run, () => latest === job.ticket, (done) => say({ kind: 'progress', ticket: job.ticket, done: (before + done) / job.sets.length }));
    return isDone ? { run: run.id(), ended: run.ended_by() ?? null, measures: JSON.parse(run.measures(JSON.stringify(job.wanted))) } : null;
  } finally {
    run.free();
  }
}

function say(answer: Answer): void {
  self.postMessage(answer);
}
