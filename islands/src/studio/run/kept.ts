// The last runs, kept in this browser with their reports, so that a reload or a crash loses neither
// them nor what was predicted. A browser that keeps nothing forgets them with the page.
import { readDesign } from '../read.ts';
import type { Ran } from './runs.svelte.ts';

const NAME = 'octo-studio';
const STORE = 'runs';
/** Older ones are forgotten. */
export const KEPT = 12;
/** A run that is larger is kept without the requests that were looked at; a larger one still, not at all [values]. */
const LARGE = 200_000;
/** The page has other things to do when a run has just been made [ms]. */
const LATER_MS = 400;

/** The newest first: those of this engine, whose numbers still mean what they meant. */
export async function keptRuns(engine: string): Promise<Ran[]> {
  try {
    const store = await opened('readonly');
    const all = await done(store.getAll() as IDBRequest<Ran[]>);
    return all.filter((ran) => isRun(ran) && ran.report.engine === engine).toSorted((a, b) => b.at - a.at).slice(0, KEPT);
  } catch {
    return [];
  }
}

export async function keepRun(ran: Ran): Promise<void> {
  try {
    const kept = small(ran);
    if (!kept) return;
    await new Promise((then) => setTimeout(then, LATER_MS));
    const store = await opened('readwrite');
    await done(store.put(kept));
    const all = await done(store.getAll() as IDBRequest<Ran[]>);
    for (const { id } of all.toSorted((a, b) => b.at - a.at).slice(KEPT)) store.delete(id);
  } catch {
    // Full, or forbidden: the run is there for as long as the page is.
  }
}

export async function forgetRuns(): Promise<void> {
  try {
    await done((await opened('readwrite')).clear());
  } catch {
    // There is nothing to forget.
  }
}

/** As it is kept; null if it is too large to be. */
export function small(ran: Ran): Ran | null {
  if (valuesOf(ran) <= LARGE) return ran;
  const { traces: _, ...report } = ran.report;
  const less = { ...ran, report };
  return valuesOf(less) <= LARGE ? less : null;
}

/** About how many values there are to keep: those that grow are counted, not written out. */
function valuesOf({ report }: Ran): number {
  const { at_ns: at, classes, components } = report.series;
  const columns = [...Object.values(classes), ...Object.values(components)].reduce((sum, each) => sum + Object.keys(each).length, 0);
  const spans = (report.traces ?? []).reduce((sum, trace) => sum + trace.spans.length, 0);
  return columns * at.length + spans * 10 + Object.keys(report.components).length * 30;
}

/** What an older page has written may have any shape. */
function isRun(ran: Partial<Ran> | null): boolean {
  const { report } = ran ?? {};
  const isReport = Array.isArray(report?.series?.at_ns) && typeof report.classes === 'object' && typeof report.components === 'object';
  return typeof ran?.id === 'string' && typeof ran.at === 'number' && isReport && readDesign(JSON.stringify(ran.design ?? '')).design !== null;
}

let base: Promise<IDBDatabase> | null = null;

async function opened(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  base ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return (await base).transaction(STORE, mode).objectStore(STORE);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
