//! The cases: which server does what, and how it is asked. Starting one gives a site that answers
//! until it is dropped; measuring it is in `measure`.

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;

use tempfile::TempDir;

use crate::schedule::{Choice, Luck};
use crate::server::nginx::Serves;
use crate::server::{Server, nginx, postgres, redis, service};
use crate::wire::{Line, Protocol, http, redis as resp};
use crate::work;

pub(crate) struct Case {
    /// As it is named on the command line.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// What is asked of it, in a sentence.
    pub(crate) asks: &'static str,
    /// The box that stands for it in a design.
    pub(crate) part: &'static str,
    pub(crate) kind: Kind,
    start: fn(&Path, u32) -> anyhow::Result<Parts>,
}

pub(crate) const CASES: [Case; 8] = [
    Case {
        id: "nginx",
        title: "nginx compresses texts",
        asks: "a text of 16 kB on average, in sixteen sizes, compressed by gzip for each request anew",
        part: "nginx",
        kind: Kind::InTurn,
        start: compressed,
    },
    Case {
        id: "nginx-same",
        title: "nginx compresses the same text",
        asks: "a text of 8 kB, always the same, compressed by gzip for each request anew",
        part: "nginx",
        kind: Kind::InTurn,
        start: same_text,
    },
    Case {
        id: "redis",
        title: "Redis sorts lists",
        asks: "SORT of a list of 1,800 numbers on average, in sixteen sizes, and one entry of the result",
        part: "redis",
        kind: Kind::AtOnce,
        start: sorts,
    },
    Case {
        id: "redis-same",
        title: "Redis sorts the same list",
        asks: "SORT of a list of 1,500 numbers, always the same, and one entry of the result",
        part: "redis",
        kind: Kind::AtOnce,
        start: same_sort,
    },
    Case { id: "redis-get", title: "Redis gets a value", asks: "GET of a value of 100 B", part: "redis", kind: Kind::AtOnce, start: gets },
    Case {
        id: "postgres",
        title: "PostgreSQL adds up rows",
        asks: "a prepared query that adds up 4,000 rows on average, in sixteen sizes, found by an index, all on one connection",
        part: "postgres",
        kind: Kind::InTurn,
        start: sums,
    },
    Case {
        id: "postgres-same",
        title: "PostgreSQL adds up the same rows",
        asks: "a prepared query that adds up 1,200 rows, always the same, found by an index, all on one connection",
        part: "postgres",
        kind: Kind::InTurn,
        start: same_sum,
    },
    Case {
        id: "chain",
        title: "nginx, a service, Redis and PostgreSQL on one core",
        asks: "a value by its key, through nginx, from a service with one worker, which asks Redis first, and where Redis has nothing has PostgreSQL add up 4,000 rows on average; 70 % of the requests are for a thousand keys that Redis holds, the others for keys that nobody asked for before",
        part: "core",
        kind: Kind::Chain,
        start: chain,
    },
];

/// How a case answers, as far as the reasons for its gaps differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One request after the other, each answered when it is done.
    InTurn,
    /// All that is waiting is done, then all of it is answered.
    AtOnce,
    /// Several servers that share a core.
    Chain,
}

/// What a starter makes: the servers, first the one that is asked, and how to ask it.
struct Parts {
    servers: Vec<Server>,
    protocol: Protocol,
    connections: usize,
    requests: Vec<Vec<u8>>,
    choose: fn(&mut Luck, &Cell<u32>) -> Choice,
    hello: Box<dyn Fn() -> anyhow::Result<Line>>,
}

/// A case that answers. Dropping it ends its servers, then removes its folder.
pub(crate) struct Site {
    parts: Parts,
    /// Keys of the chain that have been asked for.
    fresh: Cell<u32>,
    _folder: TempDir,
}

impl Case {
    pub(crate) fn start(&self, core: u32) -> anyhow::Result<Site> {
        let folder = tempfile::Builder::new().prefix("octo-calibrate").tempdir()?;
        open_to_servers(folder.path())?;
        let parts = (self.start)(folder.path(), core)?;
        Ok(Site { parts, fresh: Cell::new(0), _folder: folder })
    }
}

impl Site {
    pub(crate) fn protocol(&self) -> Protocol {
        self.parts.protocol
    }

    pub(crate) fn connections(&self) -> usize {
        self.parts.connections
    }

    pub(crate) fn requests(&self) -> &[Vec<u8>] {
        &self.parts.requests
    }

