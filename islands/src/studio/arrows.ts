// A call plan for arrows that leave it open what is called when: a balancer in front of two
// services, arrows in a circle. Where the arrows are enough, the engine makes the plan
// (`crates/design/src/arrows.rs`) and nothing is written here.
import { type Design, component, links } from './document.ts';

const FORWARD = ['dns', 'cdn', 'balancer', 'gateway', 'limiter', 'log', 'queue'];
const STORES = ['relational', 'keyvalue', 'document', 'columnar', 'objects', 'search'];
const DEPTH_MAX = 30;
const CALLS_MAX = 400;

export interface Planned {
  /** Nothing: the arrows are enough. */
  plan: string | undefined;
  remarks: string[];
}

export function planFor(design: Design, from: string): Planned {
  const walk = new Walk(design);
  const lines = walk.calls(from, 0, [from]);
  return { plan: walk.isNeeded && lines.length > 0 ? `${lines.join('\n')}\n` : undefined, remarks: walk.remarks };
}

class Walk {
  isNeeded = false;
  readonly remarks: string[] = [];
  readonly #design: Design;
  readonly #targets = new Map<string, string[]>();
  #made = 0;

  constructor(design: Design) {
    this.#design = design;
    for (const { from, to } of links(design)) {
      if (!component(design, to)) continue;
      const known = this.#targets.get(from);
      if (known) known.push(to);
      else this.#targets.set(from, [to]);
    }
  }

  /** The lines of what a component calls. */
  calls(name: string, depth: number, way: readonly string[], share = ''): string[] {
    if (depth > DEPTH_MAX || this.#made > CALLS_MAX) return [];
    const kind = this.#kind(name);
    if (STORES.includes(kind) || kind === 'external') return [];
    const all = this.#targets.get(name) ?? [];
    const targets = all.filter((target) => !way.includes(target));
    if (targets.length < all.length) {
      this.isNeeded = true;
      this.remarks.push(`The arrows run in a circle at “${name}”; the call back is left out of the plan.`);
    }
    if (FORWARD.includes(kind) && targets.length > 1) return this.#shared(name, targets, depth, way);
    return this.#all(targets, depth, way, share);
  }

  #all(targets: string[], depth: number, way: readonly string[], share: string): string[] {
    const stores = targets.filter((target) => STORES.includes(this.#kind(target)));
    const caches = targets.filter((target) => this.#kind(target) === 'cache' && !this.#targets.has(target));
    const [cache] = caches;
    if (!cache || stores.length === 0) return targets.flatMap((target) => this.#call(target, depth, way, share));
    const rest = targets.filter((target) => target === cache || !(stores.includes(target) || caches.includes(target)));
    return rest.flatMap((target) => {
      const lines = this.#call(target, depth, way, share);
      if (target !== cache) return lines;
      const asked = [...caches.slice(1), ...stores];
      return [...lines, `${'  '.repeat(depth + 1)}miss: ${asked.join('; ')}`];
    });
  }

  #shared(name: string, targets: string[], depth: number, way: readonly string[]): string[] {
    this.isNeeded = true;
    const share = `${Number((100 / targets.length).toPrecision(4))} %`;
    this.remarks.push(`“${name}” leads to ${targets.join(' and ')}: each gets ${share} of its requests. Change the shares under Calls.`);
    return targets.flatMap((target) => this.#call(target, depth, way, `${share}: `));
  }

  #call(target: string, depth: number, way: readonly string[], prefix: string): string[] {
    this.#made++;
    return [`${'  '.repeat(depth)}${prefix}${target}`, ...this.calls(target, depth + 1, [...way, target])];
  }

  #kind(name: string): string {
    return component(this.#design, name)?.kind ?? '';
  }
}
