// A visitor: Chromium with an empty profile, in a given size, theme, and with or without scripts.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// The machine's own network only, nothing in the background, and no sandbox inside a container.
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** So many times as slow as this machine: a journey that only a quick one passes is found here first. */
export const SLOW = Number(process.env.OCTO_E2E_SLOW ?? 1);
const REPORT = fileURLToPath(new URL('../report/', import.meta.url));

export const SIZES = {
  desk: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
  /** The narrowest page that must not scroll sideways. */
  narrow: { width: 320, height: 640 },
};

/**
 * @param {{size?: {width: number, height: number}, theme?: 'light' | 'dark', scripts?: boolean, calm?: boolean, zoom?: number, forced?: boolean}} options
 *   `calm` asks for reduced motion, `zoom` is pixels of the screen per pixel of the page, `forced`
 *   takes the page's colours away.
 */
export async function openBrowser({ size = SIZES.desk, theme = 'light', scripts = true, calm = false, zoom = 1, forced = false } = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'octo-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    args: ARGS,
    viewport: size,
    colorScheme: theme,
    javaScriptEnabled: scripts,
    reducedMotion: calm ? 'reduce' : 'no-preference',
    deviceScaleFactor: zoom,
    forcedColors: forced ? 'active' : 'none',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  if (SLOW > 1) await slowDown(page, SLOW);
  const complaints = listen(page);
  return {
    page,
    /** What the console and the network complained of: a journey ends with none. */
    complaints,
    /** Takes out what a journey meant to cause: the answer 422 to an answer that is asked back. */
    expect: (status) => {
      const kept = complaints.filter((text) => !new RegExp(`answered ${status}$|status of ${status} `).test(text));
      complaints.splice(0, complaints.length, ...kept);
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Slows the page's own thread down, as a machine with less to give would; its workers run as before. */
async function slowDown(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** The page as a picture under `report/`, for people to look at: all of it, or what the window shows. */
export async function screenshot(page, name, fullPage = true) {
  await mkdir(REPORT, { recursive: true });
  const path = join(REPORT, `${name.replace(/[^a-z0-9-]+/gi, '-')}.png`);
  await page.screenshot({ path, fullPage });
  return path;
}

/** By how many pixels the page is wider than its window. */
export async function sidewaysScroll(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function findChromium() {
  const path = process.env.CHROME_PATH ?? PLACES.find((place) => existsSync(place));
  if (!path) throw new Error('No Chromium was found: install it (Debian: `apt install chromium`) or set CHROME_PATH.');
  return path;
}

function listen(page) {
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (wrong) => complaints.push(String(wrong)));
  // Nothing that the course needs is anywhere else.
  page.on('request', (request) => !/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url()) && complaints.push(`${request.url()} left the machine`));
  // What is given up because the visitor went on is no failure.
  page.on('requestfailed', (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' && complaints.push(`${request.url()} failed: ${request.failure()?.errorText}`));
  page.on('response', (response) => response.status() >= 400 && complaints.push(`${response.url()} answered ${response.status()}`));
  return complaints;
}
