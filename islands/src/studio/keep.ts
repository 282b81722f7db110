// Work in progress, kept in this browser so that a reload or a crash loses nothing.
import type { Design } from './document.ts';
import { TEXT_MAX, readDesign } from './read.ts';

const KEY = 'octo.studio.design';

export function keep(design: Design): void {
  try {
    const text = JSON.stringify(design);
    if (text.length <= TEXT_MAX) localStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing: the page works as before, until it is closed.
  }
}

export function kept(): Design | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : readDesign(text).design;
  } catch {
    return null;
  }
}
