// Any text that may be a design: our own TOML and JSON, drawings of other tools, or lines of words.
import { type Read, TEXT_MAX, readDesign } from './read.ts';
import { sketch } from './sketch.ts';

/** A drawing holds more beside its boxes than a design does. */
const DRAWING_MAX = 1 << 20;

export async function readAny(text: string): Promise<Read> {
  if (text.length > DRAWING_MAX) return readDesign(text);
  const [mermaid, excalidraw, d2] = await Promise.all([import('./forms/mermaid.ts'), import('./forms/excalidraw.ts'), import('./forms/d2.ts')]);
  if (excalidraw.isExcalidraw(text)) return excalidraw.fromExcalidraw(text);
  if (mermaid.isMermaid(text)) return mermaid.fromMermaid(text).read();
  const read = readDesign(text);
  if (read.design || !isDrawn(text)) return read;
  if (isLine(text)) {
    const { design, names, remarks } = sketch(text);
    if (names.length > 0) return { design, slips: remarks.filter(({ severity }) => severity === 'error').map(({ line, message }) => ({ line, message, suggestion: null })) };
  }
  return d2.fromD2(text).read();
}

/** Arrows, and none of the sections of a design. */
function isDrawn(text: string): boolean {
  return text.length < TEXT_MAX && /->|--|<-|→/.test(text) && !/^\s*\[[a-z]+\]\s*$/m.test(text) && !/^\s*\{/.test(text);
}

function isLine(text: string): boolean {
  return !/[{}]/.test(text) && !/->[^\n]*:/.test(text) && !/<-|--[^>]/.test(text);
}
