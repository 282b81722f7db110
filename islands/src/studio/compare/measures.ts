// The measures of runs that can be compared, and which of them differ beyond their noise: by the mean
// of the differences over seeds that both designs share, with its 95 % interval (Student's t). With
// one run of each nothing is said of noise.
import { type Report, costPerMonth, failures } from '../run/report.ts';
import { money, number, rate, share, time } from './shown.ts';

export type Unit = 'time' | 'rate' | 'share' | 'number' | 'money';

export interface Measure {
  /** "request p99" */
  name: string;
  unit: Unit;
  value: number;
  /** Which way is better; none where neither is. */
  better: 'less' | 'more' | null;
}

export function measures(report: Report): Measure[] {
  const found: Measure[] = [];
  const put = (name: string, unit: Unit, value: number | null | undefined, better: Measure['better'], per = 1) => {
    if (value !== null && value !== undefined && Number.isFinite(value)) found.push({ name, unit, value: value / per, better });
  };
  for (const [name, of] of Object.entries(report.classes)) {
    put(`${name} p50`, 'time', of.p50_ns, 'less', 1e9);
    put(`${name} p99`, 'time', of.p99_ns, 'less', 1e9);
    put(`${name} mean`, 'time', of.mean_ns, 'less', 1e9);
    put(`${name} goodput`, 'rate', of.goodput_e9_per_s, 'more', 1e9);
    if (of.sent > 0) put(`${name} errors`, 'share', (failures(of) + of.unfinished) / of.sent, 'less');
  }
  for (const [name, of] of Object.entries(report.components)) {
    put(`${name} utilisation`, 'share', of.utilisation_e9, null, 1e9);
    put(`${name} queue`, 'number', of.queue_e9, 'less', 1e9);
    put(`${name} hits`, 'share', of.hits_e9, 'more', 1e9);
  }
  put('cost a month', 'money', costPerMonth(report), 'less');
  return found;
}

export function shownAs(unit: Unit, value: number): string {
  switch (unit) {
    case 'time': return time(value);
    case 'rate': return rate(value);
    case 'share': return share(value);
    case 'money': return money(value);
    case 'number': return number(value);
  }
}

export interface Difference {
  name: string;
  unit: Unit;
  before: number;
  after: number;
  /** Half of the 95 % interval of the difference; null with one run of each. */
  half: number | null;
  /** Beyond its noise; null where that is not known. */
  isReal: boolean | null;
  isBetter: boolean | null;
}

/** Student's t at 97.5 %, by degrees of freedom from 1 on. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** What both have, the surest and largest difference first. Runs with the same place in both lists
 * have the same seed. */
export function differences(before: readonly Report[], after: readonly Report[]): Difference[] {
  const [old, now] = [before.map(measures), after.map(measures)];
  const [first = []] = now;
  const told = first.flatMap((measure): Difference[] => {
    const [was, is] = [values(old, measure.name), values(now, measure.name)];
    if (was.length < before.length || is.length < after.length || was.length === 0) return [];
    return [difference(measure, was, is)];
  });
  return told.toSorted((a, b) => Number(b.isReal ?? false) - Number(a.isReal ?? false) || size(b) - size(a));
}

function values(runs: readonly Measure[][], name: string): number[] {
  return runs.flatMap((run) => run.filter((measure) => measure.name === name).map(({ value }) => value));
}

function difference({ name, unit, better }: Measure, was: readonly number[], is: readonly number[]): Difference {
  const [before, after] = [mean(was), mean(is)];
  const n = Math.min(was.length, is.length);
  const told = { name, unit, before, after };
  const isBetter = better === null || after === before ? null : better === 'less' ? after < before : after > before;
  if (n < 2) return { ...told, half: null, isReal: null, isBetter };
  const by = is.slice(0, n).map((value, i) => value - was[i]!);
  const half = (T[n - 2] ?? 1.96) * Math.sqrt(by.reduce((sum, value) => sum + (value - mean(by)) ** 2, 0) / (n - 1) / n);
  // What differs by rounding alone does not differ.
  const isReal = Math.abs(mean(by)) > half + 1e-9 * Math.max(Math.abs(before), Math.abs(after));
  return { ...told, half, isReal, isBetter };
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/** As a part of the larger of both. */
function size({ before, after }: Difference): number {
  return before === after ? 0 : Math.abs(after - before) / Math.max(Math.abs(before), Math.abs(after));
}

/** "web utilisation", of whom it is; for lighting it up. */
export function subject({ name }: Difference): string {
  return name.slice(0, name.lastIndexOf(' '));
}

/** "2.1 times as much", "12 % less" */
export function byHowMuch({ before, after, unit }: Difference): string {
  if (before === after) return 'the same';
  if (unit === 'share') return `${after > before ? '+' : '−'}${number(Math.abs(after - before) * 100)} points`;
  if (before === 0) return `${shownAs(unit, after)} more`;
  const ratio = after / before;
  if (ratio >= 2) return `${number(ratio)} times as much`;
  return `${number(Math.abs(ratio - 1) * 100)} % ${ratio > 1 ? 'more' : 'less'}`;
}
