// A design with settings in it, by the paths that figures write them with; the same rules as
// `design::set` has in the engine, for designs that are sound and settings that fit them.

type Tree = { [key: string]: unknown };

const SECTIONS = ['workload', 'links', 'data', 'network', 'traces', 'faults', 'calls', 'require', 'prices', 'components', 'title'];

export function withSettings(design: unknown, set: Readonly<Record<string, string>>): unknown {
  return Object.entries(set).reduce((changed, [path, text]) => one(changed, path, text), design);
}

function one(design: unknown, path: string, text: string): unknown {
  const keys = keysOf(design, path);
  // The rate inside the arrivals; the words around it stay.
  if (keys[0] === 'workload' && keys.at(-1) === 'rate') {
    const place = [...keys.slice(0, -1), 'arrivals'];
    const written = String(at(design, place) ?? 'poisson 1/s');
    return put(design, place, written.replace(/[\d.]+\s*\/\s*[a-z]+/, text));
  }
  return put(design, keys, valueOf(text));
}

/** "web.time" is a component's, "users->lb.rtt" an arrow's, whose name is one key. */
function keysOf(design: unknown, path: string): string[] {
  const arrow = /^(?:links\.)?\s*(.+?->[^.]+?)\s*(?:\.(.*))?$/.exec(path);
  if (arrow) return ['links', arrowOf(design, arrow[1]!), ...(arrow[2]?.split('.') ?? [])];
  const keys = path.trim().split('.');
  return SECTIONS.includes(keys[0]!) ? keys : ['components', ...keys];
}

/** The name as the design has it, however many spaces are in it. */
function arrowOf(design: unknown, name: string): string {
  const bare = (text: string) => text.replace(/\s+/g, '');
  const links = at(design, ['links']);
  const known = isTree(links) ? Object.keys(links).find((key) => bare(key) === bare(name)) : undefined;
  return known ?? name.replace(/\s*->\s*/, ' -> ');
}

function valueOf(text: string): unknown {
  const bare = text.trim();
  if (/^\d{1,15}$/.test(bare)) return Number(bare);
  if (bare === 'true' || bare === 'false') return bare === 'true';
  if (!/^[[{]/.test(bare)) return bare;
  try {
    return JSON.parse(bare);
  } catch {
    return bare;
  }
}

function at(design: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isTree(found) && Object.hasOwn(found, key) ? found[key] : undefined), design);
}

function put(design: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(design)) return design.map((entry, i) => (String(i) === key ? put(entry, rest, value) : entry));
  const tree = isTree(design) ? design : {};
  return { ...tree, [key]: put(Object.hasOwn(tree, key) ? tree[key] : undefined, rest, value) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
