//! One connection of the generator: what is still to be written, what has been read, and which
//! requests are under way, in order.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, ensure};
use mio::{Interest, Registry, Token};

use crate::wire::{Protocol, http};

pub(super) struct Connection {
    stream: mio::net::TcpStream,
    protocol: Protocol,
    /// Not yet taken by the system.
    unsent: Vec<u8>,
    /// Read and not yet a whole answer.
    read: Vec<u8>,
    under_way: VecDeque<u32>,
    heads: Option<Vec<String>>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, protocol: Protocol, number: usize, registry: &Registry) -> anyhow::Result<Self> {
        stream.set_nonblocking(true)?;
        let mut stream = mio::net::TcpStream::from_std(stream);
        registry.register(&mut stream, Token(number), Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self { stream, protocol, unsent: Vec::new(), read: Vec::new(), under_way: VecDeque::new(), heads: None })
    }

    pub(super) fn inside(&self) -> usize {
        self.under_way.len()
    }

    pub(super) fn keep_heads(&mut self, keep: bool) {
        self.heads = keep.then(Vec::new);
    }

    pub(super) fn take_heads(&mut self) -> Vec<String> {
        self.heads.take().unwrap_or_default()
    }

    pub(super) fn send(&mut self, number: u32, request: &[u8]) -> anyhow::Result<()> {
        self.under_way.push_back(number);
        self.unsent.extend_from_slice(request);
        self.write()
    }

    fn write(&mut self) -> anyhow::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(written) => drop(self.unsent.drain(..written)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("sending a request"),
            }
        }
        Ok(())
    }

    /// Goes on with whatever the system says can go on. Events come once for each change, so all
    /// that can be read is read.
    pub(super) fn ready(&mut self, room: &mut [u8], answered: &mut Vec<u32>) -> anyhow::Result<()> {
        self.write()?;
        loop {
            match self.stream.read(room) {
                Ok(0) => anyhow::bail!("the server closed a connection"),
                Ok(count) => {
                    self.read.extend_from_slice(&room[..count]);
                    // Less than there was room for: the next event will say when there is more.
                    if count < room.len() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("reading an answer"),
            }
        }
        self.take_answers(answered)
    }

    fn take_answers(&mut self, answered: &mut Vec<u32>) -> anyhow::Result<()> {
        let mut at = 0;
        while at < self.read.len()
            && let Some(length) = self.protocol.answer(&self.read[at..])?
        {
            if let Some(heads) = &mut self.heads
                && let Some((head, _)) = http::head(&self.read[at..at + length])?
            {
                heads.push(head.to_owned());
            }
            at += length;
            let number = self.under_way.pop_front();
            ensure!(number.is_some(), "the server answered what nobody had asked");
            answered.extend(number);
        }
        self.read.drain(..at);
        Ok(())
    }
}
