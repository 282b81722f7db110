// The envelope as fields of a form, and back: how much load, which faults, how many at once, how long
// and when a design must survive. What the words mean, the engine says; what a field cannot hold
// (rates by class) stays as it is written.
import { type Design, type Json, type Path, at, components, isTree, section } from '../document.ts';

export interface Fields {
  /** "x2"; empty for no change. */
  least: string;
  most: string;
  /** Rates are said by class, which the form leaves alone. */
  isByClass: boolean;
  any: string[];
  atOnce: string;
  lasts: string;
  at: string;
}

export function fields(design: Design): Fields {
  const rate = at(design, 'envelope', 'rate');
  const [least, most] = typeof rate === 'string' ? factors(rate) : ['', ''];
  const any = at(design, 'envelope', 'faults', 'any');
  const list = Array.isArray(any) ? any : any === undefined ? [] : [any];
  const text = (key: string) => shown(at(design, 'envelope', 'faults', key));
  return { least, most, isByClass: isTree(rate), any: list.map(shown).filter(Boolean), atOnce: text('at_once'), lasts: text('lasts'), at: text('at') };
}

function shown(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** "x0.5..x2" as its ends; a single factor is the most, or the least if it is below one. */
function factors(rate: string): [string, string] {
  const [from = '', to] = rate.split('..').map((end) => end.trim());
  if (to !== undefined) return [from, to];
  return Number(from.replace(/^x/, '')) < 1 ? [from, ''] : ['', from];
}

/** What a change of one field sets in the design. */
export function change(before: Fields, field: keyof Fields, value: string): { path: Path; value: Json | undefined } {
  const written = value.trim();
  switch (field) {
    case 'least':
    case 'most': {
      const [least, most] = [factor(field === 'least' ? written : before.least), factor(field === 'most' ? written : before.most)];
      return { path: ['envelope', 'rate'], value: least || most ? `${least}..${most}` : undefined };
    }
    case 'any': {
      const any = written.split(/[\n,]/).map((line) => line.trim()).filter(Boolean);
      return { path: ['envelope', 'faults', 'any'], value: any.length > 0 ? any : undefined };
    }
    case 'atOnce':
      return { path: ['envelope', 'faults', 'at_once'], value: /^\d+$/.test(written) ? Number(written) : written || undefined };
    default:
      return { path: ['envelope', 'faults', field], value: written || undefined };
  }
}

/** "2" and "2x" mean "x2". */
function factor(text: string): string {
  const number = /^(?:x\s*)?(\d+(?:\.\d+)?)\s*(?:x|times)?$/.exec(text)?.[1];
  return number ? `x${number}` : text;
}

/** Faults worth a thought for what is in this design. */
export function suggested(design: Design): string[] {
  const kinds = new Set(components(design).map(({ kind }) => kind));
  const stores = components(design).filter(({ kind }) => ['relational', 'keyvalue', 'document', 'external'].includes(kind)).slice(0, 2);
  const regions = new Set(components(design).flatMap(({ settings }) => shown(at(settings, 'region')) || []));
  return ['crash 1', 'slow x10', ...stores.map(({ name }) => `slow x10 of ${name}`), ...(kinds.has('cache') ? ['flush'] : []), ...[...regions].slice(0, 2).map((name) => `lose ${name}`)];
}

/** The bad days that everybody has, for a design that says nothing of them. */
export function usual(): Json {
  return { rate: 'x1..x2', faults: { any: ['crash 1', 'slow x10'], at_once: 1, lasts: '..20 s' } };
}

export function hasEnvelope(design: Design): boolean {
  return Object.keys(section(design, 'envelope')).length > 0;
}
