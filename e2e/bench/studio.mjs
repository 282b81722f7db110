// The figures of the studio and the lessons in a real browser: what they weigh, how smoothly a large
// diagram pans, how soon a slider answers, and what Lighthouse says. A JSON line for each figure:
// {"name", "value", "unit", "most" or "least"}. `cargo xtask bench studio` runs it.
//
//     node bench/studio.mjs http://127.0.0.1:8017 /learn/read.queueing
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../lib/browser.mjs';
import { turned } from '../lib/studio.mjs';
import { tasks } from '../lib/tasks.mjs';

const [url, lesson] = process.argv.slice(2);
if (!url || !lesson) throw new Error('Say where Octo listens, and the path of a lesson: node bench/studio.mjs http://127.0.0.1:8017 /learn/read.queueing');

/** What the main thread does for a frame, as Chromium's own trace calls it. */
const WORK = new Set(['FunctionCall', 'EvaluateScript', 'TimerFire', 'FireAnimationFrame', 'EventDispatch', 'RunMicrotasks', 'UpdateLayoutTree', 'Layout', 'ParseHTML']);

const tell = (name, value, unit, bound = {}) => console.log(JSON.stringify({ name, value, unit, ...bound }));

/** Ten components at 1,000 requests a second over a minute. */
const service = (replicas, workers, time) => ({ kind: 'service', replicas, workers, time });
const TEN = {
  octo: 1, title: 'Ten components',
  components: {
    users: { kind: 'clients' }, lb: { kind: 'balancer' }, web: service(8, 4, 'exp 5 ms'), auth: service(4, 4, 'exp 2 ms'), rules: service(2, 8, 'exp 2 ms'),
    cache: { kind: 'cache', hits: '90 %' }, db: { kind: 'relational', workers: 32, time: 'exp 4 ms' }, kv: { kind: 'keyvalue', workers: 16, time: 'exp 1 ms' }, search: { kind: 'search', workers: 16, time: 'exp 6 ms' }, pay: { kind: 'external', workers: 'unlimited', time: 'exp 20 ms' },
  },
  links: { 'users -> lb': { rtt: '20 ms' }, 'lb -> web': {}, 'web -> auth': {}, 'auth -> kv': {}, 'auth -> rules': {}, 'web -> cache': {}, 'cache -> db': {}, 'web -> search': {}, 'web -> pay': {} },
  workload: { lasts: '60 s', page: { from: 'users', arrivals: 'poisson 1000/s' } },
};

await weight();
await panning();
await holding();
await sliding();
await undoing();
await lighthouse('/studio', 'studio');
await lighthouse(lesson, 'lesson');

/** What a first visit fetches, compressed: the page with its scripts and styles, and the engine. */
async function weight() {
  const { page, close } = await openBrowser();
  const sizes = { page: 0, engine: 0, font: 0 };
  // What workers fetch is told here as well.
  page.on('requestfinished', async (request) => {
    const kind = /\.woff2?$/.test(request.url()) ? 'font' : /\.wasm$/.test(request.url()) ? 'engine' : 'page';
    const response = await request.response();
    const length = Number((await response.allHeaders())['content-length'] ?? 0);
    sizes[kind] += length > 0 ? length : (await response.body()).length;
  });
  await page.goto(`${url}/studio`);
  await page.locator('.svelte-flow').waitFor();
  await page.waitForTimeout(3_000);
  tell('studio page, compressed, without fonts and engine', sizes.page / 1e3, 'kB', { most: 200 });
  // An empty page asks for no engine; a design does.
  await page.getByLabel('Draw from a line of words').fill('users -> web -> db');
  await page.keyboard.press('Enter');
  for (let waited = 0; sizes.engine === 0 && waited < 20_000; waited += 100) await page.waitForTimeout(100);
  tell('engine of the studio, compressed', sizes.engine / 1e3, 'kB', { most: 300 });
  await close();
}

