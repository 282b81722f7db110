// The studio's judgement as a visitor meets it: requirements judged and explained, what breaks a design
// found and opened, a part that earns nothing deleted, runs compared, an estimate beside them, and the
// page to take to work. Asserts on the design and on what is said, never on pixels.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { axe } from './lib/axe.mjs';
import { SIZES, sidewaysScroll } from './lib/browser.mjs';
import { journey, words } from './lib/journey.mjs';
import { box, draw, kept, openStudio } from './lib/studio.mjs';
import { startOcto } from './lib/server.mjs';

const DESK = { size: SIZES.desk };
const PATIENCE = { timeout: 60_000 };
let octo;

before(async () => {
  octo = await startOcto();
});
after(() => octo?.stop());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const panel = (page, name) => page.getByRole('group', { name: 'Panel' }).getByRole('button', { name, exact: true });
const field = (page, name) => page.getByLabel(name, { exact: true });
const row = (page, id) => page.locator('.verdict-row').filter({ has: page.getByLabel(id, { exact: true }) });
const isLit = (page, name) => box(page, name).locator('.studio-box.is-lit').count();

/** Three servers behind a balancer, and a database that has room for half as much again. */
const SHOP = {
  octo: 1,
  title: 'Shop',
  components: {
    users: { kind: 'clients' }, lb: { kind: 'balancer' },
    web: { kind: 'service', replicas: 3, workers: 8, time: 'exp 10 ms' }, db: { kind: 'relational', pool: 8, time: 'exp 20 ms' },
  },
  links: { 'users -> lb': { rtt: '10 ms' }, 'lb -> web': {}, 'web -> db': {} },
  workload: { lasts: '40 s', buy: { from: 'users', arrivals: 'poisson 60/s', deadline: '1 s' } },
  require: { good: 'good >= 97 %' },
  envelope: { rate: 'x0.5..x1.5', faults: { any: ['crash 1 of web', 'slow x10 of db'], at_once: 1, lasts: '1 s..20 s', at: '5 s..20 s' } },
};

/** A flash sale that reads and writes in two statements. */
const SALE = {
  octo: 1,
  components: { users: { kind: 'clients' }, web: { kind: 'service', workers: 40, time: 'exp 2 ms' }, db: { kind: 'relational', pool: 20, time: 'exp 5 ms' } },
  links: { 'users -> web': {}, 'web -> db': { rtt: '1 ms' } },
  data: { stock: { rows: 1, value: 30 } },
  calls: { buy: 'web\n  db read stock\n  db write stock\n' },
  workload: { lasts: '1 s', warmup: '0 %', buy: { from: 'users', arrivals: 'constant 100/s' } },
};

const fragment = (design) => `#d=${deflateRawSync(JSON.stringify(design)).toString('base64url')}`;
const ofLink = (address) => JSON.parse(inflateRawSync(Buffer.from(new URL(address).hash.slice(3), 'base64url')).toString());

async function open(page, design) {
  await openStudio(page, octo.url, fragment(design));
  await box(page, 'web').waitFor();
}

async function search(page, name, act) {
  await button(page, name).click();
  await button(page, act).click();
  await button(page, `${act} again`).waitFor(PATIENCE);
}

