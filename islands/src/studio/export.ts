// The forms in which a design can be taken away. Each is made when it is asked for, and what makes
// it is fetched then.
import type { Studio } from './studio.svelte.ts';
import { toToml } from './toml.ts';

export interface Form {
  title: string;
  ending: string;
  make(studio: Studio): Promise<Blob>;
}

function textual(title: string, ending: string, make: (studio: Studio) => string | Promise<string>, type = 'text/plain'): Form {
  return { title, ending, make: async (studio) => new Blob([await make(studio)], { type }) };
}

export const FORMS: readonly Form[] = [
  textual('TOML', 'toml', ({ design }) => toToml(design)),
  textual('JSON', 'json', ({ design }) => `${JSON.stringify(design, null, 2)}\n`, 'application/json'),
];
