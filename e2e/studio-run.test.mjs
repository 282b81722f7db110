// Running in the studio as a visitor does it: predict, run, hold, scrub, follow a request, break
// something and see it recover, turn a slider. Each journey asserts on the design and on what the
// run says, never on pixels.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { axe } from './lib/axe.mjs';
import { SIZES, sidewaysScroll } from './lib/browser.mjs';
import { journey, words } from './lib/journey.mjs';
import { box, counted, drag, draw, kept, middle, openStudio } from './lib/studio.mjs';
import { startOcto } from './lib/server.mjs';

const DESK = { size: SIZES.desk };
const PREDICTIONS = 'octo.studio.predictions';
let octo;

before(async () => {
  octo = await startOcto();
});
after(() => octo?.stop());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const panel = (page, name) => page.getByRole('group', { name: 'Panel' }).getByRole('button', { name, exact: true });
const field = (page, name) => page.getByLabel(name, { exact: true });
const measure = (page, id) => page.locator(`[data-measure="${id}"] dd`);
const clock = (page) => page.locator('.run-clock b');

async function openTemplate(page, title) {
  await openStudio(page, octo.url);
  await button(page, 'Open').click();
  await button(page, title).click();
  await box(page, 'web').waitFor();
}

/** Waits until something of the run is made. */
const underWay = (page) => page.waitForFunction(() => /^Made: [1-9]/.test(document.querySelector('.run-said')?.textContent ?? ''));

/** Begins a run that is not over while somebody looks at it. */
async function beginLong(page) {
  await page.locator('.studio-side').getByLabel('lasts', { exact: true }).fill('30 h');
  await page.keyboard.press('Tab');
  await kept(page, ({ workload }) => workload.lasts === '30 h');
  await button(page, 'Run').click();
  await button(page, 'Run without').click();
  await underWay(page);
}

/** Waits until the run is made and says how it went. */
async function made(page) {
  await button(page, 'Stop').waitFor({ state: 'detached' });
  await panel(page, 'Results').click();
  await measure(page, 'p99').waitFor();
}

/** Seconds of "12.3 s". */
async function seconds(page) {
  return parseFloat(await words(clock(page)));
}

