//! The generator: one thread that never sleeps. In an open round it sends at the intended times,
//! whatever has been answered; in a closed one it keeps so many requests inside. It is bounded in
//! time and in requests inside, and what it saw is data for others to judge.

mod connection;

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use mio::{Events, Poll};

use crate::interrupt;
use crate::schedule::{Choice, Schedule};
use crate::wire::{Line, Protocol};
use connection::Connection;

/// So many may be unanswered; beyond, a round ends as overrun.
pub(crate) const INSIDE_MAX: usize = 20_000;
/// How long after its last request a round waits for answers.
const PATIENCE: Duration = Duration::from_secs(3);
/// A beginning a little later than now, so that the first requests are not late.
const LEAD: Duration = Duration::from_millis(5);

/// One request of an open round: times from the beginning of the round [ns].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    pub(crate) kind: u32,
    pub(crate) intended: u64,
    pub(crate) sent: u64,
    pub(crate) answered: u64,
}

/// What came of an open round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Round {
    /// In the order of sending; all of them answered.
    pub(crate) asked: Vec<Asked>,
    /// Heads of answers, where the case wants them.
    pub(crate) heads: Vec<String>,
    /// Whether the server fell so far behind that the round was given up.
    pub(crate) overrun: bool,
}

/// Makes one connection ready to be asked.
pub(crate) type Hello<'a> = &'a dyn Fn() -> anyhow::Result<Line>;

pub(crate) struct Generator<'a> {
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    /// Connections with nothing under way, the one that rested longest first.
    idle: std::collections::VecDeque<usize>,
    requests: &'a [Vec<u8>],
    inside: usize,
    begun: Instant,
    /// What is read goes here first.
    room: Vec<u8>,
}

/// What one look found.
struct Found {
    /// [ns] since the beginning
    at: u64,
    /// Numbers that were given when sending.
    answered: Vec<u32>,
}

impl<'a> Generator<'a> {
    pub(crate) fn open(hello: Hello<'_>, protocol: Protocol, connections: usize, requests: &'a [Vec<u8>]) -> anyhow::Result<Self> {
        let poll = Poll::new()?;
        let connections = (0..connections)
            .map(|number| Connection::new(hello()?.into_stream(), protocol, number, poll.registry()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let idle = (0..connections.len()).collect();
        Ok(Self {
            poll,
            events: Events::with_capacity(1024),
            connections,
            idle,
            requests,
            inside: 0,
            begun: Instant::now(),
            room: vec![0; 64 * 1024],
        })
    }

    /// Sends at the times of the schedule and waits for the answers.
    pub(crate) fn keep_to(&mut self, schedule: &Schedule, keep_heads: bool) -> anyhow::Result<Round> {
        let mut round = Round::default();
        round.asked.reserve(schedule.at.len());
        self.connections.iter_mut().for_each(|connection| connection.keep_heads(keep_heads));
        self.begun = Instant::now() + LEAD;
        let last = Duration::from_nanos(schedule.at.last().copied().unwrap_or(0)) + PATIENCE;
        let mut next = 0;
        while next < schedule.at.len() || self.inside > 0 {
            while next < schedule.at.len() && schedule.at[next] <= self.now() {
                let sent = self.now();
                let choice = schedule.which[next];
                self.send(next as u32, choice.request)?;
                round.asked.push(Asked { kind: choice.kind, intended: schedule.at[next], sent, answered: 0 });
                next += 1;
            }
            if let Some(found) = self.look()? {
                found.answered.iter().for_each(|&number| round.asked[number as usize].answered = found.at);
            }
            if self.inside > INSIDE_MAX || self.begun.elapsed() > last {
                round.overrun = true;
                break;
            }
        }
        round.asked.retain(|asked| asked.answered > 0);
        round.heads = self.connections.iter_mut().flat_map(Connection::take_heads).collect();
        Ok(round)
    }

    /// Keeps so many requests inside for so long and says how many were answered per second. The
    /// first fifth is not counted.
    pub(crate) fn keep_inside(&mut self, which: &[Choice], inside: usize, lasts: Duration) -> anyhow::Result<f64> {
        ensure!(!which.is_empty(), "there is nothing to ask for");
        self.begun = Instant::now();
        let warm = lasts / 5;
        let (mut next, mut counted, mut counted_from) = (0, 0, None);
        while self.begun.elapsed() < lasts {
            while self.inside < inside {
                self.send(next as u32, which[next % which.len()].request)?;
                next += 1;
            }
            if let Some(found) = self.look()? {
                match counted_from {
                    None if self.begun.elapsed() >= warm => counted_from = Some(found.at),
                    None => {}
                    Some(_) => counted += found.answered.len(),
                }
            }
        }
        let Some(from) = counted_from else { bail!("nothing was answered within {warm:?}") };
        let rate = counted as f64 / ((self.now() - from) as f64 / 1e9);
        self.drain()?;
        Ok(rate)
    }

    fn drain(&mut self) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while self.inside > 0 {
            self.look()?;
            ensure!(Instant::now() < until, "{} requests were not answered within {PATIENCE:?}", self.inside);
        }
        Ok(())
    }

    /// [ns] since the beginning
    fn now(&self) -> u64 {
        Instant::now().saturating_duration_since(self.begun).as_nanos() as u64
    }

    fn send(&mut self, number: u32, which: u32) -> anyhow::Result<()> {
        let fewest = || (0..self.connections.len()).min_by_key(|&at| self.connections[at].inside());
        // With all of them busy a request goes out behind another: it does not wait on our side.
        let Some(at) = self.idle.pop_front().or_else(fewest) else { bail!("there is no connection") };
        self.connections[at].send(number, &self.requests[which as usize])?;
        self.inside += 1;
        Ok(())
    }

    /// What has come, without waiting; none if nothing has.
    fn look(&mut self) -> anyhow::Result<Option<Found>> {
        if interrupt::asked() {
            bail!(interrupt::Interrupted);
        }
        match self.poll.poll(&mut self.events, Some(Duration::ZERO)) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => return Ok(None),
            polled => polled?,
        }
        let mut found = Found { at: self.now(), answered: Vec::new() };
        for event in &self.events {
            let connection = &mut self.connections[event.token().0];
            let was_busy = connection.inside() > 0;
            connection.ready(&mut self.room, &mut found.answered)?;
            if was_busy && connection.inside() == 0 {
                self.idle.push_back(event.token().0);
            }
        }
        self.inside -= found.answered.len();
        Ok((!found.answered.is_empty()).then_some(found))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener};

