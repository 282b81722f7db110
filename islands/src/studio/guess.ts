// Which kind of component a word names: "redis" is a cache, "orders-db" a relational database. The
// last part of a name decides, so a "payment-service" is a service.

const WORDS: Record<string, string> = {
  clients: 'users user clients client browser browsers mobile phone phones customers customer buyers riders drivers visitors readers people devices sensors players students internet',
  scheduler: 'cron scheduler timer nightly',
  dns: 'dns route53 resolver',
  cdn: 'cdn cloudfront edge akamai fastly cloudflare',
  balancer: 'lb elb alb nlb balancer loadbalancer haproxy nginx envoy traefik proxy',
  gateway: 'gateway apigw kong ingress',
  limiter: 'limiter ratelimiter ratelimit throttle quota',
  service: 'web api app apps server servers service services svc backend frontend bff site shop worker workers consumer consumers auth monolith lambda function functions rails django node handler processor indexer',
  cache: 'cache caches redis memcached memcache valkey varnish',
  relational: 'db dbs database rdbms sql postgres postgresql pg mysql mariadb oracle sqlite rds aurora cockroach cockroachdb spanner mssql',
  keyvalue: 'kv keyvalue dynamo dynamodb cassandra scylla scylladb riak etcd bigtable hbase rocksdb sessions',
  document: 'mongo mongodb document documents couchdb couchbase firestore docstore',
  columnar: 'columnar clickhouse redshift bigquery snowflake warehouse olap druid analytics',
  log: 'log kafka kinesis pulsar redpanda stream streams events topic eventbus bus',
  queue: 'queue queues sqs rabbit rabbitmq mq jobs tasks celery sidekiq',
  objects: 's3 blob blobs objects object bucket buckets files storage gcs minio images uploads',
  search: 'search elastic elasticsearch opensearch solr lucene',
  external: 'external stripe paypal payment payments pay psp bank mail email smtp sendgrid sms twilio maps weather thirdparty partner provider',
};

const KINDS = new Map(Object.entries(WORDS).flatMap(([kind, words]) => [[kind, kind] as const, ...words.split(' ').map((word) => [word, kind] as const)]));

/** The kind that a name speaks of; nothing if it speaks of none. */
export function guessKind(name: string): string | undefined {
  const parts = name.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
  const whole = KINDS.get(parts.join(''));
  if (whole) return whole;
  for (const part of parts.toReversed()) {
    const kind = KINDS.get(part) ?? KINDS.get(part.replace(/\d+$/, ''));
    if (kind) return kind;
  }
  return undefined;
}

/** The kind a person wrote in brackets: "balancer", or a word that names one. */
export function kindNamed(word: string): string | undefined {
  return KINDS.get(word.toLowerCase().replace(/[^a-z0-9]+/g, ''));
}
