// Predictions and what came of them, kept in this browser and handed to the server where the page
// says where. A browser or a server that keeps nothing stops nothing.
import type { Design } from '../document.ts';
import { type Gap, LIKELY } from './prediction.ts';
import { type Report, mainClass } from './report.ts';

export interface Kept {
  /** The run that was predicted. */
  run: string;
  digest: string;
  title: string;
  gaps: Gap[];
  /** [ms since 1970 UTC] */
  at: number;
}

const KEY = 'octo.studio.predictions';
const ASKED = 'octo.studio.predict';
const MOST = 400;

export function keptPredictions(): Kept[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.filter((one): one is Kept => Array.isArray((one as Kept | null)?.gaps)) : [];
  } catch {
    return [];
  }
}

/** The first prediction of a run is the one that counts: afterwards the answer is known. */
export function keepPrediction(kept: Kept, { design, seed, report }: { design: Design; seed: string; report: Report }): void {
  const before = keptPredictions();
  if (before.some(({ digest }) => digest === kept.digest)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([...before, kept].slice(-MOST)));
  } catch {
    // Full, or forbidden: the gap is still on the page.
  }
  void handOver(new URLSearchParams([['design', JSON.stringify(design)], ['seed', seed], ...answers(kept.gaps, mainClass(report))]));
}

/** As the server asks for them: measures of the report, with units. It runs the design again, and
 * takes nobody's word for what it says. */
export function answers(gaps: readonly Gap[], main: string | null): [string, string][] {
  const asked = ({ question, guess: { value } }: Gap): [string, string] => {
    switch (question) {
      case 'bottleneck': return ['bottleneck', String(value) || 'nothing'];
      case 'breaks': return ['first saturated', String(value) || 'nothing'];
      case 'cost': return ['cost', `${value} USD/month`];
      case 'p99': return [`${main}.p99`, `${value} s`];
      case 'errors': return [`${main}.errors`, String(value)];
    }
  };
  return gaps
    .filter(({ truth }) => truth !== null)
    .flatMap((gap) => {
      const [ask, guess] = asked(gap);
      return [['ask', ask], ['guess', guess], ['confidence', String(LIKELY[gap.guess.confidence])]];
    });
}

async function handOver(body: URLSearchParams): Promise<void> {
  const to = document.querySelector<HTMLElement>('[data-predictions]')?.dataset['predictions'];
  if (!to || !body.has('ask')) return;
  try {
    await fetch(to, { method: 'POST', body, credentials: 'same-origin' });
  } catch {
    // It is kept here; a server that cannot be reached loses nothing of this page.
  }
}

/** Whether this visitor wants to be asked before a run. */
export function isAsked(): boolean {
  try {
    return localStorage.getItem(ASKED) !== 'no';
  } catch {
    return true;
  }
}

export function askOrNot(asked: boolean): void {
  try {
    localStorage.setItem(ASKED, asked ? 'yes' : 'no');
  } catch {
    // It is asked again the next time.
  }
}
