// Numbers as the comparison and the page to take along show them: those of the runs, and money.
import { number, rate, share, time, usd } from '../run/format.ts';

export { number, rate, share, time };

export function money(value: number): string {
  return usd(value);
}

/** "23 Nov, 14:05" */
export function moment(ms: number): string {
  return new Date(ms).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
