// The studio, as a person uses it: with a line of words, a mouse, the keyboard alone, a small screen
// and as text. What came of it is read from the design, not from the picture.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { axe } from './lib/axe.mjs';
import { SIZES, screenshot, sidewaysScroll } from './lib/browser.mjs';
import { journey } from './lib/journey.mjs';
import { startOcto } from './lib/server.mjs';
import { arrows, box, counted, drag, draw, drawn, handle, kept, middle, names, openStudio } from './lib/studio.mjs';

const LINE = 'users -> lb -> web x3 -> cache, db';
const FIVE = ['users', 'lb', 'web', 'cache', 'db'];
const FOUR = ['users -> lb', 'lb -> web', 'web -> cache', 'web -> db'];

let server;
before(async () => {
  server = await startOcto();
});
after(() => server.stop());

journey('a line becomes a design that can run', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  const design = await drawn(page, FIVE, FOUR);
  assert.deepEqual([design.components.web.replicas, design.components.cache.kind, design.workload.request.from], [3, 'cache', 'users']);
  for (const name of FIVE) await box(page, name).waitFor();
  await page.getByRole('button', { name: /^Problems/ }).click();
  await page.getByText('Nothing is wrong: this design can run.').waitFor();
  await draw(page, 'web -> what');
  await page.getByText('What “what” is, the name does not say').waitFor();
  await draw(page, 'db -> search');
  await page.getByText('“db” answers and calls nobody').waitFor();
});

journey('whatever a line draws, the engine can run', async ({ page }) => {
  const LINES = [
    'users -> dns -> cdn -> limiter -> gateway -> lb -> web x3 -> cache, redis, db', 'cron -> worker -> s3, warehouse', 'mobile -> api -> stripe, mail', 'users -> web -> kafka -> indexer x4 -> elastic', 'users -> web -> sqs -> worker -> mongo, dynamodb',
    'users -> lb -> web, api -> cache, db', 'users -> a -> b -> a', 'users -> db -> search', 'users -> web -> users', 'web -> cron', 'buy 20/s: users -> web -> db\nlook 200/s: users -> web -> cache', 'users -> lb -> lb2 -> web x2, admin', 'users -> cache -> db', 'users -> kafka, sqs -> worker', 'lasts: users -> web',
  ];
  await openStudio(page, server.url);
  await page.getByRole('button', { name: /^Problems/ }).click();
  for (const line of LINES) {
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'A blank page' }).click();
    await page.getByText('There is nothing to look at yet.').waitFor();
    for (const part of line.split('\n')) await draw(page, part);
    await kept(page, (found) => found.workload !== undefined);
    await page.waitForTimeout(450);
    assert.equal(await page.locator('.studio-panel').innerText(), 'Nothing is wrong: this design can run.', line);
  }
});

journey('by mouse: add, connect, move, choose several, take out, undo', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, 'users -> web');
  await drawn(page, ['users', 'web']);
  await page.waitForTimeout(300);
  // A new box comes from the palette and lands where the hand lets go.
  const canvas = await page.locator('.studio-canvas').boundingBox();
  await page.getByRole('button', { name: 'Add: Relational database' }).dragTo(page.locator('.studio-flow'), { targetPosition: { x: canvas.width / 2, y: canvas.height * 0.8 } });
  let design = await drawn(page, ['users', 'web', 'db'], ['users -> web']);
  const [, y] = design.layout.db;
  assert.ok(y > design.layout.web[1], 'the new box stands below');
  // From the handle of one box onto another.
  await drag(page, await handle(page, 'web'), await middle(box(page, 'db')));
  await drawn(page, ['users', 'web', 'db'], ['users -> web', 'web -> db']);
  // Moving one box leaves the others where they were.
  const [x0, y0] = await middle(box(page, 'web'));
  const before_ = (await kept(page)).layout;
  await drag(page, [x0, y0], [x0 + 60, y0 + 90]);
  design = await kept(page, (found) => found.layout?.web?.[1] > before_.web[1] + 20);
  assert.deepEqual(design.layout.users, before_.users);
  // Several are chosen with Shift and a rectangle.
  await page.keyboard.down('Shift');
  await drag(page, [canvas.x + 20, canvas.y + 20], [canvas.x + canvas.width - 20, canvas.y + canvas.height - 60]);
  await page.keyboard.up('Shift');
  await page.getByRole('heading', { name: '3 components' }).waitFor();
  await page.keyboard.press('Delete');
  await drawn(page, []);
  await page.getByRole('button', { name: /^Undo: delete users, web, db/ }).click();
  await drawn(page, ['users', 'web', 'db'], ['users -> web', 'web -> db']);
});

