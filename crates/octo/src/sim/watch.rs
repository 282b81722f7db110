//! For who waits: a line of progress on a terminal, and Ctrl-C. Reports are not made here.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use units::{Dimension, Quantity};

/// Shorter runs need no comment.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks of who watches.
const BLINK: Duration = Duration::from_millis(150);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on the first Ctrl-C only asks to stop, and the second ends the process. Where no
/// handler can be had, the first one ends it, as without Octo.
pub(crate) fn listen_for_interrupts() {
    let listen = || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if INTERRUPTED.swap(true, Ordering::Relaxed) {
                    std::process::exit(crate::INTERRUPTED.into());
                }
            }
        });
    };
    drop(std::thread::Builder::new().name("interrupts".into()).spawn(listen));
}

pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// How far one run is; written by its thread, read by the one that shows it.
#[derive(Default)]
pub(crate) struct Seen {
    millionths: AtomicU64,
    steps: AtomicU64,
}

impl Seen {
    pub(crate) fn note(&self, done: f64, steps: u64) {
        self.millionths.store((done * 1e6) as u64, Ordering::Relaxed);
        self.steps.fetch_add(steps, Ordering::Relaxed);
    }
}

/// The line of progress on standard error, where that is a terminal.
pub(crate) struct Watch {
    begun: Instant,
    /// [ns]
    lasts: u64,
    is_terminal: bool,
    is_shown: bool,
    looked: Instant,
}

impl Watch {
    pub(crate) fn new(lasts: u64) -> Self {
        let now = Instant::now();
        Self { begun: now, lasts, is_terminal: std::io::stderr().is_terminal(), is_shown: false, looked: now }
    }

    pub(crate) fn look(&mut self, seen: &[Seen]) {
        if !self.is_terminal || self.begun.elapsed() < PATIENCE || self.looked.elapsed() < BLINK {
            return;
        }
        self.looked = Instant::now();
        let runs: Vec<f64> = seen.iter().map(|seen| seen.millionths.load(Ordering::Relaxed) as f64 / 1e6).collect();
        let steps = seen.iter().map(|seen| seen.steps.load(Ordering::Relaxed)).sum();
        self.write(&line(&runs, steps, self.begun.elapsed(), self.lasts));
        self.is_shown = true;
    }

    pub(crate) fn clear(&mut self) {
        if self.is_shown {
            self.write("");
            self.is_shown = false;
        }
    }

    /// Over the last line; nothing depends on whether it can be seen.
    fn write(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        drop(write!(err, "\r\x1b[K{text}"));
        drop(err.flush());
    }
}

/// "42 %, 12.6 min of 30 min simulated, 5.1 million steps/s, about 20 s left".
fn line(runs: &[f64], steps: u64, elapsed: Duration, lasts: u64) -> String {
    let done = runs.iter().sum::<f64>() / runs.len().max(1) as f64;
    let time = |seconds: f64| Quantity::new(seconds, Dimension::TIME).to_string();
    let lasts = lasts as f64 / 1e9;
    let simulated = match runs {
        [_] => format!("{} of {} simulated", time(lasts * done), time(lasts)),
        runs => format!("{} of {} runs done", runs.iter().filter(|run| **run >= 1.0).count(), runs.len()),
    };
    let elapsed = elapsed.as_secs_f64();
    let rate = units::significant(steps as f64 / elapsed / 1e6);
    let left = if done >= 0.01 { format!(", about {} left", time((elapsed * (1.0 - done) / done).ceil())) } else { String::new() };
    format!("{} %, {simulated}, {rate} million steps/s{left}", (done * 100.0) as u64)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long_still() {
        let line = |runs: &[f64]| super::line(runs, 50_000_000, Duration::from_secs(10), 1_800_000_000_000);
        assert_eq!(line(&[0.42]), "42 %, 12.6 min of 30 min simulated, 5 million steps/s, about 14 s left");
        assert_eq!(line(&[1.0, 0.5, 0.0, 0.0]), "37 %, 1 of 4 runs done, 5 million steps/s, about 17 s left");
        assert_eq!(line(&[0.0]), "0 %, 0 s of 30 min simulated, 5 million steps/s");
    }
}
