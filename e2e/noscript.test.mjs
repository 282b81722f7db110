// The same course with scripts switched off: reading, predicting, answering and progress.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { follow, journey, send, words } from './lib/journey.mjs';
import { Oracle } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

const SKILL = 'read.tail';

let octo;
let oracle;
before(async () => {
  octo = await startOcto();
  oracle = await Oracle.of();
});
after(() => octo?.stop());

journey('a learner begins, reads, predicts, answers and is placed higher, all by forms', async ({ page }) => {
  await page.goto(octo.url);
  await page.locator('.hero a.button').click();
  await send(page.locator('form.questions'), [['years', '4']], '[name=then]');
  assert.equal(new URL(page.url()).pathname, '/course');

  await page.goto(`${octo.url}/learn/${SKILL}?depth=slow`);
  assert.ok((await words(page.locator('.lesson-body'))).length > 2_000, 'the lesson can be read');
  assert.ok(await page.locator('.picture svg').first().isVisible());
  const figure = page.locator('section.figure').first();
  await figure.locator('.as-text summary').click();
  assert.ok(await figure.locator('.as-text pre').isVisible());
  await send(figure.locator('form.predict'), [], '[name=unknown]');
  assert.ok((await page.locator('section.figure').first().locator('.gap tbody tr').count()) > 0);
  assert.ok(await figure.locator('svg[data-chart]').isVisible());
  assert.match(await words(figure.locator('.run-line')), /r-[0-9a-f]{32}/);

  const id = await page.locator('form.item [name=item]').first().inputValue();
  const form = page.locator(`form.item[id="${id.replaceAll('.', '-')}"]`);
  await send(form, oracle.wrong(id));
  assert.match(await words(form), /Not (this one|yet)\./);
  await send(form, await oracle.right(id, Number(await form.locator('[name=seed]').inputValue())));
  assert.match(await words(form), /Right\./);

  const rows = page.locator('.plan-line', { has: page.locator(`a[href="/learn/${SKILL}"]`) });
  await send(page.locator('form.onward-read'), [], 'button');
  for (let answers = 0; answers < 20 && !(await page.getByText('This module is proved.').count()); answers += 1) {
    const item = page.locator('form.item');
    await send(item, await oracle.right(await item.locator('[name=item]').inputValue(), Number(await item.locator('[name=seed]').inputValue())));
    if (await page.getByText('This module is proved.').count()) break;
    await follow(page.getByRole('link', { name: /^(Next question|Another question on this)$/ }));
  }
  await page.goto(`${octo.url}/course`);
  assert.match(await words(rows), /proved/);
}, { scripts: false });

journey('the colours can be chosen, and stay chosen', async ({ page }) => {
  const ground = () => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  await page.goto(octo.url);
  const light = await ground();
  await page.getByRole('button', { name: 'Dark' }).click();
  assert.equal(new URL(page.url()).pathname, '/');
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.goto(`${octo.url}/verify`);
  assert.equal(await ground(), dark);
});
