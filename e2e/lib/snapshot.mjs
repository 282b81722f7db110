// A page as assistive technology meets it, kept as a file beside the tests and compared. With
// UPDATE_SNAPSHOTS=1 the files are written anew; look at the difference before you keep it.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../snapshots/', import.meta.url));

/** The accessibility tree of a page whose words are ours. */
export async function tree(page) {
  return settled(await page.locator('body').ariaSnapshot());
}

/**
 * The frame of a page whose words are the pack's, and change with it: its landmarks, and what can
 * be worked in each kind of form, without what is asked.
 */
export async function frame(page) {
  const shape = await page.evaluate(() => {
    const seen = new Set();
    const lines = [];
    const label = (element) => element.getAttribute('aria-label') ?? document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ?? '';
    const ours = (element) => (label(element) && !element.closest('form.item, section.figure') ? ` “${label(element).trim()}”` : '');
    const kind = (field) => (field.tagName === 'INPUT' ? field.type : field.tagName.toLowerCase());
    const named = (field) => Boolean(field.labels?.length || label(field));
    for (const element of document.querySelectorAll('header, nav, main, aside, footer, [role=region], h1, form, [role=status], [role=alert], details > summary')) {
      const tag = element.getAttribute('role') ?? element.tagName.toLowerCase();
      if (tag === 'h1') lines.push('h1');
      else if (tag === 'summary' && element.closest('aside')) lines.push(`  fold “${element.textContent.replace(/ \(\d+\)$/, '').trim()}”`);
      else if (tag === 'form') {
        const fields = [...element.querySelectorAll('input:not([type=hidden]), select, textarea')].map((field) => `${kind(field)}${named(field) ? '' : ' WITHOUT A NAME'}`);
        const buttons = [...element.querySelectorAll('button')].map((button) => button.textContent.trim());
        lines.push(`  form ${element.classList[0] ?? ''}: ${[...new Set(fields)].join(', ') || 'no fields'} | ${buttons.join(' | ') || 'settled'}`);
      } else if (tag !== 'summary' && tag !== 'region') lines.push(`${tag}${ours(element)}`);
    }
    // A form of each kind once: how many there are is the author's.
    return lines.filter((line) => !line.startsWith('  ') || (!seen.has(line) && seen.add(line)));
  });
  return settled(shape.join('\n'));
}

export async function compare(name, text) {
  const path = `${FOLDER}${name}.txt`;
  if (process.env.UPDATE_SNAPSHOTS) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(path, `${text}\n`);
    return;
  }
  const kept = await readFile(path, 'utf8').catch(() => assert.fail(`There is no snapshot “${name}” yet: run with UPDATE_SNAPSHOTS=1, and look at what it writes.`));
  assert.equal(`${text}\n`, kept, `the page “${name}” is no longer what its snapshot says; if that is meant, run with UPDATE_SNAPSHOTS=1`);
}

/** Without what differs between two runs: numbers of things, days, ports. */
function settled(text) {
  return text
    .replace(/[0-9a-f]{32,}/g, 'ID')
    .replace(/\b20\d\d-\d\d-\d\d\b/g, 'DAY')
    .replace(/\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December)( 20\d\d)?/g, 'DAY')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/edition \S+/g, 'edition N');
}
