//! What PostgreSQL makes of the schedules in `fidelity/postgresql`: a throwaway cluster, a psql for
//! each session, one statement after the other. A test of the engine compares itself with the
//! outcomes that are written here.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

use crate::steps;

/// So long a statement may take that does not wait for another session.
const AT_ONCE: Duration = Duration::from_millis(400);
/// PostgreSQL looks for a circle of waits after so long, here four times as long as usual: so all
/// statements of a schedule are sent before the first clock runs out.
const CIRCLE: Duration = Duration::from_millis(6_000);
const LEVELS: [&str; 3] = ["read committed", "repeatable read", "serializable"];

/// Writes `fidelity/postgresql/outcomes.txt` anew.
pub(crate) fn run() -> anyhow::Result<bool> {
    let folder = steps::root().join("fidelity/postgresql");
    let schedules = std::fs::read_to_string(folder.join("schedules.txt")).context("reading the schedules")?;
    let cluster = Cluster::start()?;
    let mut told = format!("# What {} makes of schedules.txt; written by cargo xtask isolation.\n", cluster.version()?);
    for block in schedules.split("\n\n").filter(|block| !block.starts_with('#')) {
        let lines: Vec<&str> = block.trim().lines().collect();
        let [name, rows, steps] = lines.as_slice() else { bail!("A schedule has three lines, and this one has not:\n{block}") };
        for level in LEVELS {
            told.push_str(&format!("\n{name}, {level}\n{}", Play::new(&cluster, level, rows)?.run(steps)?));
        }
    }
    std::fs::write(folder.join("outcomes.txt"), told).context("writing the outcomes")?;
    Ok(true)
}

/// PostgreSQL in a folder of its own, reached through a socket there.
struct Cluster {
    bin: PathBuf,
    folder: tempfile::TempDir,
    is_root: bool,
}

