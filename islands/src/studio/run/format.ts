// Numbers as people read them: three digits, the best unit, a thin space before it. One place, so that
// tables, charts and sentences agree.

const NB = '\u202f';

/** Three digits that count: 0.0123, 1.23, 123, 12,300. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 99.95) return grouped(Math.round(Number(value.toPrecision(3))));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return plain(value.toFixed(Math.min(digits, 6)));
}

/** Every digit of a whole number. */
export function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const TIMES: readonly [number, string][] = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']];

/** A length of time given in seconds: "12.3 ms". Minutes begin at two. */
export function time(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds === 0) return `0${NB}ms`;
  const [size, unit] = TIMES.find(([size, unit]) => Math.abs(seconds) >= size * (unit === 'min' || unit === 'h' || unit === 'd' ? 2 : 0.9995)) ?? TIMES.at(-1)!;
  return `${number(seconds / size)}${NB}${unit}`;
}

export function timeNs(ns: number | null): string {
  return time(ns === null ? null : ns / 1e9);
}

/** A moment of a run of this length, with the same decimals all along: "12.3 s". */
export function clock(ns: number, lastsNs: number): string {
  const seconds = ns / 1e9;
  const decimals = lastsNs >= 120e9 ? 0 : lastsNs >= 2e9 ? 1 : 3;
  if (lastsNs < 120e9) return `${seconds.toFixed(decimals)}${NB}s`;
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'));
  return lastsNs >= 3_600e9 ? `${h}:${m}:${s}` : `${m}:${s}`;
}

export function rate(perSecond: number | null): string {
  return perSecond === null ? '–' : `${number(perSecond)}/s`;
}

export function share(value: number | null): string {
  if (value === null) return '–';
  const percent = value * 100;
  // Nearly all is not all.
  const shown = percent > 99.95 && percent < 100 ? '> 99.9' : percent > 0 && percent < 0.001 ? '< 0.001' : number(percent);
  return `${shown}${NB}%`;
}

export function usd(value: number | null): string {
  return value === null ? 'not priced' : `$${number(value)}`;
}

/** "1 request", "2 requests". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${grouped(value)} ${value === 1 ? one : many}`;
}
