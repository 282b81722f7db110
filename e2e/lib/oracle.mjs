// Knows the right answer to any question of the course: it reads the pack's own files, and asks the
// binary for every number. A journey must not repeat what a lesson says, since lessons change.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  #pack;

  constructor(items, binary = process.env.OCTO_BIN, pack = PACK) {
    this.#items = items;
    this.#binary = binary;
    this.#pack = pack;
  }

  static async of(pack = PACK) {
    return new Oracle((await readPack(pack)).items, process.env.OCTO_BIN, pack);
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
    if (item.kind === 'predict') return this.#prediction(item);
    const { stdout } = await run(this.#binary, ['pack', 'item', id, '--seed', String(seed), '--pack', this.#pack, '--json']);
    return JSON.parse(stdout).answer;
  }

  /** What is wrong in a way that has its own feedback, and a few of that feedback's words. */
  wrong(id) {
    const item = this.#item(id);
    if (item.kind === 'choice') return [['option', String(item.options.findIndex((option) => !option.right))]];
    if (item.kind === 'several') return options(item, (option) => !option.right);
    if (item.kind === 'order') return item.lines.map((_, at) => [`place${at}`, String(item.lines.length - at)]);
    if (item.kind === 'short') return [['text', 'I would rather not say anything about it.']];
    if (item.kind === 'numeric') return [['number', '987654321'], ...(item.interval ? [['low', '987654320'], ['high', '987654322']] : [])];
    if (item.kind === 'saturates') return [['option', String(boxes(item).findIndex((name) => name !== item.first))]];
    if (item.kind === 'repair') return [[`change${item.change.findIndex(({ to, meets = [], over = [] }) => ![...meets, ...over].includes(to[0]))}`, '0']];
    return [['direction', 'down'], ['factor', '0.001'], ['bottleneck', '']];
  }

  #item(id) {
    const item = this.#items.get(id);
    if (!item) throw new Error(`The pack has no item “${id}”.`);
    return item;
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

/** The boxes of a design that can be chosen, in the order of a form. */
function boxes({ folder, design }) {
  const { components } = parse(readFileSync(join(folder, design), 'utf8'));
  return Object.keys(components).filter((name) => components[name].kind !== 'clients').sort();
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
