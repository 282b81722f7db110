// Where a value lies on a chart that the server drew.
//
// The contract: the `<svg>` has `data-chart` and says
//   data-xmin, data-xmax, data-ymin, data-ymax   the ends of the axes, in the units of the axes;
//   data-x0, data-x1, data-y0, data-y1           where those ends lie, in the svg's own units
//                                                (x0 belongs to xmin, y0 to ymin, so y0 > y1);
//   data-xscale, data-yscale                     "linear" or "log".
// The x axis is the knob; the y axis is `chart.measure` in `chart.unit`.

export interface Axis {
  min: number;
  max: number;
  start: number;
  end: number;
  log: boolean;
}

export interface Chart {
  x: Axis;
  y: Axis;
}

/** The axes of a drawn chart, or nothing if the svg does not tell them. */
export function readChart(data: Readonly<Record<string, string | undefined>>): Chart | null {
  const x = axis(data, 'x');
  const y = axis(data, 'y');
  return x && y ? { x, y } : null;
}

/** The place of a value, held at the ends of the axis. */
export function place(axis: Axis, value: number): number {
  const share = (warp(axis, value) - warp(axis, axis.min)) / (warp(axis, axis.max) - warp(axis, axis.min));
  return axis.start + Math.min(Math.max(share, 0), 1) * (axis.end - axis.start);
}

/** The value at a place: the inverse of `place` between the ends. */
export function valueAt(axis: Axis, at: number): number {
  const share = Math.min(Math.max((at - axis.start) / (axis.end - axis.start), 0), 1);
  const low = warp(axis, axis.min);
  const value = low + share * (warp(axis, axis.max) - low);
  return axis.log ? Math.exp(value) : value;
}

/** Whether the value lies beyond the end of the axis, so that its mark must say so. */
export function isBeyond(axis: Axis, value: number): boolean {
  return value > axis.max;
}

function warp(axis: Axis, value: number): number {
  return axis.log ? Math.log(Math.max(value, axis.min)) : value;
}

function axis(data: Readonly<Record<string, string | undefined>>, name: 'x' | 'y'): Axis | null {
  const [min, max, start, end] = [`${name}min`, `${name}max`, `${name}0`, `${name}1`].map((key) => parseFloat(data[key] ?? ''));
  if (min === undefined || max === undefined || start === undefined || end === undefined) return null;
  const log = data[`${name}scale`] === 'log';
  if (![min, max, start, end].every(Number.isFinite) || min >= max || start === end || (log && min <= 0)) return null;
  return { min, max, start, end, log };
}
