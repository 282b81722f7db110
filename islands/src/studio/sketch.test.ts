// The line on top, as data: what is typed, and the design that it becomes.
import { describe, expect, it } from 'vitest';
import { at, classes, components, links } from './document.ts';
import { sketch } from './sketch.ts';

/** A design in few words: components, arrows, load, plans and remarks. */
function told(source: string, before?: Parameters<typeof sketch>[1]): string {
  const { design, remarks } = sketch(source, before);
  return [
    components(design).map(({ name, kind, settings }) => `${name}:${kind}${settings['replicas'] ? ` x${settings['replicas']}` : ''}`).join(' '),
    links(design).map(({ key }) => key).join(', '),
    ...classes(design).map(({ name, from, settings }) => `${name} from ${from}, ${settings['arrivals']}`),
    ...Object.entries((at(design, 'calls') ?? {}) as Record<string, string>).map(([name, plan]) => `${name}: ${JSON.stringify(plan)}`),
    ...remarks.map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`),
  ].join('\n');
}

const ERRORS = (source: string) => sketch(source).remarks.filter(({ severity }) => severity === 'error').map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('a line becomes a design', () => {
  it.each([
    ['users -> lb -> web x3 -> cache, db', 'users:clients lb:balancer web:service x3 cache:cache db:relational\nusers -> lb, lb -> web, web -> cache, web -> db\nrequest from users, poisson 100/s'],
    ['users → api × 2 => postgres', 'users:clients api:service x2 postgres:relational\nusers -> api, api -> postgres\nrequest from users, poisson 100/s'],
    ['users > web > sqs > worker > s3', 'users:clients web:service sqs:queue worker:service s3:objects\nusers -> web, web -> sqs, sqs -> worker, worker -> s3\nrequest from users, poisson 100/s'],
    ['2x web -> user-db', 'web:service x2 user-db:relational users:clients\nusers -> web, web -> user-db\nrequest from users, poisson 100/s\nnote 1:1 Nobody sends requests in this line, so clients called “users” were put before it.'],
    ['cron -> nightly report service -> warehouse', 'cron:scheduler nightly-report-service:service warehouse:columnar\ncron -> nightly-report-service, nightly-report-service -> warehouse\nrequest from cron, constant 1/s'],
    ['checkout 200/s: shoppers (clients) -> shop -> stripe', 'shoppers:clients shop:service stripe:external\nshoppers -> shop, shop -> stripe\ncheckout from shoppers, poisson 200/s'],
    ['users -> geo (keyvalue)', 'users:clients geo:keyvalue\nusers -> geo\nrequest from users, poisson 100/s'],
    ['users -> orders', 'users:clients orders:service\nusers -> orders\nrequest from users, poisson 100/s\nnote 1:10 What “orders” is, the name does not say: it is drawn as a service. Write orders (cache), or another kind, if it is not.'],
  ])('%s', (source, expected) => expect(told(source)).toBe(expected));

  it('shares what a balancer gets among two services, and says so', () => {
    expect(told('users -> lb -> web, api -> db')).toBe(
      'users:clients lb:balancer web:service api:service db:relational\nusers -> lb, lb -> web, lb -> api, web -> db, api -> db\nrequest from users, poisson 100/s\n' +
        'request: "lb\\n  50 %: web\\n    db\\n  50 %: api\\n    db\\n"\nnote 1:1 “lb” leads to web and api: each gets 50 % of its requests. Change the shares under Calls.',
    );
  });

  it('asks a cache before the stores, in a plan that it has to write', () => {
    const { design } = sketch('users -> gateway -> web, api\nweb -> cache, db');
    expect(at(design, 'calls', 'request')).toBe('gateway\n  50 %: web\n    cache\n      miss: db\n  50 %: api\n');
  });

  it('reads several lines, each a class, and comments', () => {
    expect(told('read 90/s: users -> web -> cache, db # most of it\n\nwrite 10/s: users -> web -> db\nweb -> kafka -> indexer -> elastic')).toBe(
      'users:clients web:service cache:cache db:relational kafka:log indexer:service elastic:search\nusers -> web, web -> cache, web -> db, web -> kafka, kafka -> indexer, indexer -> elastic\n' +
        'read from users, poisson 90/s\nwrite from users, poisson 10/s',
    );
  });

  it('adds to a design without touching what is there', () => {
    const { design } = sketch('users -> web -> db');
    expect(told('web -> cache', design)).toBe('users:clients web:service db:relational cache:cache\nusers -> web, web -> db, web -> cache\nrequest from users, poisson 100/s');
  });

  it('keeps a kind that was chosen before', () => {
    const { design } = sketch('users -> queue (cache)');
    expect(components(sketch('queue -> db', design).design).find(({ name }) => name === 'queue')?.kind).toBe('cache');
  });
});

describe('what is not clear gets a sentence with its place', () => {
  it.each([
    ['users -> -> web', ['1:10 A name is missing here.']],
    ['users -> web,', ['1:14 A name is missing here.']],
    ['users -> web ->', ['1:15 The arrow at the end leads nowhere. Write a name after it.']],
    ['users -> 42', ['1:10 “42” is not a name. Begin it with a letter, as in web or orders-db.']],
    ['users -> web x0', ['1:10 “web x0” asks for 0 replicas. Write 1 to 10000.']],
    ['users -> web (thing)', ['1:10 “thing” is not a kind of component; web is drawn as a service.']],
    ['users -> db -> search', ['1:16 “db” answers and calls nobody, so there is no arrow from it to “search”. Begin a new line with the service that calls “search”.']],
    ['web -> users', ['1:8 Nobody calls “users”: it sends requests. Turn the arrow round.']],
    ['users -> web -> cron', ['1:17 Nobody calls “cron”: it sends requests. Turn the arrow round.']],
    ['shop 5/parsec: users -> web', ['1:1 “5/parsec” is not a rate. Write it as in 200/s.']],
  ])('%s', (source, expected) => expect(ERRORS(source)).toEqual(expected));
});

describe('hostile and huge lines', () => {
  it('keeps names that are words of JavaScript as names', () => {
    const { design } = sketch('users -> constructor -> __proto__ -> toString');
    expect(components(design).map(({ name }) => name)).toEqual(['users', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['kind']).toBeUndefined();
  });

  it('takes no markup as anything but a name', () => {
    expect(components(sketch('users -> <img src=x onerror=alert(1)>').design).every(({ name }) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(name))).toBe(true);
  });

  it('ends soon, whatever is typed', () => {
    const began = Date.now();
    sketch(Array.from({ length: 3000 }, (_, i) => `a${i} -> b${i}`).join('\n'));
    sketch('x '.repeat(20_000));
    sketch('users -> '.repeat(5_000));
    sketch(`${'('.repeat(20_000)} -> ${'1 x '.repeat(10_000)}`);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});
