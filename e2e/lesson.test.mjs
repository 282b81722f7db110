// A lesson under the hand: the prediction and its run, the live figure, hints and feedback, the
// why-question, and the plan that changes.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { fill, journey, send, words } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle, readPack } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';
import { kept } from './lib/studio.mjs';

const SKILL = 'read.queueing';
const LESSON = `/learn/${SKILL}?depth=standard`;

let octo;
let oracle;
let figures;
let learner;
before(async () => {
  octo = await startOcto();
  const pack = await readPack();
  figures = pack.figures;
  oracle = new Oracle(pack.items);
  learner = new Learner(octo.url, oracle);
  await learner.begin();
});
after(() => octo?.stop());

/** A guess for every question of a figure, in the form that the question asks for. */
function guesses(figure) {
  return figure.predict.map(({ measure, unit }, at) => [`g${at}`, /bottleneck|saturated/.test(measure) ? { index: 1 } : unit ? '30' : /mean|p\d+|max|wait|time/.test(measure) ? '30 ms' : '30']);
}

const formOf = (page, id) => page.locator(`form.item[id="${id.replaceAll('.', '-')}"]`);

/** The first question of a kind that stands on the page. */
async function onPage(page, kind) {
  const ids = await page.locator('form.item:not(.is-settled) [name=item]').evaluateAll((inputs) => inputs.map((input) => input.value));
  const id = ids.find((id) => oracle.kind(id) === kind);
  assert.ok(id, `a question of kind ${kind} is on ${page.url()}`);
  return id;
}

journey('a prediction is committed, and the run stands beside it', async ({ page, expect }) => {
  await page.goto(octo.url + LESSON);
  const section = page.locator('section.figure').first();
  const id = (await section.getAttribute('id')).replace('figure-', '');
  const figure = figures.get(`${SKILL}/${id}`);
  const numbers = figure.predict.findIndex(({ measure }) => !/bottleneck|saturated/.test(measure));
  const hidden = await page.locator('details.block', { hasText: 'after your prediction' }).count();
  assert.ok(hidden > 0, 'what gives the answer away is folded');

  await fill(section.locator('form.predict'), guesses(figure));
  await send(section.locator('form.predict'), [[`g${numbers}`, '1,5']]);
  assert.match(await words(section.locator('.is-question')), /1,5|1\.5/);
  assert.equal(await section.locator('.gap').count(), 0, 'nothing was run');
  assert.equal(await section.locator(`[name=g${numbers}]`).inputValue(), '1,5', 'what was typed is still there');
  expect(422);

  await send(section.locator('form.predict'), guesses(figure));
  assert.equal(await section.locator('.gap tbody tr').count(), figure.predict.length);
  assert.ok(await section.locator('svg[data-chart]').isVisible());
  assert.match(await words(section.locator('.run-line')), /run r-[0-9a-f]{32}/);
  assert.ok((await page.locator('details.block', { hasText: 'after your prediction' }).count()) < hidden);
});

journey('the knob runs the same experiment in the browser', async ({ page }) => {
  await page.goto(octo.url + LESSON);
  const section = page.locator('section.figure').first();
  await section.scrollIntoViewIfNeeded();
  const knob = section.locator('.knob input[type=range]');
  await knob.waitFor({ timeout: 20_000 });
  const run = async () => /r-[0-9a-f]{32}/.exec(await words(section.locator('.run-line')))?.[0];
  const [committed, start] = [await run(), await knob.inputValue()];
  await knob.focus();
  const turned = async (key, arrived) => {
    await page.keyboard.press(key);
    await section.locator(`.measures:not([aria-busy])`).waitFor({ timeout: 60_000 });
    await page.waitForFunction(arrived[0], arrived[1], { timeout: 60_000 });
  };
  const away = Number(start) > Number(await knob.getAttribute('min')) ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
  const line = `#${await section.getAttribute('id')} .run-line`;
  await turned(away[0], [([line, run]) => /r-[0-9a-f]{32}/.test(document.querySelector(line).textContent) && !document.querySelector(line).textContent.includes(run), [line, committed]]);
  assert.notEqual(await knob.inputValue(), start);
  assert.ok((await section.locator('.measures dd, .restack td').count()) > 0);
  await turned(away[1], [([line, run]) => document.querySelector(line).textContent.includes(run), [line, committed]]);
  assert.equal(await knob.inputValue(), start);
  assert.match(await words(section.locator('.run-line')), /the same run as on the server/);
});

