// How the studio takes up work and keeps it: a design in the address, or that of the last time; and
// every change kept and checked a moment after it was made.
import { EngineStopped } from './engine.ts';
import { keep, keepComments, kept, keptComments, setAside } from './keep.ts';
import { fromFragment, hasDesign, readLinked } from './share.ts';
import type { Design } from './document.ts';
import type { Studio } from './studio.svelte.ts';

/** Long enough to spare the checks that nobody waits for. */
const SETTLED_MS = 200;

/** To be called while a component is made; it ends with that component. */
export function begins(studio: Studio): void {
  const before = kept();
  if (before) studio.resume(before, keptComments());
  void openLink(studio);
  $effect(() => {
    const { design } = studio;
    const timer = setTimeout(() => settled(studio, design), SETTLED_MS);
    return () => clearTimeout(timer);
  });
  $effect(() => {
    const now = () => {
      keep(studio.design);
      keepComments(studio.comments);
    };
    const link = () => void openLink(studio);
    addEventListener('pagehide', now);
    addEventListener('hashchange', link);
    return () => {
      removeEventListener('pagehide', now);
      removeEventListener('hashchange', link);
    };
  });
}

async function openLink(studio: Studio): Promise<void> {
  const { hash } = location;
  if (!hasDesign(hash)) return;
  const found = await fromFragment(hash);
  const read = 'text' in found ? readLinked(found.text) : null;
  if (read?.design && !studio.isBlank) setAside(studio.design);
  if (read?.design) studio.open(read.design, 'open the design of the link');
  else studio.said = 'wrong' in found ? found.wrong : (read?.slips[0]?.message ?? '');
  // From here on the design is the one that is being made, not the one of the link.
  history.replaceState(null, '', location.pathname + location.search);
}

async function settled(studio: Studio, design: Design): Promise<void> {
  keep(design);
  keepComments(studio.comments);
  if (studio.isBlank) {
    studio.problems = [];
    return;
  }
  try {
    const problems = await studio.engine.check(design);
    // An answer about a design of before is of no use.
    if (studio.design === design) studio.problems = problems;
  } catch (wrong) {
    if (studio.design === design && wrong instanceof EngineStopped) studio.problems = wrong.problems;
  }
}