journey('a design is judged and explained by keys alone', async ({ page }) => {
  await openStudio(page, octo.url);
  await draw(page, 'users -> lb -> web x2 -> cache, db');
  await panel(page, 'Judge').focus();
  await page.keyboard.press('Enter');
  // The form makes the words of a design.
  await field(page, 'Require that').focus();
  await field(page, 'Require that').selectOption({ label: '99 % of answers take less than' });
  await page.keyboard.press('Tab');
  await page.keyboard.type('1 ms');
  await page.keyboard.press('Enter');
  let design = await kept(page, ({ require }) => require !== undefined);
  assert.deepEqual(design.require, { fast: 'request p99 < 1 ms' });
  await button(page, 'Judge it').focus();
  await page.keyboard.press('Enter');
  await button(page, 'Judge it again').waitFor(PATIENCE);
  assert.match(await words(row(page, 'fast')), /^✕ missed fast \d.* ms ± .* ms Delete missed by \d[\d.]+ ms/);
  assert.match(await words(page.locator('.studio-verdict')), /Told from \d+ runs/);

  // A sentence with the focus lights up what it speaks of, and nothing else.
  const sentence = page.locator('.verdict-sentence').filter({ hasText: /\bweb\b/ }).first();
  await sentence.focus();
  await box(page, 'web').locator('.studio-box.is-lit').waitFor();
  assert.equal(await isLit(page, 'cache'), 0);
  await page.keyboard.press('Enter');
  await panel(page, 'Judge').focus();
  assert.equal(await isLit(page, 'web'), 1);
  await sentence.focus();
  await page.keyboard.press('Enter');
  await panel(page, 'Judge').focus();
  assert.equal(await isLit(page, 'web'), 0);

  // The bound is changed where it stands; what was said is then of before, until it is judged again.
  await row(page, 'fast').getByRole('textbox').focus();
  await row(page, 'fast').getByRole('textbox').fill('request p99 < 1 s');
  await page.keyboard.press('Tab');
  await page.getByText('The design has changed since').waitFor();
  await button(page, 'Judge it again').focus();
  await page.keyboard.press('Enter');
  await page.getByText('The design has changed since').waitFor({ state: 'detached' });
  await row(page, 'fast').locator('.tag.is-met').waitFor(PATIENCE);
  assert.deepEqual(await axe(page), []);

  // What cannot be measured says so at its place and passes nothing.
  await field(page, 'Require that').selectOption({ label: 'after a fault it is well again within' });
  await page.locator('.verdict-ask').getByRole('button', { name: 'Add' }).click();
  await button(page, 'Judge it again').click();
  await row(page, 'recovers').locator('.tag.is-not-judged').waitFor(PATIENCE);
  assert.match(await words(row(page, 'recovers')), /not judged .*Nothing goes wrong in this workload/);
  await row(page, 'recovers').getByRole('button', { name: 'Delete the requirement recovers' }).click();
  design = await kept(page, ({ require }) => Object.keys(require).length === 1);
  assert.deepEqual(design.require, { fast: 'request p99 < 1 s' });
}, DESK);

journey('data that was not kept right tells its story, step by step', async ({ page }) => {
  await open(page, SALE);
  await panel(page, 'Judge').click();
  await field(page, 'Require that').selectOption({ label: 'no more is sold than there is' });
  await page.locator('.verdict-ask').getByRole('button', { name: 'Add' }).click();
  const design = await kept(page, ({ require }) => require !== undefined);
  assert.deepEqual(design.require, { 'no-oversell': 'stock: no oversell' });
  await button(page, 'Judge it').click();
  await page.locator('.verdict-story li').first().waitFor(PATIENCE);
  const scenes = await page.locator('.verdict-story li').allInnerTexts();
  assert.ok(scenes.length >= 4, 'two requests read before either writes');
  assert.ok(scenes.some((scene) => /reads stock/.test(scene)) && scenes.some((scene) => /writes stock/.test(scene)), scenes.join('\n'));
  assert.match(await words(row(page, 'no-oversell')), /missed .*\d+ of \d+.* were sold, and there were 30/);
  await page.locator('.verdict-story li').first().focus();
  await box(page, 'db').locator('.studio-box.is-lit').waitFor();
  assert.deepEqual(await axe(page), []);
}, DESK);

