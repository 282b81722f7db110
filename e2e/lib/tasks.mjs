// What a page's own thread is busy with, by Chromium's trace: processor time, so that others on the
// machine do not count, and the time that passed, as whoever waits feels it.

/**
 * The tasks of the page's main thread while something is done to it, the longest first [ms].
 * @returns {Promise<{cpu: number, wall: number}[]>}
 */
export async function tasks(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'] } });
  await act();
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  await session.detach();
  const mark = events.find(({ name, ph }) => name === 'PrePaint' && ph === 'X');
  const here = events.filter(({ pid, tid, name, ph }) => mark && pid === mark.pid && tid === mark.tid && ph === 'X' && /RunTask$/.test(name)).toSorted((a, b) => a.ts - b.ts);
  // A task in a task is told with it.
  let until = 0;
  const outer = here.filter(({ ts, dur = 0 }) => ts >= until && ((until = ts + dur), true));
  return outer.map(({ dur = 0, tdur = dur }) => ({ cpu: tdur / 1e3, wall: dur / 1e3 })).toSorted((a, b) => b.cpu - a.cpu);
}

/** "3 tasks over 50 ms, the longest 83 ms (of processor time 61 ms)" */
export function inWords(all) {
  const long = all.filter(({ wall }) => wall > 50).length;
  const busy = all.filter(({ cpu }) => cpu > 50).length;
  const most = Math.max(0, ...all.map(({ wall }) => wall));
  return `${busy} tasks over 50 ms of processor time (${long} by the clock), the longest ${Math.round(all[0]?.cpu ?? 0)} ms (${Math.round(most)} by the clock)`;
}
