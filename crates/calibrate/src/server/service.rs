//! The service of the chain, a process of this same program: one worker that answers one request
//! after another, asks Redis first and PostgreSQL on a miss, and waits for both. Each answer says
//! in its head how long its parts took, as `Server-Timing` does for browsers.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::{How, Server, free_port, postgres, redis, try_ask};
use crate::wire::{Line, Protocol, http};
use crate::work;

/// Passwords go by the environment: command lines can be read by everybody.
const REDIS_SECRET: &str = "OCTO_CALIBRATE_REDIS";
const POSTGRES_SECRET: &str = "OCTO_CALIBRATE_POSTGRES";
const LISTENER: Token = Token(usize::MAX);

pub(crate) fn start(folder: &Path, core: u32, redis: &redis::Redis, postgres: &postgres::Postgres) -> anyhow::Result<(Server, SocketAddr)> {
    let at = free_port()?;
    let log = folder.join("service.log");
    let own = std::env::current_exe().context("finding this program")?;
    let how = How { name: "service", program: &own, core, user: None, signal: "TERM", log: &log };
    let mut server = Server::start(&how, |command| {
        command.arg("service").args([at, redis.at, postgres.at].map(|at| at.to_string()));
        command.env(REDIS_SECRET, &redis.secret).env(POSTGRES_SECRET, &postgres.secret);
    })?;
    server.wait(&log, || try_ask(at, Protocol::Http, &http::get("/0")))?;
    Ok((server, at))
}

/// How long the parts of one answer took, as its head says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Timing {
    /// The service itself, what it waited for not counted [ns].
    pub(crate) own: f64,
    /// Asking the cache [ns].
    pub(crate) get: f64,
    pub(crate) miss: Option<Miss>,
}

/// What a miss costs: the query, and putting its value into the cache [ns].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Miss {
    pub(crate) db: f64,
    pub(crate) put: f64,
}

impl Timing {
    fn header(&self) -> String {
        let ms = |ns: f64| ns / 1e6;
        let miss = self.miss.map_or(String::new(), |miss| format!(", db;dur={:.4}, put;dur={:.4}", ms(miss.db), ms(miss.put)));
        format!("own;dur={:.4}, get;dur={:.4}{miss}", ms(self.own), ms(self.get))
    }

    /// What the head of an answer says.
    pub(crate) fn read(head: &str) -> Option<Self> {
        let value = http::header(head, "server-timing")?;
        let part = |name: &str| {
            let dur = value.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(";dur="))?;
            dur.parse::<f64>().ok().map(|ms| ms * 1e6)
        };
        let miss = part("db").zip(part("put")).map(|(db, put)| Miss { db, put });
        Some(Self { own: part("own")?, get: part("get")?, miss })
    }
}

/// Runs until it is ended.
pub(crate) fn run(words: &[String]) -> anyhow::Result<()> {
    let [at, redis_at, postgres_at] = words else { bail!("service takes three addresses: its own, that of Redis, that of PostgreSQL") };
    let secret = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
    let mut service = Service {
        redis: redis::hello(redis_at.parse()?, &secret(REDIS_SECRET)?)?,
        postgres: postgres::prepared(postgres_at.parse()?, &secret(POSTGRES_SECRET)?, work::SUM_BETWEEN)?,
        last_write: Duration::ZERO,
    };
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::bind(at.parse()?)?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let (mut events, mut guests) = (Events::with_capacity(1024), Vec::new());
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            match event.token() {
                LISTENER => accept(&listener, &poll, &mut guests)?,
                Token(number) => {
                    let open = match guests.get_mut(number) {
                        Some(Some(guest)) => service.attend(guest)?,
                        _ => true,
                    };
                    if !open {
                        guests[number] = None;
                    }
                }
            }
        }
    }
}

/// A connection of whoever asks, and what has been read of the next question.
struct Guest {
    stream: TcpStream,
    read: Vec<u8>,
}

fn accept(listener: &TcpListener, poll: &Poll, guests: &mut Vec<Option<Guest>>) -> anyhow::Result<()> {
    loop {
        match listener.accept() {
            Ok((mut stream, _)) => {
                stream.set_nodelay(true)?;
                poll.registry().register(&mut stream, Token(guests.len()), Interest::READABLE)?;
                guests.push(Some(Guest { stream, read: Vec::new() }));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

struct Service {
    redis: Line,
    postgres: Line,
    /// An answer cannot say how long it took to send; it says so of the one before.
    last_write: Duration,
}

impl Service {
    /// Answers all that a connection asks; false if it is closed.
    fn attend(&mut self, guest: &mut Guest) -> anyhow::Result<bool> {
        let mut begun = Instant::now();
        let mut more = [0; 4096];
        let mut open = true;
        loop {
            match guest.stream.read(&mut more) {
                Ok(0) => open = false,
                Ok(count) => guest.read.extend_from_slice(&more[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => open = false,
            }
            let Some((path, length)) = http::question(&guest.read)? else { return Ok(open) };
            guest.read.drain(..length);
            let answer = self.answer(&path, begun)?;
            begun = Instant::now();
            // A few hundred bytes: there is room for them.
            guest.stream.write_all(&answer)?;
            self.last_write = begun.elapsed();
        }
    }

    fn answer(&mut self, path: &str, begun: Instant) -> anyhow::Result<Vec<u8>> {
        let key: u32 = path.trim_start_matches('/').parse().context("a path is a number")?;
        let (asked, found) = timed(|| self.redis.ask(&work::get(key)))?;
        let mut timing = Timing { get: ns(asked), ..Timing::default() };
        let value = match crate::wire::redis::text(&found)? {
            Some(value) => value,
            None => {
                let (db, row) = timed(|| self.postgres.ask(&work::sum_between(key)))?;
                let value = crate::wire::postgres::value(&row)?;
                let (put, _) = timed(|| self.redis.ask(&work::put(key, &value)))?;
                timing.miss = Some(Miss { db: ns(db), put: ns(put) });
                value
            }
        };
        let calls = timing.get + timing.miss.map_or(0.0, |miss| miss.db + miss.put);
        timing.own = (ns(begun.elapsed()) - calls).max(0.0) + ns(self.last_write);
        let (length, timing) = (value.len(), timing.header());
        Ok(format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nServer-Timing: {timing}\r\n\r\n{value}")
            .into_bytes())
    }
}

fn timed<T>(what: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(Duration, T)> {
    let begun = Instant::now();
    let done = what()?;
    Ok((begun.elapsed(), done))
}

fn ns(duration: Duration) -> f64 {
    duration.as_nanos() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_in_its_head_how_long_its_parts_took() {
        let miss = Some(Miss { db: 678_900.0, put: 45_000.0 });
        for timing in [Timing { own: 12_300.0, get: 45_000.0, miss }, Timing { own: 500.0, get: 100.0, miss: None }] {
            let head = format!("HTTP/1.1 200 OK\r\nServer-Timing: {}", timing.header());
            assert_eq!(Timing::read(&head), Some(timing), "{head}");
        }
        assert_eq!(Timing::read("HTTP/1.1 200 OK\r\nServer: nginx"), None);
    }
}
