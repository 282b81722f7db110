// How a page notices a worker that died or hangs without a word: the worker says that it lives, and the
// page listens while it waits for something. What either does otherwise is not here.

/** What a worker says that is at work and has nothing to tell yet. */
export interface Alive {
  kind: 'alive';
}

/** How often a worker says that it lives, at most [ms]. */
const BEAT_MS = 500;
/** The page looks so often [ms]. */
const LOOK_MS = 1_000;
/** So many looks without a word, and a worker is given up. */
const SILENT = 10;
/** Of one that has not spoken yet: it is being fetched, on whatever line. */
const FETCHED = 60;

/** Listens to a worker while something is expected of it. A page that slept has looked once meanwhile, however
 * long it slept, so what the worker said in that time is heard before it is given up. */
export class Pulse {
  #looks = 0;
  #hasSpoken = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #silent: () => void;

  constructor(silent: () => void) {
    this.#silent = silent;
  }

  /** Something is expected from here on. */
  expect(): void {
    this.#looks = 0;
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  /** A word came, whatever it was. */
  heard(): void {
    this.#looks = 0;
    this.#hasSpoken = true;
  }

  /** Nothing is expected any more. */
  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Another worker takes the place of this one. */
  forget(): void {
    this.rest();
    this.#hasSpoken = false;
  }

  #look(): void {
    this.#looks++;
    if (this.#looks < (this.#hasSpoken ? SILENT : FETCHED)) return;
    this.forget();
    this.#silent();
  }
}

/** The worker's side: to be called wherever its work goes on. Says it at most a few times a second. */
export function beats(say: (alive: Alive) => void): () => void {
  let said = -Infinity;
  return () => {
    const now = performance.now();
    if (now - said < BEAT_MS) return;
    said = now;
    say({ kind: 'alive' });
  };
}

/** Waits for what takes as long as it takes, the engine on its way or a word of the page, and says meanwhile
 * that somebody waits. */
export async function meanwhile<Awaited>(awaited: Promise<Awaited>, beat: () => void): Promise<Awaited> {
  beat();
  const timer = setInterval(beat, BEAT_MS);
  try {
    return await awaited;
  } finally {
    clearInterval(timer);
  }
}