journey('a design is predicted, run, held, scrubbed and followed', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await button(page, 'Run').click();
  // Asked first, because this design has never run here.
  await field(page, 'Which is the busiest?').selectOption('web');
  await field(page, 'p99 of page').fill('soon');
  await button(page, 'Commit and run').click();
  assert.equal(await field(page, 'p99 of page').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.locator('.run-question .error').innerText(), 'Write a time with its unit, as in 200 ms.');
  await field(page, 'p99 of page').fill('400 ms');
  await page.getByRole('group', { name: 'How sure of: p99 of page' }).getByRole('button', { name: 'sure', exact: true }).click();
  await field(page, 'Requests that fail').fill('0 %');
  await field(page, 'Cost a month').fill('$8');
  await button(page, 'Commit and run').click();
  // To pause a run that is still being made holds that as well.
  await made(page);
  await button(page, 'Pause').click();
  const p99 = parseFloat(await words(measure(page, 'p99')));
  assert.ok(p99 > 300 && p99 < 600, `p99 was ${p99}`);
  assert.equal(await words(page.locator('[data-measure="busiest"] dt')), 'busiest: db');

  // The gap, a row for each answer, and what is kept of it.
  await panel(page, 'Predict').click();
  const verdicts = await page.locator('.run-gap .run-verdict').allInnerTexts();
  assert.deepEqual(verdicts, ['missed', 'right', 'right', 'missed']);
  const [kept_] = JSON.parse(await page.evaluate((key) => localStorage.getItem(key), PREDICTIONS));
  assert.deepEqual(kept_.gaps.map(({ question, guess, score }) => [question, guess.confidence, score]), [['bottleneck', 'think', 0], ['p99', 'sure', 1], ['errors', 'think', 1], ['cost', 'think', 0]]);
  assert.match(kept_.run, /^r-[0-9a-f]{32}$/);

  // Held where it was; steps go on by points of the run; the slider shows any moment by keys.
  await panel(page, 'Charts').click();
  const held = await seconds(page);
  await page.waitForTimeout(300);
  assert.equal(await seconds(page), held);
  // A point is a quarter of a second, and the first step only goes to the end of the one it is in.
  for (let i = 0; i < 3; i++) await button(page, 'Step').click();
  const stepped = await seconds(page);
  assert.ok(stepped > held && stepped <= held + 0.8, `${held} to ${stepped}`);
  const slider = field(page, 'Moment of the run');
  await slider.focus();
  await page.keyboard.press('End');
  assert.equal(await seconds(page), 60);
  assert.match(await words(box(page, 'db')), /\d % busy/);
  await page.keyboard.press('Home');
  assert.equal(await seconds(page), 0);
  const pace = () => words(page.locator('.run-said .num'));
  assert.equal(await pace(), '7.5');
  await button(page, 'Faster').click();
  assert.equal(await pace(), '15');
  await button(page, 'Play').click();
  await button(page, 'Play again').waitFor();
  assert.equal(await seconds(page), 60);

  // Every chart has a table, with the same values.
  await button(page, 'Table of requests a second').click();
  const rows = page.getByRole('region', { name: 'Requests a second, as a table' }).locator('tbody tr');
  await counted(rows, 24);
  assert.match(await words(rows.last()), /^60\.0 s \d+ \d+$/);
  assert.deepEqual(await axe(page), []);

  // One slow request, hop by hop, by keys; what it is at lights up.
  await panel(page, 'Requests').click();
  await page.locator('.run-slow button').first().click();
  const hops = page.getByRole('group', { name: 'Hops; up and down to go through them' });
  assert.match(await words(page.locator('.run-hop')), /^the client → lb/);
  await hops.focus();
  await page.keyboard.press('ArrowDown');
  assert.match(await words(page.locator('.run-hop')), /^lb → web, replica \d: .* waiting, .* inside; answered\.$/);
  await counted(page.locator('.studio-box.is-lit'), 1);
  assert.match(await words(page.locator('.studio-box.is-lit')), /^web/);
  await page.keyboard.press('End');
  assert.match(await words(page.locator('.run-hop')), /^web → reviews/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
  await counted(page.locator('.studio-box.is-lit'), 0);
  assert.deepEqual(await axe(page), []);
}, DESK);

journey('something is broken on the picture and by form, and recovers', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await panel(page, 'Faults').click();
  const [chip, target] = [await middle(button(page, 'Crash')), await middle(box(page, 'db'))];
  await drag(page, chip, target);
  let design = await kept(page, ({ faults }) => faults?.length === 1);
  assert.deepEqual(design.faults, [{ at: '20 s', lasts: '10 s', what: 'crash db' }]);
  await made(page);
  const sentences = page.locator('.run-list li');
  assert.match((await sentences.allInnerTexts()).join('\n'), /crash db, from 20\.0.s to 30\.0.s: page was well (as soon as|again .* after) it was over/);
  const failed = page.locator('.run-narrow').first();
  assert.match(await words(failed), /db: /);

  // While it lasts, the picture says so.
  await button(page, 'Pause').click().catch(() => {});
  const slider = field(page, 'Moment of the run');
  await slider.fill(String(25e9));
  assert.match(await words(box(page, 'db')), /crash db/);
  await slider.fill(String(45e9));
  assert.match(await words(box(page, 'db')), /\d % busy/);

  // The same by form, on an arrow.
  await panel(page, 'Faults').click();
  await button(page, 'Cut').click();
  const form = page.locator('.run-fault');
  await form.getByLabel('arrow').selectOption('web -> session');
  await form.getByLabel('begins at').fill('40 s');
  await form.getByLabel('lasts').fill('5 s');
  await button(page, 'Add and run').click();
  design = await kept(page, ({ faults }) => faults?.length === 2);
  assert.deepEqual(design.faults[1], { at: '40 s', lasts: '5 s', what: 'cut web -> session' });
  await made(page);
  await counted(page.locator('.run-list li').filter({ hasText: /^cut web -> session/ }), 1);
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Control+z');
  await kept(page, ({ faults }) => faults?.length === 1);
  assert.equal(await words(page.locator('.run-said')), 'The design has changed since this run.');
}, DESK);