journey('what breaks a design is found, opened, taken back, and held by a link', async ({ page }) => {
  await open(page, SHOP);
  await panel(page, 'Break').click();
  await button(page, 'Look for what breaks it').click();
  await page.getByRole('progressbar').or(page.locator('progress')).first().waitFor();
  await button(page, 'Look for what breaks it again').waitFor(PATIENCE);
  const story = await words(page.getByRole('region', { name: 'It breaks' }));
  assert.match(story, /slow db x.*“good >= 97 %” \(good\) is missed by .* over \d+ runs/);
  const before = await kept(page);
  assert.equal(before.faults, undefined);

  await button(page, 'Open this case').click();
  const broken = await kept(page, ({ faults }) => faults !== undefined);
  assert.match(JSON.stringify(broken.faults), /slow/);
  assert.deepEqual({ ...broken, faults: null, workload: null }, { ...before, faults: null, workload: null });
  // The link holds the same case.
  const held = ofLink(await page.getByRole('link', { name: 'A link to it' }).getAttribute('href'));
  assert.deepEqual([held.faults, held.workload, held.title], [broken.faults, broken.workload, 'Shop, broken']);
  await page.getByRole('button', { name: /^Undo/ }).click();
  assert.deepEqual(await kept(page, ({ faults }) => faults === undefined), before);
  assert.deepEqual(await axe(page), []);

  // A search that is stopped stops, shows what it knows by then, and the page goes on.
  await button(page, 'How much it takes').click();
  await button(page, 'Look for its limits').click();
  await page.locator('.verdict-under .num').filter({ hasText: /^[1-9]/ }).waitFor(PATIENCE);
  await button(page, 'Stop').click();
  await page.getByText('It ended before it was done: it was interrupted.').first().waitFor(PATIENCE);
  assert.match(await words(page.locator('.verdict-limits')), /^all met up to/);
}, DESK);

journey('the envelope is written as a form, and nothing is tried outside it', async ({ page }) => {
  const { envelope, ...bare } = SHOP;
  assert.ok(envelope);
  await open(page, bare);
  await panel(page, 'Break').click();
  assert.equal(await button(page, 'Look for what breaks it').isDisabled(), true);
  await button(page, 'Twice the load, one crash or one slow part').click();
  await kept(page, (design) => design.envelope?.rate === 'x1..x2');
  await field(page, 'load up to').fill('1.2');
  await field(page, 'faults').fill('flush');
  await field(page, 'at once').fill('2');
  await page.keyboard.press('Tab');
  const design = await kept(page, (found) => found.envelope?.faults?.at_once === 2);
  assert.deepEqual(design.envelope, { rate: 'x1..x1.2', faults: { any: ['flush'], at_once: 2, lasts: '..20 s' } });
  // There is no cache to flush: the engine says so in a sentence.
  await button(page, 'Look for what breaks it').click();
  assert.match(await words(page.getByRole('alert')), /flush/);
  await field(page, 'faults').fill('');
  await page.keyboard.press('Tab');
  await field(page, 'at once').fill('');
  await field(page, 'fault lasts').fill('');
  await page.keyboard.press('Tab');
  await kept(page, (found) => found.envelope?.faults === undefined);
  await search(page, 'What breaks it', 'Look for what breaks it');
  await page.getByText(/Nothing was found that breaks a requirement/).waitFor();
}, DESK);

journey('a part that earns nothing is marked and deleted, and requests go around it', async ({ page }) => {
  await open(page, SHOP);
  await panel(page, 'Break').click();
  await search(page, 'What its parts are for', 'Take parts away');
  await box(page, 'lb').getByText('could go').waitFor();
  await button(page, 'Delete lb').click();
  const design = await kept(page, ({ components }) => components.lb === undefined);
  assert.deepEqual(Object.keys(design.links).toSorted(), ['users -> web', 'web -> db']);
  await page.getByText('The design has changed since').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await kept(page, ({ components }) => components.lb !== undefined);

  await search(page, 'How much it takes', 'Look for its limits');
  const [meets, misses] = await page.locator('.verdict-limits dd').allInnerTexts();
  assert.ok(parseFloat(meets.slice(1)) >= 1 && parseFloat(misses.slice(1)) > parseFloat(meets.slice(1)), `${meets}, ${misses}`);
}, DESK);

