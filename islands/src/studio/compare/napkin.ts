// The learner's estimate, the closed form and the run of one quantity, in a row, with the gaps named.
// An estimate is about a quantity when its step is called like it: "p99", "request_p99",
// "web_utilisation", "cost". What steps and formulas come to, the engine says.
import { type Report, costPerMonth, mainClass } from '../run/report.ts';
import type { Instant, Step } from '../verdict/asked.ts';
import { measures, type Unit } from './measures.ts';

export interface Row {
  /** "request p99" */
  name: string;
  /** What a step is called that estimates it. */
  step: string;
  unit: Unit;
  yours: number | null;
  /** What the learner's step is of, if it is of something else. */
  wrong: string | null;
  formula: number | null;
  /** "M/M/c, exact" */
  how: string | null;
  run: number | null;
}

const NOUNS: Record<Unit, string> = { time: 'a time', rate: 'a rate', share: 'a plain number', number: 'a plain number', money: 'money per time' };
/** [s]; the engine's month. */
const MONTH = 2_628_000;

export function rows(steps: readonly Step[], instant: Instant | null, report: Report | null): Row[] {
  const names = quantities(instant, report);
  const main = report ? mainClass(report) : (firstClass(instant) ?? null);
  return names.map(({ name, unit }) => {
    const step = stepName(name);
    const short = main !== null && name.startsWith(`${main} `) ? stepName(name.slice(main.length + 1)) : null;
    const said = steps.findLast((one) => one.name === step || (short !== null && one.name === short));
    const told = instant?.numbers[dotted(name)];
    return { name, step: short ?? step, unit, ...estimated(said, unit), formula: told?.value ?? null, how: told ? `${told.formula}, ${told.sureness}` : null, run: measured(report, name) };
  });
}

function estimated(said: Step | undefined, unit: Unit): { yours: number | null; wrong: string | null } {
  if (!said || said.value === null) return { yours: null, wrong: null };
  if (said.unit !== NOUNS[unit]) return { yours: null, wrong: `${said.shown} is ${said.unit}, not ${NOUNS[unit]}` };
  return { yours: unit === 'money' ? said.value * MONTH : said.value, wrong: null };
}

/** What can be compared: of each class how long and how many, of each part how busy, and the cost. */
function quantities(instant: Instant | null, report: Report | null): { name: string; unit: Unit }[] {
  const found = new Map<string, Unit>();
  for (const name of Object.keys(instant?.numbers ?? {})) {
    const unit = UNITS[name.slice(name.lastIndexOf('.') + 1)];
    if (unit) found.set(spaced(name), unit);
  }
  if (report) {
    for (const { name, unit } of measures(report)) {
      const what = name.slice(name.lastIndexOf(' ') + 1);
      if (UNITS[what] && !(what === 'utilisation' && measured(report, name) === 0)) found.set(name, unit);
    }
    found.set('cost', 'money');
  }
  const rank = (name: string) => ORDER.indexOf(name.slice(name.lastIndexOf(' ') + 1));
  return [...found].map(([name, unit]) => ({ name, unit })).toSorted((a, b) => rank(a.name) - rank(b.name));
}

const UNITS: Record<string, Unit> = { mean: 'time', p50: 'time', p99: 'time', utilisation: 'share' };
const ORDER = ['mean', 'p50', 'p99', 'utilisation', 'cost'];

function measured(report: Report | null, name: string): number | null {
  if (!report) return null;
  if (name === 'cost') return costPerMonth(report);
  return measures(report).find((measure) => measure.name === name)?.value ?? null;
}

function firstClass(instant: Instant | null): string | undefined {
  return Object.keys(instant?.numbers ?? {}).find((name) => name.endsWith('.mean'))?.slice(0, -5);
}

function dotted(name: string): string {
  const at = name.lastIndexOf(' ');
  return at < 0 ? name : `${name.slice(0, at)}.${name.slice(at + 1)}`;
}

function spaced(name: string): string {
  const at = name.lastIndexOf('.');
  return `${name.slice(0, at)} ${name.slice(at + 1)}`;
}

/** As a step of an estimate can be called: letters, digits and _. */
export function stepName(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, '_');
}

/** How far one is from the other: "1.3 times too high". Nothing where either is missing. */
export function gap(from: number | null, to: number | null): { text: string; isFar: boolean } | null {
  if (from === null || to === null) return null;
  if (from === to) return { text: 'the same', isFar: false };
  if (from <= 0 || to <= 0) return { text: from > to ? 'too high' : 'too low', isFar: true };
  const ratio = from / to;
  const times = Math.max(ratio, 1 / ratio);
  if (times < 1.1) return { text: 'within 10 %', isFar: false };
  const far = times >= 10 ? Math.round(times).toString() : times.toFixed(1);
  return { text: `${far} times too ${ratio > 1 ? 'high' : 'low'}`, isFar: times >= 2 };
}