journey('a slider changes the design and is answered at once', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await panel(page, 'Sliders').click();
  const rate = field(page, 'page: rate');
  await rate.focus();
  await page.keyboard.press('Shift+ArrowRight');
  const design = await kept(page, ({ workload }) => workload.page.arrivals !== 'poisson 50/s');
  assert.equal(design.workload.page.arrivals, 'poisson 62.9/s');
  await page.locator('[data-took]').waitFor();
  const answered = await words(measure(page, 'throughput'));
  assert.ok(Math.abs(parseFloat(answered) - 62.9) < 4, answered);
  // A hand lets go somewhere else: the design follows; what was turned in one go is one step back.
  const knob = await rate.boundingBox();
  await drag(page, [knob.x + knob.width * 0.55, knob.y + knob.height / 2], [knob.x + knob.width * 0.8, knob.y + knob.height / 2]);
  await page.waitForFunction(() => parseFloat(document.querySelector('[data-measure="throughput"] dd')?.firstChild?.textContent ?? '0') > 150);
  await page.keyboard.press('Escape');
  const undo = button(page, 'Undo: turn page: rate');
  let steps = 0;
  for (; (await undo.count()) > 0 && steps < 5; steps++) await undo.click();
  assert.ok(steps >= 1 && steps < 5, `${steps} steps`);
  await kept(page, ({ workload }) => workload.page.arrivals === 'poisson 50/s');
  assert.deepEqual(await axe(page), []);
}, DESK);

journey('everything runs without a mouse', async ({ page }) => {
  await openStudio(page, octo.url);
  await draw(page, 'users -> lb -> web x3 -> cache, db');
  await kept(page, ({ components }) => Object.keys(components ?? {}).length === 5);
  await button(page, 'Run').focus();
  await page.keyboard.press('Enter');
  await button(page, 'Run without').focus();
  await page.keyboard.press('Enter');
  await button(page, 'Stop').waitFor({ state: 'detached' });
  await panel(page, 'Results').focus();
  await page.keyboard.press('Enter');
  assert.match(await words(measure(page, 'throughput')), /^\d+(\.\d+)?\/s$/);
  assert.match(await words(page.locator('.studio-panel')), /What this model ignores/);
}, { ...DESK, calm: true });

journey('who asks for no movement sees the end at once, and the same facts', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await button(page, 'Run').click();
  await button(page, 'Run without').click();
  await button(page, 'Play again').waitFor();
  assert.equal(await seconds(page), 60);
  await counted(page.locator('.run-token'), 0);
  assert.match(await words(box(page, 'db')), /\d % busy/);
  await panel(page, 'Requests').click();
  await page.locator('.run-slow button').nth(3).waitFor();
}, { ...DESK, calm: true });

journey('a phone runs, reads and turns', async ({ page }) => {
  await openStudio(page, octo.url);
  await draw(page, 'users -> lb -> web x3 -> cache, db');
  await button(page, 'Run').click();
  await button(page, 'Run without').click();
  await made(page);
  for (const name of ['Predict', 'Charts', 'Results', 'Requests', 'Sliders', 'Faults']) {
    await panel(page, name).click();
    assert.equal(await sidewaysScroll(page), 0, name);
    assert.deepEqual(await axe(page), [], name);
  }
}, { size: SIZES.phone });

journey('a long run can be stopped, and what has run is shown', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await page.locator('.svelte-flow__pane').click({ position: { x: 8, y: 8 } });
  await beginLong(page);
  await button(page, 'Stop').click();
  await made(page);
  assert.match(await words(page.locator('.run-list').first()), /^The run was stopped before its end; the numbers are of what had run\./);
}, DESK);

