// Which lines the charts of a run have: four questions, and for each the few parts that answer it.
import { number, share, time } from './format.ts';
import type { Line } from './plot.ts';
import type { Column, Series } from './report.ts';
import { pointSeconds, scaled } from './series.ts';

export interface ChartOf {
  id: string;
  title: string;
  /** Of the whole column in a table, with its unit. */
  unit: string;
  lines: Line[];
  danger?: number;
  least: number;
  format: (value: number) => string;
  /** How many parts have no line of their own. */
  left: number;
  /** Said in place of a chart without lines. */
  none: string;
}

const LINES = 6;
const DANGER = 0.8;

export function chartsOf(series: Series): ChartOf[] {
  return [traffic(series), latency(series), busy(series), queues(series)];
}

function traffic(series: Series): ChartOf {
  const lines = ([['sent', 'sent'], ['answered', 'answered'], ['good', 'in time'], ['failed', 'failed']] as const).map(([key, name]): Line => {
    const columns = Object.values(series.classes).map((each) => each[key]);
    const values = series.at_ns.map((_, point) => {
      const seconds = pointSeconds(series, point);
      return seconds > 0 ? columns.reduce((sum, column) => sum + (column?.[point] ?? 0), 0) / seconds : null;
    });
    return { name, values, ...(key === 'failed' ? { danger: true } : {}) };
  });
  const [sent, answered, good, failed] = lines as [Line, Line, Line, Line];
  // In time is a line of its own only where it says more than answered does.
  const later = good.values.some((value, i) => value !== answered.values[i]) ? [good] : [];
  const wrong = failed.values.some((value) => value !== null && value > 0) ? [failed] : [];
  return { id: 'traffic', title: 'Requests a second', unit: '/s', lines: [sent, answered, ...later, ...wrong], least: 1, format: (value) => number(value), left: 0, none: 'Nothing is sent.' };
}

function latency(series: Series): ChartOf {
  const all = Object.entries(series.classes).filter(([, { p99_ns: p99 }]) => p99 !== undefined);
  const several = all.length > 1;
  const lines = all.slice(0, LINES).flatMap(([name, each]): Line[] => {
    const p99 = { name: several ? `${name} p99` : 'p99', values: scaled(each.p99_ns, series.at_ns.length, (ns) => ns / 1e9, null) };
    return several ? [p99] : [p99, { name: 'p50', values: scaled(each.p50_ns, series.at_ns.length, (ns) => ns / 1e9, null) }];
  });
  return { id: 'latency', title: 'Time to answer', unit: 's', lines, least: 1e-3, format: (value) => time(value), left: Math.max(0, all.length - LINES), none: 'Nothing was answered yet.' };
}

function busy(series: Series): ChartOf {
  const { lines, left } = greatest(series, 'utilisation_e9', 1e9);
  return { id: 'busy', title: 'Workers busy', unit: '%', lines, danger: DANGER, least: 1, format: share, left, none: 'No component has a limit.' };
}

function queues(series: Series): ChartOf {
  const { lines, left } = greatest(series, 'queue_e3', 1e3);
  return { id: 'queues', title: 'Waiting', unit: 'calls', lines, least: 1, format: (value) => number(value), left, none: 'Nothing waited anywhere.' };
}

/** The components with the greatest mean, by their names: a line keeps its place while others grow. */
function greatest(series: Series, key: 'utilisation_e9' | 'queue_e3', unit: number): { lines: Line[]; left: number } {
  const mean = (column: Column) => column.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const all = Object.entries(series.components).flatMap(([name, { [key]: column }]) => (column ? [{ name, column }] : []));
  const order = all.toSorted((a, b) => mean(b.column) - mean(a.column) || (a.name < b.name ? -1 : 1));
  const chosen = order.slice(0, LINES).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = chosen.map(({ name, column }) => ({ name, values: scaled(column, series.at_ns.length, (value) => value / unit, null) }));
  return { lines, left: Math.max(0, order.length - LINES) };
}

/** Rows of a table: evenly spread over the run, so that it can be read. */
export function rowsOf(length: number, most = 24): number[] {
  const every = Math.max(1, Math.ceil(length / most));
  return Array.from({ length }, (_, point) => point).filter((point) => (point + 1) % every === 0 || point === length - 1);
}

