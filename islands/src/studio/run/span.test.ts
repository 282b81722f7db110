// Faults as spans over the clock: which can be moved, where they go, and what the design says then.
import { describe, expect, it } from 'vitest';
import { keptSize } from './kept.test.help.ts';
import { moved, placed, spansOf } from './span.ts';
import { bezier, pointsOf } from './way.ts';

const S = 1e9;
const design = {
  octo: 1,
  components: { db: { kind: 'relational' } },
  faults: [{ at: '20 s', lasts: '10 s', what: 'crash db' }, { at: '5 s', what: 'flush cache' }, { at: '1 min', what: 'slow x3 of db' }, { at: '1 s', every: '9 s', what: 'crash db' }, { at: 'soon', what: 'crash db' }],
};
const [crash, flush, slow] = spansOf(design) as [ReturnType<typeof spansOf>[0], ReturnType<typeof spansOf>[0], ReturnType<typeof spansOf>[0]];

describe('a span', () => {
  it('is known of those with plain times', () => {
    expect(spansOf(design).map(({ number, from, to, isInstant }) => [number, from / S, to === null ? null : to / S, isInstant])).toEqual([[0, 20, 30, false], [1, 5, 5, true], [2, 60, null, false]]);
  });

  it.each([
    ['whole', 5, [25, 35]],
    ['whole', -100, [0, 10]],
    ['whole', 100, [50, 60]],
    ['from', 5, [25, 30]],
    ['from', 100, [29, 30]],
    ['to', -100, [20, 21]],
    ['to', 100, [20, 60]],
  ] as const)('moved by its %s by %d s is %j', (part, by, [from, to]) => {
    const span = moved(crash, part, by * S, S, 60 * S);
    expect([span.from / S, span.to! / S]).toEqual([from, to]);
  });

  it('is written where it is', () => {
    expect(placed(design, moved(crash, 'whole', 5 * S, S, 60 * S))['faults']).toContainEqual({ at: '25 s', lasts: '10 s', what: 'crash db' });
    expect(placed(design, moved(flush, 'whole', 1 * S, S, 60 * S))['faults']).toContainEqual({ at: '6 s', what: 'flush cache' });
    expect(placed(design, moved(slow, 'to', -20 * S, S, 120 * S))['faults']).toContainEqual({ at: '60 s', lasts: '40 s', what: 'slow x3 of db' });
    expect(placed({ octo: 1 }, crash)).toEqual({ octo: 1 });
  });
});

it('a run that is too large is kept without its requests, or not at all', () => {
  expect([keptSize(10, 10), keptSize(10, 30_000), keptSize(40_000, 10)]).toEqual(['whole', 'without requests', 'not']);
});

describe('a way along an arrow', () => {
  it('begins and ends where the arrow does', () => {
    const points = pointsOf('M-10.5,20 C40,20 1e-3,80 120,80')!;
    expect([bezier(points, -1), bezier(points, 1), bezier(points, 0.5).y]).toEqual([{ x: -10.5, y: 20 }, { x: 120, y: 80 }, 50]);
  });

  it.each(['', 'M0,0 L10,10', 'M0,0 C1,1 2,2', 'M0,0 C1,1 2,2 3,NaN', 'M0,0 Q1,1 2,2'])('is not known of %j', (written) => expect(pointsOf(written)).toBeNull());
});
