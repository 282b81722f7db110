// The points that the island moves over the server's chart, one per line of the chart. The first
// can be dragged along the axis of the knob.
import { type Chart, isBeyond, place, readChart, valueAt } from './chart.ts';
import { svg } from './dom.ts';

export interface Mark {
  x: number;
  /** Null while it is not known. */
  y: number | null;
  label: string;
}

export class Marks {
  readonly #drawing: SVGSVGElement;
  readonly #chart: Chart;
  readonly #layer = svg('g', { class: 'now', 'aria-hidden': 'true' });

  private constructor(drawing: SVGSVGElement, chart: Chart) {
    this.#drawing = drawing;
    this.#chart = chart;
    drawing.append(this.#layer);
  }

  /** The marks of the chart in this section, if it has one that tells its axes. */
  static on(section: HTMLElement): Marks | null {
    const drawing = section.querySelector<SVGSVGElement>('svg[data-chart]');
    const chart = drawing && readChart(drawing.dataset);
    return chart ? new Marks(drawing, chart) : null;
  }

  draw(marks: Mark[]): void {
    this.#layer.replaceChildren(...marks.flatMap((mark, at) => this.#one(mark, at % 2 === 1)));
  }

  /** Tells the value under the hand while a finger or mouse drags along the chart. */
  onDrag(drag: (value: number) => void): void {
    const tell = (event: PointerEvent) => drag(this.#valueUnder(event));
    this.#drawing.classList.add('can-drag');
    // Up and down still scrolls the page.
    this.#drawing.style.touchAction = 'pan-y';
    this.#drawing.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.#drawing.setPointerCapture(event.pointerId);
      tell(event);
    });
    this.#drawing.addEventListener('pointermove', (event) => {
      if (this.#drawing.hasPointerCapture(event.pointerId)) tell(event);
    });
  }

  #valueUnder(event: PointerEvent): number {
    const matrix = this.#drawing.getScreenCTM()?.inverse();
    return valueAt(this.#chart.x, new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix).x);
  }

  #one({ x, y, label }: Mark, otherSide: boolean): SVGElement[] {
    const axes = this.#chart;
    const cx = place(axes.x, x);
    const line = svg('path', { class: 'grid', d: `M${cx.toFixed(1)} ${axes.y.start}V${axes.y.end}` });
    if (y === null) return [line];
    const cy = place(axes.y, y);
    const point = svg('circle', { class: 'result-dot', cx: cx.toFixed(1), cy: cy.toFixed(1), r: 6 });
    // The label stands on the side with room, that of a second line on the other one.
    const right = cx < (axes.x.start + axes.x.end) / 2 !== otherSide;
    const at = { x: (cx + (right ? 11 : -11)).toFixed(1), y: Math.max(cy - 9, axes.y.end + 12).toFixed(1) };
    const text = svg('text', { class: 'value', 'text-anchor': right ? 'start' : 'end', ...at });
    text.textContent = isBeyond(axes.y, y) ? `${label} (above the chart)` : label;
    return [line, point, text];
  }
}
