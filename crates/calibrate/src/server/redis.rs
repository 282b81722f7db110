//! Redis, which serves everybody from one thread: in memory only, behind a password.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use super::{How, Server, free_port, hand_over, program, secret};
use crate::wire::redis::command;
use crate::wire::{Line, Protocol};

pub(crate) struct Redis {
    pub(crate) server: Server,
    pub(crate) at: SocketAddr,
    pub(crate) secret: String,
}

impl Redis {
    pub(crate) fn start(folder: &Path, core: u32) -> anyhow::Result<Self> {
        let own = folder.join("redis");
        fs::create_dir_all(&own)?;
        let (at, secret) = (free_port()?, secret()?);
        let (log, settings) = (own.join("log"), own.join("redis.conf"));
        fs::write(&settings, config(&own, at, &secret))?;
        hand_over(&own, "redis")?;
        let redis = program("redis-server")?;
        let how = How { name: "redis", program: &redis, core, user: Some("redis"), signal: "TERM", log: &log };
        let mut server = Server::start(&how, |command| {
            command.arg(&settings);
        })?;
        server.wait(&log, || hello(at, &secret).map(drop))?;
        Ok(Self { server, at, secret })
    }

    pub(crate) fn fill(&self, commands: impl Iterator<Item = Vec<u8>>) -> anyhow::Result<()> {
        let mut line = hello(self.at, &self.secret)?;
        for command in commands {
            line.ask(&command)?;
        }
        Ok(())
    }
}

/// A connection that has said the password.
pub(crate) fn hello(at: SocketAddr, secret: &str) -> anyhow::Result<Line> {
    let mut line = Line::open(at, Protocol::Redis)?;
    line.ask(&command(&["AUTH", secret]))?;
    Ok(line)
}

fn config(folder: &Path, at: SocketAddr, secret: &str) -> String {
    format!(
        "bind {}\nport {}\nrequirepass {secret}\ndir {}\nsave \"\"\nappendonly no\ndaemonize no\ntimeout 0\nmaxclients 1000\n",
        at.ip(),
        at.port(),
        folder.display()
    )
}
