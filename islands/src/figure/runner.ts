// The page's side of the worker: one job at a time, the latest one counts.
import { type Answer, type Job, problemsOf } from '../worker/messages.ts';

export class Runner {
  #worker: Worker | null = null;
  #ticket = 0;
  readonly #hear: (answer: Answer) => void;

  constructor(hear: (answer: Answer) => void) {
    this.#hear = hear;
  }

  /** Fetches the engine, so that the first run need not wait for it. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  run(job: Omit<Job, 'ticket'>): void {
    this.warm();
    this.#worker?.postMessage({ ...job, ticket: ++this.#ticket } satisfies Job);
  }

  /** What is on its way is no longer wanted. */
  forget(): void {
    this.#ticket++;
  }

  /** Ends whatever runs, even if it does not listen. */
  stop(): void {
    this.#ticket++;
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = new Worker(new URL('../worker/sim.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.ticket !== this.#ticket) return;
      // After a fault of its own the engine is not to be used again.
      if (data.kind === 'wrong') this.stop();
      this.#hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop();
      this.#hear({ kind: 'wrong', ticket: this.#ticket, problems: problemsOf(event.message || 'it could not be loaded') });
    };
    return worker;
  }
}
