// Octo itself, as a visitor's machine would run it: the built binary on a free port of this
// machine, with an empty data folder that is removed afterwards; or with a given one, which stays.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 20_000;
const STOP_MS = 5_000;

/**
 * Starts the binary that `OCTO_BIN` names as `octo --listen 127.0.0.1:0 --data FOLDER --no-browser`
 * and waits until it prints its address.
 * @returns {Promise<{url: string, data: string, log: () => string, stop: () => Promise<void>}>}
 */
export async function startOcto({ binary = process.env.OCTO_BIN, folder, args = [], env = {} } = {}) {
  if (!binary) throw new Error('Set OCTO_BIN to the built server: `cargo build --release`, then OCTO_BIN=../target/release/octo npm test.');
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'octo-e2e-')));
  const child = spawn(binary, ['--listen', '127.0.0.1:0', '--data', data, '--no-browser', ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const stop = async () => {
    await end(child);
    if (!folder) await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await new Promise((found, failed) => {
      const late = setTimeout(() => failed(new Error(`Octo printed no address in ${START_MS / 1000} s. It said:\n${log}`)), START_MS);
      const done = (settle, value) => {
        clearTimeout(late);
        settle(value);
      };
      child.once('error', (wrong) => done(failed, new Error(`${binary} could not be started: ${wrong.message}`)));
      child.once('exit', (code) => done(failed, new Error(`Octo ended with code ${code} before it was ready. It said:\n${log}`)));
      const read = (text) => {
        log += text;
        const address = /http:\/\/127\.0\.0\.1:[1-9]\d*(?=\D)/.exec(log);
        if (address) done(found, address[0]);
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    });
    return { url, data, log: () => log, stop };
  } catch (wrong) {
    await stop();
    throw wrong;
  }
}

/** Asks the process to end, and after a while insists. */
async function end(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(insist);
}
