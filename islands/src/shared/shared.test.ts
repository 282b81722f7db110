// What figures and the studio share: settings put into a design, links that hold one, keys, slices of a
// run, and a door whose worker dies.
import { describe, expect, it, vi } from 'vitest';
import { Door } from './door.ts';
import { toFragment } from './fragment.ts';
import { stepsOf } from './keys.ts';
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
    onmessage: ((event: { data: string }) => void) | null = null;
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
    const door = new Door<string, string>(() => (made.push(new Fake()), made.at(-1) as unknown as Worker), heard, failed);
    door.add('nobody hears this');
    expect(made).toHaveLength(0);
    door.warm();
    door.say('one');
    made[0]!.onmessage?.({ data: 'yes' });
    made[0]!.onerror?.({ message: 'struck', preventDefault() {} });
    expect([made.length, made[0]!.said, made[0]!.ended, heard.mock.calls, failed.mock.calls]).toEqual([1, ['one'], true, [['yes']], [['struck']]]);
    door.say('two');
    expect(made[1]!.said).toEqual(['two']);
  });
});
