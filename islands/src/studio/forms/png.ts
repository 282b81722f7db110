// The picture as pixels, two for each: the browser draws it, and nothing is fetched for it.
import type { Catalogue } from '../catalogue.ts';
import type { Design } from '../document.ts';
import { drawn } from './svg.ts';

/** Browsers refuse larger ones. */
const PIXELS_MAX = 8_000;

export async function png(design: Design, catalogue: Catalogue): Promise<Blob> {
  const { svg, width, height } = drawn(design, catalogue);
  const scale = Math.min(2, PIXELS_MAX / Math.max(width, height));
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('This browser cannot make a picture of this size.'))), 'image/png'));
}
