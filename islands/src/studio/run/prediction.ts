// What was predicted of a run before it ran: the questions, what is right, and the score of each
// answer. Where predictions are kept and asked for is not here.
import { type Design, type Json, filtered, isTree } from '../document.ts';
import { type Report, costPerMonth, errorShare, mainClass } from './report.ts';

export type Question = 'bottleneck' | 'p99' | 'errors' | 'cost' | 'breaks';
export const QUESTIONS: readonly Question[] = ['bottleneck', 'p99', 'errors', 'cost', 'breaks'];

export type Confidence = 'guess' | 'think' | 'sure';
/** How likely one is to be right who says so. */
export const LIKELY: Record<Confidence, number> = { guess: 0.5, think: 0.75, sure: 0.95 };

/** What an answer is: a component ("" for none of them) or a number in base units: seconds, a share,
 * USD a month. */
export type Value = string | number;

export interface Guess {
  value: Value;
  confidence: Confidence;
}

export interface Prediction {
  /** Of the design that it is about. */
  digest: string;
  guesses: Partial<Record<Question, Guess>>;
}

/** One row of the gap: what was said, what the run says. */
export interface Gap {
  question: Question;
  guess: Guess;
  /** Null where the run has no answer, so that there is no score. */
  truth: Value | null;
  /** From 0 to 1. */
  score: number | null;
}

/** What the run answers. */
export function truth(report: Report, question: Question): Value | null {
  switch (question) {
    case 'bottleneck': return report.bottleneck ?? '';
    case 'breaks': return report.first_saturated ?? '';
    case 'errors': return errorShare(report);
    case 'cost': return costPerMonth(report);
    case 'p99': {
      const main = mainClass(report);
      const p99 = main === null ? null : (report.classes[main]?.p99_ns ?? null);
      return p99 === null ? null : p99 / 1e9;
    }
  }
}

/** Below this share of failed requests nobody can tell the difference: all of it is "none". */
const NO_ERRORS = 0.001;

export function gaps(prediction: Prediction, report: Report): Gap[] {
  return QUESTIONS.flatMap((question) => {
    const guess = prediction.guesses[question];
    if (!guess) return [];
    const right = truth(report, question);
    return [{ question, guess, truth: right, score: right === null ? null : score(question, guess.value, right) }];
  });
}

export function score(question: Question, value: Value, right: Value): number {
  if (typeof value === 'string' || typeof right === 'string') return value === right ? 1 : 0;
  const least = question === 'errors' ? NO_ERRORS : 1e-9;
  return logScore(Math.max(value, least), Math.max(right, least));
}

/** Of a number, on a log scale: 1 within 1.4 times, .5 at three times, 0 from ten times on, and
 * straight lines between. */
export function logScore(value: number, right: number): number {
  if (!(value > 0 && right > 0)) return 0;
  const e = Math.abs(Math.log10(value / right));
  if (e <= 0.15) return 1;
  if (e <= 0.48) return 1 - (0.5 * (e - 0.15)) / (0.48 - 0.15);
  return e >= 1 ? 0 : 0.5 - (0.5 * (e - 0.48)) / (1 - 0.48);
}

/** An answer counts as right from here on, where it must be one or the other. */
export function isRight({ score }: Gap): boolean {
  return score !== null && score >= 0.5;
}

/** How far the confidence was from what came of it, 0 being best (Brier). */
export function brier(gap: Gap): number {
  return (LIKELY[gap.guess.confidence] - (isRight(gap) ? 1 : 0)) ** 2;
}

/** How often one was right who said so: the calibration of everything that was kept. */
export interface Calibration {
  confidence: Confidence;
  answers: number;
  right: number;
}

export function calibration(all: readonly Gap[]): Calibration[] {
  const judged = all.filter(({ score }) => score !== null);
  return (['guess', 'think', 'sure'] as const).map((confidence) => {
    const said = judged.filter(({ guess }) => guess.confidence === confidence);
    return { confidence, answers: said.length, right: said.filter(isRight).length };
  });
}

const OF_THE_PICTURE = ['layout', 'title'];
/** What is asked of a design changes nothing of what it does. */
export const OF_THE_ASKING = [...OF_THE_PICTURE, 'require', 'envelope'];

/** A name for what a design does: the same whatever its layout, its title, what is asked of it, and the order
 * of its words. */
export function digestOf(design: Design): string {
  return hash(canonical(filtered(design, (key) => !OF_THE_ASKING.includes(key))));
}

/** A name for what a design does and what it must meet. */
export function askedDigestOf(design: Design): string {
  return hash(canonical(filtered(design, (key) => !OF_THE_PICTURE.includes(key))));
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isTree(value)) return JSON.stringify(value);
  const entries = Object.keys(value).toSorted().map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}

/** FNV-1a of 32 bits, twice with different beginnings: it tells designs apart, it proves nothing. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ (a >>> 13), 0x85ebca6b);
  }
  return [a, b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}
