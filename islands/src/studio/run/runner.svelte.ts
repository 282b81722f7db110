// Running and watching: the worker of runs, what it tells, and the clock of what is shown. The clock
// moves through a run that is being made as through one that was made; a run that is held waits at
// the clock. What it looks like is the business of the components.
import { Door } from '../../shared/door.ts';
import { type Problem, problemsOf } from '../../shared/problems.ts';
import { type Design, at, text } from '../document.ts';
import type { Studio } from '../studio.svelte.ts';
import { OF_THE_ASKING, digestOf, gaps, type Prediction } from './prediction.ts';
import { isAsked, keepPrediction, keptPredictions } from './predictions.ts';
import { type FaultReport, type Report, type Series, type Trace, lastsNs } from './report.ts';
import type { News, Order } from './run.messages.ts';
import { type Ran, type Runs, runsOf } from './runs.svelte.ts';
import { NOTHING, joined } from './series.ts';

/** A whole run is shown in so many seconds, unless somebody says otherwise. */
const SHOW_S = 8;
/** How often what hangs on the clock is drawn anew [ms]. */
const DRAW_MS = 45;
/** A run by a slider is run again in full when the slider rests for so long [ms]. */
const RESTED_MS = 500;
export const SEED = '1';

/** What charts and canvas show. */
export interface Shown {
  design: Design;
  series: Series;
  lastsNs: number;
  traces: readonly Trace[];
  faults: readonly FaultReport[];
  /** Null while the first run is under way. */
  report: Report | null;
}

interface Job {
  ticket: number;
  design: Design;
  digest: string;
  prediction: Prediction | null;
  /** By a slider: quick, and not kept. */
  quick: boolean;
  /** Never run before, so that a prediction was one. */
  isNew: boolean;
  asked: number;
}

export class Runner {
  readonly studio: Studio;
  readonly runs: Runs;
  isRunning = $state(false);
  isPlaying = $state(false);
  /** How much of the run is made. */
  done = $state(0);
  /** The moment that is shown [ns]. */
  clock = $state(0);
  /** Simulated seconds in a second; null for the usual. */
  pace: number | null = $state(null);
  problems: readonly Problem[] = $state.raw([]);
  /** The run was lost with its worker, through no fault of its design: to run it again may well do. */
  isLost = $state(false);
  /** What is being made, as far as it is. */
  live: { design: Design; series: Series; window_ns: [number, number] } | null = $state.raw(null);
  /** What a slider asked for last. */
  quick: Ran | null = $state.raw(null);
  /** From a change of a slider to its answer [ms]. */
  tookMs: number | null = $state(null);
  /** What is predicted of the design that runs next. */
  draft: Prediction | null = $state.raw(null);
  isAsked = $state(isAsked());
  /** Somebody pressed Run and is to say first what they expect: their focus goes there. */
  asksNow = $state(false);
  /** A request that is followed, and the hop that is looked at. */
  followed: { trace: Trace; hop: number } | null = $state.raw(null);

