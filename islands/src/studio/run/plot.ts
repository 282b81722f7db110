// The charts of a run as uPlot draws them: our lines, our danger and our faults. Which lines a chart has
// is decided in `lines.ts`; the moment that is shown lies over the chart and is not drawn with it.
import type uPlot from 'uplot';
import type { Column } from './report.ts';

export interface Line {
  name: string;
  values: Column;
  danger?: boolean;
}

export interface Span {
  from: number;
  to: number;
  what: string;
}

export interface Drawn {
  /** [s] */
  at: number[];
  lines: readonly Line[];
  /** Hatched from here up. */
  danger?: number;
  /** While faults last [s]. */
  faults: readonly Span[];
  /** Before this nothing is measured [s]. */
  warmup: number;
  /** How long the run is [s]. */
  lasts: number;
  /** The least top of the axis, so that nothing small looks large. */
  least: number;
  format: (value: number) => string;
}

/** Neighbours differ in colour as well as in dashes, as in the pictures of the course. */
export const DASHES: readonly (readonly number[])[] = [[], [9, 4], [2, 4], [9, 4, 2, 4], [16, 5]];

export function dashes(line: number): readonly number[] {
  return DASHES[line % DASHES.length]!;
}

export interface Palette {
  ink: string;
  quiet: string;
  rule: string;
  paper: string;
  accent: string;
  danger: string;
  font: string;
}

/** Colours as they are just now: a canvas knows nothing of the page's theme. */
export function palette(place: HTMLElement): Palette {
  const probe = document.createElement('i');
  place.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    ink: colour('--ink'), quiet: colour('--ink-2'), rule: colour('--rule'), paper: colour('--sheet'), accent: colour('--accent'), danger: colour('--danger'),
    // A whole number: the library reads no other, and would write half as large on screens with twice the dots.
    font: `12px ${getComputedStyle(place).fontFamily}`,
  };
  probe.remove();
  return found;
}

export function strokeOf(line: Line, number: number, colours: Palette): string {
  if (line.danger) return colours.danger;
  return number % 2 === 0 ? colours.accent : colours.ink;
}

export function options(drawn: () => Drawn, colours: Palette, width: number, height: number): uPlot.Options {
  const { lines } = drawn();
  const axis = { stroke: colours.quiet, font: colours.font, ticks: { stroke: colours.ink, width: 1, size: 4 }, gap: 4 };
  return {
    width, height,
    padding: [10, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: () => [0, Math.max(drawn().lasts, 1e-3)] },
      y: { range: (_, __, max) => [0, Math.max(drawn().least, (Number.isFinite(max) ? max : 0) * 1.08)] },
    },
    series: [{}, ...lines.map((line, i) => ({ label: line.name, stroke: strokeOf(line, i, colours), width: line.danger ? 2 : 1.5, dash: [...dashes(i)], points: { show: false }, spanGaps: false }))],
    axes: [
      { ...axis, size: 26, grid: { show: false }, space: 60, values: (_, ticks) => ticks.map((tick) => `${tick}${tick === ticks.at(-1) ? ' s' : ''}`) },
      { ...axis, size: 54, grid: { stroke: colours.rule, width: 1 }, space: 32, values: (_, ticks) => ticks.map(drawn().format) },
    ],
    hooks: { drawAxes: [(plot) => ground(plot, drawn(), colours)] },
  };
}

/** Behind the lines: danger, faults, and the time before anything is measured. */
function ground(plot: uPlot, drawn: Drawn, colours: Palette): void {
  const { ctx, bbox } = plot;
  const x = (seconds: number) => Math.min(Math.max(plot.valToPos(seconds, 'x', true), bbox.left), bbox.left + bbox.width);
  ctx.save();
  if (drawn.warmup > 0) hatch(ctx, colours.rule, bbox.left, bbox.top, x(drawn.warmup) - bbox.left, bbox.height, 10, 0.7);
  if (drawn.danger !== undefined) {
    const y = Math.max(plot.valToPos(drawn.danger, 'y', true), bbox.top);
    hatch(ctx, colours.danger, bbox.left, bbox.top, bbox.width, y - bbox.top, 7, 0.22);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colours.danger;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([]);
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
  }
  for (const { from, to, what } of drawn.faults) {
    const [left, right] = [x(from), Math.max(x(to), x(from) + 2)];
    hatch(ctx, colours.danger, left, bbox.top, right - left, bbox.height, 7, 0.4);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colours.danger;
    ctx.lineWidth = 1.25 * devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    line(ctx, left, bbox.top, left, bbox.top + bbox.height);
    line(ctx, right, bbox.top, right, bbox.top + bbox.height);
    ctx.setLineDash([]);
    label(ctx, what, left, right, bbox, colours);
  }
  ctx.restore();
}

/** What goes wrong, at the top of its time or, where that is too short, beside it. */
function label(ctx: CanvasRenderingContext2D, what: string, left: number, right: number, bbox: uPlot.BBox, colours: Palette): void {
  const gap = 4 * devicePixelRatio;
  ctx.font = colours.font.replace(/^[\d.]+px/, `${11.5 * devicePixelRatio}px`);
  const width = ctx.measureText(what).width;
  const end = bbox.left + bbox.width;
  const x = left + gap + width <= Math.max(right, end) ? left + gap : Math.max(bbox.left, end - width);
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.strokeStyle = colours.paper;
  ctx.strokeText(what, x, bbox.top + 2 * devicePixelRatio);
  ctx.fillStyle = colours.danger;
  ctx.fillText(what, x, bbox.top + 2 * devicePixelRatio);
}

function hatch(ctx: CanvasRenderingContext2D, colour: string, left: number, top: number, width: number, height: number, apart: number, alpha: number): void {
  if (width <= 0 || height <= 0) return;
  const step = apart * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let x = left - height - ((left - height) % step); x < left + width; x += step) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
