//! Octo as a learner starts it, with an empty folder, on a free port; ended when dropped.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::bench::http;

pub(super) struct Instance {
    child: Child,
    /// Held open: a server whose output nobody reads any more would end at its next line.
    _out: Lines<BufReader<ChildStdout>>,
    _data: TempDir,
    pub(super) at: SocketAddr,
    /// From the start of the process to the end of the first page.
    pub(super) first_page: Duration,
}

impl Instance {
    /// One worker, as nginx beside it has one.
    pub(super) fn start(octo: &Path) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let begun = Instant::now();
        let mut child = Command::new(octo)
            .args(["serve", "--no-browser", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .env("TOKIO_WORKER_THREADS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", octo.display()))?;
        let out = child.stdout.take().context("octo has an output")?;
        let mut out = BufReader::new(out).lines();
        let said = out.by_ref().map_while(Result::ok).find_map(|line| line.split_once("http://")?.1.trim_end_matches('/').parse().ok());
        // Held from here on, so that whatever fails ends the process too.
        let mut instance = Self { child, _out: out, _data: data, at: SocketAddr::from(([127, 0, 0, 1], 0)), first_page: Duration::ZERO };
        instance.at = said.context("octo ended before it said where it listens")?;
        http::get(instance.at, "/", "br")?;
        instance.first_page = begun.elapsed();
        Ok(instance)
    }

    /// Memory that is resident now [MB]; only Linux says so.
    pub(super) fn resident_mb(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib * 1024.0 / 1e6)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // By its own process number; it may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
