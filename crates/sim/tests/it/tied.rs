//! Tied requests: two copies wait in two queues, and the one that begins calls the other off. Exact
//! where times are constant; against theory and the direction of what was published, otherwise.

use expect_test::{Expect, expect};
use sim::{Budget, Report};

use crate::check::{check, measure, pooled, report};

/// Two replicas of one worker that need 10 ms, and requests at these times; those of `fill` are not
/// tied and make queues. Replicas are taken in turn.
fn leaves(link: &str, fill: &str, buy: &str, more: &str) -> Report {
    let text = format!(
        r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", workers = "unlimited", time = "0 s" }}
leaf  = {{ kind = "service", replicas = 2, workers = 1, time = "10 ms" }}
[links]
"web -> leaf" = {{ {link} }}
[calls]
buy  = "web > leaf"
fill = "leaf"
[workload]
lasts  = "1 s"
warmup = "0 %"
buy  = {{ from = "users", arrivals = "trace buy" }}
fill = {{ from = "users", arrivals = "trace fill" }}
[traces]
buy  = "{buy}"
fill = "{fill}"
{more}"#
    );
    report(&text, 1, Budget::default())
}

fn told(report: &Report) -> String {
    let (buy, leaf, link) = (&report.classes["buy"], &report.components["leaf"], &report.links["web -> leaf"]);
    let failed: Vec<String> = buy.failed.iter().map(|(cause, count)| format!(", {count} {cause}")).collect();
    format!(
        "{} of {} answered{}, the last after {} ms; {} sent, {} of them second; {} begun, {} dropped, busy for {} ms\n",
        buy.answered,
        buy.sent,
        failed.concat(),
        buy.latency.percentile(1_000_000).unwrap_or(0) as f64 / 1e6,
        link.calls,
        link.hedges,
        leaf.begun,
        leaf.dropped,
        leaf.area_busy as f64 / 1e6,
    )
}