    use super::*;
    use crate::schedule::poisson;
    use crate::wire::http;

    /// A thread for each connection that answers every request with this, in two pieces.
    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                stream.set_nodelay(true).unwrap();
                std::thread::spawn(move || {
                    let (mut bytes, mut room) = (Vec::new(), [0; 4096]);
                    while let Ok(count @ 1..) = stream.read(&mut room) {
                        bytes.extend_from_slice(&room[..count]);
                        while let Ok(Some((_, length))) = http::question(&bytes) {
                            bytes.drain(..length);
                            let (head, tail) = answer.split_at(20);
                            if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(tail.as_bytes())).is_err() {
                                return;
                            }
                        }
                    }
                });
            }
        });
        at
    }

    const FINE: &str = "HTTP/1.1 200 OK\r\nX-Said: yes\r\nContent-Length: 2\r\n\r\nok";

    fn with<T>(answer: &'static str, connections: usize, what: impl FnOnce(&mut Generator<'_>) -> T) -> T {
        let (at, requests) = (server(answer), [http::get("/")]);
        what(&mut Generator::open(&|| Line::open(at, Protocol::Http), Protocol::Http, connections, &requests).unwrap())
    }

    #[test]
    fn an_open_round_sends_all_on_time_and_hears_all_answers() {
        let schedule = poisson(1, 2_000.0, 0.2, |_| Choice::plain(0));
        for connections in [1, 8] {
            let round = with(FINE, connections, |generator| generator.keep_to(&schedule, true)).unwrap();
            let intended: Vec<u64> = round.asked.iter().map(|one| one.intended).collect();
            assert_eq!((intended, round.overrun), (schedule.at.clone(), false));
            assert!(round.asked.iter().all(|one| one.intended <= one.sent && one.sent < one.answered), "{:?}", round.asked);
            assert_eq!((round.heads.len(), http::header(&round.heads[0], "x-said")), (schedule.at.len(), Some("yes")));
        }
    }

    #[test]
    fn a_closed_round_tells_a_rate() {
        let rate = with(FINE, 4, |generator| generator.keep_inside(&[Choice::plain(0)], 4, Duration::from_millis(200))).unwrap();
        assert!(rate > 10.0, "{rate}/s");
    }

    #[test]
    fn a_server_that_refuses_ends_the_round() {
        let refuses = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
        let error = with(refuses, 1, |generator| generator.keep_to(&poisson(1, 100.0, 0.1, |_| Choice::plain(0)), false)).unwrap_err();
        assert_eq!(error.to_string(), "the answer is “HTTP/1.1 500 Internal Server Error”");
    }
}
