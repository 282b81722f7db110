// From the page of the course to a course of one's own: six questions, the placement, the plan.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { journey, send, words } from './lib/journey.mjs';
import { Oracle } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

const PARTS = ['Why it exists', 'What you will be able to do', 'Who it is for', 'What you bring', 'Eight chapters', 'Four projects and a capstone', 'Tools and ideas', 'Where it leads', 'Common questions'];

let octo;
let oracle;
before(async () => {
  octo = await startOcto();
  oracle = await Oracle.of();
});
after(() => octo?.stop());

journey('the page of the course says what it promises, and what is still open', async ({ page }) => {
  await page.goto(octo.url);
  const parts = await page.locator('.part > h2').allInnerTexts();
  assert.deepEqual(parts, PARTS);
  const count = (selector) => page.locator(selector).count();
  assert.equal(await count('.chapters > li'), 8);
  assert.equal(await count('.projects > li'), 4);
  assert.equal(await count('.capstone ol > li'), 4);
  assert.ok((await count('.outcomes > li')) >= 3 && (await count('.index dt')) >= 8);
  assert.ok((await count('.tag.is-unwritten')) >= 7, 'open parts are marked');
  const question = page.locator('.faq details').first();
  await question.locator('summary').click();
  assert.ok(await question.locator('p').first().isVisible());
  await page.locator('.hero a.button').click();
  assert.equal(new URL(page.url()).pathname, '/start');
});

journey('a learner answers in free text, is placed, and overrules the plan', async ({ page, expect }) => {
  await page.goto(`${octo.url}/start`);
  const form = page.locator('form.questions');
  await send(form, [['role', 'backend'], ['years', 'quite a few'], ['hours', '4']]);
  assert.match(await words(page.locator('[role=alert]')), /“quite a few”/);
  expect(422);

  await send(form, [['years', '3'], ['goal', 'promotion'], ['system', 'I run a Django clinic-booking app on Heroku with Postgres and Celery']]);
  assert.equal(new URL(page.url()).pathname, '/start/words');
  for (const word of ['Django', 'Celery', 'Heroku', 'Health and clinics', 'Bookings and tickets']) {
    assert.ok(await page.locator('.chip', { hasText: word }).isVisible(), `${word} is shown for correction`);
  }
  await page.getByRole('button', { name: 'Take away Heroku' }).click();
  await page.waitForFunction(() => ![...document.querySelectorAll('.chip')].some((chip) => chip.textContent.includes('Heroku')));
  await page.getByRole('button', { name: 'To the placement' }).click();
  await page.waitForURL('**/placement');

  await page.goto(`${octo.url}/start`);
  const ticked = await page.locator('[name=stack]:checked').evaluateAll((boxes) => boxes.map((box) => box.value));
  for (const stack of ['django', 'postgresql', 'celery']) assert.ok(ticked.includes(stack), `${stack} was recognised, of ${ticked}`);
  assert.equal(await page.locator('#years').inputValue(), '3');
  assert.equal(await page.locator('[name=role]:checked').getAttribute('value'), 'backend');

  await page.goto(`${octo.url}/placement`);
  let asked = 0;
  for (; new URL(page.url()).pathname === '/placement'; asked += 1) {
    assert.ok(asked < 30, 'the placement ends by itself');
    const item = page.locator('form.item');
    const [id, seed] = [await item.locator('[name=item]').inputValue(), Number(await item.locator('[name=seed]').inputValue())];
    if (asked % 3 === 2) await send(item, [], '[name=unknown]');
    else await send(item, await oracle.right(id, seed));
    assert.equal(await page.locator('.verdict, .feedback').count(), 0, 'nothing is judged before the end');
  }
  assert.ok(asked >= 8, `${asked} questions were asked`);

  assert.equal(new URL(page.url()).pathname, '/course');
  const lines = page.locator('.plan-line');
  assert.equal(await lines.count(), 51);
  for (const reason of await lines.locator('.reason').allInnerTexts()) assert.match(reason, /\S.{10,}\./);
  const treatments = new Set(await lines.locator('.treatment > span:not(.bar)').allInnerTexts());
  assert.ok(treatments.size >= 2, `the course was fitted: ${[...treatments]}`);

  // The same module, wherever the plan moves it.
  const line = page.locator('.plan-line', { has: page.locator('form[action="/course/read.queueing"]') });
  const taken = async () => [await words(line.locator('.treatment > span:not(.bar)')), await words(line.locator('.reason'))];
  const [treatment, reason] = await taken();
  const other = treatment === 'Slow' ? 'compress' : 'slow';
  await line.locator('summary').click();
  await send(line.locator('form').first(), [['treatment', other]], 'button');
  const [changed, why] = await taken();
  assert.equal(changed, other === 'slow' ? 'Slow' : 'Short');
  assert.notEqual(why, reason);
  // What was chosen against the plan stands open, with the way back.
  await send(line.locator('form').nth(1), [], 'button.is-plain');
  assert.deepEqual(await taken(), [treatment, reason]);
});
