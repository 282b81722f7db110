//! Explanations: whether they name what was planted, in which words, and whether each figure is what the
//! report says. Seeds here are those that the rules were made with; `cargo xtask fidelity explain` scores
//! fresh ones.

use std::path::Path;

use expect_test::expect;
use fidelity::explain::{run, scenes, tell};
use judge::explain::{Explanation, Source, explain};
use sim::Report;

/// Some of all kinds, by a word of the name.
const SHOWN: [&str; 14] = [
    "database too small",
    "slow callee holds",
    "slow class blocks",
    "batches",
    "autoscaler",
    "hot key on one shard",
    "row lock",
    "herd",
    "partitions",
    "pauses",
    "spike",
    "breaker",
    "distance",
    "well: a chain",
];

#[test]
fn the_first_sentence_names_the_planted_cause() {
    let mut wrong = Vec::new();
    let mut shown = String::new();
    let all = scenes(1);
    for scene in &all {
        let told = tell(scene).unwrap_or_else(|problem| panic!("{}: {problem}", scene.name));
        if !told.is_right {
            wrong.push(format!("{}: {}", scene.name, told.first));
        }
        if SHOWN.iter().any(|word| scene.name.contains(word)) {
            shown.push_str(&format!("{}: {}\n", scene.name, told.first));
        }
    }
    assert!(wrong.len() * 20 <= all.len(), "{}", wrong.join("\n"));
    expect![[r#"
        database too small, caller fuller than it: hazel cannot keep up: it does all that it can, 235/s (4 connections, 17 ms for each call), and more is waiting.
        slow callee holds the caller's workers: willow is slow, and ember pays for it: the 185 workers of ember are held while they wait for willow, which takes 1.1 s for a call; at 227/s that would need about 252 workers.
        slow class blocks a fast one: quote holds the workers of birch that order waits for: it is 6 % of the requests there, but keeps a worker for 1.7 s each (most of it waiting for quartz), 95 % of all the time that workers are taken.
        batches of arrivals: fetching comes in batches of 34 at once, 2.33/s of them, and marsh works them off one after another (1 connection, 6.3 ms each): it is only 45 % busy in the mean.
        autoscaler too late: The autoscaler of basalt came too late: at 20 s the load of peruse rose from 107/s to 279/s, and its first new replica served only 20.2 s later (it needs 18 s from its decision on). Until then 2 replicas had to do.
        hot key on one shard: Replica 5 of birch gets 65 % of its calls, where an even share is 6 %: it is full while the others have room, because 63 % of quote ask for one key (hot).
        row lock: Writes to harbor wait for each other's row lock: a connection is held for 330 ms by a call whose work takes 12 ms, so all are taken (100 % busy) while little is done.
        herd on an expiring entry: Whenever an entry of ember expires (ttl 4.6 s), about 29 requests miss it at once and all fetch it from fern: 18.6/s misses instead of 0.65/s if one fetched for all.
        too few partitions: slate has too few partitions: each is read by one worker at a time, so of the 10 workers of coral only 2 are used, which do 78.6/s where 120/s come, and its backlog was 2,477 at the end and growing.
        pauses of one replica: Replica 2 of maple stood still 11 times, first at 6 s for 3.27 s (freeze), and all that was under way there waited: meanwhile quote took 500 ms in the mean, and 10 ms before.
        retries keep it down after a spike: Retries keep oak down although the trigger is gone: each visit now makes 6 attempts, so oak gets 1,310/s instead of 212/s, where it can do 303/s, and 100 % of visit still fail at the end. It began at 18 s, when the load of visit rose from 212/s to 736/s; that was over at 22.3 s.
        breaker opens again and again: The breaker of juniper towards alder does more harm than what it guards against: alder fails 22 % of its calls, and the breaker refuses 95 % of glance, because it opens again and again.
        many calls over a distance: order makes 15 round trips from nectar to slate, one after another and 45 ms each: 680 ms on the network, most of its time.
        well: a chain: All is well: every request was answered, also through “slow iris x1.2”, and nothing was at its limit.
    "#]].assert_eq(&shown);
}

#[test]
fn one_story_is_told_whole() {
    let scene = scenes(1).into_iter().find(|scene| scene.name.contains("slow time")).expect("a scene");
    let told = tell(&scene).expect("a run");
    let text: Vec<&str> = told.all.findings.iter().map(|finding| finding.sentence.as_str()).collect();
    expect![[r#"
        Retries keep birch down although the trigger is gone: each order now makes 6 attempts, so birch gets 642/s instead of 106/s, where it can do 152/s, and 100 % of order still fail at the end. It began with “slow birch x7” at 15.9 s; that was over at 22.3 s.
        Of order, 78 % failed: birch: timed out (78 %).
        The slow requests of order took 72 ms in the mean: 53 % waiting at birch, 43 % work at birch.
        82 % of what birch finished was for nobody: juniper had given up on it, and nothing calls the work back."#]].assert_eq(&text.join("\n"));
}

fn check(name: &str, report: &Report, told: &Explanation) {
    for finding in &told.findings {
        let text = &finding.sentence;
        let is_sentence = text.ends_with('.') && !text.contains("  ") && !text.contains("..") && !text.contains(" .");
        assert!(is_sentence && !text.contains("NaN") && !text.contains("inf ") && !text.contains("inf/"), "{name}: {text}");
        for figure in finding.figures.iter().filter(|figure| figure.from == Source::Report) {
            let measured = report.measure(&figure.name).and_then(|measure| measure.value());
            assert_eq!(measured, Some(figure.value.value), "{name}: {}", figure.name);
        }
    }
}

#[test]
fn every_figure_is_what_the_report_says() {
    for scene in scenes(2).into_iter().step_by(4) {
        let (resolved, report) = run(&scene.text, 2).expect("a run");
        check(scene.name, &report, &explain(resolved.document(), &report, None));
    }
}

/// Whatever a design says, its explanation is made of sentences.
#[test]
fn all_designs_of_the_course_can_be_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the repository");
    let mut open = vec![root.join("pack")];
    let mut explained = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") && path.parent().is_some_and(|parent| parent.ends_with("designs")) {
                let text = std::fs::read_to_string(&path).expect("a text");
                let loaded = design::read(&text, design::Format::Toml);
                let Ok(resolved) = design::resolve(&loaded.document) else { continue };
                let budget = sim::Budget { events: 150_000, ..sim::Budget::default() };
                let experiment = design::Experiment { document: resolved.clone(), seed: 1, engine: sim::ENGINE.into() };
                let report = sim::run(&experiment, budget).expect("a run");
                check(&path.display().to_string(), &report, &explain(resolved.document(), &report, None));
                explained += 1;
            }
        }
    }
    assert!(explained > 8, "{explained}");
}
