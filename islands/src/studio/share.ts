// A design as a link: all of it stands after the # of the address, which a browser never sends to a
// server. Compressed, and refused when it would unpack to more than a design can be.
import { MARK, toFragment } from '../shared/fragment.ts';
import { withSettings } from '../shared/settings.ts';
import type { Design } from './document.ts';
import { type Read, TEXT_MAX, readDesign } from './read.ts';

export { toFragment };

export function hasDesign(fragment: string): boolean {
  return fragment.startsWith(MARK);
}

/** The text of the design in a fragment; a sentence if there is none that can be read. */
export async function fromFragment(fragment: string): Promise<{ text: string } | { wrong: string }> {
  try {
    const binary = atob(fragment.slice(MARK.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const unpacked = await through(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), TEXT_MAX);
    return { text: new TextDecoder().decode(unpacked) };
  } catch (wrong) {
    if (wrong instanceof TooLarge) return { wrong: 'This link holds more than a design can be, so it was not opened.' };
    return { wrong: 'This link was cut off or changed on its way, so its design cannot be read. Ask for it again, or for the design as a file.' };
  }
}

/** The design of a link: its own text, or that of a figure with what was set in it. */
export function readLinked(text: string): Read {
  const read = readDesign(text);
  const { toml, set } = (read.design ?? {}) as { toml?: unknown; set?: unknown };
  if (typeof toml !== 'string') return read;
  const written = readDesign(toml);
  const texts = typeof set === 'object' && set !== null ? Object.entries(set).filter((entry): entry is [string, string] => typeof entry[1] === 'string').slice(0, 100) : [];
  return written.design ? { ...written, design: withSettings(written.design, Object.fromEntries(texts)) as Design } : written;
}

class TooLarge extends Error {}

async function through(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new TooLarge();
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  parts.reduce((offset, part) => (whole.set(part, offset), offset + part.length), 0);
  return whole;
}