/** Script, style and layout of each frame while a diagram of 200 components is dragged about. */
async function panning() {
  const { page, close } = await openBrowser();
  await page.goto(`${url}/studio#${await fragment(large(200))}`);
  await page.locator('.svelte-flow__node').nth(50).waitFor();
  await page.waitForTimeout(2_000);
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] } });
  const box = await page.locator('.svelte-flow__pane').boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + 12 };
  await page.mouse.move(at.x, at.y);
  await page.mouse.down({ button: 'middle' });
  for (let step = 0; step < 180; step++) {
    const turn = (step / 180) * 4 * Math.PI;
    await page.mouse.move(at.x + 160 * Math.sin(turn), at.y + 100 + 80 * Math.cos(turn));
    await page.waitForTimeout(8);
  }
  await page.mouse.up({ button: 'middle' });
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  const frames = perFrame(events);
  tell('frames of panning 200 components', frames.length, 'frames', { least: 60 });
  tell('script, style and layout of a frame, p95', percentile(frames, 0.95), 'ms', { most: 8 });
  await close();
}

/** What holds the page up while a large design is opened, run, and looked at: tasks of its own thread, by
 * the processor time that they take. */
async function holding() {
  const { page, close } = await openBrowser();
  await page.goto(`${url}/studio`);
  await page.locator('.studio-bar').waitFor();
  await page.waitForTimeout(6_000);
  const told = (what, all) => {
    tell(`tasks over 50 ms while 200 components are ${what}`, all.filter(({ cpu }) => cpu > 50).length, 'tasks', { most: 0 });
    tell(`the longest of them while 200 components are ${what}`, all[0]?.cpu ?? 0, 'ms', { most: 50 });
  };
  const hash = `#${await fragment(large(200))}`;
  told('opened', await tasks(page, async () => {
    await page.evaluate((next) => (location.hash = next), hash);
    await page.locator('.studio-map').waitFor();
    await page.waitForTimeout(500);
  }));
  await page.waitForTimeout(2_000);
  told('run and marked', await tasks(page, async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Run without', exact: true }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached', timeout: 60_000 });
    await page.waitForTimeout(2_000);
  }));
  await close();
}

