//! What is said of small designs written by hand, each for a turn of the story that the drawn scenes of
//! `fidelity` do not take.

use design::{Experiment, Format, Resolved};
use expect_test::expect;
use judge::explain::{Explanation, Role, explain};
use sim::{Budget, ENGINE, Report, pool, run};

fn ran(text: &str, seed: u64) -> (Resolved, Report) {
    let text = format!("octo = 1\n[components]\nusers = {{ kind = \"clients\" }}\n{text}");
    let loaded = design::read(&text, Format::Toml);
    let resolved = design::resolve(&loaded.document).unwrap_or_else(|problems| panic!("{text}\n{problems:?}"));
    let report = run(&Experiment { document: resolved.clone(), seed, engine: ENGINE.into() }, Budget::default()).expect("a run");
    (resolved, report)
}

fn told(text: &str) -> Explanation {
    let (resolved, report) = ran(text, 1);
    explain(resolved.document(), &report, None)
}

fn text(told: &Explanation) -> String {
    told.findings.iter().map(|finding| format!("{}: {}\n", finding.role.name(), finding.sentence)).collect()
}

#[test]
fn a_circle_is_a_deadlock() {
    let told = told(
        "a = { kind = \"service\", workers = 4, time = \"exp 5 ms\" }\nb = { kind = \"service\", workers = 4, time = \"exp 5 ms\" }
[calls]\nbuy = \"a > b > a\"\n[workload]\nlasts = \"60 s\"\nbuy = { from = \"users\", arrivals = \"poisson 200/s\" }",
    );
    expect![[r#"
        cause: Requests wait for each other in a circle through a and b: all of the 4 workers of b are held by requests that wait for one of them, so nothing can go on (deadlock).
    "#]].assert_eq(&text(&told));
}

#[test]
fn an_autoscaler_at_its_most_is_not_late() {
    let told = told(
        "web = { kind = \"service\", replicas = 2, workers = 8, time = \"exp 20 ms\", autoscale = { min = 2, max = 4, every = \"2 s\", delay = \"5 s\" } }
[links]\n\"users -> web\" = {}\n[workload]\nlasts = \"60 s\"\nbuy = { from = \"users\", arrivals = \"steps 500/s, 2000/s from 20 s\" }",
    );
    expect![[r#"
        cause: The autoscaler of web may not grow it enough: at 20 s the load of buy rose from 497/s to 1,990/s, 2,020/s are asked of it, and the 4 replicas that it may have do 1,610/s.
        effect: The slow requests of buy took 21 s in the mean: 100 % waiting at web.
    "#]].assert_eq(&text(&told));
}

#[test]
fn an_empty_cache_is_told_from_one_that_is_too_small() {
    let told = told(
        "web = { kind = \"service\", workers = 64, time = \"exp 5 ms\" }\ndb = { kind = \"relational\", pool = 8, time = \"exp 10 ms\" }
cache = { kind = \"cache\", entries = 100000, ttl = \"1 h\" }\n[data]\nitem = { rows = 20000 }
[calls]\nbuy = \"\"\"\nweb\n  cache get item\n    miss: db read item; cache put item\n\"\"\"
[workload]\nlasts = \"60 s\"\nwarmup = \"0 %\"\nbuy = { from = \"users\", arrivals = \"poisson 1500/s\", keys = \"zipf 0.9 of 20000\" }",
    );
    expect![[r#"
        cause: cache was empty when the run began: in the first 2.5 s 36 % of what it was asked for were misses, more than db could do, and 8 % in the later half.
        effect: db, the busiest of all, was at its limit from the start (31 % busy).
        effect: web was at its limit at 250 ms (20 % busy).
    "#]].assert_eq(&text(&told));
}

/// Of two faults the worse is the cause, and the other is told as well.
#[test]
fn two_faults_are_both_told() {
    let told = told(
        "web = { kind = \"service\", replicas = 4, workers = 16, time = \"exp 5 ms\" }\ndb = { kind = \"relational\", pool = 40, time = \"exp 5 ms\" }
[calls]\nbuy = \"web > db\"\n[workload]\nlasts = \"60 s\"\nbuy = { from = \"users\", arrivals = \"poisson 1500/s\" }
[[faults]]\nat = \"20 s\"\nlasts = \"5 s\"\nwhat = \"down db\"\n[[faults]]\nat = \"40 s\"\nlasts = \"5 s\"\nwhat = \"slow db x8\"",
    );
    expect![[r#"
        cause: db was down from 20 s to 25 s: meanwhile 87 % of buy failed.
        effect: Of buy, 9 % failed: db: down (9 %).
        effect: web, the busiest of all, was full at 40.2 s, too, but for 61 % of that time its workers only waited for db: it is a victim, not the cause.
        effect: The slow requests of buy took 1.4 s in the mean: 97 % waiting at web.
        effect: When it had ended, the goodput of buy was back at once.
        effect: Apart from that, db was 8 times slower from 40 s to 45 s: meanwhile buy took 880 ms in the mean, and 10 ms before.
    "#]].assert_eq(&text(&told));
}

#[test]
fn nothing_wrong_says_how_much_room_is_left() {
    let design = "web = { kind = \"service\", workers = 4, time = \"exp 10 ms\" }\n[links]\n\"users -> web\" = {}
[workload]\nlasts = \"60 s\"\nbuy = { from = \"users\", arrivals = \"poisson 200/s\" }";
    expect![[r#"
        well: All is well: every request was answered, and nothing was at its limit.
        well: web would be full first: it is 50 % busy, so about 2 times the load is the most that it could bear, and waiting grows well before.
        note: buy takes 11 ms in the mean, 100 % of it at web.
    "#]].assert_eq(&text(&told(design)));
    // Several runs are explained as one.
    let reports: Vec<Report> = (1..4).map(|seed| ran(design, seed).1).collect();
    let pooled = explain(ran(design, 1).0.document(), &pool(&reports).expect("one design"), None);
    assert_eq!(pooled.findings[0].role, Role::Well);
}

/// Whoever comes when nothing is left is no failure of the design.
#[test]
fn sold_out_is_an_answer() {
    let told = told(
        "web = { kind = \"service\", workers = 32, time = \"exp 3 ms\" }\ndb = { kind = \"relational\", pool = 20, time = \"exp 2 ms\" }
[data]\nstock = { rows = 1, value = 500 }\n[calls]\nbuy = \"web > db take stock\"
[workload]\nlasts = \"30 s\"\nbuy = { from = \"users\", arrivals = \"flash 20/s..200/s in 2 s, half-life 10 s\" }",
    );
    expect![[r#"
        well: All is well: every request was answered, and nothing was at its limit.
        well: web would be full first: it is 2 % busy, so about 62 times the load is the most that it could bear, and waiting grows well before.
        note: buy takes 5.7 ms in the mean, 51 % of it at web.
        note: 87 % of buy came when nothing was left (sold out), and were told so.
    "#]].assert_eq(&text(&told));
}
