// The faults of a design as spans of time that a hand can move: when each begins and ends, and the design
// in which it begins and ends elsewhere. Faults that come again and again are told where they are.
import { type Design, type Tree, at, faults, isTree, put } from '../document.ts';
import { FAULTS, seconds } from './faults.ts';
import { toField } from '../fields.ts';
import { readNumber } from './quantity.ts';

export interface Span {
  /** Its place in the list of the design. */
  number: number;
  what: string;
  /** [ns] */
  from: number;
  /** Null if it lasts to the end of the run [ns]. */
  to: number | null;
  /** It is over at once: it has one end only. */
  isInstant: boolean;
}

export type Part = 'whole' | 'from' | 'to';

/** Those that can be moved: their times are written as plain times. */
export function spansOf(design: Design): Span[] {
  return faults(design).flatMap((fault, number): Span[] => {
    const from = readNumber(toField(at(fault, 'at')), 's');
    if (from === null || at(fault, 'every') !== undefined) return [];
    const what = toField(at(fault, 'what'));
    const isInstant = FAULTS.some(({ id, instant }) => instant && id === what.split(' ')[0]);
    const said = at(fault, 'lasts');
    const lasts = said === undefined ? null : readNumber(toField(said), 's');
    if (said !== undefined && lasts === null) return [];
    return [{ number, what, from: from * 1e9, to: isInstant ? from * 1e9 : lasts === null ? null : (from + lasts) * 1e9, isInstant }];
  });
}

/** Moved by so much, inside a run that lasts so long [ns]; the least that a fault lasts is one step. */
export function moved(span: Span, part: Part, by: number, step: number, lasts: number): Span {
  const end = span.to ?? lasts;
  const grid = (ns: number) => Math.round(ns / step) * step;
  if (part === 'from') return { ...span, from: clamp(grid(span.from + by), 0, end - step) };
  if (part === 'to') return { ...span, to: clamp(grid(end + by), span.from + step, lasts) };
  const room = span.to === null ? lasts - step : lasts - (span.to - span.from);
  const from = clamp(grid(span.from + by), 0, Math.max(0, room));
  return { ...span, from, to: span.to === null ? null : span.to + (from - span.from) };
}

/** The design with the fault there. */
export function placed(design: Design, { number, from, to, isInstant }: Span): Design {
  const fault = faults(design)[number];
  if (!isTree(fault)) return design;
  const { lasts: _, ...rest } = fault as Tree;
  const changed: Tree = { ...rest, at: seconds(from), ...(isInstant || to === null ? {} : { lasts: seconds(to - from) }) };
  return put(design, ['faults', String(number)], changed);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
