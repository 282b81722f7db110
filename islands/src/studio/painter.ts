// Brings marks to the boxes of the diagram: each box hears of its own and of no other, and of many
// boxes only some change before the page has had time for whoever uses it.
import type { Mark } from './studio.svelte.ts';

export type Hears = (mark: Mark | undefined) => void;
type Marked = Record<string, Mark>;

/** As many change at once; the next ones with the next picture. */
const AT_ONCE = 24;

export class Painter {
  readonly #boxes = new Map<string, { hears: Hears; mark: Mark | undefined }>();
  #wanted: Marked = {};
  #frame = 0;

  /** A box that hears of its mark from now on; what ends that is given back. */
  add(name: string, hears: Hears): () => void {
    const box = { hears, mark: undefined };
    this.#boxes.set(name, box);
    this.#tell(name, box);
    return () => this.#boxes.get(name) === box && this.#boxes.delete(name);
  }

  paint(marked: Marked): void {
    this.#wanted = marked;
    cancelAnimationFrame(this.#frame);
    this.#some();
  }

  end(): void {
    cancelAnimationFrame(this.#frame);
  }

  #some(): void {
    let left = AT_ONCE;
    for (const [name, box] of this.#boxes) {
      if (isSame(box.mark, this.#of(name))) continue;
      if (left === 0) {
        this.#frame = requestAnimationFrame(() => this.#some());
        return;
      }
      left--;
      this.#tell(name, box);
    }
  }

  #tell(name: string, box: { hears: Hears; mark: Mark | undefined }): void {
    box.mark = this.#of(name);
    box.hears(box.mark);
  }

  #of(name: string): Mark | undefined {
    return Object.hasOwn(this.#wanted, name) ? this.#wanted[name] : undefined;
  }
}

function isSame(a: Mark | undefined, b: Mark | undefined): boolean {
  return a === b || (a?.busy === b?.busy && a?.danger === b?.danger && a?.lit === b?.lit && a?.words === b?.words);
}
