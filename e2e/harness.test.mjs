// The tools of the journeys themselves, tried on a server of a few lines.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe } from './lib/axe.mjs';
import { SIZES, openBrowser, screenshot, sidewaysScroll } from './lib/browser.mjs';
import { startOcto } from './lib/server.mjs';

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">
<main><h1>A page</h1><p id="said">drawn by the server</p><p style="width: 500px">wide</p></main>
<script>said.textContent = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"</script>`;

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'octo-harness-'))));
after(() => rm(folder, { recursive: true, force: true }));

async function binary(name, body) {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${body}`);
  await chmod(path, 0o755);
  return path;
}

const good = () =>
  binary(
    'good.cjs',
    `const [, , , listen] = process.argv;
     const server = require('http').createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(${JSON.stringify(PAGE)}));
     server.listen(listen.split(':')[1], '127.0.0.1', () => console.log('Octo is at http://127.0.0.1:' + server.address().port + '/'));`,
  );

test('a server is started on a port of its own and leaves nothing behind', async () => {
  const octo = await startOcto({ binary: await good() });
  assert.equal((await fetch(octo.url)).status, 200);
  assert.ok(existsSync(octo.data));
  await octo.stop();
  assert.ok(!existsSync(octo.data));
  await assert.rejects(fetch(octo.url));
});

test('a server that ends says why', async () => {
  const bad = await binary('bad.cjs', 'console.error("the port is taken"); process.exit(3);');
  await assert.rejects(startOcto({ binary: bad }), /code 3[\s\S]*the port is taken/);
  await assert.rejects(startOcto({ binary: join(folder, 'none') }), /could not be started/);
});

test('a page is seen in its theme and size, with and without scripts', async () => {
  const octo = await startOcto({ binary: await good() });
  try {
    for (const [options, said, scroll] of [
      [{ theme: 'dark', size: SIZES.narrow }, 'dark', true],
      [{ theme: 'light', size: SIZES.desk }, 'light', false],
      [{ scripts: false }, 'drawn by the server', false],
    ]) {
      const { page, complaints, close } = await openBrowser(options);
      try {
        await page.goto(octo.url);
        assert.equal(await page.textContent('#said'), said);
        if (options.scripts !== false) {
          assert.equal((await sidewaysScroll(page)) > 0, scroll);
          assert.deepEqual(await axe(page), []);
          await page.evaluate(() => document.documentElement.removeAttribute('lang'));
          assert.match((await axe(page)).join('\n'), /html-has-lang/);
        }
        assert.ok(existsSync(await screenshot(page, `harness ${said}`)));
        assert.deepEqual(complaints, []);
      } finally {
        await close();
      }
    }
  } finally {
    await octo.stop();
  }
});