journey('by keyboard alone: from a blank page to a design with settings', async ({ page }) => {
  await openStudio(page, server.url);
  await page.getByLabel('Draw from a line of words').focus();
  await page.keyboard.type('users -> web -> db');
  await page.keyboard.press('Enter');
  await drawn(page, ['users', 'web', 'db']);
  // Forward to the box of web, without a mouse.
  await tabTo(page, () => document.activeElement?.getAttribute('data-id') === 'web');
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^web, Service/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'web', exact: true }).waitFor();
  // Moved with the arrows, by as much as was pressed.
  const start = await kept(page);
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowDown');
  const moved = await kept(page, (found) => found.layout?.web !== undefined);
  assert.equal(start.layout, undefined);
  assert.ok(moved.layout.web[1] > moved.layout.users[1], 'web stands lower than its neighbour');
  // C leads to the field that connects; then a cache is added from the palette and connected.
  await page.keyboard.press('Control+d');
  await drawn(page, ['users', 'web', 'db', 'web-2']);
  await page.keyboard.press('c');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT');
  await page.keyboard.type('db');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await drawn(page, ['users', 'web', 'db', 'web-2'], ['users -> web', 'web -> db', 'web-2 -> db']);
  // A setting, and back.
  await page.getByLabel('replicas', { exact: true }).focus();
  await page.keyboard.type('4');
  await page.keyboard.press('Tab');
  await kept(page, (found) => found.components['web-2'].replicas === 4);
  await tabTo(page, () => document.activeElement?.matches('.svelte-flow__node'), true);
  await page.keyboard.press('Control+z');
  await kept(page, (found) => found.components['web-2'].replicas === undefined);
  await page.keyboard.press('Control+Shift+z');
  await kept(page, (found) => found.components['web-2'].replicas === 4);
});

/** Goes on with Tab until the focus is where it is wanted. */
async function tabTo(page, wanted, back = false) {
  for (let i = 0; i < 160; i++) {
    if (await page.evaluate(wanted)) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  assert.fail('the focus never came there');
}

journey('copied boxes are pasted with the arrows between them', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, 'users -> web -> db');
  await box(page, 'web').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await drawn(page, ['users', 'web', 'db', 'users-2', 'web-2', 'db-2'], ['users -> web', 'web -> db', 'users-2 -> web-2', 'web-2 -> db-2']);
  // A line of words that was copied elsewhere is drawn.
  await page.keyboard.press('Control+z');
  await box(page, 'web').click();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'web -> redis');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await drawn(page, ['users', 'web', 'db', 'redis'], ['users -> web', 'web -> db', 'web -> redis']);
  assert.match(await page.locator('#studio-words').innerText(), /Arrows: users to web; web to db; web to redis\.$/);
});

journey('a component that is renamed is renamed wherever it is said', async ({ page }) => {
  await openStudio(page, server.url);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('button', { name: 'A product page', exact: true }).click();
  await page.getByRole('heading', { name: 'The whole design' }).waitFor();
  await box(page, 'session').click();
  // Before, the field called so is that of a class of requests.
  await page.getByRole('heading', { name: 'session', exact: true }).waitFor();
  const name = page.getByLabel('name', { exact: true });
  await name.fill('visits');
  await name.press('Tab');
  const design = await kept(page, (found) => names(found).includes('visits'));
  assert.equal(await page.evaluate(() => document.activeElement?.labels?.[0]?.textContent), 'kind', 'the form stays under the hands that go on');
  assert.match(design.calls.page, /visits 3 times/);
  assert.ok(arrows(design).includes('web -> visits'));
  await name.fill('db');
  await name.press('Enter');
  await page.getByText('There is already a component called db.').waitFor();
});

journey('the text and the picture are one design, and a problem stands at its line', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const text = page.getByLabel('The design as text');
  assert.match(await text.inputValue(), /web {3}= \{ kind = "service", replicas = 3 \}/);
  await text.fill((await text.inputValue()).replace('replicas = 3', 'replicas = 5, time = "9 parsecs"'));
  await kept(page, (found) => found.components.web.replicas === 5);
  await page.getByRole('button', { name: /^line \d+$/ }).first().click();
  assert.match(await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), /^web .*parsecs/);
  // What cannot be read leaves the design as it was.
  await text.fill(`${await text.inputValue()}\n[[[`);
  await page.getByText('This is not TOML').waitFor();
  assert.equal((await kept(page)).components.web.replicas, 5);
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  assert.equal(JSON.parse(await text.inputValue()).components.web.replicas, 5);
});

