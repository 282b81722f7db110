// Brings a page's islands to life when they come near the window. A page without islands, or a
// browser without scripts, needs nothing from here.
import type { Mount } from './island.ts';

const islands: Record<string, () => Promise<Mount>> = {
  figure: async () => (await import('./figure/figure.ts')).mount,
  studio: async () => (await import('./studio/studio.ts')).mount,
};

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      // Whatever fails here, the page that the server drew stays as it is.
      void start(target as HTMLElement).catch((wrong: unknown) => console.error(wrong));
    }
  },
  { rootMargin: '300px' },
);

async function start(place: HTMLElement): Promise<void> {
  const mount = await islands[place.dataset['island'] ?? '']?.();
  mount?.(place);
}

for (const place of document.querySelectorAll('[data-island]')) near.observe(place);
