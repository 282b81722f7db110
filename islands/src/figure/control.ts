// The knob on the page: a slider and a number field that always agree. Arrow keys move by a step,
// with Shift by ten; the value is spoken with its unit.
import { stepsOf } from '../shared/keys.ts';
import type { Knob } from './data.ts';
import { el } from './dom.ts';
import { move, snap, speak, write } from './knob.ts';

export interface Control {
  element: HTMLElement;
  readonly value: number;
  /** Turns the knob, as if by hand. */
  turn(value: number): void;
}

export function control(knob: Knob, id: string, turned: (value: number) => void): Control {
  let value = snap(knob, knob.value);
  const bounds = { min: write(knob, knob.from), max: write(knob, knob.to), step: write(knob, knob.step) };
  const slider = el('input', { type: 'range', id, ...bounds });
  const field = el('input', { type: 'number', inputmode: 'decimal', 'aria-label': `${knob.label}, as a number`, ...bounds });
  const number = el('span', { class: 'with-unit' }, field, ` ${knob.unit.trim()}`);
  const say = knob.say ? [el('p', { class: 'say' }, knob.say)] : [];
  const element = el('div', { class: 'knob' }, el('label', { for: id }, knob.label), slider, number, ...say);

  const show = () => {
    slider.value = write(knob, value);
    slider.setAttribute('aria-valuetext', speak(knob, value));
    // Not under the hands of someone who types.
    if (document.activeElement !== field || field.valueAsNumber !== value) field.value = write(knob, value);
  };
  const turn = (wanted: number) => {
    const next = snap(knob, wanted);
    const changed = next !== value;
    value = next;
    show();
    if (changed) turned(value);
  };
  slider.addEventListener('input', () => turn(slider.valueAsNumber));
  field.addEventListener('input', () => {
    const typed = field.valueAsNumber;
    // Half a number is left alone until it lies on the grid.
    if (snap(knob, typed) === typed) turn(typed);
  });
  field.addEventListener('change', () => {
    const typed = field.valueAsNumber;
    if (Number.isFinite(typed)) turn(typed);
    else show();
  });
  element.addEventListener('keydown', (event) => {
    const steps = stepsOf(event);
    const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    // One step is what the browser does itself.
    if (Math.abs(steps) < 10 || (sideways && event.target === field)) return;
    event.preventDefault();
    turn(move(knob, value, steps));
  });
  show();
  return {
    element,
    turn,
    get value() {
      return value;
    },
  };
}
