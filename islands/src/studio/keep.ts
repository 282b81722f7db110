// Work in progress, kept in this browser so that a reload or a crash loses nothing.
import { type Comments, readComments } from './comments.ts';
import type { Design } from './document.ts';
import { TEXT_MAX, readDesign } from './read.ts';

const KEY = 'octo.studio.design';
const ASIDE = 'octo.studio.aside';
const COMMENTS = 'octo.studio.comments';

export function keep(design: Design): void {
  try {
    const text = JSON.stringify(design);
    if (text.length <= TEXT_MAX) localStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing: the page works as before, until it is closed.
  }
}

/** What is said between its lines. */
export function keepComments(comments: Comments): void {
  try {
    localStorage.setItem(COMMENTS, JSON.stringify(comments));
  } catch {
    // They are there for as long as the page is.
  }
}

export function keptComments(): Comments {
  try {
    return readComments(JSON.parse(localStorage.getItem(COMMENTS) ?? '{}'));
  } catch {
    return {};
  }
}

/** What was being made when somebody's link was opened; there is room for one. */
export function setAside(design: Design): void {
  try {
    localStorage.setItem(ASIDE, JSON.stringify(design));
  } catch {
    // Nothing is kept here; undo still leads back.
  }
}

export function aside(): Design | null {
  return read(ASIDE);
}

export function kept(): Design | null {
  return read(KEY);
}

function read(key: string): Design | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : readDesign(text).design;
  } catch {
    return null;
  }
}
