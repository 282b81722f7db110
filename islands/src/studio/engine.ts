// The page's only door to the engine. It lives in a worker, so nothing here blocks the page; a
// worker that died is begun anew with the next question, and nothing of the design is lost with it.
import { Door } from '../shared/door.ts';
import { type Problem, problemsOf } from '../shared/problems.ts';
import type { Answer, Asked, Question } from './engine.messages.ts';
import type { Design } from './document.ts';

export type { Problem };

/** A question longer than this is given up, and its worker with it. */
const PATIENCE_MS = 30_000;

interface Waiting {
  resolve(value: never): void;
  reject(wrong: EngineStopped): void;
  timer: number;
}

/** The worker died or did not answer; the next question begins another. */
export class EngineStopped extends Error {
  readonly problems: Problem[];

  constructor(cause: unknown) {
    const problems = problemsOf(cause);
    super(problems[0]?.message ?? 'The engine stopped.');
    this.problems = problems;
  }
}

export class Engine {
  #count = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #door = new Door<Asked, Answer>(
    () => new Worker(new URL('./studio.worker.ts', import.meta.url), { type: 'module' }),
    (answer) => this.#hear(answer),
    (cause) => this.#end(cause),
  );

  /** Fetches the engine, so that the first question need not wait for it. */
  warm(): void {
    this.#door.warm();
  }

  /** What keeps this design from running, and what is worth knowing about it; empty if nothing. */
  async check(design: Design): Promise<Problem[]> {
    return this.#ask({ kind: 'check', document: JSON.stringify(design) });
  }

  /** The version of the meaning of results. */
  async version(): Promise<string> {
    return this.#ask({ kind: 'version' });
  }

  /** Ends whatever the engine does. */
  stop(): void {
    this.#end('it was stopped');
  }

  #ask<Result>(question: Question): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const ticket = ++this.#count;
      const timer = window.setTimeout(() => this.#end('it did not answer in time'), PATIENCE_MS);
      this.#waiting.set(ticket, { resolve: resolve as (value: never) => void, reject, timer });
      this.#door.say({ ...question, ticket });
    });
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.ticket);
    if (!waiting) return;
    this.#waiting.delete(answer.ticket);
    clearTimeout(waiting.timer);
    if ('wrong' in answer) {
      waiting.reject(new EngineStopped(answer.wrong));
      // After a fault of its own the engine is not to be used again.
      this.#end(answer.wrong);
    } else waiting.resolve(answer.value as never);
  }

  #end(cause: string): void {
    this.#door.end();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new EngineStopped(cause));
    }
  }
}
