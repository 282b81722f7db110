// A number with its unit as people type it, where the page itself must know how much it is: answers
// to predictions. What a design says is read by the engine alone.

const TIMES: Record<string, number> = { ns: 1e-9, us: 1e-6, 'µs': 1e-6, 'μs': 1e-6, ms: 1e-3, s: 1, sec: 1, min: 60, h: 3_600 };
const SIZES: Record<string, number> = { k: 1e3, m: 1e6 };

/** In seconds, as a share of one, or in dollars a month; null if it cannot be read or could be read
 * in two ways. */
export function readNumber(text: string, takes: 's' | 'share' | 'usd'): number | null {
  const found = /^\$?\s*(\d{1,3}(?:[, _\u202f]\d{3})+|\d+)?(\.\d+)?\s*([^\d\s.,/]*)(?:\s*(?:\/|a |per )\s*(?:month|mo))?$/i.exec(text.trim());
  if (!found || (found[1] === undefined && found[2] === undefined)) return null;
  const value = Number(`${(found[1] ?? '0').replace(/[, _\u202f]/g, '')}${found[2] ?? ''}`);
  const unit = (found[3] ?? '').toLowerCase();
  const inBase = based(value, unit, takes);
  return inBase !== null && Number.isFinite(inBase) ? inBase : null;
}

function based(value: number, unit: string, takes: 's' | 'share' | 'usd'): number | null {
  if (takes === 's') return value === 0 ? 0 : Object.hasOwn(TIMES, unit) ? value * TIMES[unit]! : null;
  if (takes === 'share') {
    const share = unit === '%' ? value / 100 : unit === '‰' ? value / 1_000 : unit === '' && (value === 0 || value === 1 || value < 1) ? value : null;
    return share !== null && share <= 1 ? share : null;
  }
  if (unit === '' || unit === 'usd' || unit === '$') return value;
  return Object.hasOwn(SIZES, unit) ? value * SIZES[unit]! : null;
}
