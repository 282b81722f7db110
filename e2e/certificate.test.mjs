// The long way: six modules proved, a certificate that a stranger accepts and that no changed
// character survives, and a server that goes on where it was.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { journey, send, words } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle, chapterSkills } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';

const run = promisify(execFile);
let folder;
let octo;
let oracle;
let skills;
let address;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octo-certificate-'));
  octo = await startOcto({ folder });
  oracle = await Oracle.of();
  skills = await chapterSkills();
});
after(async () => {
  await octo?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Where the last module is practised until it is proved, as a learner would. */
async function prove(page, skill) {
  for (let answers = 0; answers < 20; answers += 1) {
    await page.goto(`${octo.url}/practice/${skill}`);
    if (await page.getByText('This module is proved.').count()) return;
    const form = page.locator('form.item');
    const [id, seed] = [await form.locator('[name=item]').inputValue(), Number(await form.locator('[name=seed]').inputValue())];
    await send(form, await oracle.right(id, seed));
    assert.match(await words(form), /Right\./, `the answer to ${id} (variation ${seed})`);
  }
  assert.fail(`${skill} was not proved by twenty right answers`);
}

async function check(page, text) {
  await page.goto(`${octo.url}/verify`);
  await send(page.locator('main form'), [['certificate', text]], 'button');
  return words(page.locator('.status h1'));
}

/** The text with one character of it changed into another that is as good. */
const changed = (text, at) => text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);

journey('who gives up every question proves nothing', async ({ page }) => {
  const clicker = new Learner(octo.url, oracle);
  await clicker.begin();
  for (let answers = 0; answers < 6; answers += 1) {
    await page.goto(`${octo.url}/practice/${skills[0]}`);
    await send(page.locator('form.item'), [], '[name=unknown]');
  }
  const { status, text } = await clicker.post('/certificate', [['chapter', 'read'], ['name', 'A. Clicker']]);
  assert.equal(status, 422);
  assert.match(text, /role="alert"/);
  await page.goto(`${octo.url}/certificate`);
  assert.equal(await page.locator('.tag.is-proved').count(), 0);
  assert.equal(await page.locator('#name').count(), 0, 'there is nothing to issue');
});

journey('six modules are proved and a certificate is issued, which a stranger accepts', async ({ page }) => {
  const learner = new Learner(octo.url, oracle);
  for (const skill of skills.slice(0, -1)) await learner.prove(skill);
  await prove(page, skills.at(-1));
  await page.goto(`${octo.url}/certificate`);
  assert.equal(await page.locator('.tag.is-proved').count(), skills.length);
  await send(page.locator('form.issue'), [['name', 'Ada “<b>Byron</b>” Lovelace']]);
  address = new URL(page.url()).pathname;
  assert.match(address, /^\/verify\/[0-9a-f]{32}$/);
  assert.equal(await words(page.locator('.status h1')), 'Accepted');
  assert.equal(await words(page.locator('.certificate h1')), 'Ada “<b>Byron</b>” Lovelace');
  assert.match(await words(page.locator('.certificate > .note').first()), /learner.s own machine/);
  assert.equal(await page.locator('.certificate tbody tr').count(), skills.length);
  assert.equal(await page.locator('.certificate td', { hasText: /^passed$/ }).count(), skills.length);
});

journey('one changed character is refused, in the file and in the link', async ({ page }) => {
  const file = await (await fetch(`${octo.url}${address}/file`)).text();
  assert.equal(await check(page, file), 'Accepted');
  for (const at of [file.indexOf('Lovelace') + 2, file.search(/[0-9a-f]{40}/) + 11]) assert.equal(await check(page, changed(file, at)), 'Refused', `character ${at}`);
  assert.equal(await check(page, octo.url + address), 'Accepted');
  assert.equal(await check(page, octo.url + changed(address, address.length - 3)), 'Refused');
  await page.goto(octo.url + changed(address, address.length - 3));
  assert.equal(await words(page.locator('.status h1')), 'Refused');
});

journey('a server that is stopped and started goes on where it was', async ({ page }) => {
  const seen = async () => {
    await page.goto(`${octo.url}/course`);
    const plan = await words(page.locator('.plan'));
    await page.goto(`${octo.url}/certificate`);
    return { plan, certificates: await words(page.locator('main')) };
  };
  const earlier = await seen();
  await octo.stop();
  octo = await startOcto({ folder });
  assert.deepEqual(await seen(), earlier);
  await page.goto(octo.url + address);
  assert.equal(await words(page.locator('.status h1')), 'Accepted');

  await octo.stop();
  await run(process.env.OCTO_BIN, ['certificate', 'revoke', address.split('/').at(-1), '--reason', 'asked for by its holder', '--data', folder]);
  octo = await startOcto({ folder });
  await page.goto(octo.url + address);
  assert.equal(await words(page.locator('.status h1')), 'Revoked');
});
