// The results of a run as rows of tables and sentences. The words of measures are the report's own.
import { clock, count, number, rate, share, time, timeNs, usd } from './format.ts';
import { type FaultReport, type Report, type Settled, causes, costPerMonth, errorShare, failures, mainClass } from './report.ts';

/** A month as the clouds count it. */
const MONTH_S = 730 * 3_600;

export interface Row {
  name: string;
  cells: string[];
  danger: boolean;
}

export const CLASS_HEADS = ['sent', 'answered', 'failed', 'a second', 'in time', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'];

export function classRows(report: Report): Row[] {
  return Object.entries(report.classes).map(([name, one]) => ({
    name,
    danger: failures(one) + one.unfinished > 0,
    cells: [
      number(one.sent), number(one.answered), one.sent === 0 ? '–' : share((failures(one) + one.unfinished) / one.sent), rate(billionths(one.throughput_e9_per_s)), rate(billionths(one.goodput_e9_per_s)),
      ...[one.mean_ns, one.p50_ns, one.p90_ns, one.p99_ns, one.p999_ns, one.max_ns].map(timeNs),
    ],
  }));
}

export const COMPONENT_HEADS = ['replicas', 'calls a second', 'busy', 'waiting', 'most waiting', 'wait', 'service', 'turned away', 'hits', 'a month'];

/** The busiest first. */
export function componentRows(report: Report): Row[] {
  const all = Object.entries(report.components).toSorted(([a, x], [b, y]) => (y.utilisation_e9 ?? -1) - (x.utilisation_e9 ?? -1) || (a < b ? -1 : 1));
  return all.map(([name, one]) => ({
    name,
    danger: (one.utilisation_e9 ?? 0) >= 0.8e9 || one.rejected > 0,
    cells: [
      number(one.replicas), rate(billionths(one.rate_e9_per_s)), share(billionths(one.utilisation_e9)), few(billionths(one.queue_e9) ?? 0), number(one.queue_max), timeNs(one.wait_ns), timeNs(one.service_ns),
      one.rejected === 0 ? '0' : number(one.rejected), share(billionths(one.hits_e9)), money(report, name),
    ],
  }));
}

function money(report: Report, name: string): string {
  const { fixed_nano_usd_per_month: fixed, nano_usd_per_million: each, not_priced: unpriced } = report.costs;
  if (fixed[name] !== undefined || each[name] !== undefined) {
    const calls = report.measured_ns > 0 ? (report.components[name]?.visits ?? 0) / (report.measured_ns / 1e9) : 0;
    return usd(((fixed[name] ?? 0) + ((each[name] ?? 0) * calls * MONTH_S) / 1e6) / 1e9);
  }
  return unpriced.includes(name) ? 'no price' : '–';
}

/** Of what waits at once, a thousandth is nobody. */
function few(count: number): string {
  return count > 0 && count < 0.001 ? '< 0.001' : number(count);
}

function billionths(value: number | null): number | null {
  return value === null ? null : value / 1e9;
}

export interface Causes {
  cause: string;
  count: string;
  share: number;
}

export function causeRows(report: Report): Causes[] {
  const sent = Object.values(report.classes).reduce((sum, one) => sum + one.sent, 0);
  const unfinished = Object.values(report.classes).reduce((sum, one) => sum + one.unfinished, 0);
  const all = [...causes(report), ...(unfinished > 0 ? [{ cause: 'still under way at the end', count: unfinished }] : [])];
  return all.map(({ cause, count }) => ({ cause, count: number(count), share: sent === 0 ? 0 : count / sent }));
}

export interface Part {
  name: string;
  waiting: number;
  serving: number;
  network: number;
  retrying: number;
  /** All of it [ns]. */
  all: number;
}

/** Where the slowest twentieth of a class was: the component with the most of it first. */
export function slowParts(report: Report, name: string): Part[] {
  const slow = report.classes[name]?.slow;
  if (!slow) return [];
  const parts = Object.entries(slow.components).map(([name, spent]) => {
    const [waiting, serving, network, retrying] = [spent.waiting_ns, spent.serving_ns, spent.network_ns, spent.retrying_ns ?? 0];
    return { name, waiting, serving, network, retrying, all: waiting + serving + network + retrying };
  });
  return parts.filter(({ all }) => all > 0).toSorted((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1));
}

/** The five numbers of a run, for a glance. */
export function headline(report: Report): { id: string; label: string; shown: string; danger: boolean }[] {
  const main = mainClass(report);
  const one = main === null ? undefined : report.classes[main];
  const errors = errorShare(report);
  const busiest = report.bottleneck === null ? null : billionths(report.components[report.bottleneck]?.utilisation_e9 ?? null);
  return [
    { id: 'throughput', label: 'answered', shown: rate(billionths(one?.throughput_e9_per_s ?? null)), danger: false },
    { id: 'p50', label: 'p50', shown: timeNs(one?.p50_ns ?? null), danger: false },
    { id: 'p99', label: 'p99', shown: timeNs(one?.p99_ns ?? null), danger: false },
    { id: 'errors', label: 'errors', shown: share(errors), danger: (errors ?? 0) > 0 },
    { id: 'busiest', label: report.bottleneck === null ? 'busiest' : `busiest: ${report.bottleneck}`, shown: share(busiest), danger: (busiest ?? 0) >= 0.8 },
    { id: 'cost', label: 'a month', shown: usd(costPerMonth(report)), danger: false },
  ];
}

/** What has to be known before a number is believed. */
export function cautions(report: Report): string[] {
  const said: string[] = [];
  if (report.ended_by === 'caller') said.push('The run was stopped before its end; the numbers are of what had run.');
  else if (report.ended_by !== null) said.push(`The run ended with requests unanswered (${report.ended_by}); they are in no percentile.`);
  for (const [name, settled] of Object.entries(report.settled)) said.push(...settledSaid(name, settled));
  for (const [name, one] of Object.entries(report.classes)) if (one.answered > 0 && one.answered < 1_000) said.push(`Only ${count(one.answered, 'request')} of ${name} ${one.answered === 1 ? 'was' : 'were'} answered: its p99 rests on ${Math.max(1, Math.round(one.answered / 100))} of them.`);
  for (const { component, from_ns: from } of report.saturated) said.push(`${component} was at its limit from ${timeNs(from)} on.`);
  return said;
}

function settledSaid(name: string, settled: Settled): string[] {
  if (settled === 'yes' || settled === 'not steady') return [];
  const times = number(settled.ratio_e9 / 1e9);
  if (settled.from_ns === null) return [`${name} never settled: its times still rose at the end (${times} times those of the middle), so a longer run has other numbers.`];
  return [`${name} settled only at ${timeNs(settled.from_ns)}, after measuring had begun: a longer warm-up gives other numbers.`];
}

/** "crash db, from 20 s to 30 s: page was well again 4.2 s later." */
export function recovery(fault: FaultReport, lastsNs: number): string {
  const when = fault.times_ns.slice(0, 3).map(([from, to]) => (to === null || to >= lastsNs ? `from ${clock(from, lastsNs)} to the end` : to === from ? `at ${clock(from, lastsNs)}` : `from ${clock(from, lastsNs)} to ${clock(to, lastsNs)}`));
  const more = fault.times_ns.length > 3 ? ` and ${fault.times_ns.length - 3} times more` : '';
  const after = Object.entries(fault.recovery_ns).map(([name, ns]) => (ns === null ? `${name} was not well again within the run` : ns === 0 ? `${name} was well as soon as it was over` : `${name} was well again ${time(ns / 1e9)} after it was over`));
  return `${fault.what}, ${when.join(', ')}${more}${after.length > 0 ? `: ${after.join('; ')}.` : '.'}`;
}
