// A found break as a design to open: the present design with the load and the faults of the case,
// so that everything else, and where boxes stand, stays.
import { type Design, type Tree, at, classes, faults, put } from '../document.ts';

/** The engine writes a document out in full; only what a case can change is taken from it. */
export function replayed(design: Design, found: Tree): Design {
  let changed = design;
  for (const { name } of classes(design)) {
    const arrivals = at(found, 'workload', name, 'arrivals');
    if (arrivals !== undefined && at(design, 'workload', name, 'arrivals') !== undefined) changed = put(changed, ['workload', name, 'arrivals'], arrivals);
  }
  const all = at(found, 'workload', 'arrivals');
  if (all !== undefined && at(design, 'workload', 'arrivals') !== undefined) changed = put(changed, ['workload', 'arrivals'], all);
  const wrong = faults(found);
  return put(changed, ['faults'], wrong.length > 0 ? wrong : undefined);
}
