// What the server says to a figure, and how it is read.
//
// The block is `<section class="figure" data-island="figure">` with one
// `<script type="application/json">` that holds a `FigureData`. What the island finds and uses:
//   `svg[data-chart]` the chart, which tells its axes as described in `chart.ts`;
//   `.measures`   the numbers that the server ran, which give way to the first run made here;
//   `.run-line`   what run they are from, likewise.
// The knob is put before `.measures`; where that is missing, before `.ignores` or at the end.

export interface FigureData {
  /** The design as a JSON document. */
  design: unknown;
  /** The same as its author would write it, for the studio. */
  toml: string;
  /** A whole number below 2^64, as text. */
  seed: string;
  /** Settings that hold for the whole figure: path to text. */
  set: Record<string, string>;
  knob: Knob;
  /** The lines of the chart, in its order; none stands for one line without settings of its own. */
  series: Series[];
  /** The measures that are shown, in order. */
  measures: Shown[];
  /** The measure that the chart draws over the knob, and the unit of its axis. */
  chart: { measure: string; unit: string } | null;
  /** The prediction is made, or there is none to make: the figure may be played with. */
  committed: boolean;
  /** What the server ran for the commitment: the run of the first series at this value. */
  ran: { value: number; run: string } | null;
}

export interface Knob {
  label: string;
  /** As it is shown and spoken after the number: "/s", "ms", "" for a count. */
  unit: string;
  from: number;
  to: number;
  step: number;
  value: number;
  /** The one line that says what to move and what to look for. */
  say: string;
  /** Settings in which `{}` stands for the value. */
  set: Record<string, string>;
}

export interface Series {
  label: string;
  set: Record<string, string>;
}

export interface Shown {
  name: string;
  label: string;
  /** "%" for a share; anything else is shown in its best unit. */
  unit: string | null;
}

/** Reads the block's data. The server and this file come from one build, so only the few things
 * that would make the controls useless are looked at. */
export function readData(text: string): FigureData {
  const data = JSON.parse(text) as Partial<FigureData>;
  const knob = data.knob;
  if (!data.design || !knob || !data.measures) throw new Error('A figure needs a design, a knob and measures.');
  if (!(knob.from < knob.to && knob.step > 0)) throw new Error(`The knob “${knob.label}” has no range.`);
  return {
    design: data.design,
    toml: data.toml ?? '',
    seed: String(data.seed ?? '1'),
    set: data.set ?? {},
    knob: { ...knob, say: knob.say ?? '', set: knob.set ?? {} },
    series: data.series?.length ? data.series : [{ label: '', set: {} }],
    measures: data.measures.map((shown) => ({ ...shown, unit: shown.unit ?? null })),
    chart: data.chart ?? null,
    committed: data.committed ?? false,
    ran: data.ran ?? null,
  };
}

/** All that is set in the design for one line at one value of the knob. */
export function settings(data: FigureData, series: Series, value: string): Record<string, string> {
  const turned = Object.entries(data.knob.set).map(([path, text]) => [path, text.replaceAll('{}', value)]);
  return { ...data.set, ...series.set, ...Object.fromEntries(turned) };
}
