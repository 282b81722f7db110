// What figures and the studio share: settings put into a design, links that hold one, keys, slices of a
// run, and a door whose worker dies or falls silent.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Door } from './door.ts';
import { toFragment } from './fragment.ts';
import { stepsOf } from './keys.ts';
import { beats, meanwhile } from './pulse.ts';
import { withSettings } from './settings.ts';
import { toTheEnd } from './slices.ts';

const DESIGN = {
  octo: 1,
  components: { web: { kind: 'service', replicas: 2, time: 'exp 5 ms' } },
  links: { 'users -> web': { rtt: '20 ms' } },
  workload: { lasts: '60 s', buy: { from: 'users', arrivals: 'poisson 50/s' } },
  faults: [{ at: '1 min', what: 'crash web' }],
};

describe('settings', () => {
  it.each([
    ['web.replicas', '5', ['components', 'web', 'replicas'], 5],
    ['components.web.time', 'exp 8 ms', ['components', 'web', 'time'], 'exp 8 ms'],
    ['users->web.rtt', '1 ms', ['links', 'users -> web', 'rtt'], '1 ms'],
    ['links.users -> web.retry.attempts', '3', ['links', 'users -> web', 'retry', 'attempts'], 3],
    ['workload.buy.rate', '90/s', ['workload', 'buy', 'arrivals'], 'poisson 90/s'],
    ['workload.buy.arrivals', 'constant 7/s', ['workload', 'buy', 'arrivals'], 'constant 7/s'],
    ['workload.lasts', '5 s', ['workload', 'lasts'], '5 s'],
    ['faults.0.at', '2 min', ['faults', '0', 'at'], '2 min'],
  ])('%s = %s stands at its place, and all else stays', (path, text, keys, value) => {
    const changed = withSettings(DESIGN, { [path]: text });
    const at = (design: unknown) => keys.reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], design);
    expect(at(changed)).toEqual(value);
    const back = structuredClone(changed) as typeof DESIGN;
    const parent = keys.slice(0, -1).reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], back) as Record<string, unknown>;
    const before = at(DESIGN);
    if (before === undefined) delete parent[keys.at(-1)!];
    else parent[keys.at(-1)!] = before;
    expect(path.includes('retry') ? { ...back, links: DESIGN.links } : back).toEqual(DESIGN);
  });
});

it('a link holds the whole design', async () => {
  const fragment = await toFragment(DESIGN);
  expect(fragment).toMatch(/^#d=[A-Za-z0-9_-]+$/);
  const bytes = Uint8Array.from(atob(fragment.slice(3).replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const unpacked = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json();
  expect(unpacked).toEqual(DESIGN);
});

it.each([['ArrowUp', false, 1], ['ArrowLeft', false, -1], ['ArrowRight', true, 10], ['PageDown', false, -10], ['a', true, 0]])('%s with Shift %s is %d steps', (key, shiftKey, steps) => expect(stepsOf({ key, shiftKey })).toBe(steps));

describe('slices', () => {
  it('run to the end, telling on the way', async () => {
    let left = 5;
    const told: number[] = [];
    expect(await toTheEnd({ advance: () => 1 - --left / 5 }, () => true, (done) => told.push(done))).toBe(true);
    expect(told).toHaveLength(4);
  });

  it('end when nobody wants more, also beside another run', async () => {
    let wanted = true;
    const first = toTheEnd({ advance: () => 0.5 }, () => wanted, () => {});
    const second = toTheEnd({ advance: () => ((wanted = false), 1) }, () => true, () => {});
    expect(await second).toBe(true);
    expect(await first).toBe(false);
  });
});

describe('a door', () => {
  class Fake {
    onmessage: ((event: { data: never }) => void) | null = null;
    onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
    ended = false;
    said: string[] = [];
    postMessage(order: string) { this.said.push(order); }
    terminate() { this.ended = true; }
  }

  it('begins one worker, and another after that died', () => {
    const made: Fake[] = [];
    const failed = vi.fn();
    const heard = vi.fn();
    const door = new Door<string, { kind: string }>(() => (made.push(new Fake()), made.at(-1) as unknown as Worker), heard, failed);
    door.add('nobody hears this');
    expect(made).toHaveLength(0);
    door.warm();
    door.say('one');
    made[0]!.onmessage?.({ data: { kind: 'yes' } as never });
    made[0]!.onerror?.({ message: 'struck', preventDefault() {} });
    expect([made.length, made[0]!.said, made[0]!.ended, heard.mock.calls, failed.mock.calls]).toEqual([1, ['one'], true, [[{ kind: 'yes' }]], [['struck']]]);
    door.say('two');
    expect(made[1]!.said).toEqual(['two']);
  });

  /** A door with a worker that is begun, and what it made of that worker's silence. */
  function silent(expected = true) {
    const worker = new Fake();
    const [heard, failed] = [vi.fn(), vi.fn()];
    const door = new Door<string, { kind: string }>(() => worker as unknown as Worker, heard, failed);
    door.say('run');
    door.expects(expected);
    return { worker, door, heard, failed, says: (kind: string) => worker.onmessage?.({ data: { kind } as never }) };
  }

  describe('whose worker says nothing any more', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('ends it after ten seconds and says so once', () => {
      const { worker, failed, says } = silent();
      says('news');
      vi.advanceTimersByTime(9_500);
      expect([worker.ended, failed.mock.calls]).toEqual([false, []]);
      vi.advanceTimersByTime(60_000);
      expect([worker.ended, failed.mock.calls]).toEqual([true, [['it did not answer any more, so it was ended']]]);
    });

    it('waits as long as the worker says that it lives, and tells nobody of that', () => {
      const { worker, heard, says } = silent();
      for (let second = 0; second < 300; second += 5) {
        says('alive');
        vi.advanceTimersByTime(5_000);
      }
      expect([worker.ended, heard.mock.calls]).toEqual([false, []]);
    });

    it('is more patient with one that is still being fetched', () => {
      const { worker } = silent();
      vi.advanceTimersByTime(55_000);
      expect(worker.ended).toBe(false);
      vi.advanceTimersByTime(10_000);
      expect(worker.ended).toBe(true);
    });

    it('lets it be silent while nothing is expected of it', () => {
      const { worker, door, says } = silent(false);
      says('news');
      vi.advanceTimersByTime(600_000);
      door.expects(true);
      vi.advanceTimersByTime(5_000);
      door.expects(false);
      vi.advanceTimersByTime(600_000);
      expect(worker.ended).toBe(false);
    });

    it('hears what it said while the page slept', () => {
      const { worker, says } = silent();
      says('news');
      vi.advanceTimersByTime(9_000);
      // One look after a night; what was said in it comes behind.
      vi.setSystemTime(Date.now() + 8 * 3_600_000);
      says('alive');
      vi.advanceTimersByTime(9_000);
      expect(worker.ended).toBe(false);
    });
  });
});

describe('a worker that is at work', () => {
  it('says that it lives a few times a second, and while it waits', async () => {
    vi.useFakeTimers();
    try {
      const said = vi.fn();
      const beat = beats(said);
      for (let slice = 0; slice < 100; slice++) {
        vi.advanceTimersByTime(30);
        beat();
      }
      expect(said.mock.calls.length).toBeGreaterThan(4);
      expect(said.mock.calls.length).toBeLessThan(8);
      said.mockClear();
      let fetched = (_: string) => {};
      const engine = meanwhile(new Promise<string>((done) => (fetched = done)), beat);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(said.mock.calls.length).toBeGreaterThan(15);
      fetched('engine');
      expect(await engine).toBe('engine');
      said.mockClear();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(said).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });
});
