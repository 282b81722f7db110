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
    /** Looks whether what is required of data holds. */
    watch(): void;
    report(): string;
    ended_by(): string | undefined;
    measures(wanted: string): string;
    free(): void;
  }
  /** Runs of one design with different seeds, taken together. */
  export class Pool {
    constructor();
    add(run: Run): void;
    count(): number;
    verdicts(): string;
    explain(): string;
    free(): void;
  }
  /** A search that is advanced by its owner: "break", "ablate" or "capacity". */
  export class Search {
    constructor(kind: string, document: string, set: string, seed: string, runs: number);
    advance(events: number): string;
    stop(): void;
    result(): string;
    free(): void;
  }
  /** What is wrong with a design; it throws nothing. */
  export function check(document: string): string;
  export function instant(document: string): string;
  export function napkin(text: string): string;
}

declare module 'octo-engine/octo_bg.wasm?url' {
  const url: string;
  export default url;
}
