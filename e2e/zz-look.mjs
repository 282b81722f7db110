// throwaway: looks at the pages
import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { openBrowser, screenshot, sidewaysScroll, SIZES } from './lib/browser.mjs';
import { axe } from './lib/axe.mjs';
import { Learner, question } from './lib/learner.mjs';
import { Oracle } from './lib/oracle.mjs';
import { startOcto } from './lib/server.mjs';
const folder = await mkdtemp('/tmp/pages-look-');
let octo = await startOcto({ folder });
const oracle = await Oracle.of();
let learner = new Learner(octo.url, oracle);
await learner.begin([['goal', 'promotion'], ['role', 'backend'], ['years', '4'], ['claim', 'read'], ['hours', '3'], ['system', 'Django and Postgres']]);
const V = [];
for (const [size, theme] of (process.env.LOOK ?? 'desk/light phone/dark').split(' ').map((x) => x.split('/'))) V.push({ size, theme, ...(await openBrowser({ size: SIZES[size], theme })) });
async function look(name, path, full = false) {
  for (const v of V) {
    await v.page.goto(octo.url + path);
    const bad = [...(await axe(v.page))];
    const wide = await sidewaysScroll(v.page);
    if (bad.length || wide > 0) console.log(name, v.size, v.theme, 'AXE', bad, 'wide', wide);
    await screenshot(v.page, `zz-${name}-${v.size}-${v.theme}`, full);
  }
}
await look('course-new', '/course');
await look('probe', '/probe/read.boxes');
let q = question((await learner.get('/probe/read.boxes')).text);
await learner.post(q.action, [['unknown', '1']]);
await look('probe-missed', q.action, true);
await look('lesson-first', '/learn/napkin.rates');
await learner.post('/learn/read.queueing/read', [['depth', 'standard']]);
for (let n = 0; n < 2; n += 1) {
  q = question((await learner.get('/practice/read.queueing')).text);
  await learner.post(q.action, [['unknown', '1']]);
  await look(`practice-missed-${n}`, q.action, true);
}
await look('lesson-again', '/learn/read.queueing');
await look('lesson-problem', '/learn/read.queueing?way=problem&depth=standard', true);
await learner.post('/learn/read.boxes/read', [['depth', 'standard']]);
await learner.prove('read.boxes');
await learner.post('/learn/read.request/read', [['depth', 'standard']]);
await learner.prove('read.request');
await learner.post('/placement/begin');
await look('course-underway', '/course');
await learner.post('/placement/stop');
await look('review-none', '/review');
await octo.stop();
execFileSync('python3', ['-c', `import sqlite3,sys,glob
db=sqlite3.connect(glob.glob('${folder}/*.db')[0])
cols=[r[1] for r in db.execute('pragma table_info(entry)')]
print(cols)
db.execute('update entry set at_ms = at_ms - 4*86400000')
db.commit()`], { stdio: 'inherit' });
octo = await startOcto({ folder });
learner = new Learner(octo.url, oracle);
await look('course-due', '/course');
await look('review', '/review');
const page = (await learner.get('/review')).text;
q = question(page);
const since = /name="since" value="(\d+)"/.exec(page)[1];
await learner.post(q.action, [...(await oracle.right(q.item, q.seed)), ['since', since]]);
await look('review-answered', `${q.action}?since=${since}`, true);
await look('review-done', `/review/done?since=${since}`);
const text = (await learner.get('/course')).text;
for (const m of text.matchAll(/<p class="reason">(.*?)<\/p>/g)) console.log(m[1].replace(/<[^>]+>/g, ''));
await octo.stop();
for (const v of V) await v.close();
