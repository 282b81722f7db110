// Questions that are acts: a box of a picture, one change of a design, a range beside an estimate;
// by keyboard, by a click on the picture, and with scripts switched off.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { journey, send, words } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle, skillOf } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

let octo;
let oracle;
before(async () => {
  octo = await startOcto();
  oracle = await Oracle.of();
  await new Learner(octo.url, oracle).begin();
});
after(() => octo?.stop());

const at = (id, seed = 0) => `${octo.url}/practice/${skillOf(id)}/${id}/${seed}`;

journey('a box is chosen on its picture or by keys, and a run decides', async ({ page }) => {
  const [id] = oracle.of('read.boxes', 'saturates');
  await page.goto(at(id));
  const form = page.locator('form.item');
  const [[, wrong]] = oracle.wrong(id);
  await form.locator(`.hit-${wrong}:visible`).click();
  assert.ok(await form.locator(`[name=option][value="${wrong}"]`).isChecked(), 'a click on the picture is a choice in the list');
  const names = await form.locator('.option b').allInnerTexts();
  const drawn = await form.locator('.pick svg:visible g.component').evaluateAll((groups) => groups.map((group) => group.dataset.component));
  assert.deepEqual(names.filter((name) => !drawn.includes(name)), [], 'what the list names is in the picture');
  await form.locator('[name=option]:checked').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Not yet.').waitFor();
  assert.match(await words(page.locator('form.item')), /Not yet\. The run: .* busy/);
  await send(page.locator('form.item'), await oracle.right(id));
  assert.match(await words(page.locator('form.item')), /Right\. The run: .* reaches its limit before any other/);
}, { scripts: false });

journey('a design is repaired by one change, and two are refused', async ({ page, expect }) => {
  const [id] = oracle.of('read.boxes', 'repair');
  await page.goto(at(id));
  const form = page.locator('form.item');
  await send(form, [['change0', '0'], ['change1', '0']]);
  expect(422);
  assert.match(await words(page.getByRole('alert')), /One change is allowed/);
  await page.goto(at(id));
  await send(page.locator('form.item'), oracle.wrong(id));
  assert.match(await words(page.locator('.verdict')), /missed by/);
  await page.goto(at(id));
  for (const select of await page.locator('form.item select').all()) await select.selectOption('');
  await send(page.locator('form.item'), await oracle.right(id));
  assert.match(await words(page.locator('.verdict')), /Right\. .*met with .* to spare/);
}, { scripts: false });

journey('an estimate comes with a range, which is told apart from the answer', async ({ page }) => {
  await page.goto(at('napkin.rates.16', 3));
  await send(page.locator('form.item'), await oracle.right('napkin.rates.16', 3));
  assert.match(await words(page.locator('.verdict')), /Right\. .* Your range goes from .* It holds the answer\./);
}, { scripts: false });
