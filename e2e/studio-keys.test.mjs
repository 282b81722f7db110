// The studio without a pointer: from a blank page to a run that meets what is required, with the keyboard
// of somebody who sees where the focus is. The mouse is taken away, so that nothing can use it by mistake.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { axe } from './lib/axe.mjs';
import { SIZES } from './lib/browser.mjs';
import { journey } from './lib/journey.mjs';
import { startOcto } from './lib/server.mjs';
import { drawn, kept, openStudio } from './lib/studio.mjs';

let octo;
before(async () => {
  octo = await startOcto();
});
after(() => octo.stop());

/** Where the focus is, in the words that assistive technology has for it. */
const here = (page) => page.evaluate(() => {
  const at = document.activeElement;
  return (at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '').trim().replace(/\s+/g, ' ');
});

/** Goes on with Tab until the focus is where it is wanted; how many presses that took. */
async function tabTo(page, name, { back = false, most = 90 } = {}) {
  const met = [];
  for (let pressed = 0; pressed <= most; pressed++) {
    const at = await here(page);
    if (name.test(at)) return pressed;
    met.push(at);
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  return assert.fail(`the focus never came to ${name}; it was at ${met.join(' | ')}`);
}

/** Waits until the focus has been led there. */
async function isOn(page, name) {
  for (let waited = 0; waited < 300; waited++) {
    if (name.test(await here(page))) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`the focus was not led to ${name}; it is at ${await here(page)}`);
}

/** Types over what a field has. */
async function write(page, text) {
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

journey('from a blank page to a run that meets its requirements, by the keyboard alone', async ({ page }) => {
  await openStudio(page, octo.url);
  const touched = await page.evaluateHandle(() => {
    const events = [];
    for (const kind of ['pointerdown', 'mousedown', 'touchstart']) addEventListener(kind, (event) => events.push(event.type), true);
    return events;
  });

  // A line of words becomes a design.
  await tabTo(page, /^Draw from a line of words$/);
  await page.keyboard.type('users -> lb -> web x3 -> cache, db');
  await page.keyboard.press('Enter');
  await drawn(page, ['users', 'lb', 'web', 'cache', 'db']);

  // What it must live with and what it must meet, in the form beside the picture.
  await tabTo(page, /^Skip the diagram$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^arrivals$/, { most: 12 });
  await write(page, 'poisson 120/s');
  await tabTo(page, /^new$/, { most: 12 });
  await page.keyboard.type('request p99 < 200 ms');
  await page.keyboard.press('Enter');
  const asked = await kept(page, ({ require }) => Object.keys(require ?? {}).length === 1);
  assert.equal(asked.workload.request.arrivals, 'poisson 120/s');
  assert.deepEqual(Object.values(asked.require), ['request p99 < 200 ms']);

  // The run asks first what is expected of it.
  await tabTo(page, /^Run$/);
  await page.keyboard.press('Enter');
  // It has led the focus to its first question.
  await isOn(page, /^Which is the busiest\?$/);
  await page.keyboard.type('web');
  await tabTo(page, /^p99 of request$/, { most: 6 });
  await page.keyboard.type('60 ms');
  await page.keyboard.press('Enter');
  await page.locator('.run-chart').first().waitFor();
  // The focus is on the button that holds it, and stays there while that becomes another.
  await isOn(page, /^(Pause|Play again)$/);
  await page.getByRole('button', { name: 'Play again', exact: true }).waitFor();
  await isOn(page, /^Play again$/);

  // The verdict.
  await tabTo(page, /^Judge$/, { most: 40 });
  await page.keyboard.press('Enter');
  // What judges is fetched when it is first asked for.
  await page.getByRole('button', { name: 'Judge it', exact: true }).waitFor();
  await tabTo(page, /^Judge it$/, { most: 12 });
  await page.keyboard.press('Enter');
  await page.locator('.verdict-row .tag.is-met').waitFor();
  assert.match(await page.locator('.verdict-row .tag').innerText(), /met/);

  // The gap of the prediction is a press or two away.
  await tabTo(page, /^Predict$/, { back: true, most: 30 });
  await page.keyboard.press('Enter');
  await page.locator('.run-gap .run-verdict').first().waitFor();
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(await touched.jsonValue(), [], 'no pointer was used');
}, { size: SIZES.desk });

journey('on a phone with a keyboard the focus stays under the hands', async ({ page }) => {
  await openStudio(page, octo.url);
  await tabTo(page, /^Draw from a line of words$/);
  await page.keyboard.type('users -> web -> db');
  await page.keyboard.press('Enter');
  await drawn(page, ['users', 'web', 'db']);
  await tabTo(page, /^web/);
  await page.keyboard.press('Enter');

  // Who renames and goes on with Tab loses nothing.
  await tabTo(page, /^name$/, { most: 3 });
  await write(page, 'api');
  await page.keyboard.press('Tab');
  await drawn(page, ['users', 'api', 'db']);
  assert.equal(await here(page), 'kind');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'api');

  // A setting from below stays where it was said.
  await tabTo(page, /^More settings$/, { most: 30 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const said = await here(page);
  await page.keyboard.type('x');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await here(page), said);
  await write(page, ' ');
  await page.keyboard.press('Tab');

  // An arrow opens where it begins, and the focus goes along; so it does on the way back.
  await tabTo(page, /^to db$/, { back: true });
  await page.keyboard.press('Enter');
  await isOn(page, /^Arrow$/);
  await tabTo(page, /^timeout$/, { most: 6 });
  await page.keyboard.type('200 ms');
  await page.keyboard.press('Tab');
  await kept(page, ({ links }) => links['api -> db'].timeout === '200 ms');
  await tabTo(page, /^db$/, { back: true, most: 8 });
  await page.keyboard.press('Enter');
  await isOn(page, /^db/);
  await tabTo(page, /^name$/, { most: 3 });
  assert.equal(await page.evaluate(() => document.activeElement.value), 'db');

  // So it does when the component is taken out.
  await tabTo(page, /^Delete db$/, { most: 40 });
  await page.keyboard.press('Enter');
  await drawn(page, ['users', 'api']);
  await isOn(page, /^2 components$/);
  assert.deepEqual(await axe(page), []);
}, { size: SIZES.phone });