    /// Which request comes next.
    pub(crate) fn choose(&self, luck: &mut Luck) -> Choice {
        (self.parts.choose)(luck, &self.fresh)
    }

    /// A connection that is ready to be asked.
    pub(crate) fn hello(&self) -> anyhow::Result<Line> {
        (self.parts.hello)()
    }

    pub(crate) fn processes(&self) -> Vec<(String, u32)> {
        self.parts.servers.iter().map(|server| (server.name().to_owned(), server.pid())).collect()
    }
}

/// So many connections that nearly every request finds one with nothing under way.
const CONNECTIONS: usize = 128;

fn any(luck: &mut Luck, _: &Cell<u32>) -> Choice {
    Choice::plain(luck.below(work::SIZES.len() as u32))
}

fn the_one(_: &mut Luck, _: &Cell<u32>) -> Choice {
    Choice::plain(0)
}

fn popular_or_fresh(luck: &mut Luck, fresh: &Cell<u32>) -> Choice {
    if luck.unit() < work::HITS {
        return Choice { request: luck.below(work::POPULAR), kind: 0 };
    }
    // After all of them the first ones again: the cache has long forgotten those.
    let next = fresh.get();
    fresh.set((next + 1) % work::FRESH);
    let key = work::POPULAR + next;
    Choice { request: key, kind: 1 + key % work::SIZES.len() as u32 }
}

fn web((server, at): (Server, SocketAddr), requests: Vec<Vec<u8>>, choose: fn(&mut Luck, &Cell<u32>) -> Choice) -> Parts {
    let hello = Box::new(move || Line::open(at, Protocol::Http));
    Parts { servers: vec![server], protocol: Protocol::Http, connections: CONNECTIONS, requests, choose, hello }
}

fn compressed(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    let texts = work::texts();
    Ok(web(nginx::start(folder, core, &Serves::Compressed(&texts), "/0.txt")?, work::text_requests(), any))
}

fn same_text(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    let path = format!("/{}", work::SAME);
    Ok(web(nginx::start(folder, core, &Serves::Compressed(&[work::same_text()]), &path)?, vec![http::get(&path)], the_one))
}

fn memory(folder: &Path, core: u32, requests: Vec<Vec<u8>>, choose: fn(&mut Luck, &Cell<u32>) -> Choice) -> anyhow::Result<Parts> {
    let redis::Redis { server, at, secret } = {
        let redis = redis::Redis::start(folder, core)?;
        redis.fill(work::lists().into_iter())?;
        redis
    };
    let hello = Box::new(move || redis::hello(at, &secret));
    Ok(Parts { servers: vec![server], protocol: Protocol::Redis, connections: CONNECTIONS, requests, choose, hello })
}

fn sorts(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    memory(folder, core, work::list_requests(), any)
}

fn same_sort(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    memory(folder, core, vec![work::sort(work::SAME)], the_one)
}

fn gets(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    memory(folder, core, vec![resp::command(&["GET", work::VALUE])], the_one)
}

/// One connection is one process of PostgreSQL: what comes meanwhile waits in it.
fn rows(folder: &Path, core: u32, requests: Vec<Vec<u8>>, choose: fn(&mut Luck, &Cell<u32>) -> Choice) -> anyhow::Result<Parts> {
    let postgres::Postgres { server, at, secret } = postgres::Postgres::start(folder, core)?;
    let hello = Box::new(move || postgres::prepared(at, &secret, work::SUM_BETWEEN));
    Ok(Parts { servers: vec![server], protocol: Protocol::Postgres, connections: 1, requests, choose, hello })
}

fn sums(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    rows(folder, core, work::range_requests(), any)
}

fn same_sum(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    rows(folder, core, vec![work::same_range()], the_one)
}

fn chain(folder: &Path, core: u32) -> anyhow::Result<Parts> {
    let postgres = postgres::Postgres::start(folder, core)?;
    let redis = redis::Redis::start(folder, core)?;
    redis.fill(work::popular())?;
    let (service, behind) = service::start(folder, core, &redis, &postgres)?;
    let front = nginx::start(folder, core, &Serves::Behind(behind), "/0")?;
    let mut parts = web(front, work::key_requests(), popular_or_fresh);
    parts.servers.extend([service, redis.server, postgres.server]);
    Ok(parts)
}

/// Some servers run as users of their own.
fn open_to_servers(folder: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
    let _ = folder;
    Ok(())
}
