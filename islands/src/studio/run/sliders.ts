// Which settings of a design can be turned by a slider, and how a slider's place becomes a value as
// people write it: the number inside "poisson 1000/s" is turned, the words around it stay.
import { type Design, type Json, type Path, at, classes, components, isTree, replicas } from '../document.ts';

export interface Slider {
  /** "components.web.replicas" */
  id: string;
  path: Path;
  label: string;
  /** Around the number: "poisson " and "/s". */
  before: string;
  after: string;
  value: number;
  from: number;
  to: number;
  /** Whole numbers in even steps, or factors. */
  scale: 'count' | 'factor' | 'share';
}

/** The settings of components that are worth turning, in this order. */
const KEYS = ['replicas', 'workers', 'time', 'queue', 'ttl', 'hits', 'entries', 'limit', 'rate', 'pool', 'partitions', 'shards'];
const LINK_KEYS = ['timeout', 'rtt', 'retries'];
/** Settings that have a value when nobody writes one. */
const USUAL: Record<string, Json> = { replicas: 1 };

export function sliders(design: Design): Slider[] {
  const found: Slider[] = [];
  const shared = at(design, 'workload', 'arrivals');
  const add = (path: Path, label: string, value: Json | undefined) => {
    const slider = value === undefined ? null : sliderOf(path, label, value);
    if (slider) found.push(slider);
  };
  add(['workload', 'arrivals'], 'rate of all', shared);
  for (const { name, settings } of classes(design)) add(['workload', name, 'arrivals'], `${name}: rate`, at(settings, 'arrivals'));
  for (const { name, kind, settings } of components(design)) {
    if (kind === 'clients') continue;
    for (const key of KEYS) add(['components', name, key], `${name}: ${key}`, at(settings, key) ?? (kind === 'service' ? USUAL[key] : undefined));
  }
  const links = at(design, 'links');
  if (isTree(links)) for (const [key, settings] of Object.entries(links)) for (const word of LINK_KEYS) add(['links', key, word], `${key}: ${word}`, at(settings, word));
  return found;
}

/** Nothing where the value has no number, or more than one. */
export function sliderOf(path: Path, label: string, value: Json): Slider | null {
  const id = path.join('.');
  const key = path.at(-1) ?? '';
  if (isTree(value) && typeof value['arrivals'] === 'string') return null;
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0) return null;
    return { id, path, label, before: '', after: '', value, ...countRange(key, value), scale: 'count' };
  }
  if (typeof value !== 'string') return null;
  const found = /^([^\d]*?)(\d+(?:\.\d+)?)(\s*[^\d]*)$/.exec(value);
  if (!found) return null;
  const [, before = '', digits = '', after = ''] = found;
  const number = Number(digits);
  if (after.trim() === '%') return { id, path, label, before, after, value: number, from: 0, to: 100, scale: 'share' };
  if (!(number > 0)) return null;
  return { id, path, label, before, after, value: number, from: tidy(number / 10), to: tidy(number * 10), scale: 'factor' };
}

function countRange(key: string, value: number): { from: number; to: number } {
  const least = key === 'queue' || key === 'retries' ? 0 : 1;
  return { from: least, to: Math.max(key === 'retries' ? 5 : 16, value * 4) };
}

/** Steps of a slider that goes by factors: a hundred for each tenfold. */
const STEPS = 100;

/** Where the handle stands. */
export function placeOf(slider: Slider, value: number): number {
  return slider.scale === 'factor' ? Math.round(Math.log10(Math.max(value, 1e-12) / slider.from) * STEPS) : value;
}

export function ends(slider: Slider): { min: number; max: number; step: number } {
  if (slider.scale === 'factor') return { min: 0, max: placeOf(slider, slider.to), step: 1 };
  return { min: slider.from, max: slider.to, step: slider.scale === 'share' && slider.value % 1 !== 0 ? 0.1 : 1 };
}

export function valueAt(slider: Slider, place: number): number {
  return slider.scale === 'factor' ? tidy(slider.from * 10 ** (place / STEPS)) : tidy(place);
}

/** As it is written in the design. */
export function writtenAs(slider: Slider, value: number): Json {
  return slider.scale === 'count' ? Math.round(value) : `${slider.before}${plain(value)}${slider.after}`;
}

/** Of what a design says now; the slider's own value where that cannot be read any more. */
export function valueIn(slider: Slider, design: Design): number {
  const value = at(design, ...slider.path);
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (sliderOf(slider.path, slider.label, value)?.value ?? slider.value) : slider.value;
}

function tidy(value: number): number {
  return Number(value.toPrecision(3));
}

/** Without an exponent, which no design has. */
function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

/** What one turns first: the load, and what is busiest with it. */
export function firstOnes(all: readonly Slider[], busiest: string | null, design: Design): Slider[] {
  const rates = all.filter(({ path }) => path[0] === 'workload').slice(0, 2);
  const many = components(design).filter(({ settings }) => replicas(settings) > 1).map(({ name }) => name);
  const about = busiest ?? many[0] ?? components(design).find(({ kind }) => kind === 'service')?.name;
  const parts = all.filter(({ path }) => path[0] === 'components' && path[1] === about).slice(0, 3);
  return [...rates, ...parts];
}
