// The diagram as a picture that stands alone: the boxes, drawings and line weights of the course, in
// the colours of paper and ink, with a description for those who hear it.
import type { Catalogue } from '../catalogue.ts';
import { type Design, at, text } from '../document.ts';
import { inWords } from '../words.ts';
import { type Box, type Wire, scene } from './scene.ts';

const [PAPER, SHEET, INK, QUIET, LINE, ACCENT] = ['#f6f2e8', '#fdfaf3', '#1e1b17', '#544d44', '#857b6c', '#0b4a5e'];
const MARGIN = 28;
const SHEETS = 5;

export interface Drawn {
  svg: string;
  width: number;
  height: number;
}

export function drawn(design: Design, catalogue: Catalogue): Drawn {
  const found = scene(design, catalogue);
  const [left, top, right, bottom] = found.edges;
  const [width, height] = [Math.ceil(right - left + 2 * MARGIN + 2 * SHEETS), Math.ceil(bottom - top + 2 * MARGIN + 2 * SHEETS)];
  const title = text(at(design, 'title')) || 'A system';
  const body = [
    ...found.frames.map(({ name, isZone, x, y, width: wide, height: high }) =>
      `<rect x="${n(x)}" y="${n(y)}" width="${n(wide)}" height="${n(high)}" rx="3" fill="none" stroke="${LINE}"${isZone ? ' stroke-dasharray="6 4"' : ''}/>` +
      `<text x="${n(x + 12)}" y="${n(y + 4)}" font-size="12.5" fill="${QUIET}" stroke="${PAPER}" stroke-width="6" paint-order="stroke">${escape(name)}</text>`),
    ...found.wires.map(wire),
    ...found.boxes.map(box),
    ...found.wires.map(label),
  ];
  return {
    width,
    height,
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${n(left - MARGIN)} ${n(top - MARGIN - 2 * SHEETS)} ${width} ${height}" width="${width}" height="${height}" font-family="'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif">\n` +
      `<title>${escape(title)}</title>\n<desc>${escape(inWords(design))}</desc>\n` +
      `<rect x="${n(left - MARGIN)}" y="${n(top - MARGIN - 2 * SHEETS)}" width="${width}" height="${height}" fill="${PAPER}"/>\n${body.filter(Boolean).join('\n')}\n</svg>\n`,
  };
}

function box({ name, icon, lines, replicas, x, y, width, height }: Box): string {
  const sheets = Array.from({ length: Math.min(2, replicas - 1) + 1 }, (_, i) => i * SHEETS).reverse();
  const written = lines.map((line, i) => `<text x="${n(x + 47)}" y="${n(y + 43 + i * 16.5)}" font-size="12.5" fill="${QUIET}">${escape(cut(line, (width - 58) / 5.8))}</text>`);
  return [
    ...sheets.map((shift) => `<rect x="${n(x + shift)}" y="${n(y - shift)}" width="${n(width)}" height="${n(height)}" rx="3" fill="${SHEET}" stroke="${INK}" stroke-width="1.5"/>`),
    `<path transform="translate(${n(x + 13)} ${n(y + 10)})" d="${icon}" fill="none" stroke="${ACCENT}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>`,
    `<text x="${n(x + 47)}" y="${n(y + 26)}" font-size="15" font-weight="600" fill="${INK}">${escape(cut(name, (width - 58) / 7.6))}</text>`,
    ...written,
  ].join('');
}

interface Way {
  x: [number, number];
  y: [number, number];
  bend: number;
}

function way({ from, to }: Wire): Way {
  const start = from.x + from.width;
  return { x: [start, to.x - 8], y: [from.y + from.height / 2, to.y + to.height / 2], bend: Math.max(30, Math.abs(to.x - start) / 2) };
}

function wire(one: Wire): string {
  const { x, y, bend } = way(one);
  const tip = x[1] + 8;
  return `<path d="M${n(x[0])} ${n(y[0])}C${n(x[0] + bend)} ${n(y[0])} ${n(x[1] - bend)} ${n(y[1])} ${n(x[1])} ${n(y[1])}" fill="none" stroke="${INK}" stroke-width="1.5"/><path d="M${n(tip - 10)} ${n(y[1] - 4.2)}L${n(tip)} ${n(y[1])}L${n(tip - 10)} ${n(y[1] + 4.2)}Z" fill="${INK}"/>`;
}

function label(one: Wire): string {
  if (!one.label) return '';
  const { x, y } = way(one);
  return `<text x="${n((x[0] + x[1]) / 2)}" y="${n((y[0] + y[1]) / 2 + 4)}" font-size="12.5" text-anchor="middle" fill="${QUIET}" stroke="${PAPER}" stroke-width="6" stroke-linejoin="round" paint-order="stroke">${escape(one.label)}</text>`;
}

function cut(words: string, room: number): string {
  return words.length <= room ? words : `${words.slice(0, Math.max(1, Math.floor(room) - 1))}…`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function escape(words: string): string {
  // What XML cannot hold at all goes.
  return words.replace(/[^\P{Cc}\t\n]|[\ud800-\udfff](?![\udc00-\udfff])/gu, '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
