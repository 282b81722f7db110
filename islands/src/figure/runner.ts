// The figure's side of its worker: one job at a time, the latest one counts.
import { Door } from '../shared/door.ts';
import { problemsOf } from '../shared/problems.ts';
import type { Answer, Job } from './messages.ts';

export class Runner {
  readonly #door: Door<Job, Answer>;
  #ticket = 0;

  constructor(hear: (answer: Answer) => void) {
    this.#door = new Door(
      () => new Worker(new URL('./sim.worker.ts', import.meta.url), { type: 'module' }),
      (answer) => {
        if (answer.ticket !== this.#ticket) return;
        if (answer.kind !== 'progress') this.#door.expects(false);
        // After a fault of its own the engine is not to be used again.
        if (answer.kind === 'wrong') this.stop();
        hear(answer);
      },
      (cause) => hear({ kind: 'wrong', ticket: ++this.#ticket, problems: problemsOf(cause) }),
    );
  }

  /** Fetches the engine, so that the first run need not wait for it. */
  warm(): void {
    this.#door.warm();
  }

  run(job: Omit<Job, 'ticket'>): void {
    this.#door.say({ ...job, ticket: ++this.#ticket });
    this.#door.expects(true);
  }

  /** What is on its way is no longer wanted. */
  forget(): void {
    this.#ticket++;
    this.#door.expects(false);
  }

  /** Ends whatever runs, even if it does not listen. */
  stop(): void {
    this.#ticket++;
    this.#door.end();
  }
}
