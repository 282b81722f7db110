// A run over time, as columns: what is new of it, put together again, and what it says of a moment.
import type { Column, ComponentColumns, Named, Series } from './report.ts';

export const NOTHING: Series = { at_ns: [], warmup_points: 0, classes: {}, components: {} };

/** The points from a number on. */
export function since(series: Series, from: number): Series {
  return {
    at_ns: series.at_ns.slice(from),
    warmup_points: series.warmup_points,
    classes: mapped(series.classes, (column) => column.slice(from)),
    components: mapped(series.components, (column) => column.slice(from)),
  };
}

/** Both one after the other. A column that one of them leaves out had nothing in it. */
export function joined(before: Series, after: Series): Series {
  const [a, b] = [before.at_ns.length, after.at_ns.length];
  return {
    at_ns: [...before.at_ns, ...after.at_ns],
    warmup_points: after.warmup_points,
    classes: together(before.classes, after.classes, a, b),
    components: together(before.components, after.components, a, b),
  };
}

type Columns = Partial<Record<string, Column>>;

function mapped<T extends Columns>(named: Named<T>, change: (column: Column) => Column): Named<T> {
  const columns = (each: T) => Object.fromEntries(Object.entries(each).map(([key, column]) => [key, change(column!)])) as T;
  return Object.fromEntries(Object.entries(named).map(([name, each]) => [name, columns(each)]));
}

function together<T extends Columns>(before: Named<T>, after: Named<T>, a: number, b: number): Named<T> {
  const all: Named<T> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [x, y] = [before[name] ?? ({} as Columns), after[name] ?? ({} as Columns)];
    const keys = new Set([...Object.keys(x), ...Object.keys(y)]);
    all[name] = Object.fromEntries([...keys].map((key) => [key, [...(x[key] ?? empty(key, a)), ...(y[key] ?? empty(key, b))]])) as T;
  }
  return all;
}

/** Of a count nothing is zero, of a latency it is unknown. */
function empty(key: string, length: number): Column {
  return Array<number | null>(length).fill(/^(mean|p\d+)_ns$|^utilisation/.test(key) ? null : 0);
}

/** The number of the point that a moment lies in; the last one after the end, -1 where there is none. */
export function pointAt(series: Series, ns: number): number {
  const { at_ns: at } = series;
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! < ns) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, at.length - 1);
}

/** How long a point is [s]. */
export function pointSeconds(series: Series, point: number): number {
  return ((series.at_ns[point] ?? 0) - (series.at_ns[point - 1] ?? 0)) / 1e9;
}

/** A component at a moment. */
export interface Load {
  /** The share of its workers that are busy; null where they have no end. */
  busy: number | null;
  waiting: number;
  /** Calls a second. */
  rate: number;
  /** Calls turned away a second. */
  rejected: number;
  /** Messages that wait. */
  backlog: number;
}

export function loadAt(series: Series, name: string, point: number): Load {
  const columns: ComponentColumns = series.components[name] ?? {};
  const seconds = pointSeconds(series, point);
  const of = (column: Column | undefined) => column?.[point] ?? 0;
  const perSecond = (column: Column | undefined) => (seconds > 0 ? of(column) / seconds : 0);
  const busy = columns.utilisation_e9?.[point];
  return {
    busy: busy === undefined || busy === null ? null : busy / 1e9,
    waiting: of(columns.queue_e3) / 1e3,
    rate: perSecond(columns.arrived),
    rejected: perSecond(columns.rejected),
    backlog: of(columns.backlog),
  };
}

/** A column in other units, unknown where it is unknown: counts become rates. */
export function scaled(column: Column | undefined, length: number, by: (value: number, point: number) => number, whenMissing: number | null = 0): Column {
  return Array.from({ length }, (_, point) => {
    if (column === undefined) return whenMissing;
    const value = column[point] ?? null;
    return value === null ? null : by(value, point);
  });
}