  /** The clock between two drawings [ns], for what moves. */
  fine = 0;
  readonly #door = new Door<Order, News>(
    () => new Worker(new URL('./studio.run.worker.ts', import.meta.url), { type: 'module' }),
    (news) => this.#hear(news),
    (cause) => {
      this.#fail(problemsOf(cause).map((problem) => ({ ...problem, suggestion: 'Nothing is lost but this run; another engine is ready.' })), true);
      // The next run need not wait for another engine.
      this.warm();
    },
  );
  #job: Job | null = null;
  #tickets = 0;
  #rested = 0;
  #last = 0;
  #drawn = 0;
  #ticking = false;

  readonly shown: Shown | null = $derived.by(() => {
    if (this.live) return { design: this.live.design, series: this.live.series, lastsNs: this.live.window_ns[1], traces: [], faults: [], report: null };
    const ran = this.quick ?? this.runs.chosen;
    if (!ran) return null;
    const { design, report } = ran;
    return { design, report, series: report.series, lastsNs: lastsNs(report), traces: report.traces ?? [], faults: report.faults ?? [] };
  });

  /** Whether a run is made before the eyes of whoever asked for it. */
  readonly isMaking: boolean = $derived(this.isRunning && this.live !== null);

  /** Whether what is shown is of the design that is open. */
  readonly isOfNow: boolean = $derived.by(() => this.shown !== null && isSame(this.shown.design, this.studio.design));

  constructor(studio: Studio) {
    this.studio = studio;
    this.runs = runsOf(studio);
    // Of a run of an earlier visit its end is shown.
    void this.runs.resumed.then(() => {
      if (this.clock === 0 && !this.isRunning && this.lastsNs > 0) this.#set(this.lastsNs);
    });
  }

  get lastsNs(): number {
    return this.shown?.lastsNs ?? 0;
  }

  /** [simulated s in a second] */
  get paceNow(): number {
    return this.pace ?? Math.max(this.lastsNs / 1e9 / SHOW_S, 1e-6);
  }

  /** Whether a prediction is asked for before this design runs. */
  get wantsPrediction(): boolean {
    const digest = digestOf(this.studio.design);
    return this.isAsked && this.draft?.digest !== digest && !this.runs.knows(digest) && !keptPredictions().some((kept) => kept.digest === digest);
  }

  warm(): void {
    this.#door.warm();
  }

  /** Runs the design that is open, from its beginning. */
  run(): void {
    if (this.studio.isBlank) return;
    const digest = digestOf(this.studio.design);
    const prediction = this.draft?.digest === digest ? this.draft : null;
    this.quick = null;
    this.followed = null;
    this.clock = 0;
    this.fine = 0;
    this.isPlaying = true;
    this.live = { design: this.studio.design, series: NOTHING, window_ns: [0, 0] };
    this.#begin({ design: this.studio.design, digest, prediction, quick: false });
    this.#tick(0);
  }

  /** Runs it at once and without a word: a slider moved. When it rests, the run is kept. */
  rerun(): void {
    clearTimeout(this.#rested);
    if (this.studio.isBlank) return;
    this.isPlaying = false;
    this.live = null;
    this.#begin({ design: this.studio.design, digest: digestOf(this.studio.design), prediction: null, quick: true });
    this.#rested = window.setTimeout(() => this.#keepQuick(), RESTED_MS);
  }

  /** Holds the clock, and with it the run. */
  pause(): void {
    this.isPlaying = false;
    if (this.isRunning) this.#order({ kind: 'until', ticket: this.#tickets, until: this.#shareOfClock() });
    this.studio.said = `Paused at ${Math.round(this.clock / 1e8) / 10} seconds.`;
  }

  play(): void {
    if (!this.shown) return;
    if (!this.isRunning && this.clock >= this.lastsNs) this.#set(0);
    this.isPlaying = true;
    if (this.isRunning) this.#order({ kind: 'until', ticket: this.#tickets, until: 1 });
    this.#tick(0);
  }

  /** One point of the series on. */
  step(): void {
    const { shown } = this;
    if (!shown) return;
    if (this.isPlaying) this.pause();
    const next = shown.series.at_ns.find((at) => at > this.clock + 1);
    if (next !== undefined) this.#set(next);
    else if (this.isRunning) {
      // The run is taken a little further, and the clock follows when that is told.
      this.#stepping = true;
      this.#order({ kind: 'until', ticket: this.#tickets, until: Math.min(1, this.done + 1 / 120) });
    }
  }
  #stepping = false;

  seek(ns: number): void {
    this.#set(Math.min(Math.max(0, ns), this.lastsNs));
  }

  slower(): void {
    this.pace = this.paceNow / 2;
  }

  faster(): void {
    this.pace = this.paceNow * 2;
  }

  /** Ends the run here; what has run is shown. */
  stop(): void {
    if (!this.isRunning) return;
    this.isPlaying = false;
    this.#order({ kind: 'stop', ticket: this.#tickets });
  }

  follow(trace: Trace, hop = 0): void {
    this.isPlaying = false;
    this.followed = { trace, hop };
    const span = trace.spans[hop];
    if (span) this.#set(span.sent_ns);
  }

  unfollow(): void {
    this.followed = null;
  }

  #shareOfClock(): number {
    return this.lastsNs > 0 ? this.clock / this.lastsNs : 0;
  }

  #set(ns: number): void {
    this.clock = ns;
    this.fine = ns;
  }

  #begin(job: Omit<Job, 'ticket' | 'asked' | 'isNew'>): void {
    this.warm();
    const ticket = ++this.#tickets;
    this.#job = { ...job, ticket, isNew: !this.runs.knows(job.digest), asked: performance.now() };
    this.problems = [];
    this.isLost = false;
    this.isRunning = true;
    this.done = 0;
    const document = JSON.stringify(job.design);
    this.#order({ kind: 'begin', ticket, document, seed: SEED, traces: !job.quick, live: this.live !== null, until: 1 });
    this.#door.expects(true);
  }

  #order(order: Order): void {
    this.#door.add(order);
  }

  /** What the last slider asked for becomes a run like others, with requests to follow. */
  #keepQuick(): void {
    if (this.#job?.quick && this.isRunning) {
      this.#rested = window.setTimeout(() => this.#keepQuick(), RESTED_MS);
      return;
    }
    if (!this.quick || this.live) return;
    this.#begin({ design: this.quick.design, digest: this.quick.digest, prediction: null, quick: false });
  }

  #hear(news: News): void {
    const job = this.#job;
    if (!job || news.ticket !== job.ticket) return;
    switch (news.kind) {
      case 'live':
        this.done = news.done;
        if (this.live) this.live = { ...this.live, series: joined(this.live.series, news.live.series), window_ns: news.live.window_ns };
        if (this.#stepping && this.live) {
          this.#stepping = false;
          this.#set(this.live.series.at_ns.at(-1) ?? this.clock);
        }
        break;
      case 'done': return this.#finish(job, news);
      case 'wrong': return this.#fail(news.problems);
    }
  }

  #finish(job: Job, { id, report, isWhole }: Extract<News, { kind: 'done' }>): void {
    const ran: Ran = { id, seed: SEED, title: text(at(job.design, 'title')), design: job.design, digest: job.digest, report, prediction: job.prediction, at: Date.now() };
    const wasLive = this.live !== null;
    this.#door.expects(false);
    this.isRunning = false;
    this.done = 1;
    if (job.quick) {
      this.quick = ran;
      this.tookMs = performance.now() - job.asked;
      if (this.clock === 0 || this.clock > lastsNs(report)) this.#set(lastsNs(report));
      return;
    }
    this.live = null;
    this.quick = null;
    this.runs.add(ran);
    if (job.prediction && job.isNew) keepPrediction({ run: id, digest: job.digest, title: ran.title, gaps: gaps(job.prediction, report), at: ran.at }, ran);
    if (job.prediction && this.draft === job.prediction) this.draft = null;
    if (!wasLive) return;
    if (isCalm() && this.isPlaying) {
      this.isPlaying = false;
      this.#set(lastsNs(report));
    }
    this.studio.said = isWhole ? `The run is made${report.bottleneck ? `; ${report.bottleneck} is the busiest` : ''}.` : 'The run was stopped; what has run is shown.';
  }

  #fail(problems: Problem[], isLost = false): void {
    this.#door.end();
    this.#job = null;
    this.isRunning = false;
    this.isPlaying = false;
    this.live = null;
    this.problems = problems;
    this.isLost = isLost;
    this.studio.said = problems[0]?.message ?? 'The run failed.';
  }

  /** Moves the clock while it plays, as far as the run is made. */
  #tick(now: number): void {
    // One clock is enough, however often it is wound.
    if (now === 0 && this.#ticking) return;
    this.#ticking = this.isPlaying;
    if (!this.isPlaying) {
      this.#last = 0;
      return;
    }
    if (now > 0) {
      const passed = this.#last > 0 ? Math.min(now - this.#last, 250) : 0;
      this.#last = now;
      const made = this.live ? (this.live.series.at_ns.at(-1) ?? 0) : this.lastsNs;
      this.fine = Math.min(this.fine + passed * 1e6 * this.paceNow, made);
      const isOver = !this.isRunning && made > 0 && this.fine >= made;
      if (now - this.#drawn >= DRAW_MS || isOver) {
        this.#drawn = now;
        this.clock = this.fine;
      }
      if (isOver) this.isPlaying = false;
    }
    requestAnimationFrame((then) => this.#tick(then));
  }
}

export function isCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Whether two designs run alike: whatever the diagram, the title, or what is asked of them. */
export function isSame(a: Design, b: Design): boolean {
  if (a === b) return true;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of OF_THE_ASKING) keys.delete(key);
  return [...keys].every((key) => a[key] === b[key]) || digestOf(a) === digestOf(b);
}

const all = new WeakMap<Studio, Runner>();

/** The runner of a studio: one and the same for all its panels. */
export function runnerOf(studio: Studio): Runner {
  const known = all.get(studio);
  if (known) return known;
  const runner = new Runner(studio);
  all.set(studio, runner);
  return runner;
}
