// One walk of a visitor through the pages, as a test. When it fails it says where the visitor was
// and leaves a picture of it; it also fails when the console or the network complained.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, screenshot } from './browser.mjs';

/**
 * @param {string} name
 * @param {(visitor: Awaited<ReturnType<typeof openBrowser>>) => Promise<void>} walk
 * @param {Parameters<typeof openBrowser>[0]} options
 */
export function journey(name, walk, options) {
  test(name, async () => {
    const visitor = await openBrowser(options);
    try {
      await walk(visitor);
      assert.deepEqual(visitor.complaints, [], 'the console and the network stayed quiet');
    } catch (wrong) {
      const picture = await screenshot(visitor.page, `failed ${name}`).catch(() => 'no picture could be taken');
      wrong.message += `\nat ${visitor.page.url()}\nseen in ${picture}`;
      throw wrong;
    } finally {
      await visitor.close();
    }
  });
}

/** Puts an answer, as fields, into the form that it belongs to. */
export async function fill(form, fields) {
  for (const [name, value] of fields) {
    const field = form.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((element) => (element.tagName === 'SELECT' ? 'select' : element.type));
    if (kind === 'select') await field.selectOption(value);
    else if (kind === 'radio' || kind === 'checkbox') await form.locator(`[name="${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
}

/** The same, and sends it. */
export async function send(form, fields = [], button = 'button.is-main') {
  await fill(form, fields);
  const page = form.page();
  await Promise.all([page.waitForEvent('load'), form.locator(button).first().click()]);
}

/** Follows a link, or presses a button that leads to a page, until the page is there. */
export async function follow(link) {
  await Promise.all([link.page().waitForEvent('load'), link.click()]);
}

/** The words that a visitor sees at a place. */
export async function words(place) {
  return (await place.innerText()).replace(/\s+/g, ' ').trim();
}
