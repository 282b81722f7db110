// The door to a worker that holds an engine: it is begun when it is first needed, and ended when it
// fails or falls silent, so that the next question finds a sound one. What is asked and told is not here.
import { type Alive, Pulse } from './pulse.ts';

/** What the one is told who waits for a worker that says nothing any more. */
export const SILENT = 'it did not answer any more, so it was ended';

export class Door<Order, News extends object> {
  #worker: Worker | null = null;
  readonly #begin: () => Worker;
  readonly #hear: (news: News) => void;
  readonly #failed: (cause: string) => void;
  readonly #pulse = new Pulse(() => {
    this.end();
    this.#failed(SILENT);
  });

  /** `begin` makes the worker itself, since the bundler looks for its address in the code. */
  constructor(begin: () => Worker, hear: (news: News) => void, failed: (cause: string) => void) {
    this.#begin = begin;
    this.#hear = hear;
    this.#failed = failed;
  }

  /** Fetches the engine, so that the first question need not wait for it. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  say(order: Order): void {
    this.warm();
    this.#worker?.postMessage(order);
  }

  /** Says it only to a worker that is at work. */
  add(order: Order): void {
    this.#worker?.postMessage(order);
  }

  /** Whether the worker is to be at work now: while it is, silence is taken for its end. Only for workers
   * that say `Alive`. */
  expects(is: boolean): void {
    if (is && this.#worker) this.#pulse.expect();
    else this.#pulse.rest();
  }

  /** Ends whatever it does, even if it does not listen. */
  end(): void {
    this.#pulse.forget();
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = this.#begin();
    worker.onmessage = ({ data }: MessageEvent<News | Alive>) => {
      this.#pulse.heard();
      if (!isAlive(data)) this.#hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.end();
      this.#failed(event.message || 'it could not be loaded');
    };
    worker.onmessageerror = () => {
      this.end();
      this.#failed('what it said could not be read');
    };
    return worker;
  }
}

function isAlive(news: object): news is Alive {
  return 'kind' in news && news.kind === 'alive';
}
