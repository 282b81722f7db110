// The way from a figure to the studio: a link for each line of its chart, which holds the design as the
// knob has it now. Nothing is asked of the server for it.
import { type Linked, toFragment } from '../shared/fragment.ts';
import { type FigureData, settings } from './data.ts';
import { el } from './dom.ts';

export class Opens {
  readonly element: HTMLElement;
  readonly #data: FigureData;
  readonly #links: HTMLAnchorElement[];
  #asked = 0;

  constructor(data: FigureData) {
    this.#data = data;
    this.#links = data.series.map(({ label }) => el('a', { href: '/studio' }, data.series.length > 1 && label ? `Open “${label}” in the studio` : 'Open in the studio'));
    this.element = el('p', { class: 'note open-in-studio' }, ...this.#links.flatMap((link, at) => (at === 0 ? [link] : [' · ', link])));
  }

  /** The design as its author wrote it, with what is set at this value of the knob. */
  async at(value: string): Promise<void> {
    const asked = ++this.#asked;
    const made = await Promise.all(this.#data.series.map((line) => toFragment({ toml: this.#data.toml, set: settings(this.#data, line, value) } satisfies Linked)));
    // The knob may have been turned on meanwhile.
    if (asked === this.#asked) this.#links.forEach((link, at) => (link.href = `/studio${made[at] ?? ''}`));
  }
}