fn tell(cases: &[(&str, &str, &str, &str)], expected: Expect) {
    let lines = cases.iter().map(|(link, fill, buy, more)| format!("{link}: {}", told(&leaves(link, fill, buy, more))));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn copies_that_begin_before_they_hear_of_each_other_are_both_served() {
    // Nobody is there before; the second sent later than twice the way is never needed.
    tell(
        &[
            ("", "0.9", "0.1", ""),
            (r#"tied = "0 s""#, "0.9", "0.1", ""),
            (r#"tied = "1 ms""#, "0.9", "0.1", ""),
            (r#"rtt = "4 ms", tied = "0 s""#, "0.9", "0.1", ""),
            (r#"rtt = "4 ms", tied = "1 ms""#, "0.9", "0.1", ""),
            (r#"rtt = "4 ms", tied = "3 ms""#, "0.9", "0.1", ""),
            (r#"rtt = "4 ms", tied = "4 ms""#, "0.9", "0.1", ""),
        ],
        expect![[r#"
            : 1 of 1 answered, the last after 10 ms; 1 sent, 0 of them second; 2 begun, 0 dropped, busy for 20 ms
            tied = "0 s": 1 of 1 answered, the last after 10 ms; 2 sent, 1 of them second; 3 begun, 0 dropped, busy for 30 ms
            tied = "1 ms": 1 of 1 answered, the last after 10 ms; 1 sent, 0 of them second; 2 begun, 0 dropped, busy for 20 ms
            rtt = "4 ms", tied = "0 s": 1 of 1 answered, the last after 14 ms; 2 sent, 1 of them second; 3 begun, 0 dropped, busy for 30 ms
            rtt = "4 ms", tied = "1 ms": 1 of 1 answered, the last after 14 ms; 2 sent, 1 of them second; 3 begun, 0 dropped, busy for 30 ms
            rtt = "4 ms", tied = "3 ms": 1 of 1 answered, the last after 14 ms; 2 sent, 1 of them second; 2 begun, 0 dropped, busy for 20 ms
            rtt = "4 ms", tied = "4 ms": 1 of 1 answered, the last after 14 ms; 1 sent, 0 of them second; 2 begun, 0 dropped, busy for 20 ms
        "#]],
    );
}

#[test]
fn the_copy_that_still_waits_is_called_off() {
    // The first replica is slow and has work for 100 ms, the second is free after 11 ms.
    let slow = "[[faults]]\nat = \"0 s\"\nwhat = \"slow leaf.1 x10\"\n";
    tell(
        &[
            ("", "0.001\\n0.002", "0.005", slow),
            (r#"tied = "0 s""#, "0.001\\n0.002", "0.005", slow),
            (r#"tied = "1 ms""#, "0.001\\n0.002", "0.005", slow),
            (r#"tied = "50 ms""#, "0.001\\n0.002", "0.005", slow),
            (r#"tied = "1 ms", rtt = "1 ms""#, "0.001\\n0.002", "0.005", slow),
        ],
        expect![[r#"
            : 1 of 1 answered, the last after 196 ms; 1 sent, 0 of them second; 3 begun, 0 dropped, busy for 210 ms
            tied = "0 s": 1 of 1 answered, the last after 17 ms; 2 sent, 1 of them second; 3 begun, 1 dropped, busy for 120 ms
            tied = "1 ms": 1 of 1 answered, the last after 17 ms; 2 sent, 1 of them second; 3 begun, 1 dropped, busy for 120 ms
            tied = "50 ms": 1 of 1 answered, the last after 60 ms; 2 sent, 1 of them second; 3 begun, 1 dropped, busy for 120 ms
            tied = "1 ms", rtt = "1 ms": 1 of 1 answered, the last after 17.5 ms; 2 sent, 1 of them second; 3 begun, 1 dropped, busy for 120 ms
        "#]],
    );
}

#[test]
fn who_waits_behind_a_copy_that_is_called_off_moves_up() {
    // Both replicas are busy until 11 and 12 ms. The copy at the second is called off at 11 ms, so the
    // request of 7 ms begins there at 12 ms, and that of 6 ms at the first at 21 ms.
    let report = leaves(r#"tied = "0 s""#, "0.001\\n0.002\\n0.006\\n0.007", "0.005", "");
    let fill = &report.classes["fill"];
    let ends: Vec<f64> =
        [250_000, 500_000, 750_000, 1_000_000].map(|part| fill.latency.percentile(part).unwrap_or(0) as f64 / 1e6).to_vec();
    assert_eq!(ends, [10.0, 10.0, 15.0, 25.0]);
}

#[test]
fn a_tie_survives_the_crash_of_a_copy_that_waits_and_not_of_one_that_has_begun() {
    let crash = |at: &str| format!("[[faults]]\nat = \"{at}\"\nlasts = \"1 ms\"\nwhat = \"crash leaf.1\"\n");
    tell(
        &[
            // It waits at the first replica when that crashes, and at the second as well.
            (r#"tied = "0 s""#, "0.001\\n0.002", "0.005", &crash("7 ms")),
            // The second was never sent; the second was called off on its way.
            (r#"tied = "1 ms""#, "0.9", "0.1", &crash("103 ms")),
            (r#"rtt = "4 ms", tied = "3 ms""#, "0.9", "0.1", &crash("103.5 ms")),
        ],
        expect![[r#"
            tied = "0 s": 1 of 1 answered, the last after 17 ms; 2 sent, 1 of them second; 3 begun, 2 dropped, busy for 26 ms
            tied = "1 ms": 0 of 1 answered, 1 leaf: down, the last after 0 ms; 1 sent, 0 of them second; 2 begun, 1 dropped, busy for 13 ms
            rtt = "4 ms", tied = "3 ms": 0 of 1 answered, 1 leaf: down, the last after 0 ms; 2 sent, 1 of them second; 2 begun, 1 dropped, busy for 11.5 ms
        "#]],
    );
}

#[test]
fn copies_in_both_queues_make_one_queue_of_two() {
    // Cancelled when one starts, all of n copies: the queue of M/M/n (Ayesta, Bodas and Verloop 2018).
    let text = |link: &str| {
        format!(
            r#"octo = 1
[components]
users = {{ kind = "clients" }}
leaf  = {{ kind = "service", replicas = 2, workers = 1, time = "exp 10 ms" }}
[links]
"users -> leaf" = {{ {link} }}
[workload]
lasts = "2000 s"
buy   = {{ from = "users", arrivals = "poisson 160/s" }}
"#
        )
    };
    // Erlang's formula with two workers, 80 % busy.
    check(&text(r#"tied = "1 ns""#), &[("mean", 0.027_78, 0.02), ("leaf.wait", 0.017_78, 0.03), ("leaf.utilisation", 0.8, 0.005)]);
}

#[test]
fn ties_cut_the_tail_for_little_more_work() {
    // Ten replicas chosen at random, a way of half a millisecond, and a second copy after two ways.
    let text = |link: &str| {
        format!(
            r#"octo = 1
[components]
users = {{ kind = "clients" }}
lb    = {{ kind = "balancer", policy = "random" }}
leaf  = {{ kind = "service", replicas = 10, workers = 1, time = "hyper 10 ms scv 3" }}
[links]
"users -> lb" = {{}}
"lb -> leaf" = {{ rtt = "1 ms"{link} }}
[workload]
lasts = "400 s"
buy   = {{ from = "users", arrivals = "poisson 500/s" }}
"#
        )
    };
    let (plain, tied) = (pooled(&text("")), pooled(&text(", tied = \"1 ms\"")));
    for name in ["p90", "p99", "p999"] {
        let (before, after) = (measure(&plain, name), measure(&tied, name));
        assert!(after < 0.75 * before, "{name}: {before} and tied {after}");
    }
    let more = measure(&tied, "leaf.utilisation") / measure(&plain, "leaf.utilisation");
    assert!((1.0..1.1).contains(&more), "{more} times the work");
}

#[test]
fn a_report_says_what_a_tie_leaves_out() {
    let with = leaves(r#"tied = "1 ms""#, "0.9", "0.1", "");
    assert!(with.ignores["tied"][0].contains("takes one way of the link"));
    assert!(!leaves("", "0.9", "0.1", "").ignores.contains_key("tied"));
}
