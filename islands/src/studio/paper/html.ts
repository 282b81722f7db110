// HTML from parts, in which every text is escaped unless it was made here. It is for a page that
// leaves this one as a file; nothing of it is put into the studio's own page.
import { escape } from '../forms/svg.ts';

/** Markup that was made by `html`, or by whoever answers for it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | undefined | false | readonly Part[];

export function html(literals: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(literals.reduce((text, literal, i) => text + literal + (i < parts.length ? markup(parts[i]) : ''), ''));
}

function markup(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part.map(markup).join('');
}
