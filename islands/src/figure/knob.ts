// The arithmetic of a knob: values lie on a grid of steps, and are written without noise.
import type { Knob } from './data.ts';

/** The nearest value on the grid within the range. */
export function snap(knob: Knob, value: number): number {
  const last = Math.floor((knob.to - knob.from) / knob.step + 1e-9);
  const steps = Math.round((value - knob.from) / knob.step);
  const at = Math.min(Math.max(steps, 0), last);
  return Number((knob.from + at * knob.step).toFixed(decimals(knob)));
}

/** The value some steps further on. */
export function move(knob: Knob, value: number, steps: number): number {
  return snap(knob, value + steps * knob.step);
}

/** The number as the design document takes it: "0.3", never "0.30000000000000004". */
export function write(knob: Knob, value: number): string {
  return String(Number(value.toFixed(decimals(knob))));
}

/** The value as it is read aloud: "90 per second". */
export function speak(knob: Knob, value: number): string {
  const unit = knob.unit.trim();
  const words = SPOKEN[unit] ?? (unit.startsWith('/') ? `per ${unit.slice(1)}` : unit.replaceAll('/', ' per '));
  return `${write(knob, value)} ${words}`.trim();
}

const SPOKEN: Record<string, string> = {
  '/s': 'per second',
  '/min': 'per minute',
  ns: 'nanoseconds',
  µs: 'microseconds',
  us: 'microseconds',
  ms: 'milliseconds',
  s: 'seconds',
  min: 'minutes',
  '%': 'percent',
  'requests/s': 'requests per second',
};

/** How many decimals the grid needs. */
function decimals(knob: Knob): number {
  const needed = [knob.from, knob.step].map((value) => {
    const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e(-?\d+))?$/.exec(String(value)) ?? [];
    return fraction.length - Number(exponent);
  });
  return Math.min(Math.max(...needed, 0), 12);
}
