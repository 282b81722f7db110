// Every kind of page, as it stands: for those who cannot see it, on every width, in both themes,
// enlarged four times, and without its colours.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { axe } from './lib/axe.mjs';
import { SIZES, screenshot, sidewaysScroll } from './lib/browser.mjs';
import { journey, send } from './lib/journey.mjs';
import { Learner } from './lib/learner.mjs';
import { Oracle, PACK, chapterSkills } from './lib/oracle.mjs';
import { compare, frame, tree } from './lib/snapshot.mjs';
import { startOcto } from './lib/server.mjs';

const run = promisify(execFile);
const SKILL = 'read.queueing';
const KINDS = ['choice', 'several', 'numeric', 'order', 'short', 'predict', 'saturates', 'repair'];

/** Name, address on a server, what to do there, and how its snapshot is taken. */
const PAGES = [
  { name: 'course', server: 'fresh', path: '/' },
  { name: 'start', server: 'fresh', path: '/start' },
  { name: 'start-asked-back', server: 'fresh', path: '/start', act: (page) => send(page.locator('form.questions'), [['years', 'many']]), status: 422 },
  { name: 'placement', server: 'placed', path: '/placement', shape: frame },
  { name: 'plan', server: 'proved', path: '/course' },
  ...['brief', 'standard', 'slow'].map((depth) => ({ name: `lesson-${depth}`, server: 'placed', path: `/learn/${SKILL}?depth=${depth}`, shape: frame })),
  { name: 'lesson-worked-on', server: 'proved', path: `/learn/${SKILL}?depth=slow`, shape: frame },
  { name: 'practice', server: 'placed', path: `/practice/${SKILL}`, shape: frame },
  { name: 'question-first', server: 'placed', path: '/probe/read.boxes', shape: frame },
  { name: 'lesson-problem-first', server: 'placed', path: `/learn/${SKILL}?depth=standard&way=problem`, shape: frame },
  { name: 'lesson-explained-again', server: 'placed', path: `/learn/${SKILL}?depth=brief&way=again`, shape: frame },
  { name: 'review-nothing-due', server: 'proved', path: '/review' },
  ...KINDS.flatMap((kind) => ['wrong', 'right', 'given-up'].map((state) => ({ name: `question-${kind}-${state}`, server: 'proved', path: () => answered[`${kind} ${state}`], shape: frame }))),
  { name: 'words', server: 'placed', path: '/start/words' },
  { name: 'words-asked-back', server: 'placed', path: '/start/words', act: (page) => send(page.locator('form.words-add'), [['add', 'a thing unheard of']], 'button'), status: 422 },
  { name: 'beliefs', server: 'proved', path: '/beliefs', shape: frame },
  { name: 'belief', server: 'proved', path: `/beliefs/${SKILL}`, shape: frame },
  { name: 'belief-inferred', server: 'placed', path: '/beliefs/fail.retries', shape: frame },
  { name: 'belief-test', server: 'placed', path: `/beliefs/${SKILL}/test`, shape: frame },
  { name: 'record', server: 'proved', path: '/record', shape: frame },
  { name: 'record-empty', server: 'fresh', path: '/record' },
  { name: 'certificates-open', server: 'placed', path: '/certificate' },
  { name: 'certificates-issued', server: 'proved', path: '/certificate' },
  { name: 'verify', server: 'fresh', path: '/verify' },
  { name: 'verify-accepted', server: 'proved', path: () => accepted },
  { name: 'verify-revoked', server: 'proved', path: () => revoked },
  { name: 'verify-refused', server: 'fresh', path: '/verify', act: (page) => send(page.locator('main form'), [['certificate', '{"statement": {}}']], 'button') },
  { name: 'no-such-page', server: 'fresh', path: '/nothing/here', status: 404 },
  { name: 'problems-of-a-pack', server: 'author', path: `/learn/${SKILL}?depth=standard`, shape: frame },
];
/** Those that are long, and differ from each other in what this looks at. */
const LOOKED_AT = ['course', 'start', 'plan', 'words', 'beliefs', 'belief', 'lesson-standard', 'lesson-worked-on', 'question-predict-wrong', 'question-saturates-wrong', 'question-repair-wrong', 'verify-accepted', 'verify-refused'];

const servers = {};
const answered = {};
const folders = [];
let accepted;
let revoked;

