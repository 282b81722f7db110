// The engine's answers as the page shows them. The engine tells numbers as whole billionths of a unit,
// as its reports do; here they become what people read. Which verdict stands, the engine says.
import type { Problem } from '../../shared/problems.ts';
import { number, rate, share, time, usd } from '../run/format.ts';
import type { Ablated, Broken, Capacity, Finding, Judged, Said, Scene, Verdict } from './asked.ts';
import type { Tree } from '../document.ts';

/** As `judge::json` writes a verdict. */
export interface ToldVerdict {
  required: string;
  verdict: Said;
  measured_e9?: number;
  half_e9?: number;
  margin_e9?: number;
  by_e9?: number;
  unit?: string;
  violated?: number;
  checked?: number;
  why?: string;
  story?: (Omit<Scene, 'session'> & { session?: number })[];
}

export interface ToldFinding {
  role: Finding['role'];
  kind: string;
  component: string | null;
  text: string;
  components?: string[];
  links?: string[];
  figures: { name: string; value_e9: number; unit: string }[];
}

export interface ToldBreak {
  found: {
    requirement: string;
    required: string;
    verdict: ToldVerdict;
    story: string[];
    seed: number;
    runs: number;
    shows_at: string | null;
    is_smallest: boolean;
    document: Tree;
  } | null;
  runs: number;
  stopped: string | null;
  not_judged: { requirement: string; why: string }[];
  sentences: string[];
  tried: { requirement: string; slack_e9: number; case: string }[];
}

export interface ToldAblation {
  rows: { component: string; change: string; result: string; earns: { requirement: string; case: string; arguments: string[]; verdict: ToldVerdict }[]; could_go: boolean }[];
  cases: string[];
  runs: number;
  stopped: string | null;
  sentences: string[];
}

export interface ToldCapacity {
  highest: { meets_e9: number | null; misses_e9: number | null; missed: { requirement: string; verdict: ToldVerdict; shows_at: string | null } | null; runs: number; stopped: string | null };
  fewest: { meets: boolean; missed: string | null; parts: { component: string; had: number; needs: number; usd_e9_per_month: number | null }[]; runs: number; stopped: string | null } | null;
}

/** How many of those that came nearest are shown. */
const NEAREST = 5;
const LARGE = 1e9;

export function judged(verdicts: Record<string, ToldVerdict>, findings: readonly ToldFinding[], runs: number): Judged {
  return { requirements: Object.fromEntries(Object.entries(verdicts).map(([id, told]) => [id, verdict(told)])), explanation: findings.map(finding), runs };
}

/** Requirements that cannot be measured at all, as verdicts that say why: none of them passes unseen. */
export function unjudged(problems: readonly Problem[]): Record<string, ToldVerdict> {
  return Object.fromEntries(problems.filter(({ path }) => path.startsWith('require.')).map(({ path, message, suggestion }) => {
    return [path.slice('require.'.length), { required: '', verdict: 'not judged', why: [message, suggestion ?? ''].join(' ').trim() }];
  }));
}

export function verdict(told: ToldVerdict): Verdict {
  const isShare = told.required.includes('%');
  const shown = (value: number) => quantity(value / LARGE, told.unit ?? '', isShare);
  const by = told.margin_e9 ?? told.by_e9;
  return {
    required: told.required,
    verdict: told.verdict,
    measured: measured(told, shown),
    by: by === undefined || by === 0 ? null : shown(by),
    why: told.why ?? null,
    ...(told.story ? { story: told.story.map(({ session, ...scene }) => ({ ...scene, session: session === undefined ? null : session % 2 ** 32 })) } : {}),
  };
}

function measured(told: ToldVerdict, shown: (value: number) => string): string | null {
  if (told.checked !== undefined) return `${number(told.violated ?? 0)} of ${number(told.checked)}`;
  if (told.measured_e9 === undefined) return null;
  const [value, half] = [told.measured_e9, told.half_e9 ?? 0];
  return half > Math.abs(value) * 1e-9 && half > 0 ? `${shown(value)} ± ${shown(half)}` : shown(value);
}

function finding({ role, kind, component, text, components, links, figures }: ToldFinding): Finding {
  const about = components || links ? { about: [...(components ?? []), ...(links ?? [])] } : {};
  return { role, kind, component, text, figures: figures.map((told) => ({ name: told.name, shown: figure(told) })), ...about };
}

/** Of a plain number, what is a share is known by its name, as on the command line. */
const SHARES = ['utilisation', 'errors', 'good', 'hits', 'share', 'refused', 'left', 'failed', 'meanwhile'];

function figure({ name, value_e9: value, unit }: ToldFinding['figures'][number]): string {
  return quantity(value / LARGE, unit, value <= LARGE && SHARES.some((word) => name.includes(word)));
}

function quantity(value: number, unit: string, isShare: boolean): string {
  if (unit === 's') return time(value);
  if (unit === '/s') return rate(value);
  if (unit === 'USD') return usd(value);
  if (unit === 'USD/month') return `${usd(value)} a month`;
  return isShare ? nines(value) : number(value);
}

/** "99.95 %": near to all it has as many nines as it has. */
export function nines(value: number): string {
  if (!(value >= 0.99 && value < 1)) return share(value);
  const decimals = Math.min(7, Math.max(0, 1 - Math.floor(Math.log10(100 * (1 - value)))));
  return `${(value * 100).toFixed(decimals).replace(/\.?0+$/, '')}\u202f%`;
}

export function broken({ found, tried, ...told }: ToldBreak): Broken {
  return {
    ...told,
    found: found && { ...found, verdict: verdict(found.verdict), seed: String(found.seed), seeds: found.runs },
    tried: tried.slice(0, NEAREST).map(({ slack_e9: slack, ...rest }) => ({ ...rest, slack: slack / LARGE })),
  };
}

/** `missed` is what the design misses as it is, which nothing can earn. */
export function ablated(told: ToldAblation, missed: string[]): Ablated {
  const isRemoved = ({ change }: ToldAblation['rows'][number]) => change === 'taken away';
  const rows = told.rows.map((row) => ({
    ...row,
    is_removed: isRemoved(row),
    says: row.could_go && isRemoved(row) ? (told.sentences.find((sentence) => isAbout(sentence, row.component)) ?? '') : '',
    earns: row.earns.map((one) => ({ requirement: one.requirement, case: one.case, is_usual: one.arguments.length === 0, verdict: verdict(one.verdict) })),
  }));
  return { ...told, rows, missed };
}

/** "You could delete lb: ...", "You could delete web, if ..." */
function isAbout(sentence: string, component: string): boolean {
  return [':', ','].some((end) => sentence.startsWith(`You could delete ${component}${end}`));
}

export function capacity({ highest, fewest }: ToldCapacity): Capacity {
  const missed = highest.missed && highest.misses_e9 !== null ? { factor: highest.misses_e9 / LARGE, requirement: highest.missed.requirement, verdict: verdict(highest.missed.verdict), shows_at: highest.missed.shows_at } : null;
  return {
    highest: { meets: highest.meets_e9 === null ? null : highest.meets_e9 / LARGE, misses: missed, stopped: highest.stopped },
    fewest: fewest && { meets: fewest.meets, missed: fewest.missed, stopped: fewest.stopped, parts: fewest.parts.map(({ usd_e9_per_month: price, ...part }) => ({ ...part, usd_per_month: price === null ? null : price / LARGE })) },
    runs: highest.runs + (fewest?.runs ?? 0),
  };
}
