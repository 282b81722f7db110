// The engine behind `asked.ts`: one question, its progress, one answer. Types are converted only.
import init, { Run, Search, instant, napkin } from 'octo-engine/octo.js';
import wasm from 'octo-engine/octo_bg.wasm?url';
import { problemsOf } from '../../worker/messages.ts';
import { FIRST, nextSlice } from '../../worker/slices.ts';
import type { Answer, Kind, Progress, Question } from './asked.ts';

/** How often the page hears how far it is [ms]. */
const TOLD_MS = 100;

const ready = init({ module_or_path: wasm });

self.onmessage = ({ data: question }: MessageEvent<Question>) => {
  answer(question).then(
    (value) => say({ kind: 'done', value }),
    (thrown: unknown) => say({ kind: 'wrong', problems: problemsOf(thrown) }),
  );
};

async function answer(question: Question): Promise<unknown> {
  await ready;
  switch (question.kind) {
    case 'search': return searched(question.search, question.document, question.seed, question.most);
    case 'runs': return ran(question.documents, question.seeds);
    case 'instant': return JSON.parse(instant(question.document));
    case 'estimate': return JSON.parse(napkin(question.text));
  }
}

function searched(kind: Kind, document: string, seed: string, most: number): unknown {
  const search = new Search(kind, document, seed, most);
  try {
    const tell = teller();
    for (let events = FIRST; ; ) {
      const began = performance.now();
      const { done, runs, trying } = JSON.parse(search.advance(events)) as Progress & { done: boolean };
      if (done) return JSON.parse(search.result());
      events = nextSlice(events, performance.now() - began);
      tell({ runs, trying });
    }
  } finally {
    search.free();
  }
}

/** One list of reports for each document. */
function ran(documents: readonly string[], seeds: readonly string[]): unknown {
  const tell = teller();
  const all: unknown[][] = documents.map(() => []);
  for (const [number, seed] of seeds.entries()) {
    for (const [which, document] of documents.entries()) {
      const run = new Run(document, '{}', seed);
      try {
        for (let events = FIRST; run.advance(events) < 1; ) tell({ runs: number * documents.length + which, trying: '' });
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
    const now = performance.now();
    if (now - told < TOLD_MS) return;
    told = now;
    say({ kind: 'progress', progress });
  };
}

function say(answer: Answer): void {
  self.postMessage(answer);
}
