// What can be opened below the diagram, in the order of its tabs. A part of the studio that adds a
// panel adds a line here; each is given the studio and nothing else, and is fetched when it is opened.
import type { Component } from 'svelte';
import type { Studio } from './studio.svelte.ts';

type Body = Component<{ studio: Studio }>;

export interface Panel {
  id: string;
  title: string;
  load: () => Promise<{ default: Body }>;
  /** Stands apart from the one before: another step of the work begins. */
  begins?: true;
  /** A few words behind the title: "3". */
  badge?: (studio: Studio) => string;
}

export const PANELS: readonly Panel[] = [
  { id: 'text', title: 'Text', load: () => import('./TextForm.svelte') },
  { id: 'problems', title: 'Problems', load: () => import('./Problems.svelte'), badge: (studio) => (studio.problems.length > 0 ? String(studio.problems.length) : '') },
  { id: 'predict', begins: true, title: 'Predict', load: () => import('./run/Predict.svelte') },
  { id: 'charts', title: 'Charts', load: () => import('./run/Charts.svelte') },
  { id: 'results', title: 'Results', load: () => import('./run/Results.svelte') },
  { id: 'requests', title: 'Requests', load: () => import('./run/Requests.svelte') },
  { id: 'sliders', begins: true, title: 'Sliders', load: () => import('./run/Sliders.svelte') },
  { id: 'faults', title: 'Faults', load: () => import('./run/Faults.svelte') },
  { id: 'judge', begins: true, title: 'Judge', load: () => import('./verdict/Judge.svelte') },
  { id: 'break', title: 'Break', load: () => import('./verdict/Break.svelte') },
  { id: 'compare', begins: true, title: 'Compare', load: () => import('./compare/Compare.svelte') },
  { id: 'napkin', title: 'Napkin', load: () => import('./compare/Napkin.svelte') },
  { id: 'paper', begins: true, title: 'Take along', load: () => import('./paper/Paper.svelte') },
];