journey('what is written between the lines stays, whatever the picture does', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const text = page.getByLabel('The design as text');
  await text.fill((await text.inputValue()).replace(/^(web .*)$/m, '# Three, since one is repaired on Mondays.\n$1  # grows in autumn'));
  await page.waitForFunction(() => localStorage.getItem('octo.studio.comments')?.includes('autumn'));
  await box(page, 'db').click();
  await page.getByRole('heading', { name: 'db', exact: true }).waitFor();
  await page.keyboard.press('Delete');
  await drawn(page, ['users', 'lb', 'web', 'cache']);
  const said = /# Three, since one is repaired on Mondays\.\nweb .*# grows in autumn/;
  await page.waitForFunction(() => !document.querySelector('.studio-editor textarea').value.includes('db'));
  assert.match(await text.inputValue(), said);
  await page.reload();
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  assert.match(await text.inputValue(), said);
});

journey('a frame is drawn around what is chosen, on the picture', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await drawn(page, FIVE);
  await box(page, 'web').click();
  await page.getByRole('heading', { name: 'web', exact: true }).waitFor();
  await page.keyboard.down('Control');
  await box(page, 'db').click();
  await page.keyboard.up('Control');
  await page.getByRole('heading', { name: '2 components' }).waitFor();
  const name = page.getByLabel('Name of a region or zone for what is chosen');
  await name.fill('eu-west');
  await page.getByRole('button', { name: 'Region', exact: true }).click();
  await kept(page, ({ components }) => components.web.region === 'eu-west' && components.db.region === 'eu-west' && components.lb.region === undefined);
  await name.fill('eu-west-a');
  await page.getByRole('button', { name: 'Zone', exact: true }).click();
  await kept(page, ({ components }) => components.web.zones?.[0] === 'eu-west-a');
  assert.deepEqual(await page.locator('.studio-frame').allInnerTexts(), ['eu-west', 'eu-west-a']);
  await page.getByRole('button', { name: 'Region', exact: true }).click();
  await kept(page, ({ components }) => components.web.region === undefined);
});

journey('two hundred components come in parts, all of them, with a small map', async ({ page }) => {
  await openStudio(page, server.url);
  const names200 = Array.from({ length: 199 }, (_, at) => `s${at}`);
  const links = Object.fromEntries(names200.slice(1).map((name, at) => [`s${Math.floor(at / 2)} -> ${name}`, {}]));
  const design = { octo: 1, components: { users: { kind: 'clients' }, ...Object.fromEntries(names200.map((name) => [name, { kind: 'service' }])) }, links: { 'users -> s0': {}, ...links } };
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await pasteInto(page.getByLabel('A design as text'), JSON.stringify(design) + ' '.repeat(20_000));
  await page.locator('.studio-map').waitFor();
  await counted(page.locator('.svelte-flow__node-box'), 200);
  await counted(page.locator('.svelte-flow__edge'), 199);
  // All of it came into the window.
  const [canvas, last] = [await page.locator('.studio-flow').boundingBox(), await box(page, 's198').boundingBox()];
  assert.ok(last.x + last.width < canvas.x + canvas.width && last.y + last.height < canvas.y + canvas.height);
});

journey('the panel below is as high as a hand or a key makes it, and so it is again', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const [panel, edge] = [page.locator('.studio-dock'), page.getByRole('separator', { name: 'Height of the panel' })];
  const high = async () => Math.round((await panel.boundingBox()).height);
  const before = await high();
  const [x, y] = await middle(edge);
  await drag(page, [x, y], [x, y - 120]);
  const pulled = await high();
  assert.ok(Math.abs(pulled - before - 120) <= 12, `${pulled} follows the hand from ${before}`);
  await edge.press('ArrowUp');
  assert.ok((await high()) > pulled);
  await edge.press('Home');
  const least = await high();
  assert.ok(least < before && least > 150);
  await page.reload();
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.waitForFunction((wanted) => Math.abs(document.querySelector('.studio-dock').getBoundingClientRect().height - wanted) <= 2, least);
  // The picture has the rest, all of it in sight.
  const [canvas, lowest] = [await page.locator('.studio-canvas').boundingBox(), await box(page, 'db').boundingBox()];
  assert.ok(lowest.y + lowest.height < canvas.y + canvas.height);
});

