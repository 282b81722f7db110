// Single requests: which of them the page is given, what happened to one hop by hop, and where one is
// at a moment of its way. Drawing them is not here.
import type { Span, Trace } from './report.ts';

/** So many calls in all are handed to the page; a page of a thousand calls would else stop it. */
const SPANS_MAX = 4_000;

/** Slow ones first, then of those spread over the run as many as there is room for. */
export function handed(traces: readonly Trace[]): Trace[] {
  const order = [...traces.keys()].toSorted((a, b) => Number(traces[a]!.sample) - Number(traces[b]!.sample) || stride(a) - stride(b));
  const kept = new Set<number>();
  let spans = 0;
  for (const at of order) {
    const trace = traces[at]!;
    if (kept.size > 0 && spans + trace.spans.length > SPANS_MAX) continue;
    spans += trace.spans.length;
    kept.add(at);
  }
  return traces.filter((_, at) => kept.has(at));
}

/** Every eighth first, so that what is left is spread over the run. */
function stride(at: number): number {
  return (at % 8) * 1e6 + at;
}

/** One call of a request, as it is followed. */
export interface Hop {
  /** The number of its span. */
  span: number;
  /** Who made the call: a component, or the clients. */
  from: string | null;
  to: string;
  replica: number | null;
  attempt: number;
  depth: number;
  /** Since the request was sent [ns]. */
  start: number;
  /** When its caller knew; null if nobody waited for it to the end. */
  end: number | null;
  /** On the way there and back [ns]. */
  network: number;
  waiting: number;
  /** In the component itself or in what it called. */
  inside: number;
  outcome: string;
}

export function hops(trace: Trace): Hop[] {
  return trace.spans.map((span, number) => {
    const caller = span.parent === null ? null : (trace.spans[span.parent] ?? null);
    const { arrived_ns: arrived, began_ns: began, left_ns: left, ended_ns: ended } = span;
    const there = arrived === null ? 0 : arrived - span.sent_ns;
    const leaves = lastOf(trace, number);
    const back = ended === null || arrived === null ? 0 : Math.max(0, ended - Math.max(leaves, left ?? 0));
    const waiting = arrived === null ? 0 : Math.max(0, (began ?? left ?? arrived) - arrived);
    const all = (ended ?? trace.ended_ns ?? span.sent_ns) - span.sent_ns;
    return {
      span: number, from: caller?.component ?? null, to: span.component, replica: span.replica, attempt: span.attempt, depth: depthOf(trace, span),
      start: span.sent_ns - trace.sent_ns, end: ended === null ? null : ended - trace.sent_ns,
      network: there + back, waiting, inside: Math.max(0, all - there - back - waiting), outcome: span.outcome ?? 'nobody waited for it',
    };
  });
}

/** When the last of its own calls came back [ns]. */
function lastOf(trace: Trace, number: number): number {
  return trace.spans.reduce((last, span) => (span.parent === number ? Math.max(last, span.ended_ns ?? 0) : last), 0);
}

function depthOf(trace: Trace, span: Span): number {
  let depth = 0;
  for (let here: Span | undefined = span; here && here.parent !== null && depth < 64; depth++) here = trace.spans[here.parent];
  return depth;
}

/** One way along an arrow, in the time of its drawing: 0 when the request is sent, 1 when it ends. */
export interface Move {
  from: string | null;
  to: string;
  isBack: boolean;
  start: number;
  end: number;
  failed: boolean;
}

/** The least part of the drawing that a way along an arrow takes, so that one can see it. */
const LEAST = 0.09;

/** The ways of a request along arrows, one after the other as they happened, slowed down where they
 * took less than an eye can follow. */
export function moves(trace: Trace): Move[] {
  const ways = inOrder(trace);
  const total = Math.max(1, ...ways.map(({ end }) => end));
  let shift = 0;
  let [siblings, startOfSiblings] = ['', 0];
  const drawn = ways.map((way): Move => {
    const length = Math.max(LEAST, (way.end - way.start) / total);
    const isSibling = way.group === siblings;
    const start = isSibling ? startOfSiblings : way.start / total + shift;
    if (!isSibling) {
      shift += length - (way.end - way.start) / total;
      [siblings, startOfSiblings] = [way.group, start];
    }
    return { from: way.from, to: way.to, isBack: way.isBack, start, end: start + length, failed: way.failed };
  });
  const last = Math.max(1e-9, ...drawn.map(({ end }) => end));
  return drawn.map((move) => ({ ...move, start: move.start / last, end: move.end / last }));
}

interface Way {
  from: string | null;
  to: string;
  isBack: boolean;
  /** Since the request was sent [ns]. */
  start: number;
  end: number;
  /** Those that set out together. */
  group: string;
  failed: boolean;
}

/** As they happened; at the same moment, causes before effects. */
function inOrder(trace: Trace): Way[] {
  const below = new Map<number | null, number[]>();
  for (const [number, { parent }] of trace.spans.entries()) below.set(parent, [...(below.get(parent) ?? []), number]);
  const ways: Way[] = [];
  const visit = (number: number, from: string | null): void => {
    const span = trace.spans[number]!;
    const failed = span.outcome !== null && span.outcome !== 'answered' && span.outcome !== 'called back';
    const since = (ns: number) => ns - trace.sent_ns;
    const arrived = span.arrived_ns ?? span.sent_ns;
    ways.push({ from, to: span.component, isBack: false, start: since(span.sent_ns), end: since(arrived), group: `${span.parent} ${span.sent_ns}`, failed });
    for (const child of below.get(number) ?? []) visit(child, span.component);
    if (span.ended_ns === null || span.arrived_ns === null) return;
    const left = Math.min(span.ended_ns, Math.max(arrived, span.left_ns ?? arrived, lastOf(trace, number)));
    ways.push({ from, to: span.component, isBack: true, start: since(left), end: since(span.ended_ns), group: `back ${number}`, failed });
  };
  for (const first of below.get(null) ?? []) visit(first, null);
  return ways.toSorted((a, b) => a.start - b.start);
}

/** Where a request is drawn: on its way along arrows, or at the components it waits in. */
export interface Spot {
  from: string | null;
  to: string;
  /** From 0 at the caller to 1 at who is called. */
  along: number;
  failed: boolean;
}

export function spots(all: readonly Move[], at: number): Spot[] {
  const under = all.filter(({ start, end }) => start <= at && at < end);
  const shown = under.length > 0 ? under : all.filter(({ end }) => end <= at).slice(-1);
  return shown.map(({ from, to, isBack, start, end, failed }) => {
    const share = Math.min(1, Math.max(0, (at - start) / Math.max(1e-9, end - start)));
    return { from, to, along: isBack ? 1 - share : share, failed: failed && isBack };
  });
}
