// Places along an arrow, computed from its path as it is written: to ask the browser for them would make
// it lay out the page anew, and with many arrows that takes longer than a frame.

export interface Way {
  /** From 0 to 1. */
  at(along: number): { x: number; y: number };
  /** Still drawn, and where it was. */
  isHere(): boolean;
}

type Points = readonly [number, number, number, number, number, number, number, number];

export function wayOf(drawn: SVGPathElement | null): Way | null {
  const written = drawn?.getAttribute('d') ?? '';
  const points = pointsOf(written);
  if (!drawn || !points) return null;
  return { at: (along) => bezier(points, along), isHere: () => drawn.isConnected && drawn.getAttribute('d') === written };
}

/** "M0,0 C10,0 20,5 30,5"; nothing of any other shape. */
export function pointsOf(written: string): Points | null {
  const found = /^M([-\d.,e\s]+)C([-\d.,e\s]+)$/.exec(written.trim());
  const numbers = (found ? `${found[1]} ${found[2]}` : '').match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
  return numbers.length === 8 && numbers.every(Number.isFinite) ? (numbers as unknown as Points) : null;
}

export function bezier([x0, y0, x1, y1, x2, y2, x3, y3]: Points, along: number): { x: number; y: number } {
  const t = Math.min(Math.max(along, 0), 1);
  const u = 1 - t;
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: a * x0 + b * x1 + c * x2 + d * x3, y: a * y0 + b * y1 + c * y2 + d * y3 };
}
