// The forms in which a design can be taken away. What makes one is fetched when it is asked for.
import { withComments } from './comments.ts';
import { toToml } from './toml.ts';
import type { Studio } from './studio.svelte.ts';

export interface Form {
  title: string;
  ending: string;
  make(studio: Studio): Promise<Blob>;
}

function textual(title: string, ending: string, type: string, make: (studio: Studio) => string | Promise<string>): Form {
  return { title, ending, make: async (studio) => new Blob([await make(studio)], { type }) };
}

export const FORMS: readonly Form[] = [
  textual('TOML', 'toml', 'application/toml', ({ design, comments }) => withComments(toToml(design), comments)),
  textual('JSON', 'json', 'application/json', ({ design }) => `${JSON.stringify(design, null, 2)}\n`),
  textual('SVG', 'svg', 'image/svg+xml', async ({ design, catalogue }) => (await import('./forms/svg.ts')).drawn(design, catalogue).svg),
  { title: 'PNG', ending: 'png', make: async ({ design, catalogue }) => (await import('./forms/png.ts')).png(design, catalogue) },
  textual('Mermaid', 'mmd', 'text/plain', async ({ design }) => (await import('./forms/mermaid.ts')).toMermaid(design)),
  textual('D2', 'd2', 'text/plain', async ({ design }) => (await import('./forms/d2.ts')).toD2(design)),
  textual('Excalidraw', 'excalidraw', 'application/json', async ({ design, catalogue }) => (await import('./forms/excalidraw.ts')).toExcalidraw(design, catalogue)),
];