before(async () => {
  const oracle = await Oracle.of();
  const folder = async (name) => folders[folders.push(await mkdtemp(join(tmpdir(), `octo-${name}-`))) - 1];
  servers.fresh = await startOcto();
  servers.placed = await startOcto();
  await new Learner(servers.placed.url, oracle).post('/start', [['role', 'backend'], ['years', '3'], ['hours', '4'], ['system', 'Django and Postgres']]);
  await new Learner(servers.placed.url, oracle).post('/placement/begin');
  await new Learner(servers.placed.url, oracle).post(`/beliefs/${SKILL}/test`);

  const data = await folder('pages');
  servers.proved = await startOcto({ folder: data });
  const learner = new Learner(servers.proved.url, oracle);
  await learner.begin([['hours', '4'], ['system', 'Django and Postgres']]);
  const skills = await chapterSkills();
  for (const skill of skills) await learner.prove(skill);
  const issue = async () => (await learner.post('/certificate', [['chapter', 'read'], ['name', 'Ada Lovelace']])).path;
  accepted = await issue();
  revoked = await issue();
  await servers.proved.stop();
  await run(process.env.OCTO_BIN, ['certificate', 'revoke', revoked.split('/').at(-1), '--reason', 'asked for by its holder', '--data', data]);
  servers.proved = await startOcto({ folder: data });
  await work(new Learner(servers.proved.url, oracle), oracle, skills);

  const pack = await folder('author');
  await cp(PACK, pack, { recursive: true });
  await appendFile(join(pack, '01-read', `${SKILL}.md`), '\n::: open A bare number\nIt takes 12 ms.\n:::\n');
  servers.author = await startOcto({ args: ['--pack', pack] });
  await new Learner(servers.author.url, oracle).begin();
});

after(async () => {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** Predictions committed, and a question of every kind in each of its states. */
async function work(learner, oracle, skills) {
  const { text } = await learner.get(`/learn/${SKILL}?depth=slow`);
  for (const [, action] of text.matchAll(/<form class="predict"[^>]*action="([^"]+)"/g)) await learner.post(action, [['unknown', '1'], ['depth', 'slow']]);
  const left = KINDS.map((kind) => [kind, skills.flatMap((skill) => oracle.of(skill, kind)).reverse()]);
  for (const [kind, ids] of left) {
    for (const state of ['wrong', 'right', 'given-up']) {
      const id = ids.shift();
      assert.ok(id, `the chapter has three questions of kind ${kind}`);
      const path = `/practice/${id.split('.').slice(0, 2).join('.')}/${id}/0`;
      answered[`${kind} ${state}`] = path;
      if (state === 'wrong') await learner.post(`${path}/hint`);
      await learner.post(path, state === 'wrong' ? oracle.wrong(id) : state === 'right' ? await oracle.right(id) : [['unknown', '1']]);
    }
  }
}

async function open({ page, expect }, { server, path, act, status }) {
  await page.goto(servers[server].url + (typeof path === 'function' ? path() : path));
  await act?.(page);
  if (status) expect(status);
}

/** Goes to every page and collects what is found there, so that one fault does not hide the next. */
async function everywhere(visitor, look, pages = PAGES) {
  const found = [];
  for (const page of pages) {
    await open(visitor, page);
    const said = await look(page);
    if (said?.length) found.push(`${page.name} (${visitor.page.url()}): ${[].concat(said).join('; ')}`);
  }
  assert.deepEqual(found, []);
}

/** What is too wide for the window, in words. */
async function tooWide(page) {
  const over = await sidewaysScroll(page);
  return over > 0 ? [`scrolls sideways by ${over} px`] : [];
}

for (const [size, theme] of [['desk', 'light'], ['phone', 'dark']]) {
  journey(`no page has a fault that axe can find, or scrolls sideways, on ${size} in ${theme}`, (visitor) => everywhere(visitor, async () => [...(await tooWide(visitor.page)), ...(await axe(visitor.page))]), { size: SIZES[size], theme });
}

journey('no page scrolls sideways at 320 px', (visitor) => everywhere(visitor, () => tooWide(visitor.page)), { size: SIZES.narrow });

journey('every page is to assistive technology what its snapshot says', async (visitor) => {
  await everywhere(visitor, async ({ name, shape = tree }) => {
    try {
      await compare(name, await shape(visitor.page));
    } catch (wrong) {
      return wrong.message;
    }
  });
});

const looked = PAGES.filter(({ name }) => LOOKED_AT.includes(name));
journey('pages hold when they are enlarged four times', (visitor) =>
  everywhere(visitor, async ({ name }) => {
    await screenshot(visitor.page, `zoom-${name}`, false);
    return tooWide(visitor.page);
  }, looked), { size: SIZES.narrow, zoom: 4 });

journey('pages can be used without their colours', (visitor) =>
  everywhere(visitor, async ({ name }) => {
    await screenshot(visitor.page, `forced-${name}`, name.startsWith('lesson') ? false : true);
    // What is pressed, ticked or next must not rest on a background that is gone.
    return (await visitor.page.locator('.is-main').count()) && (await visitor.page.locator('.is-main').first().evaluate((button) => getComputedStyle(button).backgroundColor === getComputedStyle(document.body).backgroundColor)) ? 'the main button has no colour of its own' : '';
  }, looked), { forced: true });
