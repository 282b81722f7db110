// The report of a run as the engine tells it in JSON (`crates/sim/src/report/json.rs`), typed, and
// what people ask of it in units that they read: seconds, shares, dollars. How it is shown is not here.

/** By name: "page", "web". */
export type Named<T> = Record<string, T>;

export interface Report {
  engine: string;
  runs: string[];
  seeds: string[];
  /** Why it ended with requests unanswered; null if it did not. */
  ended_by: string | null;
  events: number;
  measured_ns: number;
  /** When measuring began and ended [ns]. */
  window_ns: [number, number];
  classes: Named<ClassReport>;
  components: Named<ComponentReport>;
  /** By "web -> db". */
  links: Named<LinkReport>;
  settled: Named<Settled>;
  first_saturated: string | null;
  saturated: { component: string; from_ns: number; to_ns: number }[];
  bottleneck: string | null;
  costs: Costs;
  /** By kind of component, or word of a link: what the model leaves out. */
  ignores: Named<string[]>;
  series: Series;
  /** Only where requests were looked at closely. */
  traces?: Trace[];
  faults?: FaultReport[];
  watched?: Watched[];
}

export interface ClassReport {
  sent: number;
  answered: number;
  good: number;
  retries?: number;
  /** By cause: "web: queue full". */
  failed: Named<number>;
  unfinished: number;
  mean_ns: number | null;
  p50_ns: number | null;
  p90_ns: number | null;
  p95_ns: number | null;
  p99_ns: number | null;
  p999_ns: number | null;
  max_ns: number | null;
  throughput_e9_per_s: number | null;
  goodput_e9_per_s: number | null;
  failures_e9_per_s: number | null;
  inside_e9: number | null;
  network_ns: number | null;
  slow: Slow | null;
}

/** Where the slowest twentieth of a class spent its time, as means. */
export interface Slow {
  from_ns: number;
  requests: number;
  mean_ns: number;
  components: Named<Spent>;
}

export interface Spent {
  waiting_ns: number;
  serving_ns: number;
  network_ns: number;
  retrying_ns?: number;
}

export interface ComponentReport {
  kind: string;
  replicas: number;
  /** Of each replica; null if unlimited. */
  workers: number | null;
  visits: number;
  finished: number;
  rejected: number;
  dropped?: number;
  rate_e9_per_s: number | null;
  utilisation_e9: number | null;
  busy_e9: number | null;
  queue_e9: number | null;
  queue_max: number;
  wait_ns: number | null;
  service_ns: number | null;
  time_ns: number | null;
  hits_e9: number | null;
  resident?: number;
  reads?: number;
  stale?: number;
  lost_writes?: number;
  produced?: number;
  deliveries?: number;
  consumed?: number;
  duplicates?: number;
  dead?: number;
  lost?: number;
  backlog?: number;
}

export interface LinkReport {
  calls: number;
  retries?: number;
  hedges?: number;
  lost?: number;
}

export type Settled = 'yes' | 'not steady' | { from_ns: number | null; ratio_e9: number };

export interface Costs {
  month_nano_usd: number | null;
  thousand_nano_usd: number | null;
  fixed_nano_usd_per_month: Named<number>;
  nano_usd_per_million: Named<number>;
  sources: Named<string>;
  not_priced: string[];
}

/** A column for each thing that is counted; one in which nothing happened is left out. */
export interface Series {
  /** When each point ended [ns]. */
  at_ns: number[];
  warmup_points: number;
  classes: Named<ClassColumns>;
  components: Named<ComponentColumns>;
}

export type Column = (number | null)[];
export type ClassColumns = Partial<Record<'sent' | 'answered' | 'good' | 'failed' | 'retries' | 'inside' | 'mean_ns' | 'p50_ns' | 'p99_ns', Column>>;
export type ComponentColumns = Partial<Record<'arrived' | 'rejected' | 'utilisation_e9' | 'busy_e3' | 'queue_e3' | 'replicas' | 'backlog' | 'oldest_ns', Column>>;

export interface Trace {
  request: number;
  class: string;
  sent_ns: number;
  /** Null if it was still under way when the run ended. */
  ended_ns: number | null;
  /** "answered", or component and cause. */
  outcome: string | null;
  /** One of those spread evenly over the run; the others are there because they took longest. */
  sample: boolean;
  cut: boolean;
  spans: Span[];
}

export interface Span {
  /** The call in whose course it was made, by its number in the list; null if the client made it. */
  parent: number | null;
  component: string;
  replica: number | null;
  attempt: number;
  sent_ns: number;
  arrived_ns: number | null;
  began_ns: number | null;
  left_ns: number | null;
  ended_ns: number | null;
  outcome: string | null;
}

export interface FaultReport {
  what: string;
  /** When it began and ended, each time; an end of null is after the run [ns]. */
  times_ns: [number, number | null][];
  /** By class: how long after the end of the fault it was well again; null if it never was. */
  recovery_ns: Named<number | null>;
}

export interface Watched {
  data: string;
  invariant: string;
  checked: number;
  violated: number;
  violations: { at_ns: number; request: number; what: string; story: { at_ns: number; request: number; session?: number; component: string; did: string }[] }[];
}

/** The class that sends most: whom a single number is about. */
export function mainClass(report: Report): string | null {
  const classes = Object.entries(report.classes);
  const most = classes.reduce<[string, ClassReport] | null>((best, one) => (best === null || one[1].sent > best[1].sent ? one : best), null);
  return most?.[0] ?? null;
}

/** Of all requests, how many failed or were never answered; null if none was sent. */
export function errorShare(report: Report): number | null {
  const classes = Object.values(report.classes);
  const sent = sum(classes.map((one) => one.sent));
  return sent === 0 ? null : sum(classes.map((one) => failures(one) + one.unfinished)) / sent;
}

export function failures(of: ClassReport): number {
  return sum(Object.values(of.failed));
}

/** Why requests failed, the commonest first, all classes together. */
export function causes(report: Report): { cause: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { failed } of Object.values(report.classes)) {
    for (const [cause, count] of Object.entries(failed)) counts.set(cause, (counts.get(cause) ?? 0) + count);
  }
  return [...counts].map(([cause, count]) => ({ cause, count })).toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}

/** [USD]; null if nothing of it is priced. */
export function costPerMonth(report: Report): number | null {
  const { month_nano_usd: month } = report.costs;
  return month === null ? null : month / 1e9;
}

/** Those that took longest first; what never ended took longest of all. */
export function slowest(report: Report): Trace[] {
  const took = (trace: Trace) => (trace.ended_ns === null ? Infinity : trace.ended_ns - trace.sent_ns);
  return [...(report.traces ?? [])].toSorted((a, b) => (took(b) === took(a) ? a.request - b.request : took(b) - took(a)));
}

/** When the last request was sent: how long the run is, for a clock [ns]. */
export function lastsNs(report: Report): number {
  return report.series.at_ns.at(-1) ?? report.window_ns[1];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
