//! Ctrl-C, and being asked to end: a flag that whoever waits looks at, so that the servers are
//! ended by those who hold them.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// The measurement was ended by its user.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted; the servers were ended and nothing was written")
    }
}

impl std::error::Error for Interrupted {}

/// From now on Ctrl-C only asks to stop. Where no handler can be had it ends the process; the
/// servers then end because it did.
pub(crate) fn listen() {
    let listen = || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            while ended().await.is_some() {
                ASKED.store(true, Ordering::Relaxed);
            }
        });
    };
    drop(std::thread::Builder::new().name("interrupts".into()).spawn(listen));
}

#[cfg(unix)]
async fn ended() -> Option<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt()).ok()?, signal(SignalKind::terminate()).ok()?);
    tokio::select! {
        came = interrupted.recv() => came,
        came = terminated.recv() => came,
    }
}

#[cfg(not(unix))]
async fn ended() -> Option<()> {
    tokio::signal::ctrl_c().await.ok()
}

pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