/** From the key on a slider to the answer on the page, for ten components at 1,000 requests a second. */
async function sliding() {
  const { page, close } = await openBrowser();
  await page.goto(`${url}/studio#${await fragment(TEN)}`);
  await page.locator('.svelte-flow__node-box').nth(9).waitFor();
  await page.getByRole('group', { name: 'Panel' }).getByRole('button', { name: 'Sliders', exact: true }).click();
  await page.getByLabel('page: rate', { exact: true }).focus();
  for (let warm = 0; warm < 3; warm++) await turned(page, warm % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
  await page.waitForTimeout(2_500);
  const took = [];
  const all = await tasks(page, async () => {
    for (let turn = 0; turn < 20; turn++) took.push(await turned(page, turn % 2 === 0 ? 'ArrowLeft' : 'ArrowRight'));
  });
  tell('slider to answer, median of 20', percentile(took, 0.5), 'ms', { most: 300 });
  tell('tasks over 50 ms while a slider is turned', all.filter(({ cpu }) => cpu > 50).length, 'tasks', { most: 0 });
  await close();
}

/** More than a thousand steps back and forth leave the design as it was. */
async function undoing() {
  const { page, close } = await openBrowser();
  await page.goto(`${url}/studio#${await fragment(TEN)}`);
  await page.locator('.svelte-flow__node-box').nth(9).waitFor();
  const kept = () => page.evaluate(() => localStorage.getItem('octo.studio.design'));
  const box = page.locator('.svelte-flow__node[data-id="web"]');
  await box.focus();
  await page.keyboard.press('Enter');
  // The page keeps what is open a moment after it was opened.
  await page.waitForFunction(() => localStorage.getItem('octo.studio.design') !== null);
  const before = await kept();
  for (let step = 0; step < 50; step++) await page.keyboard.press('Control+d');
  await page.waitForTimeout(500);
  const after = await kept();
  // Back and forth, and back once more: eleven times fifty back, ten times fifty forth.
  let steps = 0;
  const began = Date.now();
  for (let round = 0; round <= 20; round++) {
    const key = round % 2 === 0 ? 'Control+z' : 'Control+Shift+z';
    for (let step = 0; step < 50; step++, steps++) await page.keyboard.press(key);
  }
  tell(`a step of undo or redo, as a mean of ${steps}`, (Date.now() - began) / steps, 'ms');
  await page.waitForTimeout(500);
  tell('designs that differ after undoing all of it', Number((await kept()) !== before) + Number(after === before), 'designs', { most: 0 });
  await close();
}

/** The main thread's work between one frame's painting and the next's: processor time, so that
 * others on the machine do not count [ms]. Work inside other work counts once. */
function perFrame(events) {
  const isMark = ({ name, ph }) => name === 'PrePaint' && ph === 'X';
  const thread = events.find(isMark);
  const here = events.filter(({ pid, tid, name, ph }) => thread && pid === thread.pid && tid === thread.tid && ph === 'X' && (name === 'PrePaint' || WORK.has(name)));
  here.sort((a, b) => a.ts - b.ts);
  const frames = [];
  let [open, until] = [0, 0];
  for (const event of here) {
    if (isMark(event)) {
      // Frames in which nothing moved would flatter the others.
      if (open > 0) frames.push(open / 1e3);
      open = 0;
    } else if (event.ts >= until) {
      open += event.tdur ?? event.dur ?? 0;
      until = event.ts + (event.dur ?? 0);
    }
  }
  return frames;
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** A grid of services, each calling the next two. */
function large(count) {
  const name = (at) => `s${String(at).padStart(3, '0')}`;
  const components = { users: { kind: 'clients' } };
  const links = { [`users -> ${name(0)}`]: {} };
  for (let at = 0; at < count - 1; at++) {
    components[name(at)] = { kind: 'service', workers: 8, time: 'exp 5 ms' };
    for (const next of [at * 2 + 1, at * 2 + 2]) if (next < count - 1) links[`${name(at)} -> ${name(next)}`] = {};
  }
  return { octo: 1, title: 'Large', components, links, workload: { lasts: '10 s', buy: { from: 'users', arrivals: 'poisson 5/s' } } };
}

/** The design as the studio's own links hold it: made by its own button would be slower, not other. */
async function fragment(design) {
  const stream = new Blob([JSON.stringify(design)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = Buffer.from(await new Response(stream).arrayBuffer());
  return `d=${bytes.toString('base64url')}`;
}

async function lighthouse(path, name) {
  const require = createRequire(import.meta.url);
  let run;
  try {
    run = (await import(require.resolve('lighthouse'))).default;
  } catch {
    throw new Error('Lighthouse is not installed: npm ci --prefix e2e/bench');
  }
  const { launch } = await import(require.resolve('chrome-launcher'));
  const profile = await mkdtemp(join(tmpdir(), 'octo-lighthouse-'));
  const chrome = await launch({
    chromePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
    userDataDir: profile,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const result = await run(`${url}${path}`, { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'], preset: 'desktop' }, {
      extends: 'lighthouse:default',
      settings: { formFactor: 'desktop', screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false }, throttlingMethod: 'simulate', throttling: { rttMs: 40, throughputKbps: 10_240, cpuSlowdownMultiplier: 1 } },
    });
    const score = (category) => Math.round((result.lhr.categories[category]?.score ?? 0) * 100);
    tell(`Lighthouse, ${name}: accessibility`, score('accessibility'), 'of 100', { least: 100 });
    tell(`Lighthouse, ${name}: best practices`, score('best-practices'), 'of 100', { least: 100 });
    tell(`Lighthouse, ${name}: performance`, score('performance'), 'of 100', { least: 95 });
    for (const audit of Object.values(result.lhr.audits)) {
      const counts = ['accessibility', 'best-practices'].some((category) => result.lhr.categories[category].auditRefs.some(({ id, weight: w }) => id === audit.id && w > 0));
      if (counts && audit.score !== null && audit.score < 1) console.error(`${name}: ${audit.id}: ${audit.title}`);
    }
  } finally {
    await chrome.kill();
    await rm(profile, { recursive: true, force: true });
  }
}
