//! kill -9 of a loaded server, fifty times on one folder: whatever a response acknowledged is in
//! the record afterwards, in order, and nothing else is but what was on its way.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use record::{LearnerId, Treatment, What};
use store::{Options, Store};

use crate::process::{Server, post};

const ROUNDS: u64 = 50;
const SEED: u64 = 0x0c70;
/// One tab each: skills of the course inside the binary. Together they write at the same time.
const SKILLS: [&str; 4] = ["read.boxes", "read.request", "read.queueing", "read.tail"];
const WORDS: [(&str, Treatment); 3] = [("slow", Treatment::Slow), ("standard", Treatment::Standard), ("skip", Treatment::Skip)];

/// What the record says of each skill, in order.
type Record = BTreeMap<String, Vec<Treatment>>;

/// What one tab did in one life of the server.
struct Tab {
    acknowledged: Vec<Treatment>,
    /// Sent, and never answered.
    under_way: Option<Treatment>,
    /// Answered with "try again".
    sent_back: usize,
}

#[test]
fn what_a_response_acknowledged_survives_kill_9_of_a_loaded_server() {
    let begun = Instant::now();
    let seed = std::env::var("OCTO_TESTS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED);
    println!("OCTO_TESTS_SEED={seed}");
    let data = tempfile::tempdir().unwrap();
    let mut kept = Record::new();
    let (mut acknowledged, mut sent_back) = (0, 0);
    for round in 0..ROUNDS {
        let pause = pause(seed, round);
        println!("round {round}: killed {pause:?} after the first acknowledgement");
        let server = Server::start(data.path(), &[]);
        let at = server.at;
        let first = AtomicBool::new(false);
        let tabs: Vec<(&str, Tab)> = std::thread::scope(|scope| {
            let work = |skill: &'static str| {
                let last = kept.get(skill).and_then(|all| all.last().copied());
                let first = &first;
                scope.spawn(move || (skill, write_until_the_end(at, skill, last, first)))
            };
            let tabs = SKILLS.map(work);
            wait_for(&first);
            std::thread::sleep(pause);
            server.kill();
            tabs.into_iter().map(|tab| tab.join().unwrap()).collect()
        });
        let found = reread(data.path());
        for (skill, tab) in tabs {
            let mut sure = kept.remove(skill).unwrap_or_default();
            acknowledged += tab.acknowledged.len();
            sent_back += tab.sent_back;
            sure.extend(&tab.acknowledged);
            let perhaps: Vec<Treatment> = sure.iter().copied().chain(tab.under_way).collect();
            let found = found.get(skill).cloned().unwrap_or_default();
            assert!(
                found == sure || found == perhaps,
                "round {round}, {skill}: acknowledged {sure:?}, under way {:?}, found {found:?}",
                tab.under_way
            );
            kept.insert(skill.to_owned(), found);
        }
    }
    println!("{acknowledged} acknowledged and {sent_back} sent back in {ROUNDS} lives, {:?}", begun.elapsed());
    assert!(acknowledged >= 2 * ROUNDS as usize, "the server was loaded: {acknowledged} acknowledged");
}

/// Overrules one line of the plan again and again; each time differs from the time before, since
/// the same thing sent twice is one entry.
fn write_until_the_end(at: SocketAddr, skill: &str, mut last: Option<Treatment>, first: &AtomicBool) -> Tab {
    let mut tab = Tab { acknowledged: Vec::new(), under_way: None, sent_back: 0 };
    loop {
        let next = WORDS.iter().position(|(_, treatment)| Some(*treatment) == last).map_or(0, |at| at + 1);
        let (word, treatment) = WORDS[next % WORDS.len()];
        match post(at, &format!("/course/{skill}"), &format!("treatment={word}")) {
            Some(303) => {
                tab.acknowledged.push(treatment);
                first.store(true, Ordering::Relaxed);
                last = Some(treatment);
            }
            // Too many tabs at once: said so, not recorded, sent again.
            Some(503) => tab.sent_back += 1,
            Some(status) => panic!("{skill}: {status}"),
            None => {
                tab.under_way = Some(treatment);
                return tab;
            }
        }
    }
}

/// Drawn from seed and round, so that a failing run can be repeated.
fn pause(seed: u64, round: u64) -> Duration {
    let drawn = (seed ^ round.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    Duration::from_micros(drawn % 150_000)
}

fn wait_for(first: &AtomicBool) {
    let begun = Instant::now();
    while !first.load(Ordering::Relaxed) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the server acknowledges something within 20 s");
        std::thread::sleep(Duration::from_micros(200));
    }
}

fn reread(data: &Path) -> Record {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&format!("sqlite:{}", data.join("octo.db").display()), &Options::default()).await.unwrap();
        let entries = store.entries_since(&LearnerId("me".into()), 0).await.unwrap();
        store.close().await;
        let mut record = Record::new();
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!(entry.seq, at as u64 + 1, "numbers have no gaps");
            match &entry.what {
                What::Overruled { skill, treatment: Some(treatment) } => record.entry(skill.clone()).or_default().push(*treatment),
                other => panic!("nobody wrote {other:?}"),
            }
        }
        record
    })
}
