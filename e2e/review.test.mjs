// Reviews: a record whose answers are weeks old is read in, so that what it holds is due today without
// any clock being moved. A sitting is taken without scripts; what was answered has gone from what is due.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { axe } from './lib/axe.mjs';
import { follow, journey, send, words } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

const LEARNED = ['read.request', 'read.tail', 'read.queueing'];
const DAY = 86_400_000;
const DAYS = 60;
let oracle;
let record;
const running = [];

/** A fresh Octo that has read a record in. */
async function octo(text) {
  const server = await startOcto();
  running.push(server);
  const form = new FormData();
  form.set('then', 'import');
  form.set('file', new Blob([text]), 'octo.jsonl');
  const reply = await fetch(`${server.url}/record/import`, { method: 'POST', body: form });
  assert.ok(new URL(reply.url).searchParams.has('imported'), await reply.text());
  return server;
}

/** The same record, so many days ago. */
function ago(text, days) {
  const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line));
  return lines.map((line) => JSON.stringify('at' in line ? { ...line, at: line.at - days * DAY } : line)).join('\n') + '\n';
}

/** What was asked so far: "read.tail.03/7". */
const asked = (text) => new Set(text.trimEnd().split('\n').map((line) => JSON.parse(line).what).filter((what) => what?.kind === 'answered').map((what) => `${what.item}/${what.seed}`));

const export_ = async (url) => (await fetch(`${url}/record/octo.jsonl`)).text();

const due = (page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Review/ });

before(async () => {
  oracle = await Oracle.of();
  const source = await startOcto();
  running.push(source);
  const learner = new Learner(source.url, oracle);
  await learner.begin([['role', 'backend'], ['years', '3'], ['hours', '4']]);
  for (const skill of LEARNED) await learner.prove(skill);
  record = await export_(source.url);
});
after(() => Promise.all(running.map((server) => server.stop())));

journey('what was learned today is not due', async ({ page }) => {
  const { url } = await octo(record);
  await page.goto(`${url}/course`);
  assert.equal(await due(page).count(), 0);
  await page.goto(`${url}/review`);
  assert.equal(await words(page.locator('h1')), 'Nothing is due');
  assert.deepEqual(await axe(page), []);
});

journey('a sitting over what was learned weeks ago, without scripts', async ({ page }) => {
  const old = ago(record, DAYS);
  const { url } = await octo(old);
  await page.goto(`${url}/course`);
  assert.match(await words(due(page)), new RegExp(`^Review ${LEARNED.length} due$`));
  await follow(due(page));
  assert.match(await words(page.locator('.progress')), new RegExp(`This question, and ${LEARNED.length - 1} more due`));

  const met = asked(old);
  const seen = [];
  for (let at = 0; at < LEARNED.length; at += 1) {
    const form = page.locator('form.item');
    const [id, seed] = [await form.locator('[name=item]').inputValue(), Number(await form.locator('[name=seed]').inputValue())];
    assert.ok(!met.has(`${id}/${seed}`), `${id}/${seed} was asked before`);
    seen.push(id.split('.').slice(0, 2).join('.'));
    // All but the last are still known.
    const last = at === LEARNED.length - 1;
    await send(form, [...(last ? oracle.wrong(id) : await oracle.right(id, seed)), ['sure', 'think']]);
    assert.match(await words(page.locator('.progress')), new RegExp(`^${at + 1} answered. ${last ? 'Nothing else is due' : `${LEARNED.length - 1 - at} more due`}`));
    assert.equal(await page.getByRole('link', { name: 'Read it again' }).count(), last ? 1 : 0);
    if (!last) await follow(page.getByRole('link', { name: 'Next question' }));
  }
  assert.deepEqual(seen.sort(), [...LEARNED].sort(), 'each skill is asked about once');

  await follow(page.getByRole('link', { name: 'Enough for now' }));
  assert.equal(await words(page.locator('h1')), 'Three questions, two right.');
  const moved = await words(page.locator('.page-head'));
  const [, now, before] = /keeps for (.+?) now instead of (.+?)[,.]/.exec(moved) ?? [];
  assert.ok(inDays(now) > inDays(before), moved);
  assert.match(moved, /comes back (tomorrow|in)/, 'and what was missed comes back sooner');

  await page.goto(`${url}/course`);
  assert.equal(await due(page).count(), 0, 'nothing is due any more');
  const entries = (await export_(url)).trimEnd().split('\n').map((line) => JSON.parse(line).what).filter((what) => what?.setting === 'review');
  assert.deepEqual(entries.map((what) => what.outcome), ['right', 'right', 'wrong']);
}, { scripts: false });

journey('a sitting is left and taken up again, and no page of it has a fault that axe can find', async ({ page }) => {
  const { url } = await octo(ago(record, DAYS));
  await page.goto(`${url}/review`);
  assert.deepEqual(await axe(page), []);
  const form = page.locator('form.item');
  const [id, seed] = [await form.locator('[name=item]').inputValue(), Number(await form.locator('[name=seed]').inputValue())];
  await send(form, await oracle.right(id, seed));
  assert.deepEqual(await axe(page), []);
  await follow(page.getByRole('link', { name: 'Enough for now' }));
  assert.match(await words(page.locator('h1')), /^One question, and it was right/);
  assert.match(await words(page.locator('.page-head')), /two are still due today/i);
  assert.deepEqual(await axe(page), []);
  assert.match(await words(due(page)), /^Review 2 due$/);
  await follow(page.getByRole('link', { name: 'Go on reviewing' }));
  assert.notEqual(await page.locator('form.item [name=item]').inputValue(), id);
});

/** "11 days", "two days", "about 3 months". */
function inDays(text) {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
  const word = text.replace('about ', '').split(' ')[0];
  const number = word === 'a' ? 1 : words.includes(word) ? words.indexOf(word) : Number(word);
  return text.includes('month') ? number * 30 : number;
}
