// A design as the end of an address: all of it stands after the #, which a browser never sends to a
// server. Reading it again is in the studio (`share.ts`), which is where such a link leads.

/** A design as text, and what is set in it: what a figure has. */
export interface Linked {
  toml: string;
  set: Record<string, string>;
}

export const MARK = '#d=';

export async function toFragment(design: unknown): Promise<string> {
  const packed = new Blob([JSON.stringify(design)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return MARK + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
