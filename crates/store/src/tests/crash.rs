//! kill -9 at any moment: what was acknowledged is there afterwards. The child is this very test
//! program, started again with an environment variable.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::story::seed;
use super::{learner, open, run, url};
use crate::{Options, Store, Switches};

const FOLDER: &str = "OCTO_STORE_CRASH_FOLDER";
const EARLY: &str = "OCTO_STORE_CRASH_EARLY";
const ROUNDS: u64 = 50;
/// Entries go in pairs, so that half an append would show.
const PAIR: u64 = 2;

#[test]
fn what_was_acknowledged_survives_kill_9() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return run(append_for_ever(Path::new(&folder)));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        acknowledged = kill_once(folder.path(), round, false).max(acknowledged);
        let found = run(reread(folder.path()));
        assert!(found >= acknowledged, "round {round}: {acknowledged} were acknowledged and {found} are there");
        assert_eq!(found % PAIR, 0, "round {round}: half an append is there");
    }
    println!("{acknowledged} entries acknowledged in {ROUNDS} lives");
    assert!(acknowledged >= ROUNDS * PAIR, "the child did its work");
}

/// The same check on a store that lies, so that we know that the check can fail.
#[test]
fn acknowledging_before_the_commit_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let caught = (0..ROUNDS).find(|&round| {
        let acknowledged = kill_once(folder.path(), round, true);
        run(reread(folder.path())) < acknowledged
    });
    println!("caught in round {caught:?}");
    assert!(caught.is_some());
}

/// One life of the child; returns the last entry that it said was kept.
fn kill_once(folder: &Path, round: u64, early: bool) -> u64 {
    let pause = pause(round);
    println!("round {round}: killed {pause:?} after the first acknowledgement");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash::what_was_acknowledged_survives_kill_9", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(EARLY, if early { "1" } else { "0" })
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The test harness writes on the same line before us.
    let mut said = lines.map_while(Result::ok).filter_map(|line| line.split_once("kept ")?.1.parse().ok());
    let first: Option<u64> = said.next();
    std::thread::sleep(pause);
    child.kill().unwrap();
    let last = said.last().or(first);
    child.wait().unwrap();
    last.expect("the child acknowledged something before it was killed")
}

/// Drawn from the round's number, so that a failing round can be repeated.
fn pause(round: u64) -> Duration {
    let drawn = (round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    Duration::from_micros(drawn % 30_000)
}

/// Ends by being killed; on its own after a while, should its parent be gone.
async fn append_for_ever(folder: &Path) {
    let switches = Switches { acknowledge_early: std::env::var(EARLY).as_deref() == Ok("1"), ..Switches::default() };
    let store = Store::open(&url(folder), &Options { switches, ..Options::default() }).await.unwrap();
    let ada = learner("ada");
    let mut last = store.last_seq(&ada).await.unwrap();
    for _ in 0..5000 {
        let kept = store.append(&ada, last, vec![super::hint(last + 1), super::hint(last + 2)]).await.unwrap();
        last = kept.last().unwrap().seq;
        let mut out = std::io::stdout().lock();
        if writeln!(out, "kept {last}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

/// How many entries are there; each must be the one that was written under its number.
async fn reread(folder: &Path) -> u64 {
    let store = open(folder).await;
    let entries = store.entries(&learner("ada")).await.unwrap();
    for entry in &entries {
        assert_eq!(seed(&entry.what), entry.seq);
    }
    let found = u64::try_from(entries.len()).unwrap();
    assert_eq!(store.last_seq(&learner("ada")).await.unwrap(), found);
    store.close().await;
    found
}