journey('on a phone the outline does everything', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, 'users -> web');
  await page.getByRole('button', { name: /^web / }).click();
  await page.getByLabel('workers').fill('8');
  await page.getByLabel('workers').press('Tab');
  await kept(page, (found) => found.components.web.workers === 8);
  await page.getByLabel('Add a component').selectOption('relational');
  await page.getByRole('button', { name: 'Add', exact: true }).first().click();
  await drawn(page, ['users', 'web', 'db']);
  await page.getByRole('button', { name: /^web / }).click();
  await page.getByLabel('Connect to…').selectOption('db');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await drawn(page, ['users', 'web', 'db'], ['users -> web', 'web -> db']);
  await page.getByRole('button', { name: 'Delete the arrow from users to web' }).click();
  await drawn(page, ['users', 'web', 'db'], ['web -> db']);
  await page.getByLabel('arrivals', { exact: true }).fill('poisson 7/s');
  await page.getByLabel('arrivals', { exact: true }).press('Tab');
  await kept(page, (found) => found.workload.request.arrivals === 'poisson 7/s');
  await page.getByText('What it must survive').click();
  await page.getByLabel('What it must survive').fill('rate = "x1..x3"');
  await page.getByLabel('What it must survive').press('Tab');
  await kept(page, (found) => found.envelope?.rate === 'x1..x3');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('button', { name: 'Diagram' }).click();
  await box(page, 'web').waitFor();
}, { size: SIZES.phone });

journey('work survives a reload, a link holds it, and the link of somebody else can be undone', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await drawn(page, FIVE);
  await page.reload();
  await box(page, 'web').waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('button', { name: 'Copy the link' }).click();
  await page.getByText('holds the whole design').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/studio#d=[A-Za-z0-9_-]{40,2000}$/);
  await box(page, 'web').click();
  await page.keyboard.press('Delete');
  await drawn(page, ['users', 'lb', 'cache', 'db']);
  await page.goto('about:blank');
  await page.goto(link);
  await drawn(page, FIVE, FOUR);
  assert.equal(new URL(page.url()).hash, '', 'the address holds the design only until it is open');
  await page.getByRole('button', { name: /^Undo: open the design of the link/ }).click();
  await drawn(page, ['users', 'lb', 'cache', 'db']);
  await page.goto(`${server.url}/studio#d=broken`);
  await page.getByText('This link was cut off or changed on its way').waitFor({ state: 'attached' });
  await page.goto(link);
  await drawn(page, FIVE, FOUR);
  await page.reload();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('button', { name: 'What was here before the last link' }).click();
  await drawn(page, ['users', 'lb', 'cache', 'db']);
});

journey('what is broken, huge or hostile is refused or opened with its problems, and the tab goes on', async ({ page }) => {
  await openStudio(page, server.url);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const paste = page.getByLabel('A design as text');
  const open = page.getByRole('button', { name: 'Open this text' });
  for (const [text, said] of [
    ['[components]\nweb = { kind = service }', /Line 2: This is not TOML/],
    [`[components]\n${Array.from({ length: 10_001 }, (_, i) => `a${i}={kind="service"}`).join('\n')}`, /This design has 10001 components/],
    ['x'.repeat((1 << 20) + 1), /larger than 1 MiB/],
    ['{"a":'.repeat(5_000), /levels deep/],
  ]) {
    if (text.length < 1_000) {
      await paste.fill(text);
      await open.click();
    } else await pasteInto(paste, text);
    await page.getByText(said).waitFor();
  }
  assert.equal(await page.evaluate(() => localStorage.getItem('octo.studio.design')) ?? '{"octo":1}', '{"octo":1}');
  // As many as may be: no diagram, but the outline and the text have them all.
  await pasteInto(paste, `[components]\n${Array.from({ length: 10_000 }, (_, i) => `a${i}={kind="service"}`).join('\n')}`);
  await page.getByText('10000 components are too many for a diagram').waitFor();
  await page.getByRole('button', { name: 'Outline' }).click();
  await page.getByRole('heading', { name: '10000 components' }).waitFor();
  await page.getByRole('button', { name: /^Undo/ }).click();
  // Markup stays text wherever it is shown.
  const evil = '<img src=x onerror=document.title=1>';
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await paste.fill(JSON.stringify({ octo: 1, title: evil, components: { [evil]: { kind: evil, zones: [evil], region: evil }, web: { kind: 'service', time: evil } }, links: { [`web -> ${evil}`]: { rtt: evil } }, calls: { [evil]: evil }, workload: { [evil]: { from: evil, arrivals: evil } }, faults: [{ what: evil }], require: { [evil]: evil }, data: { [evil]: { rows: evil } } }));
  await open.click();
  await kept(page, (found) => found.title === evil);
  await page.getByRole('button', { name: 'Outline' }).click();
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.getByRole('button', { name: /^Problems/ }).click();
  await counted(page.locator('.studio img'), 0);
  assert.equal(await page.title(), 'Studio · Octo');
});

