// What can be opened below the diagram, in the order of its tabs. A part of the studio that adds a
// panel adds a line here; each is given the studio and nothing else.
import type { Component } from 'svelte';
import Problems from './Problems.svelte';
import Charts from './run/Charts.svelte';
import Faults from './run/Faults.svelte';
import Predict from './run/Predict.svelte';
import Requests from './run/Requests.svelte';
import Results from './run/Results.svelte';
import Sliders from './run/Sliders.svelte';
import TextForm from './TextForm.svelte';
import type { Studio } from './studio.svelte.ts';
import Compare from './compare/Compare.svelte';
import Napkin from './compare/Napkin.svelte';
import Paper from './paper/Paper.svelte';
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
  { id: 'predict', title: 'Predict', body: Predict },
  { id: 'charts', title: 'Charts', body: Charts },
  { id: 'results', title: 'Results', body: Results },
  { id: 'requests', title: 'Requests', body: Requests },
  { id: 'sliders', title: 'Sliders', body: Sliders },
  { id: 'faults', title: 'Faults', body: Faults },
  { id: 'judge', title: 'Judge', body: Judge },
  { id: 'break', title: 'Break', body: Break },
  { id: 'compare', title: 'Compare', body: Compare },
  { id: 'napkin', title: 'Napkin', body: Napkin },
  { id: 'paper', title: 'Take along', body: Paper },
];
