// A design document on the engine that browsers get, in node, as one line of JSON:
//   node bench/wasm.mjs ENGINE DOCUMENT SEED
// ENGINE is the folder of the engine and its glue, DOCUMENT a design in JSON.
//
// It runs in slices, as a page does: V8 does not swap code that is running, so one long call on a
// fresh engine would be measured at half the speed of all later ones.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SLICE = 20_000;
/** Events before the clock starts. */
const WARM = 2_000_000;
const WANTED = JSON.stringify([{ name: 'sent' }, { name: 'mean', unit: 'ms' }, { name: 'p99', unit: 'ms' }]);

const [folder, path, seed] = process.argv.slice(2);
// The glue is a module whose name does not say so.
const glue = readFileSync(join(folder, 'octo.js')).toString('base64');
const { initSync, Run } = await import(`data:text/javascript;base64,${glue}`);
initSync({ module: readFileSync(join(folder, 'octo_bg.wasm')) });
const text = readFileSync(path, 'utf8');

const warm = new Run(text, '{}', seed);
for (let events = 0; events < WARM && warm.advance(SLICE) < 1; events += SLICE);
warm.free();

const begun = performance.now();
const run = new Run(text, '{}', seed);
while (run.advance(SLICE) < 1);
run.report();
const seconds = (performance.now() - begun) / 1e3;

const ended = run.ended_by();
if (ended !== undefined) throw new Error(`The run was cut short by its ${ended}.`);
const [requests, mean_ms, p99_ms] = JSON.parse(run.measures(WANTED)).map((measure) => measure.value);
console.log(JSON.stringify({ requests, seconds, mean_ms, p99_ms }));