journey('faults are moved over the clock, by hand and by keys, and the run follows', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await panel(page, 'Faults').click();
  await page.locator('.run-fault').getByLabel('component').selectOption('db');
  await page.locator('.run-fault').getByLabel('begins at').fill('20 s');
  await button(page, 'Add and run').click();
  await made(page);
  const part = (does) => page.getByRole('slider', { name: `crash db: ${does}` });
  assert.equal(await part('moves').getAttribute('aria-valuetext'), 'from 20.0\u202fs to 30.0\u202fs');
  // By its middle, by an end, and by keys; what was moved in one go is one step back.
  const track = await page.locator('.run-spans').boundingBox();
  const second = track.width / 60;
  const [x, y] = await middle(part('moves'));
  await drag(page, [x, y], [x + 10 * second, y]);
  const times = (at, lasts) => kept(page, ({ faults }) => faults?.[0].at === at && faults[0].lasts === lasts);
  await times('30 s', '10 s');
  const [endX] = await middle(part('ends'));
  await drag(page, [endX, y], [endX + 5 * second, y]);
  await times('30 s', '15 s');
  await part('begins').focus();
  await page.keyboard.press('ArrowRight');
  await times('31 s', '14 s');
  await part('moves').focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await times('21 s', '14 s');
  assert.equal(await part('moves').evaluate((element) => element === document.activeElement), true);
  // The run is of the design as it is now, and says how it was well again.
  await page.locator('.run-said').filter({ hasNotText: 'has changed' }).waitFor();
  await page.locator('.run-list li').filter({ hasText: /crash db, from 21\.0.s to 35\.0.s: page was well/ }).waitFor();
  assert.deepEqual(await axe(page), []);
}, DESK);

journey('runs are there again after a reload, and after a crash in the middle of one', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await button(page, 'Run').click();
  await field(page, 'p99 of page').fill('400 ms');
  await button(page, 'Commit and run').click();
  await made(page);
  const p99 = await words(measure(page, 'p99'));
  const isKept = () => page.evaluate(() => new Promise((found) => {
    const open = indexedDB.open('octo-studio', 1);
    open.onsuccess = () => {
      const all = open.result.transaction('runs').objectStore('runs').getAll();
      all.onsuccess = () => (open.result.close(), found(all.result.length));
    };
  }));
  while ((await isKept()) < 1) await page.waitForTimeout(50);
  await page.reload();
  await panel(page, 'Results').click();
  assert.equal(await words(measure(page, 'p99')), p99);
  await panel(page, 'Predict').click();
  await counted(page.locator('.run-gap .run-verdict'), 1);

  // A longer run, whose worker dies in the middle of it.
  await page.locator('.svelte-flow__pane').click({ position: { x: 8, y: 8 } });
  await beginLong(page);
  for (const worker of page.workers()) await worker.evaluate(() => setTimeout(() => { throw new Error('struck'); })).catch(() => {});
  await page.locator('.run-said .error').filter({ hasText: 'The engine stopped in this browser' }).waitFor();
  // The design, the run of before and the next run are there.
  await page.locator('.studio-side').getByLabel('lasts', { exact: true }).fill('60 s');
  await page.keyboard.press('Tab');
  await kept(page, ({ workload }) => workload.lasts === '60 s');
  await page.getByRole('button', { name: /^Run( again)?$/ }).first().click();
  await made(page);
  assert.equal(await words(measure(page, 'p99')), p99);
  await panel(page, 'Compare').click();
  await page.getByRole('button', { name: 'Forget them all' }).click();
  await page.getByText('There is no run yet.').waitFor();
  await page.reload();
  await panel(page, 'Compare').click();
  await page.getByText('There is no run yet.').waitFor();
}, DESK);

for (const [how, strike] of [
  ['ends without a word', () => self.close()],
  ['hangs', () => void setTimeout(() => { for (;;); })],
]) {
  journey(`a run whose worker ${how} is given up, and runs again`, async ({ page }) => {
    await openTemplate(page, 'A product page');
    await beginLong(page);
    for (const worker of page.workers()) await worker.evaluate(strike).catch(() => {});
    await page.locator('.run-said .error').filter({ hasText: 'it did not answer any more' }).waitFor();
    assert.equal((await kept(page)).workload.lasts, '30 h');
    await button(page, 'Run it again').click();
    await underWay(page);
    await button(page, 'Stop').click();
    await button(page, 'Run again').waitFor();
  }, DESK);
}

journey('without movement the arrows say how much goes along them', async ({ page }) => {
  await openTemplate(page, 'A product page');
  await button(page, 'Run').click();
  await button(page, 'Run without').click();
  await button(page, 'Play again').waitFor();
  const label = page.locator('.svelte-flow__edge-label').filter({ hasText: /\d+(\.\d+)?.?\/s/ });
  await label.nth(2).waitFor();
  await counted(page.locator('.run-token'), 0);
}, { ...DESK, calm: true });
