// The engine behind `engine.ts`: one question, one answer. Types are converted only.
import init, { Run } from 'octo-engine/octo.js';
import wasm from 'octo-engine/octo_bg.wasm?url';
import type { Answer, Asked } from './engine.messages.ts';

const ready = init({ module_or_path: wasm });

self.onmessage = ({ data: asked }: MessageEvent<Asked>) => {
  answer(asked).then(
    (value) => say({ ticket: asked.ticket, value }),
    (wrong: unknown) => say({ ticket: asked.ticket, wrong: wrong instanceof Error ? wrong.message : String(wrong) }),
  );
};

async function answer(asked: Asked): Promise<unknown> {
  await ready;
  switch (asked.kind) {
    case 'check':
      return check(asked.document);
    case 'version':
      return '';
  }
}

/** The problems of a design are what a run of it is refused for. */
function check(document: string): unknown {
  try {
    new Run(document, '{}', '1').free();
    return [];
  } catch (thrown) {
    if (typeof thrown !== 'string') throw thrown;
    return JSON.parse(thrown);
  }
}

function say(answer: Answer): void {
  self.postMessage(answer);
}
