// Brings the studio to life in the place that the page has for it: reads what the page brought,
// takes up the work of the last time, and keeps what is being made.
import { mount as mountSvelte } from 'svelte';
import App from './App.svelte';
import { unpack } from './catalogue.ts';
import { Engine } from './engine.ts';
import { Studio } from './studio.svelte.ts';

export function mount(place: HTMLElement): void {
  const given = JSON.parse(place.querySelector('script[type="application/json"]')?.textContent ?? '{}');
  const studio = new Studio({ ...given, catalogue: unpack(given.catalogue) }, new Engine());
  // The numbers of a run are written in it. When a font comes, all words of the page are laid out anew: better
  // now than with two hundred boxes and a clock that runs.
  void document.fonts.load('600 16px "IBM Plex Mono"').catch(() => undefined);
  place.replaceChildren();
  mountSvelte(App, { target: place, props: { studio } });
}
