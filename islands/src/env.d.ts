// What the bundler provides: its own imports, and the engine's glue, which the build makes from
// `crates/wasm` (the classes and functions here are those of its `lib.rs`).
/// <reference types="vite/client" />

declare module 'octo-engine/octo.js' {
  export default function init(options: { module_or_path: string | URL }): Promise<unknown>;
  /** A run of one experiment. The calls that can fail throw a JSON list of problems. */
  export class Run {
    constructor(document: string, set: string, seed: string);
    id(): string;
    advance(events: number): number;
    trace(): void;
    report(): string;
    ended_by(): string | undefined;
    measures(wanted: string): string;
    free(): void;
  }
}

declare module 'octo-engine/octo_bg.wasm?url' {
  const url: string;
  export default url;
}

// The engine of the studio: all of the above and more. What each answer holds is said in `crates/wasm/src`.
declare module 'octo-studio/octo.js' {
  export default function init(options: { module_or_path: string | URL }): Promise<unknown>;
  export class Run {
    constructor(document: string, set: string, seed: string);
    id(): string;
    /** Looks closely at some requests: `traces` of the report. Before the first slice. */
    trace(): void;
    /** Looks whether invariants on data hold. Before the first slice. */
    watch(): void;
    /** From 0 to 1, which is only said at the end. */
    advance(events: number): number;
    /** `{ done, simulated_s, of_s }`. */
    progress(): string;
    /** The series of the report, as far as it is. */
    series(): string;
    report(): string;
    ended_by(): string | undefined;
    measures(wanted: string): string;
    free(): void;
  }
  /** Runs of one design with different seeds, taken together. */
  export class Pool {
    add(run: Run): void;
    count(): number;
    report(): string;
    /** `{ verdicts: { [id]: { required, verdict, says, ... } }, more: number | null }`. */
    verdicts(): string;
    /** `[{ role, kind, text, component, components, links, figures }]`. */
    explain(): string;
    free(): void;
  }
  export class Search {
    constructor(kind: 'break' | 'ablate' | 'capacity', document: string, set: string, seed: string, runs: number);
    /** `{ done, runs, of, trying }`. */
    advance(events: number): string;
    stop(): void;
    /** "null" before it is done. */
    result(): string;
    free(): void;
  }
  /** Never throws. `{ problems, runnable, run, resolved, components, calls, requirements }`. */
  export function check(document: string): string;
  /** `{ kinds, links, classes, data, notations, prices }`. */
  export function catalogue(): string;
  /** `{ places: { [name]: { x, y, width, height } }, groups }`. */
  export function layout(document: string, down: boolean): string;
  /** What formulas tell: `{ numbers, first, reasons }`. */
  export function instant(document: string): string;
  /** The steps of an estimate: `[{ name, text, shown, value, unit }]`. */
  export function napkin(text: string): string;
  export function picture_svg(document: string, id: string): string;
  export function version(): string;
}

declare module 'octo-studio/octo_bg.wasm?url' {
  const url: string;
  export default url;
}
