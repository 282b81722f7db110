// The studio as a visitor meets it: what is drawn, read from the page's own memory, and the gestures
// that draw it. A journey asserts on the design that comes of a gesture, never on pixels.
import assert from 'node:assert/strict';

const KEY = 'octo.studio.design';
const PATIENCE_MS = 30_000;

export async function openStudio(page, url, hash = '') {
  await page.goto(`${url}/studio${hash}`);
  await page.locator('.studio-bar').waitFor();
}

/** Types into the line on top and draws it. */
export async function draw(page, line) {
  await page.getByLabel('Draw from a line of words').fill(line);
  await page.keyboard.press('Enter');
}

/** A part that is not there yet is not what is waited for. */
function isWanted(test, design) {
  try {
    return test(design);
  } catch (wrong) {
    if (wrong instanceof TypeError) return false;
    throw wrong;
  }
}

/** The design that the page keeps, once it is what the test waits for. */
export async function kept(page, test = () => true) {
  const began = Date.now();
  for (;;) {
    const text = await page.evaluate((key) => localStorage.getItem(key), KEY);
    const design = text === null ? {} : JSON.parse(text);
    if (isWanted(test, design)) return design;
    if (Date.now() - began > PATIENCE_MS) assert.fail(`the design did not become what was wanted; it is ${JSON.stringify(design)}`);
    await page.waitForTimeout(50);
  }
}

export const names = (design) => Object.keys(design.components ?? {});
export const arrows = (design) => Object.keys(design.links ?? {});

/** Waits until the design has exactly these components and arrows. */
export async function drawn(page, components, links) {
  const same = (a, b) => a.length === b.length && a.every((each) => b.includes(each));
  const design = await kept(page, (found) => same(names(found), components) && (!links || same(arrows(found), links)));
  return design;
}

export const box = (page, name) => page.locator(`.svelte-flow__node[data-id="${name}"]`);

/** Drags from one place to another with steps in between, as a hand does. */
export async function drag(page, [fromX, fromY], [toX, toY]) {
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  await page.mouse.move((fromX + toX) / 2, (fromY + toY) / 2, { steps: 6 });
  await page.mouse.move(toX, toY, { steps: 6 });
  await page.mouse.up();
}

export async function middle(place) {
  const { x, y, width, height } = await place.boundingBox();
  return [x + width / 2, y + height / 2];
}

/** From the right edge of a box, where its handle is. */
export async function handle(page, name) {
  const { x, y, width, height } = await box(page, name).boundingBox();
  return [x + width, y + height / 2];
}

/** Waits until a place is there so many times, as what follows a click may come a moment later. */
export async function counted(place, wanted) {
  const began = Date.now();
  for (let count = await place.count(); count !== wanted; count = await place.count()) {
    if (Date.now() - began > PATIENCE_MS) assert.equal(count, wanted, `how often there is ${place}`);
    await place.page().waitForTimeout(50);
  }
}

/** From a key on a slider to the answer on the page [ms]. */
export async function turned(page, key) {
  await page.evaluate(() => {
    const place = document.querySelector('.run-answer');
    globalThis.answered = new Promise((resolve) => {
      let began = null;
      addEventListener('keydown', (event) => (began = event.timeStamp), { once: true, capture: true });
      new MutationObserver((_, watch) => {
        if (began === null) return;
        watch.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - began));
      }).observe(place, { subtree: true, childList: true, characterData: true });
    });
  });
  await page.keyboard.press(key);
  return page.evaluate(() => globalThis.answered);
}
