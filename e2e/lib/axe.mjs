// What axe-core finds wrong with a page for those who cannot see it, use a mouse, or tell colours
// apart. It finds perhaps half of what matters; the rest is for journeys by keyboard.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line per violation and element; none for a page in order. Needs scripts in the page. */
export async function axe(page) {
  await page.evaluate(source);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }), STANDARD);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`));
}