/** As the browser does it on Ctrl V, without a clipboard of that size. */
async function pasteInto(field, text) {
  await field.evaluate((element, value) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', value);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

journey('the engine may die; the design does not', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await drawn(page, FIVE);
  await page.getByRole('button', { name: /^Problems/ }).click();
  await page.getByText('Nothing is wrong').waitFor();
  for (const worker of page.workers()) await worker.evaluate(() => setTimeout(() => { throw new Error('struck'); })).catch(() => {});
  await draw(page, 'web -> search');
  await drawn(page, [...FIVE, 'search']);
  await page.getByText('Nothing is wrong').waitFor();
});

journey('a design is taken away in every form', async ({ page }) => {
  await openStudio(page, server.url);
  await draw(page, LINE);
  await drawn(page, FIVE);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const saved = async (form) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: form, exact: true }).click()]);
    return [download.suggestedFilename(), await readFile(await download.path())];
  };
  for (const [form, file, content] of [
    ['TOML', 'design.toml', /\[components\]/], ['JSON', 'design.json', /"components"/], ['SVG', 'design.svg', /^<svg[^]*users to lb/], ['PNG', 'design.png', /^\x89?PNG|PNG/], ['Mermaid', 'design.mmd', /^flowchart LR/], ['D2', 'design.d2', /users -> lb/], ['Excalidraw', 'design.excalidraw', /"type": "excalidraw"/],
  ]) {
    const [name, bytes] = await saved(form);
    assert.equal(name, file);
    assert.match(bytes.toString('latin1'), content);
    assert.ok(bytes.length > 100);
  }
});

for (const [size, theme] of [['desk', 'light'], ['desk', 'dark'], ['phone', 'light'], ['phone', 'dark']]) {
  journey(`axe finds nothing, on ${size} in ${theme}`, async ({ page }) => {
    await openStudio(page, server.url);
    const found = { blank: await axe(page) };
    await draw(page, `${LINE}\n`);
    await page.waitForTimeout(400);
    found.drawn = await axe(page);
    await screenshot(page, `studio-drawn-${size}-${theme}`, false);
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    found.text = await axe(page);
    await screenshot(page, `studio-text-${size}-${theme}`, false);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    found.share = await axe(page);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    found.open = await axe(page);
    await screenshot(page, `studio-open-${size}-${theme}`, false);
    await page.keyboard.press('Escape');
    if (size === 'desk') {
      await box(page, 'web').click({ force: true }).catch(() => {});
      await page.getByRole('button', { name: 'Outline' }).click();
      found.outline = await axe(page);
    } else {
      await page.getByRole('button', { name: /^web / }).click();
      found.form = await axe(page);
      await page.getByRole('button', { name: 'Diagram' }).click();
      found.diagram = await axe(page);
    }
    assert.deepEqual(Object.entries(found).flatMap(([where, said]) => said.map((one) => `${where}: ${one}`)), []);
    assert.equal(await sidewaysScroll(page), 0);
  }, { size: SIZES[size], theme });
}

journey('without scripts the page says what it is and offers the designs as text', async ({ page }) => {
  await page.goto(`${server.url}/studio`);
  assert.match(await page.locator('main').innerText(), /this page needs scripts/);
  await page.getByRole('link', { name: 'A product page', exact: true }).click();
  assert.match(await page.locator('body').innerText(), /\[components\]/);
}, { scripts: false });

journey('nothing scrolls sideways at 320 px, or when enlarged to 200 %', async ({ page }) => {
  await openStudio(page, server.url);
  assert.equal(await sidewaysScroll(page), 0);
  // A blank page offers lines that one press draws.
  await page.getByRole('button', { name: LINE }).click();
  await drawn(page, FIVE, FOUR);
  assert.equal(await sidewaysScroll(page), 0);
  await page.setViewportSize({ width: 640, height: 450 });
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  assert.equal(await sidewaysScroll(page), 0);
}, { size: SIZES.narrow });
