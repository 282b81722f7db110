// How quick running is in the studio, measured in Chromium: from a slider's move to its answer, what
// blocks the page meanwhile, and how often a long run is drawn. Prints figures and asserts nothing:
// speed is no test. `OCTO_BIN=…/octo node measure-run.mjs`
import { openBrowser } from './lib/browser.mjs';
import { openStudio, box, turned } from './lib/studio.mjs';
import { startOcto } from './lib/server.mjs';

const TIMES = 20;
const service = (replicas, workers, time) => ({ kind: 'service', replicas, workers, time });
/** Ten components at 1,000 requests a second over a minute. */
const TEN = {
  octo: 1, title: 'Ten components',
  components: {
    users: { kind: 'clients' }, lb: { kind: 'balancer' }, web: service(8, 4, 'exp 5 ms'), auth: service(4, 4, 'exp 2 ms'), rules: service(2, 8, 'exp 2 ms'),
    cache: { kind: 'cache', hits: '90 %' }, db: { kind: 'relational', workers: 32, time: 'exp 4 ms' }, kv: { kind: 'keyvalue', workers: 16, time: 'exp 1 ms' }, search: { kind: 'search', workers: 16, time: 'exp 6 ms' }, pay: { kind: 'external', workers: 'unlimited', time: 'exp 20 ms' },
  },
  links: { 'users -> lb': { rtt: '20 ms' }, 'lb -> web': {}, 'web -> auth': {}, 'auth -> kv': {}, 'auth -> rules': {}, 'web -> cache': {}, 'cache -> db': {}, 'web -> search': {}, 'web -> pay': {} },
  workload: { lasts: '60 s', page: { from: 'users', arrivals: 'poisson 1000/s' } },
};

const octo = await startOcto();
const visitor = await openBrowser({ size: { width: 1280, height: 800 } });
const { page } = visitor;
try {
  await page.addInitScript((design) => {
    if (localStorage.getItem('octo.studio.design') === null) localStorage.setItem('octo.studio.design', design);
    globalThis.long = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map(({ duration, startTime }) => ({ duration, startTime })))).observe({ type: 'longtask', buffered: true });
  }, JSON.stringify(TEN));
  await openStudio(page, octo.url);
  await box(page, 'web').waitFor();
  await page.getByRole('group', { name: 'Panel' }).getByRole('button', { name: 'Sliders', exact: true }).click();
  await page.getByLabel('page: rate', { exact: true }).focus();
  // Warm: the engine is fetched and compiled, its code has run.
  for (let i = 0; i < 3; i++) await turned(page, i % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
  await page.waitForTimeout(2_500);
  await page.evaluate(() => (globalThis.long.length = 0));
  const took = [];
  for (let i = 0; i < TIMES; i++) took.push(await turned(page, i % 2 === 0 ? 'ArrowLeft' : 'ArrowRight'));
  took.sort((a, b) => a - b);
  const blocked = await page.evaluate(() => globalThis.long.map(({ duration }) => duration));
  console.log(`slider to answer: median ${Math.round((took[9] + took[10]) / 2)} ms of ${TIMES} (least ${Math.round(took[0])}, most ${Math.round(took.at(-1))}); tasks of the page over 50 ms meanwhile: ${blocked.length}${blocked.length > 0 ? ` (longest ${Math.max(...blocked)} ms)` : ''}`);

  // A run of twenty minutes, drawn while it is made.
  await page.evaluate(() => (globalThis.long.length = 0));
  await page.getByRole('group', { name: 'Panel' }).getByRole('button', { name: 'Charts', exact: true }).click();
  await page.getByRole('button', { name: 'Outline', exact: true }).click();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.locator('.studio-flow').click({ position: { x: 5, y: 5 } });
  await page.getByLabel('lasts', { exact: true }).first().fill('20 min');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Run without', exact: true }).click();
  const drawn = await page.evaluate(async () => {
    const times = [];
    const watch = new MutationObserver(() => times.push(performance.now()));
    watch.observe(document.querySelector('.run-clock'), { subtree: true, characterData: true, childList: true });
    const began = performance.now();
    while ([...document.querySelectorAll('.run-acts button')].some((button) => button.textContent === 'Stop')) await new Promise((on) => setTimeout(on, 50));
    watch.disconnect();
    const made = performance.now() - began;
    return { made, times: times.length, charts: document.querySelectorAll('.run-plot canvas').length, blocked: globalThis.long.map(({ duration }) => duration) };
  });
  console.log(`a run of ${(drawn.made / 1000).toFixed(1)} s is drawn ${(drawn.times / (drawn.made / 1000)).toFixed(0)} times a second on ${drawn.charts} charts; tasks over 50 ms: ${drawn.blocked.length}${drawn.blocked.length > 0 ? ` (longest ${Math.max(...drawn.blocked)} ms)` : ''}`);
} finally {
  await visitor.close();
  await octo.stop();
}
