// What is offered next, and how a lesson is taken: a question that may save it, the problem or an
// example first, help after a miss, the placement left and resumed. Reviews need days to pass, which a
// browser has not: see `crates/web/tests/it/reviews.rs`.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { follow, journey, send, words } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

const SKILL = 'read.queueing';

let octo;
let oracle;
before(async () => {
  octo = await startOcto();
  oracle = await Oracle.of();
  await new Learner(octo.url, oracle).begin([['goal', 'promotion'], ['role', 'backend'], ['years', '4'], ['hours', '3'], ['claim', 'read']]);
});
after(() => octo?.stop());

/** The open question of a page: its item and variation. */
async function asked(page) {
  const form = page.locator('form.item');
  return { form, id: await form.locator('[name=item]').inputValue(), seed: Number(await form.locator('[name=seed]').inputValue()) };
}

journey('what may be known is asked about before its lesson, and the course goes on from the answer', async ({ page }) => {
  await page.goto(`${octo.url}/course`);
  const next = page.locator('.next');
  assert.match(await words(next), /a question first/i);
  assert.match(await words(next), /You may know this already/);
  await follow(next.locator('a.button'));
  assert.match(new URL(page.url()).pathname, /^\/probe\//);
  const skill = new URL(page.url()).pathname.split('/')[2];
  const { form, id, seed } = await asked(page);
  await send(form, await oracle.right(id, seed));
  assert.match(await words(form), /Right\./);
  assert.match(await words(page.locator('.page-head')), /without the lesson/);
  const on = page.locator('.onward a.is-main');
  assert.ok((await words(on)).length > 5, 'there is a way on');

  await page.goto(`${octo.url}/learn/${skill}`);
  await page.goto(`${octo.url}/course`);
  assert.equal(await page.locator('.plan-line', { has: page.locator(`a[href="/learn/${skill}"]`) }).locator('.tag').count(), 0, 'the question has not begun the module');
});

journey('a lesson says how it is shown, and can be had the other way', async ({ page }) => {
  await page.goto(`${octo.url}/learn/${SKILL}?depth=standard&way=written`);
  assert.ok((await words(page.locator('.way'))).length > 30, 'the line says why');
  await page.goto(`${octo.url}/learn/${SKILL}?depth=standard&way=problem`);
  const why = page.locator('#why-1');
  assert.equal(await why.evaluate((element) => element.tagName), 'DETAILS', 'the explanation is folded');
  const place = (id) => page.locator(id).first().evaluate((element) => element.getBoundingClientRect().top + window.scrollY);
  assert.ok((await place('#bare-1')) < (await place('#why-1')), 'the problem stands before it');
  await page.goto(`${octo.url}/learn/${SKILL}?depth=standard&way=example`);
  assert.ok((await place('#steps-1')) < (await place('section.figure')), 'the worked example comes first');
  await follow(page.locator('.way a'));
  assert.match(page.url(), /way=/);
});

journey('after a miss there is another example, and after two other words', async ({ page }) => {
  await page.goto(`${octo.url}/learn/${SKILL}?depth=standard`);
  await follow(page.locator('form.onward-read button'));
  const first = await asked(page);
  await send(first.form, [], '[name=unknown]');
  assert.match(await words(page.locator('details.aid')), /^Another example/);
  await page.goto(`${octo.url}/practice/${SKILL}`);
  const second = await asked(page);
  await send(second.form, [], '[name=unknown]');
  assert.match(await words(page.locator('details.aid').first()), /^Explained another way/);
  await page.goto(`${octo.url}/learn/${SKILL}`);
  assert.match(await words(page.locator('.way')), /second way/);
  assert.ok(await page.locator('#again-1').isVisible());
});

journey('a placement is left, resumed where it was, stopped, and taken again', async ({ page }) => {
  await page.goto(`${octo.url}/course`);
  const retake = page.getByRole('button', { name: 'Take the placement again' });
  await follow(retake);
  const first = await asked(page);
  await send(first.form, [], '[name=unknown]');
  const open = await asked(page);
  await page.goto(`${octo.url}/course`);
  assert.match(await words(page.locator('form.banner')), /under way: 1 answered/);
  await send(page.locator('form.banner'), [], 'button');
  const resumed = await asked(page);
  assert.deepEqual([resumed.id, resumed.seed], [open.id, open.seed], 'the question that was open');
  await send(page.locator('form.stop'), [], 'button');
  assert.equal(await page.locator('form.banner').count(), 0);
  await follow(retake);
  assert.match(await words(page.locator('.progress')), /Question 1\./);
});