journey('the figure goes on in the studio, as the knob has it', async ({ page }) => {
  await page.goto(octo.url + LESSON);
  const section = page.locator('section.figure').first();
  await section.scrollIntoViewIfNeeded();
  const knob = section.locator('.knob input[type=range]');
  await knob.waitFor({ timeout: 20_000 });
  const link = section.locator('.open-in-studio a').first();
  const before = await link.getAttribute('href');
  await knob.focus();
  await page.keyboard.press(Number(await knob.inputValue()) > Number(await knob.getAttribute('min')) ? 'ArrowLeft' : 'ArrowRight');
  await section.locator('.measures:not([aria-busy])').waitFor({ timeout: 60_000 });
  await page.waitForFunction(([id, was]) => document.querySelector(`#${id} .open-in-studio a`).getAttribute('href') !== was, [await section.getAttribute('id'), before]);
  const { knob: data } = JSON.parse(await section.locator('script[type="application/json"]').textContent());
  const value = await knob.inputValue();
  await link.click();
  await page.locator('.svelte-flow__node-box').first().waitFor();
  // In the words of its author, with the value of the knob in its place.
  const [[path, set]] = Object.entries(data.set);
  const [, name] = path.split('.');
  assert.match(path, /^workload\.\w+\.rate$/, 'this journey knows of rates');
  const design = await kept(page, ({ workload }) => workload?.[name] !== undefined);
  assert.equal(design.workload[name].arrivals, `poisson ${set.replace('{}', value)}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Run without', exact: true }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('group', { name: 'Panel' }).getByRole('button', { name: 'Results', exact: true }).click();
  assert.match(await words(page.locator('.studio-panel .note').last()), /Run r-[0-9a-f]{32}/);
});

journey('a wrong answer meets its own feedback, and hints ask for another attempt', async ({ page, expect }) => {
  await page.goto(octo.url + LESSON);
  const id = await onPage(page, 'choice');
  const form = formOf(page, id);
  await send(form, [], '[formaction]');
  assert.equal(await form.locator('.hints > li').count(), 1);
  assert.equal(await form.locator('[formaction]').count(), 0, 'the next hint waits for an attempt');
  const refused = await learner.post(`/learn/${SKILL}/items/${id}/hint`, [['seed', '0'], ['depth', 'standard']]);
  assert.equal(refused.status, 422);
  assert.match(refused.text, /Try once more before the next hint/);

  await send(form, oracle.wrong(id));
  const chosen = form.locator('.option.is-chosen');
  assert.equal(await chosen.count(), 1);
  assert.match(await words(chosen.locator('.feedback')), /^Not this one\. .{20,}/);
  assert.equal(await form.locator('.feedback').count(), 1, 'the other options keep their secrets');
  await send(form, [], '[formaction]');
  assert.equal(await form.locator('.hints > li').count(), 2);

  await send(form, await oracle.right(id));
  assert.match(await words(form.locator('.option.is-right .feedback').first()), /^Right\. .{20,}/);
  assert.equal(await form.locator('button').count(), 0, 'the question is settled');
  expect(422);
});

journey('a decimal comma is asked about and not marked', async ({ page, expect }) => {
  await page.goto(octo.url + LESSON);
  const id = await onPage(page, 'numeric');
  const form = formOf(page, id);
  await send(form, [['number', '1,5']]);
  assert.match(await words(form.locator('.is-question')), /A question first/);
  assert.equal(await form.locator('.verdict.is-wrong').count(), 0);
  expect(422);
  const seed = Number(await form.locator('[name=seed]').inputValue());
  await send(form, await oracle.right(id, seed));
  assert.match(await words(form.locator('.verdict')), /^Right\./);
});

journey('a why-question is kept and compared', async ({ page }) => {
  await page.goto(octo.url + LESSON);
  const mine = 'Because the idle share is what a queue drains with <b>always</b>.';
  await send(page.locator('form.why-prompt').first(), [['text', mine]], 'button');
  const sides = page.locator('.compare > div');
  assert.ok((await words(sides.nth(0))).includes(mine), 'as it was written, and as text');
  assert.match(await words(sides.nth(1)), /One good answer .{20,}/);
});

journey('the plan changes while a module is practised, and says why', async ({ page }) => {
  await page.goto(octo.url + LESSON);
  await page.locator('form.onward-read button').click();
  const said = [];
  for (let answers = 0; answers < 20; answers += 1) {
    await page.goto(`${octo.url}/practice/${SKILL}`);
    if (await page.getByText('This module is proved.').count()) break;
    const form = page.locator('form.item');
    const [id, seed] = [await form.locator('[name=item]').inputValue(), Number(await form.locator('[name=seed]').inputValue())];
    await send(form, await oracle.right(id, seed));
    if (await page.locator('.banner[role=status]').count()) said.push(await words(page.locator('.banner[role=status] p')));
  }
  assert.ok(said.some((sentence) => /.{25,}\.$/.test(sentence)), `what was said: ${JSON.stringify(said)}`);
  await page.goto(`${octo.url}/course`);
  assert.match(await words(page.locator('.plan-line', { has: page.locator(`a[href="/learn/${SKILL}"]`) })), /proved/);
});
