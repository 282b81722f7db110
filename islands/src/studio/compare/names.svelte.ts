// Names that runs were given, kept in this browser by the run's id: the same experiment run again has
// its name again.
import { type Ran } from '../run/runs.svelte.ts';

const KEY = 'octo.studio.names';
const MOST = 300;
const LONG = 80;

export class Names {
  #all: Record<string, string> = $state.raw(kept());

  of({ id, title }: Ran): string {
    return (Object.hasOwn(this.#all, id) ? this.#all[id] : undefined) ?? (title || 'Untitled');
  }

  /** No name gives the run its title again. */
  give({ id }: Ran, name: string): void {
    const written = name.trim().slice(0, LONG);
    const others = Object.entries(this.#all).filter(([known]) => known !== id);
    this.#all = Object.fromEntries([...others, ...(written ? [[id, written]] : [])].slice(-MOST));
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#all));
    } catch {
      // A browser that keeps nothing: the name lasts as long as the page.
    }
  }
}

function kept(): Record<string, string> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

export const names = new Names();
