// Any text that may be a design: our own TOML and JSON, and drawings of other tools.
import { type Read, readDesign } from './read.ts';

export function readAny(text: string): Read {
  return readDesign(text);
}
