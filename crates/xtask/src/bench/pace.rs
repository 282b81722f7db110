//! Pages per second beside nginx: the same bytes, the same load generator, in turns.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::bench::nginx::Nginx;
use crate::bench::{Figure, http, median};
use crate::steps;

const ROUNDS: usize = 5;
const SECONDS: u32 = 5;

/// A page, what it is called, and the least share of nginx's pace.
pub(super) struct Page<'a> {
    pub(super) name: &'static str,
    pub(super) path: &'a str,
    pub(super) least: f64,
}

/// Measures one page; the rounds take turns, so that a busy moment of the machine hits both.
pub(super) fn measure(octo: SocketAddr, page: &Page<'_>, tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    let made = http::get(octo, page.path, "gzip")?;
    ensure!(made.header("content-encoding") == Some("gzip"), "Octo sends {} uncompressed", page.path);
    let nginx = Nginx::start(&[("page.html", &made.body)])?;
    let kept = http::get(nginx.at, "/page.html", "gzip")?;
    ensure!(
        kept.body == made.body && kept.header("content-encoding") == made.header("content-encoding"),
        "nginx must send the very bytes of Octo"
    );
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(load(octo, page.path)?);
        theirs.push(load(nginx.at, "/page.html")?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    ensure!(http::get(octo, page.path, "gzip")?.body == made.body, "the page changed while it was measured");
    tell(Figure::told(format!("{}: octo", page.name), ours, "pages/s"));
    tell(Figure::told(format!("{}: nginx, the same bytes", page.name), theirs, "pages/s"));
    tell(Figure::at_least(format!("{}: octo beside nginx", page.name), ours / theirs, "of nginx", page.least));
    Ok(())
}

/// Pages per second that one thread with 32 connections gets.
fn load(at: SocketAddr, path: &str) -> anyhow::Result<f64> {
    let wrk = steps::find("wrk").context("wrk is not here; on Debian: apt-get install wrk")?;
    let output = Command::new(wrk)
        .args(["-t1", "-c32", &format!("-d{SECONDS}s"), "-H", "Accept-Encoding: gzip"])
        .arg(format!("http://{at}{path}"))
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success() && !said.contains("Non-2xx") && !said.contains("Socket errors"), "wrk could not load {path}:\n{said}");
    let pace = said.lines().find_map(|line| line.strip_prefix("Requests/sec:")).and_then(|text| text.trim().parse().ok());
    pace.with_context(|| format!("wrk named no pace:\n{said}"))
}