journey('two runs are compared beyond their noise, beside an estimate, and taken along as a page', async ({ page }) => {
  await open(page, { ...SHOP, title: 'Shop <b>"&' });
  const run = async () => {
    await page.getByRole('button', { name: /^Run( again)?$/ }).first().click();
    const without = button(page, 'Run without');
    await without.or(button(page, 'Stop')).first().waitFor();
    if (await without.isVisible()) await without.click();
    await button(page, 'Stop').waitFor({ state: 'detached', ...PATIENCE });
  };
  await run();
  await draw(page, 'web x6');
  await kept(page, ({ components }) => components.web.replicas === 6);
  await run();
  await panel(page, 'Compare').click();
  await page.locator('.compare-changes li').first().waitFor();
  assert.deepEqual(await page.locator('.compare-changes li').allInnerTexts(), ['web replicas 6 instead of 3']);
  const name = page.getByLabel(/^Name of the run of/).first();
  await name.fill('twice the servers');
  await page.keyboard.press('Tab');
  await page.getByRole('heading', { name: /to “twice the servers”/ }).waitFor();
  await button(page, 'Tell it from noise').click();
  await page.getByText('Means over 5 runs of each').waitFor(PATIENCE);
  const utilisation = page.locator('.compare-measures tr').filter({ hasText: 'web utilisation' });
  assert.match(await words(utilisation), /points ± /);
  await button(page, 'All').or(page.getByRole('button', { name: /^All \d+ measures$/ })).first().click();
  assert.match(await words(page.locator('.compare-measures tr').filter({ hasText: 'db utilisation' })), /within its noise$/);
  assert.deepEqual(await axe(page), []);

  await panel(page, 'Napkin').click();
  await page.getByRole('textbox', { name: 'Your estimate' }).fill('rate = 60/s\ndb_utilisation = rate * 20 ms / 8\np99 = 10 s');
  const of = (quantity) => page.locator('.studio-napkin tbody tr').filter({ hasText: quantity });
  await of('buy p99').getByText('times too high').waitFor(PATIENCE);
  assert.match(await words(of('db utilisation')), /^db utilisation 15 % 15 % 1\d(\.\d+)? % within 10 %/);
  assert.match(await words(of('buy p99')), /^buy p99 10 s .* times too high/);
  assert.deepEqual(await axe(page), []);

  await panel(page, 'Judge').click();
  await button(page, 'Judge it').click();
  await button(page, 'Judge it again').waitFor(PATIENCE);
  await panel(page, 'Take along').click();
  const frame = page.frameLocator('iframe[title="The page as it will be"]');
  await frame.getByRole('heading', { name: 'Shop <b>"&', exact: true }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it as a file').click()]);
  assert.equal(download.suggestedFilename(), 'shop-b.html');
  const saved = await readFile(await download.path(), 'utf8');
  for (const said of ['<svg', 'All 1 requirements that were judged are met.', 'db_utilisation = rate * 20 ms / 8', 'twice the servers', 'What this model ignores', '[workload]', '/studio#d=']) assert.ok(saved.includes(said), said);
  assert.doesNotMatch(saved, /<b>"|<script|<link|src=/);
  assert.deepEqual(await axe(page), []);
  // It stands alone, and is in order by itself.
  const alone = await page.context().newPage();
  await alone.setContent(saved);
  assert.equal(await alone.locator('h1').innerText(), 'Shop <b>"&');
  assert.deepEqual(await axe(alone), []);
  assert.deepEqual(ofLink(await alone.getByRole('link', { name: 'open it in the studio' }).getAttribute('href')).components.web.replicas, 6);
}, DESK);

journey('on a phone every panel of the judgement fits', async ({ page }) => {
  await openStudio(page, octo.url, fragment({ ...SHOP, faults: [{ at: '5 s', lasts: '2 s', what: 'crash web.1' }] }));
  // With something in them.
  await button(page, 'Run').click();
  await button(page, 'Run without').click();
  await button(page, 'Stop').waitFor({ state: 'detached', ...PATIENCE });
  for (const name of ['Judge', 'Break', 'Compare', 'Napkin', 'Take along']) {
    await panel(page, name).click();
    assert.equal(await sidewaysScroll(page), 0, name);
    assert.deepEqual(await axe(page), [], name);
  }
}, { size: SIZES.phone });

journey('what a sentence lights up stays lit while the run plays', async ({ page }) => {
  await open(page, { ...SHOP, require: { fast: 'buy p99 < 1 ms' } });
  await panel(page, 'Judge').click();
  await button(page, 'Judge it').click();
  await button(page, 'Judge it again').waitFor(PATIENCE);
  await button(page, 'Run').click();
  await button(page, 'Run without').click();
  await button(page, 'Stop').waitFor({ state: 'detached', ...PATIENCE });
  await panel(page, 'Judge').click();
  const sentence = page.locator('.verdict-sentence').filter({ hasText: /\b(web|db)\b/ }).first();
  await sentence.click();
  const lit = page.locator('.studio-box.is-lit').first();
  await lit.waitFor();
  const moment = page.getByLabel('Moment of the run', { exact: true });
  for (const at of [5e9, 20e9, 35e9]) {
    await moment.fill(String(at));
    await page.waitForFunction((ns) => Math.abs(parseFloat(document.querySelector('.run-clock b').textContent) - ns / 1e9) < 0.5, at);
    assert.ok((await page.locator('.studio-box.is-lit').count()) > 0, `lit at ${at / 1e9} s`);
  }
  assert.match(await words(box(page, 'db')), /\d % busy/);
  await sentence.click();
  await page.mouse.move(5, 5);
  await lit.waitFor({ state: 'detached' });
}, DESK);

journey('by keys alone: from a blank page to a run that meets what is required', async ({ page }) => {
  await openStudio(page, octo.url);
  const { keyboard } = page;
  /** Goes on with Tab until the focus is on what is called so. */
  const to = async (name, back = false) => {
    const said = [];
    for (let i = 0; i < 220; i++) {
      const found = await page.evaluate(() => {
        const { activeElement: element } = document;
        if (!element || element === document.body) return '';
        const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
        return label.replace(/\s+/g, ' ').trim();
      });
      if (found === name) return;
      said.push(found);
      await keyboard.press(back ? 'Shift+Tab' : 'Tab');
    }
    assert.fail(`the focus never came to “${name}”; it went over ${said.join(' | ')}`);
  };
  const press = async (name, back) => {
    await to(name, back);
    await keyboard.press('Enter');
  };
  await to('Draw from a line of words');
  await keyboard.type('users -> lb -> web x2 -> db');
  await keyboard.press('Enter');
  await kept(page, ({ components }) => Object.keys(components ?? {}).length === 4);
  // What is required.
  await press('Judge');
  await to('Require that');
  await keyboard.type('99 % of answers');
  await keyboard.press('Tab');
  await keyboard.type('2 s');
  await keyboard.press('Enter');
  const { require } = await kept(page, (design) => design.require !== undefined);
  assert.deepEqual(require, { fast: 'request p99 < 2 s' });
  // Twice as many servers, in the form.
  await to('web, Service, 2 replicas', true);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'web', exact: true }).waitFor();
  await to('replicas');
  await keyboard.press('Control+a');
  await keyboard.type('4');
  await keyboard.press('Tab');
  await kept(page, ({ components }) => components.web.replicas === 4);
  // Predicted, run, judged.
  await press('Run');
  await to('Which is the busiest?');
  await keyboard.type('db');
  await press('Commit and run');
  await button(page, 'Stop').waitFor({ state: 'detached', ...PATIENCE });
  await press('Results');
  await page.locator('[data-measure="p99"] dd').waitFor();
  await press('Judge');
  await press('Judge it');
  await button(page, 'Judge it again').waitFor(PATIENCE);
  await row(page, 'fast').locator('.tag.is-met').waitFor(PATIENCE);
}, DESK);
