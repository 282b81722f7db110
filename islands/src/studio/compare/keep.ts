// The learner's estimate, kept in this browser; there is one, as there is one napkin.
const KEY = 'octo.studio.napkin';
/** As the engine reads at most. */
export const LONG = 4_096;

export function keptNapkin(): string {
  try {
    return (localStorage.getItem(KEY) ?? '').slice(0, LONG);
  } catch {
    return '';
  }
}

export function keepNapkin(text: string): void {
  try {
    localStorage.setItem(KEY, text.slice(0, LONG));
  } catch {
    // It stays on the page for as long as the page is open.
  }
}
