// The parts of a figure that need no page: the grid of the knob, the places on a chart, what is
// set for a run and what is said of it.
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../shared/problems.ts';
import type { Answer } from './messages.ts';
import { FIRST, nextSlice } from '../shared/slices.ts';
import { type Axis, isBeyond, place, readChart, valueAt } from './chart.ts';
import { type Knob, readData, settings } from './data.ts';
import { move, snap, speak, write } from './knob.ts';
import { sentence } from './results.ts';

const knob = (part: Partial<Knob> = {}): Knob => ({ label: 'rate', unit: '/s', from: 10, to: 95, step: 5, value: 50, say: '', set: {}, ...part });

describe('a knob', () => {
  it.each([
    [52, 50],
    [53, 55],
    [-1e9, 10],
    [1e9, 95],
    [Number.NaN, Number.NaN],
  ])('puts %d on the grid at %d', (value, on) => expect(snap(knob(), value)).toBe(on));

  it('stays within the range when the range is no whole number of steps', () => {
    const uneven = knob({ from: 0, to: 10, step: 3 });
    expect(snap(uneven, 10)).toBe(9);
    expect(move(uneven, 9, 1)).toBe(9);
  });

  it('never shows the noise of binary fractions', () => {
    const fine = knob({ from: 0.1, to: 1, step: 0.1 });
    const values = Array.from({ length: 10 }, (_, steps) => write(fine, move(fine, 0.1, steps)));
    expect(values).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '1']);
  });

  it('keeps the decimals of a very small step', () => {
    const tiny = knob({ from: 0, to: 1e-6, step: 1e-7 });
    expect(snap(tiny, 3.2e-7)).toBe(3e-7);
  });

  it.each([
    ['/s', '50 per second'],
    ['ms', '50 milliseconds'],
    ['%', '50 percent'],
    ['requests/s', '50 requests per second'],
    ['USD/month', '50 USD per month'],
    ['', '50'],
  ])('speaks the unit %j as %j', (unit, spoken) => expect(speak(knob({ unit }), 50)).toBe(spoken));
});

describe('a chart', () => {
  const drawn = { xmin: '10', xmax: '95', x0: '60', x1: '600', ymin: '0', ymax: '250', y0: '300', y1: '20', xscale: 'linear' };

  it('puts the ends of the axes where the server drew them', () => {
    const chart = readChart(drawn)!;
    expect([place(chart.x, 10), place(chart.x, 95), place(chart.y, 0), place(chart.y, 250)]).toEqual([60, 600, 300, 20]);
  });

  it('holds a value beyond the axis at its end and says so', () => {
    const { y } = readChart(drawn)!;
    expect(place(y, 9000)).toBe(20);
    expect(isBeyond(y, 9000)).toBe(true);
    expect(isBeyond(y, 250)).toBe(false);
  });

  it.each([false, true])('finds the value at a place again (log: %s)', (log) => {
    const axis: Axis = { min: 1, max: 1000, start: 60, end: 600, log };
    for (const value of [1, 2, 30, 999, 1000]) expect(valueAt(axis, place(axis, value))).toBeCloseTo(value, 6);
  });

  it('spreads a logarithmic axis by factors', () => {
    expect(place({ min: 1, max: 100, start: 0, end: 100, log: true }, 10)).toBeCloseTo(50, 9);
  });

  it.each([{ xmin: '95' }, { x1: '60' }, { ymax: 'NaN' }, { y0: undefined }, { xmin: '0', xscale: 'log' }])('is left alone when %o makes no axis', (wrong) =>
    expect(readChart({ ...drawn, ...wrong })).toBeNull(),
  );
});

describe('the data of a figure', () => {
  const text = JSON.stringify({ design: { octo: 1 }, seed: 7, knob: knob({ set: { 'workload.buy.arrivals': 'poisson {}/s' } }), measures: [{ name: 'mean', label: 'mean' }], set: { 'web.time': '1 ms' } });

  it('becomes settings, the more particular ones last', () => {
    const data = readData(text);
    expect(data.seed).toBe('7');
    expect(settings(data, { label: 'slow', set: { 'web.time': '2 ms' } }, '90')).toEqual({ 'web.time': '2 ms', 'workload.buy.arrivals': 'poisson 90/s' });
  });

  it('stays locked unless the server says that the prediction is made', () => expect(readData(text).committed).toBe(false));

  it.each(['', '{}', JSON.stringify({ design: {}, measures: [], knob: knob({ step: 0 }) })])('is refused when it is %j', (wrong) =>
    expect(() => readData(wrong)).toThrow(),
  );
});

describe('what is said of a run', () => {
  const run = (mean: string) => ({ run: 'r-1', ended: null, measures: [{ name: 'buy.mean', shown: mean, value: null }] });
  const measures = [
    { name: 'buy.mean', label: 'mean', unit: null },
    { name: 'buy.p99', label: 'p99', unit: null },
  ];

  it('names every measure, and the line when there are several', () => {
    expect(sentence({ measures, series: [{ label: '', set: {} }] }, [run('20 ms')])).toBe('mean 20 ms, p99 not measured.');
    const series = ['one', 'two'].map((label) => ({ label, set: {} }));
    expect(sentence({ measures: measures.slice(0, 1), series }, [run('20 ms'), run('5 ms')])).toBe('one: mean 20 ms; two: mean 5 ms.');
  });

  it('passes on the problems of the engine, and words for its own faults', () => {
    const thrown: Extract<Answer, { kind: 'wrong' }>['problems'] = [{ severity: 'error', path: 'web.time', line: null, column: null, message: 'No.', suggestion: null }];
    expect(problemsOf(JSON.stringify(thrown))).toEqual(thrown);
    for (const fault of ['{', new Error('unreachable'), undefined]) expect(problemsOf(fault)[0]?.message).toContain('The engine stopped');
  });
});

describe('the slices of a run', () => {
  it('grow to about thirty milliseconds and shrink again', () => {
    expect(nextSlice(FIRST, 3)).toBe(2 * FIRST);
    expect(nextSlice(100_000, 60)).toBe(50_000);
    expect(nextSlice(2_000, 1_000)).toBe(1_000);
    expect(nextSlice(FIRST, 0)).toBe(2 * FIRST);
  });
});
