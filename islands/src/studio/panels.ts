// What can be opened below the diagram, in the order of its tabs. A part of the studio that adds a
// panel adds a line here; each is given the studio and nothing else.
import type { Component } from 'svelte';
import Problems from './Problems.svelte';
import TextForm from './TextForm.svelte';
import type { Studio } from './studio.svelte.ts';
import Break from './verdict/Break.svelte';
import Judge from './verdict/Judge.svelte';

export interface Panel {
  id: string;
  title: string;
  body: Component<{ studio: Studio }>;
  /** A few words behind the title: "3". */
  badge?: (studio: Studio) => string;
}

export const PANELS: readonly Panel[] = [
  { id: 'text', title: 'Text', body: TextForm },
  { id: 'problems', title: 'Problems', body: Problems, badge: (studio) => (studio.problems.length > 0 ? String(studio.problems.length) : '') },
  { id: 'judge', title: 'Judge', body: Judge },
  { id: 'break', title: 'Break', body: Break },
];
