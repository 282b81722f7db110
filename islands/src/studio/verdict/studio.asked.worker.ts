// The engine behind `asked.ts`: one question, its progress, one answer. What a number or a verdict means
// is decided in the engine; how it reads, in `told.ts`.
import init, { Pool, Run, Search, check, instant, napkin } from 'octo-studio/octo.js';
import wasm from 'octo-studio/octo_bg.wasm?url';
import { type Problem, problemsOf } from '../../shared/problems.ts';
import { beats, meanwhile } from '../../shared/pulse.ts';
import { FIRST, breath, nextSlice, toTheEnd } from '../../shared/slices.ts';
import type { Answer, Enough, Judged, Kind, Progress, Question } from './asked.ts';
import { ablated, broken, capacity, judged, type ToldVerdict, unjudged } from './told.ts';

/** How often the page hears how far it is [ms]. */
const TOLD_MS = 100;

const ready = init({ module_or_path: wasm });
const beat = beats((alive) => self.postMessage(alive));

/** Somebody has waited long enough: what is known by now is the answer. */
let isEnough = false;

self.onmessage = ({ data: question }: MessageEvent<Question | Enough>) => {
  if (question.kind === 'enough') {
    isEnough = true;
    return;
  }
  answer(question).then(
    (value) => say({ kind: 'done', value }),
    (thrown: unknown) => say({ kind: 'wrong', problems: problemsOf(thrown) }),
  );
};

async function answer(question: Question): Promise<unknown> {
  await meanwhile(ready, beat);
  switch (question.kind) {
    case 'search': return found(question.search, question.document, question.seed, question.most);
    case 'runs': return ran(question.documents, question.seeds);
    case 'instant': return JSON.parse(instant(question.document));
    case 'estimate': return JSON.parse(napkin(question.text));
  }
}

async function found(kind: Kind, document: string, seed: string, most: number): Promise<unknown> {
  switch (kind) {
    case 'judge': return judgedBy(document, seed, most);
    case 'break': return broken(await searched(kind, document, seed, most));
    case 'capacity': return capacity(await searched(kind, document, seed, most));
    case 'ablate': {
      const told = await searched<Parameters<typeof ablated>[0]>(kind, document, seed, most);
      const now = isEnough ? {} : (await judgedBy(document, seed, MOST_JUDGED)).requirements;
      return ablated(told, Object.keys(now).filter((id) => now[id]?.verdict === 'missed'));
    }
  }
}

const MOST_JUDGED = 20;
const STOPPED = 'it was stopped, so what is undecided may be told by more runs';

/** Runs with one seed after the other, until they tell or more would not help. */
async function judgedBy(document: string, seed: string, most: number): Promise<Judged> {
  const tell = teller();
  const pool = new Pool();
  try {
    for (let wanted = 1; ; ) {
      for (const until = Math.min(most, pool.count() + wanted); pool.count() < until && !isEnough; ) {
        const run = new Run(document, '{}', String(BigInt(seed) + BigInt(pool.count())));
        try {
          run.watch();
          // A run that was cut short would be taken for a whole one.
          if (await toTheEnd(run, () => !isEnough, () => tell({ runs: pool.count(), of: until, trying: '' }))) pool.add(run);
        } finally {
          run.free();
        }
      }
      if (pool.count() === 0) throw new Error('it was stopped');
      const { verdicts, more } = JSON.parse(pool.verdicts()) as { verdicts: Record<string, ToldVerdict>; more: number | null };
      if (more === null || pool.count() >= most || isEnough) {
        const { problems } = JSON.parse(check(document)) as { problems: Problem[] };
        const told = judged({ ...verdicts, ...unjudged(problems) }, JSON.parse(pool.explain()), pool.count());
        return isEnough && more !== null ? { ...told, stopped: STOPPED } : told;
      }
      wanted = more;
    }
  } finally {
    pool.free();
  }
}

async function searched<Told>(kind: Exclude<Kind, 'judge'>, document: string, seed: string, most: number): Promise<Told> {
  const search = new Search(kind, document, '{}', seed, most);
  try {
    const tell = teller();
    for (let events = FIRST; ; ) {
      const began = performance.now();
      if (isEnough) search.stop();
      const { done, ...progress } = JSON.parse(search.advance(events)) as Progress & { done: boolean };
      if (done) return JSON.parse(search.result()) as Told;
      events = nextSlice(events, performance.now() - began);
      tell(progress);
      await breath();
    }
  } finally {
    search.free();
  }
}

/** One list of reports for each document. */
async function ran(documents: readonly string[], seeds: readonly string[]): Promise<unknown> {
  const tell = teller();
  const all: unknown[][] = documents.map(() => []);
  for (const [number, seed] of seeds.entries()) {
    for (const [which, document] of documents.entries()) {
      const run = new Run(document, '{}', seed);
      try {
        await toTheEnd(run, () => true, () => tell({ runs: number * documents.length + which, of: seeds.length * documents.length, trying: '' }));
        all[which]?.push(JSON.parse(run.report()));
      } finally {
        run.free();
      }
    }
  }
  return all;
}

function teller(): (progress: Progress) => void {
  let told = 0;
  return (progress) => {
    beat();
    const now = performance.now();
    if (now - told < TOLD_MS) return;
    told = now;
    say({ kind: 'progress', progress });
  };
}

function say(answer: Answer): void {
  self.postMessage(answer);
}
