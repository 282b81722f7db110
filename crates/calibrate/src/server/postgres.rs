//! PostgreSQL: a cluster made for one case, a table of numbers, and one connection to it at a
//! time, which is one process that answers one query after another.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use tempfile::NamedTempFile;

use super::{How, Server, free_port, hand_over, is_root, program, secret};
use crate::wire::{Line, Protocol, postgres};

const USER: &str = "postgres";
/// Rows of the table.
pub(crate) const ROWS: i64 = 100_000;

/// Read only, by the index, by one process for a query, and nothing going on in the background.
const SETTINGS: [&str; 8] = [
    "fsync=off",
    "autovacuum=off",
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "plan_cache_mode=force_generic_plan",
    "enable_seqscan=off",
    "enable_bitmapscan=off",
    "unix_socket_directories=",
];

pub(crate) struct Postgres {
    pub(crate) server: Server,
    pub(crate) at: SocketAddr,
    pub(crate) secret: String,
}

impl Postgres {
    pub(crate) fn start(folder: &Path, core: u32) -> anyhow::Result<Self> {
        let own = folder.join("postgres");
        fs::create_dir_all(&own)?;
        hand_over(&own, USER)?;
        let (at, secret) = (free_port()?, secret()?);
        let data = own.join("data");
        make_cluster(&own, &data, &secret)?;
        let log = folder.join("postgres.log");
        let program = program("postgres")?;
        let how = How { name: "postgres", program: &program, core, user: Some(USER), signal: "INT", log: &log };
        let mut server = Server::start(&how, |command| {
            command.current_dir(&own).arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &at.port().to_string()]);
            command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        })?;
        server.wait(&log, || hello(at, &secret).map(drop))?;
        let mut line = hello(at, &secret)?;
        for sql in [
            "create table numbers (id int primary key, value int not null)".to_owned(),
            format!("insert into numbers select i, i % 1000 from generate_series(1, {ROWS}) i"),
            "vacuum analyze numbers".to_owned(),
        ] {
            line.ask(&postgres::query(&sql))?;
        }
        Ok(Self { server, at, secret })
    }
}

/// A connection that has logged in.
pub(crate) fn hello(at: SocketAddr, secret: &str) -> anyhow::Result<Line> {
    let mut line = Line::open(at, Protocol::Postgres)?;
    postgres::log_in(&mut line, USER, secret)?;
    Ok(line)
}

/// A connection with a statement prepared.
pub(crate) fn prepared(at: SocketAddr, secret: &str, sql: &str) -> anyhow::Result<Line> {
    let mut line = hello(at, secret)?;
    line.ask(&postgres::prepare(sql))?;
    Ok(line)
}

fn make_cluster(folder: &Path, data: &Path, secret: &str) -> anyhow::Result<()> {
    let words = NamedTempFile::new_in(folder)?;
    fs::write(words.path(), secret)?;
    hand_over(words.path(), USER)?;
    let initdb = program("initdb")?;
    // It refuses to run as root.
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", USER, "--regid", USER, "--init-groups"]).arg(initdb);
        command
    } else {
        Command::new(initdb)
    };
    command.current_dir(folder).arg("-D").arg(data).arg("--pwfile").arg(words.path());
    let made = command.args(["-U", USER, "-A", "password", "-E", "UTF8", "--locale=C", "--no-sync"]).output().context("running initdb")?;
    ensure!(made.status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&made.stderr).trim());
    Ok(())
}
