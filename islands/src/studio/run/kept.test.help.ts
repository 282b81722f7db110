// A run of any size, for tests of what is kept of it.
import { small } from './kept.ts';
import type { Ran } from './runs.svelte.ts';

export function keptSize(points: number, spans: number): 'whole' | 'without requests' | 'not' {
  const column = Array<number>(points).fill(0);
  const report = { series: { at_ns: column, warmup_points: 0, classes: {}, components: { web: { arrived: column, queue_e3: column, busy_e3: column, rejected: column, backlog: column, replicas: column } } }, components: {}, traces: [{ spans: Array(spans).fill({}) }] };
  const kept = small({ id: 'r-1', report } as unknown as Ran);
  return kept === null ? 'not' : kept.report.traces ? 'whole' : 'without requests';
}
