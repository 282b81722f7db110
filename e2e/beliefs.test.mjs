// What is believed of a learner: they add it up, doubt it and are tested, without scripts and by
// keyboard; they take their record along and read it in elsewhere.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { follow, journey, send } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

const SKILL = 'read.queueing';
let octo;
let fresh;
let oracle;
let folder;

before(async () => {
  oracle = await Oracle.of();
  [octo, fresh] = await Promise.all([startOcto(), startOcto()]);
  folder = await mkdtemp(join(tmpdir(), 'octo-record-'));
  await new Learner(octo.url, oracle).begin([['role', 'backend'], ['years', '3'], ['hours', '4'], ['system', 'A shop with 300 requests a second, no Kubernetes']]);
});
after(async () => {
  await Promise.all([octo.stop(), fresh.stop(), rm(folder, { recursive: true, force: true })]);
});

/** Hundredths of a logit, as the page shows them. */
const weight = (text) => Math.round(Number(text.trim().replace('−', '-').replace('+', '')) * 100);

journey('a learner doubts a belief and is tested until it is sure, without scripts', async ({ page }) => {
  await page.goto(`${octo.url}/beliefs`);
  await follow(page.locator('.beliefs a', { hasText: 'Little’s law' }).first());
  assert.equal(new URL(page.url()).pathname, `/beliefs/${SKILL}`);
  await follow(page.getByRole('button', { name: 'That is wrong, test me' }));
  let asked = 0;
  for (; await page.locator('form.item').count(); asked += 1) {
    assert.ok(asked < 9, 'the test ends by itself');
    const item = page.locator('form.item');
    const [id, seed] = [await item.locator('[name=item]').inputValue(), Number(await item.locator('[name=seed]').inputValue())];
    assert.equal(await item.getByRole('button', { name: /hint/i }).count(), 0);
    await send(item, await oracle.right(id, seed));
    assert.match(await page.locator('.progress').innerText(), /Believed known when you asked/);
    const next = page.getByRole('link', { name: 'Next question' });
    if (!(await next.count())) break;
    await follow(next);
  }
  assert.match(await page.locator('section.verdict').innerText(), /you know this/);
  await follow(page.getByRole('link', { name: 'See what is believed now' }));
  for (const fold of await page.locator('details.ledger-fold').all()) await fold.locator('summary').click();
  const lines = (await page.locator('td.weight').allInnerTexts()).map(weight);
  const total = weight(await page.locator('.total').innerText());
  assert.equal(lines.reduce((sum, line) => sum + line, 0), total, 'the lines add up');
  assert.ok(total > 300 && lines.length > 2, `${total} from ${lines.length} lines`);
}, { scripts: false });

journey('the map leads to each module by keyboard', async ({ page }) => {
  await page.goto(`${octo.url}/beliefs`);
  const first = page.locator('.map a').first();
  await first.focus();
  assert.match(await first.textContent(), /^1\.1 (✓ )?\d+ % The four boxes/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/beliefs/*');
  assert.equal(await page.locator('h1').count(), 1);
});

journey('a record is taken along and read in elsewhere, with the same course', async ({ page, expect }) => {
  await page.goto(`${octo.url}/record`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Take your record along' }).click()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  assert.ok((await readFile(file, 'utf8')).startsWith('{"octo-record":1'));

  await page.goto(`${fresh.url}/record`);
  await page.locator('#file').setInputFiles({ name: 'other.txt', mimeType: 'text/plain', buffer: Buffer.from('hello\n') });
  await page.getByRole('button', { name: 'Check it and read it in' }).click();
  assert.match(await page.locator('[role=alert]').innerText(), /Line 1: This is not a record of Octo/);
  expect(422);
  await page.locator('#file').setInputFiles(file);
  await page.getByRole('button', { name: 'Only check it' }).click();
  assert.match(await page.locator('[role=status]').innerText(), /This file is whole/);
  await page.locator('#file').setInputFiles(file);
  await page.getByRole('button', { name: 'Check it and read it in' }).click();
  await page.waitForURL('**/record?imported=1');
  for (const path of ['/course', '/beliefs', `/beliefs/${SKILL}`]) {
    const both = await Promise.all([octo, fresh].map(async ({ url }) => (await (await fetch(url + path)).text()).replaceAll(url, '')));
    assert.equal(both[0], both[1], path);
  }
});
