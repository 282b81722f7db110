// Knows the right answer to any question of the course: it reads the pack's own files, and asks the
// binary for every number. A journey must not repeat what a lesson says, since lessons change.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';

const run = promisify(execFile);
export const PACK = fileURLToPath(new URL('../../pack/', import.meta.url));
const ITEM = /^```item (\S+)\n([\s\S]*?)^```/gm;
const FIGURE = /^```figure (\S+)\n([\s\S]*?)^```/gm;

/** Every item and figure of a pack by id, with the folder that its designs are named from. */
export async function readPack(pack = PACK) {
  const items = new Map();
  const figures = new Map();
  for (const file of (await readdir(pack, { recursive: true })).filter((name) => name.endsWith('.md')).sort()) {
    const text = await readFile(join(pack, file), 'utf8');
    const folder = join(pack, dirname(file));
    for (const [, id, body] of text.matchAll(ITEM)) items.set(id, { id, folder, ...parse(body) });
    for (const [, id, body] of text.matchAll(FIGURE)) figures.set(`${skillOf(file)}/${id}`, { id, folder, ...parse(body) });
  }
  return { items, figures };
}

/** Answers as fields of a form: `[["option", "2"]]`. */
export class Oracle {
  #binary;
  #items;

  constructor(items, binary = process.env.OCTO_BIN) {
    this.#items = items;
    this.#binary = binary;
  }

  static async of(pack = PACK) {
    return new Oracle((await readPack(pack)).items);
  }

  kind(id) {
    return this.#item(id).kind;
  }

  /** The ids of a skill's items, in order. */
  of(skill, kind) {
    return [...this.#items.values()].filter((item) => skillOf(item.id) === skill && (!kind || item.kind === kind)).map((item) => item.id);
  }

  /** What is right, for variation `seed` of an item. */
  async right(id, seed = 0) {
    const item = this.#item(id);
    if (item.kind === 'choice' || item.kind === 'several') return options(item, (option) => option.right);
    if (item.kind === 'order') return item.lines.map((_, at) => [`place${at}`, String(at + 1)]);
    if (item.kind === 'short') return [['text', plain(item.model)]];
    if (item.kind === 'numeric') return [['number', await this.#number(item, seed)]];
    return this.#prediction(item);
  }

  /** What is wrong in a way that has its own feedback, and a few of that feedback's words. */
  wrong(id) {
    const item = this.#item(id);
    if (item.kind === 'choice') return [['option', String(item.options.findIndex((option) => !option.right))]];
    if (item.kind === 'several') return options(item, (option) => !option.right);
    if (item.kind === 'order') return item.lines.map((_, at) => [`place${at}`, String(item.lines.length - at)]);
    if (item.kind === 'short') return [['text', 'I would rather not say anything about it.']];
    if (item.kind === 'numeric') return [['number', '987654321']];
    return [['direction', 'down'], ['factor', '0.001'], ['bottleneck', '']];
  }

  #item(id) {
    const item = this.#items.get(id);
    if (!item) throw new Error(`The pack has no item “${id}”.`);
    return item;
  }

  async #number(item, seed) {
    const given = Object.entries(variation(item.vary ?? {}, seed)).map(([name, value]) => `${name} = ${value}`);
    const { stdout } = await run(this.#binary, ['napkin', [...given, item.solve].join('\n')]);
    const value = stdout.trim().split('\n').at(-1).replace(/^.*= /, '').replaceAll(',', '').slice(0, 64);
    // A bare number is taken in the unit that stands beside the field.
    return item.unit === '%' && !value.includes('%') ? `${Number((Number(value) * 100).toPrecision(6))} %` : value;
  }

  /** The same two runs that the verdict rests on; a part of the mark that they leave open is left empty. */
  async #prediction({ folder, design, before = {}, after = {}, measure, seeds = 1 }) {
    const reports = async (set) => {
      const args = Object.entries(set).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
      const all = Array.from({ length: seeds }, (_, at) => run(this.#binary, ['sim', join(folder, design), ...args, '--seed', String(at + 1), '--json'], { maxBuffer: 1 << 26 }));
      return (await Promise.all(all)).map(({ stdout }) => JSON.parse(stdout));
    };
    const [was, is] = [await reports(before), await reports(after)];
    const mean = (all) => all.reduce((sum, report) => sum + measured(report, measure), 0) / all.length;
    const factor = mean(is) / mean(was);
    const direction = factor > 1.05 ? 'up' : factor < 0.95 ? 'down' : 'same';
    return [['direction', direction], ['factor', String(Number(factor.toPrecision(3)))], ['bottleneck', is[0].bottleneck ?? '']];
  }
}

export function skillOf(id) {
  return id.split('/').at(-1).split('.').slice(0, 2).join('.');
}

/** The text with something in the place of every value, which is all that a reader of phrases needs. */
function plain(text) {
  return text.replace(/\{free ([^}]*)\}/g, '$1').replace(/\{quote ([^},]*)[^}]*\}/g, '$1').replace(/\{[^}]*\}/g, '42');
}

function options(item, wanted) {
  return item.options.flatMap((option, at) => (wanted(option) ? [['option', String(at)]] : []));
}

/** Which values variation `seed` takes: the rule of `Item::vars` in the crate `course`. */
function variation(vary, seed) {
  const names = Object.keys(vary).sort();
  const total = names.reduce((product, name) => product * vary[name].length, 1);
  let index = ((seed % total) * stride(total)) % total;
  const values = {};
  for (const name of names) {
    values[name] = vary[name][index % vary[name].length];
    index = Math.floor(index / vary[name].length);
  }
  return values;
}

function stride(total) {
  const gcd = (a, b) => (b === 0 ? a : gcd(b, a % b));
  let step = Math.floor((total * 5) / 8) | 1;
  while (gcd(step, total) !== 1) step += 2;
  return step;
}

/** A measure of one report, in whatever unit the report keeps it: only ratios are taken. */
function measured(report, measure) {
  if (measure === 'cost') return report.costs.month_nano_usd;
  if (measure === 'cost per 1000') return report.costs.thousand_nano_usd;
  const dot = measure.lastIndexOf('.');
  const [part, name] = [measure.slice(0, dot), measure.slice(dot + 1)];
  const all = report.classes[part] ?? report.components[part] ?? {};
  const alias = { wait: 'wait_ns', queue: 'queue_e9', utilisation: 'utilisation_e9', inside: 'inside_e9', rate: 'rate_e9_per_s', throughput: 'throughput_e9_per_s', max: 'max_ns' };
  const value = all[alias[name] ?? `${name}_ns`];
  if (typeof value !== 'number') throw new Error(`The report has no “${measure}”; teach it to the oracle.`);
  return value;
}

/** The skills of a chapter, in the order of the pack. */
export async function chapterSkills(chapter = 'read', pack = PACK) {
  const { skills } = parse(await readFile(join(pack, 'skills.toml'), 'utf8'));
  return skills.filter((skill) => skill.chapter === chapter).map((skill) => skill.id);
}