impl Cluster {
    fn start() -> anyhow::Result<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut known: Vec<PathBuf> =
            versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).collect();
        known.sort();
        let beside = || steps::find("initdb").and_then(|initdb| Some(initdb.parent()?.to_owned()));
        let bin = known.pop().or_else(beside).context("PostgreSQL is not there; on Debian: apt-get install postgresql")?;
        let folder = tempfile::Builder::new().prefix("octo-pg").tempdir()?;
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
        let cluster = Self { bin, folder, is_root };
        if is_root {
            steps::run(Command::new("chown").arg("postgres").arg(cluster.folder.path()))?;
        }
        let data = cluster.folder.path().join("data");
        let made = cluster.command("initdb").arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "--no-sync"]).output()?;
        ensure!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        let settings = format!("-c listen_addresses='' -k {} -c fsync=off -c deadlock_timeout=4s", cluster.folder.path().display());
        let mut start = cluster.command("pg_ctl");
        start.arg("-D").arg(&data).args(["-w", "-s", "-o", &settings, "-l"]).arg(cluster.folder.path().join("log")).arg("start");
        steps::run(start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?;
        Ok(cluster)
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = if self.is_root { Command::new("setpriv") } else { Command::new(&program) };
        if self.is_root {
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(&program);
        }
        command.current_dir(self.folder.path());
        command
    }

    fn psql(&self) -> Command {
        let mut psql = self.command("psql");
        psql.arg("-h").arg(self.folder.path()).args(["-U", "postgres", "-d", "postgres", "-q", "-A", "-t", "-X"]);
        psql
    }

    fn ask(&self, query: &str) -> anyhow::Result<String> {
        let output = self.psql().args(["-c", query]).output()?;
        ensure!(output.status.success(), "psql failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// "PostgreSQL 15.14"
    fn version(&self) -> anyhow::Result<String> {
        Ok(self.ask("select version()")?.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let stopped = self.command("pg_ctl").arg("-D").arg(data).args(["-m", "immediate", "-s", "stop"]).output();
        if !stopped.is_ok_and(|output| output.status.success()) {
            eprintln!("The throwaway PostgreSQL in {} could not be stopped.", self.folder.path().display());
        }
    }
}

/// One psql, and what it has answered.
struct Session {
    name: char,
    child: Child,
    asks: ChildStdin,
    answers: Receiver<String>,
    /// What it read last, by row.
    read: Vec<(String, u64)>,
    /// The value of an answer that has not come to its end.
    value: Option<u64>,
    /// The statement that it waits for.
    waits: Option<String>,
    is_open: bool,
    has_failed: bool,
}

impl Session {
    fn new(cluster: &Cluster, name: char) -> anyhow::Result<Self> {
        let mut child = cluster.psql().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(asks), Some(out)) = (child.stdin.take(), child.stdout.take()) else { bail!("psql has no pipes") };
        let (send, answers) = channel();
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let (read, value, waits) = (Vec::new(), None, None);
        let mut session = Self { name, child, asks, answers, read, value, waits, is_open: false, has_failed: false };
        // So that a table of three rows is not locked as a whole.
        session.ask("set enable_seqscan = off; set enable_bitmapscan = off;")?;
        session.answer(AT_ONCE * 50).context("psql does not answer")?;
        Ok(session)
    }

    fn ask(&mut self, query: &str) -> anyhow::Result<()> {
        writeln!(self.asks, "{query}\n\\echo @@ :SQLSTATE :ROW_COUNT")?;
        Ok(self.asks.flush()?)
    }

    /// What it printed, its state and the number of rows; none if it does not answer in time.
    fn answer(&mut self, within: Duration) -> Option<(Option<u64>, String, String)> {
        loop {
            let line = self.answers.recv_timeout(within).ok()?;
            match line.strip_prefix("@@ ").and_then(|line| line.split_once(' ')) {
                Some((state, rows)) => return Some((self.value.take(), state.to_owned(), rows.to_owned())),
                None => self.value = line.trim().parse().ok().or(self.value),
            }
        }
    }

    fn last_read(&self, row: &str) -> u64 {
        self.read.iter().rev().find(|(known, _)| known == row).map_or(0, |(_, value)| *value)
    }

    fn outcome(&mut self, step: &str, within: Duration) -> Option<String> {
        let (value, state, rows) = self.answer(within)?;
        self.waits = None;
        let is_end = matches!(step, "commit" | "rollback");
        self.is_open = !is_end;
        self.has_failed = state != "00000" && !is_end;
        let verb = step.split(' ').next().unwrap_or(step);
        Some(match (state.as_str(), verb, value) {
            ("40001", ..) => "serialization failure".into(),
            ("40P01", ..) => "deadlock".into(),
            ("00000", "commit", _) => "committed".into(),
            ("00000", "rollback", _) => "rolled back".into(),
            ("00000", "read" | "lock", Some(value)) => {
                self.read.push((step[5..].to_owned(), value));
                value.to_string()
            }
            ("00000", ..) if rows == "0" => "none left".into(),
            ("00000", ..) => "done".into(),
            (other, ..) => format!("error {other}"),
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

struct Play<'a> {
    level: &'a str,
    rows: Vec<&'a str>,
    cluster: &'a Cluster,
    sessions: Vec<Session>,
    told: String,
}

impl<'a> Play<'a> {
    fn new(cluster: &'a Cluster, level: &'a str, rows: &'a str) -> anyhow::Result<Self> {
        cluster.ask("drop table if exists t")?;
        cluster.ask("create table t (k text primary key, v bigint not null)")?;
        let mut names = Vec::new();
        for row in rows.split_whitespace() {
            let (name, value) = row.split_once('=').context("a row is written as in x=10")?;
            cluster.ask(&format!("insert into t values ('{name}', {value})"))?;
            names.push(name);
        }
        Ok(Self { level, rows: names, cluster, sessions: Vec::new(), told: String::new() })
    }

    fn run(mut self, steps: &str) -> anyhow::Result<String> {
        // All are there before the first begins.
        let mut names: Vec<char> = steps.split("; ").filter_map(|step| step.chars().next()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.sessions.push(Session::new(self.cluster, name)?);
        }
        for step in steps.split("; ") {
            let (name, what) = step.split_once(' ').context("a step is written as in A read x")?;
            let name = name.chars().next().unwrap_or('A');
            let at = self.sessions.iter().position(|session| session.name == name).context("every session was begun")?;
            let outcome = self.step(at, what)?;
            self.told.push_str(&format!("  {step}: {outcome}\n"));
            self.go_on();
        }
        let mut latest = Vec::new();
        for row in &self.rows {
            latest.push(format!("{row}={}", self.cluster.ask(&format!("select v from t where k = '{row}'"))?));
        }
        Ok(format!("{}  {}\n", self.told, latest.join(" ")))
    }

    fn step(&mut self, at: usize, step: &str) -> anyhow::Result<String> {
        let level = self.level;
        let session = &mut self.sessions[at];
        if session.waits.is_some() {
            return Ok("still waits".into());
        }
        let is_end = matches!(step, "commit" | "rollback");
        if session.has_failed && !is_end {
            return Ok("has failed".into());
        }
        let step = if is_end && session.has_failed { "rollback" } else { step };
        let (verb, row) = step.split_once(' ').unwrap_or((step, ""));
        let query = match verb {
            "read" => format!("select v from t where k = '{row}';"),
            "lock" => format!("select v from t where k = '{row}' for update;"),
            "take" => format!("update t set v = v - 1 where k = '{row}' and v > 0;"),
            "write" => format!("update t set v = {} where k = '{row}';", session.last_read(row).saturating_sub(1)),
            end => format!("{end};"),
        };
        let begin = if session.is_open || is_end { String::new() } else { format!("begin isolation level {level};\n") };
        session.ask(&format!("{begin}{query}"))?;
        session.is_open = true;
        Ok(session.outcome(step, AT_ONCE).unwrap_or_else(|| {
            session.waits = Some(step.to_owned());
            "waits".into()
        }))
    }

    /// Those that wait may have got what they waited for, or been told that they never will.
    fn go_on(&mut self) {
        loop {
            // Only where nobody is left to let others go on it is worth to wait for the clock of the first.
            let all_wait = self.sessions.iter().all(|session| session.waits.is_some());
            let patience = if all_wait { CIRCLE } else { AT_ONCE };
            let slices = (patience.as_millis() / 10) as u32;
            let Some(first) = (0..slices).find_map(|_| self.first_outcome()) else { return };
            // Whoever was told of a circle made room for those that went on after it.
            let mut outcomes: Vec<_> = std::iter::once(first).chain((0..10).filter_map(|_| self.first_outcome())).collect();
            outcomes.sort_by_key(|(.., outcome)| outcome != "deadlock");
            for (at, step, outcome) in outcomes {
                self.told.push_str(&format!("    {} {step}: {outcome}\n", self.sessions[at].name));
            }
        }
    }

    fn first_outcome(&mut self) -> Option<(usize, String, String)> {
        std::thread::sleep(Duration::from_millis(10));
        self.sessions.iter_mut().enumerate().find_map(|(at, session)| {
            let step = session.waits.clone()?;
            let outcome = session.outcome(&step, Duration::from_millis(1))?;
            Some((at, step, outcome))
        })
    }
}
