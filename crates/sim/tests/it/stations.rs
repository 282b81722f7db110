//! Single stations: D01 to D06 and D09, and the tandem of D19.

use crate::check::{check, measure, pooled, report, station};
use sim::Budget;

#[test]
fn d01_one_worker_at_half_load() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 50/s", "2600 s");
    check(&text, &[("mean", 0.020, 0.02), ("buy.inside", 1.0, 0.02), ("worker.utilisation", 0.5, 0.01)]);
}

#[test]
fn d01_one_worker_at_80_per_cent() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 80/s", "1650 s");
    let percentiles = [("p50", 0.03466, 0.044), ("p95", 0.14979, 0.088), ("p99", 0.23026, 0.088)];
    check(&text, &percentiles);
    check(&text, &[("mean", 0.050, 0.044), ("inside", 4.0, 0.044), ("worker.wait", 0.040, 0.044), ("worker.queue", 3.2, 0.044)]);
}

#[test]
fn d01_one_worker_at_90_and_95_per_cent() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 90/s", "1470 s");
    check(&text, &[("mean", 0.100, 0.08), ("p50", 0.06931, 0.08), ("p99", 0.46052, 0.16)]);
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 95/s", "1390 s");
    check(&text, &[("mean", 0.200, 0.16), ("inside", 19.0, 0.16)]);
}

#[test]
fn d02_a_pool_of_workers_waits_as_erlang_c_says() {
    for (workers, rate, wait, mean, p50, p95, p99) in [
        (1, 8, 400.0, 500.0, 346.6, 1497.9, 2302.6),
        (2, 16, 177.8, 277.8, 204.0, 791.1, 1193.7),
        (4, 32, 74.55, 174.55, 134.6, 473.8, 689.3),
        (8, 64, 28.60, 128.60, 98.63, 350.8, 515.2),
        (16, 128, 9.53, 109.53, 80.19, 312.5, 473.5),
        (10, 90, 66.87, 166.87, 132.9, 436.1, 625.0),
    ] {
        let text = station(
            &format!(r#"workers = {workers}, time = "exp 100 ms""#),
            &format!("poisson {rate}/s"),
            &format!("{} s", 132_000 / rate),
        );
        let percentiles = [("p50", p50 / 1e3, 0.04), ("p95", p95 / 1e3, 0.08), ("p99", p99 / 1e3, 0.08)];
        check(&text, &percentiles);
        check(
            &text,
            &[
                ("mean", mean / 1e3, 0.04),
                ("worker.wait", wait / 1e3, 0.08),
                ("worker.utilisation", f64::from(rate) / f64::from(workers) / 10.0, 0.01),
            ],
        );
    }
}

#[test]
fn d03_a_full_pool_refuses_as_erlang_b_says_whatever_the_distribution() {
    for time in ["exp 100 ms", "100 ms", "lognormal 100 ms scv 4"] {
        let text = station(&format!(r#"workers = 10, queue = 0, time = "{time}""#), "poisson 100/s", "1300 s");
        check(&text, &[("errors", 0.21458, 0.02)]);
        let text = station(&format!(r#"workers = 15, queue = 0, time = "{time}""#), "poisson 100/s", "1300 s");
        check(&text, &[("errors", 0.03650, 0.08)]);
    }
}

#[test]
fn d04_a_bounded_queue_refuses_and_keeps_the_wait_short() {
    // K counts those in service too: a queue of K less the workers.
    for (workers, room, rate, each, refused, throughput, mean, utilisation) in [
        (1, 10, 80, 100, 0.02349, 78.12, 37.97, 0.7812),
        (1, 10, 120, 100, 0.19259, 96.89, 69.26, 0.9689),
        (4, 20, 36, 10, 0.01681, 35.40, 219.5, 0.8849),
        (16, 32, 200, 10, 0.20179, 159.64, 176.6, 0.9978),
    ] {
        let words = format!(r#"workers = {workers}, queue = {}, time = "exp {} ms""#, room - workers, 1000 / each);
        let text = station(&words, &format!("poisson {rate}/s"), &format!("{} s", 132_000 / rate));
        check(
            &text,
            &[
                ("errors", refused, 0.08),
                ("throughput", throughput, 0.02),
                ("mean", mean / 1e3, 0.04),
                ("worker.utilisation", utilisation, 0.02),
            ],
        );
    }
}

#[test]
fn d05_constant_service_halves_the_wait() {
    for (rate, wait, tolerance) in [(50, 0.005, 0.02), (80, 0.020, 0.044), (90, 0.045, 0.08)] {
        let text = station(r#"workers = 1, time = "10 ms""#, &format!("poisson {rate}/s"), &format!("{} s", 132_000 / rate));
        check(&text, &[("worker.wait", wait, tolerance)]);
    }
    let text = station(r#"workers = 1, time = "10 ms""#, "poisson 80/s", "1650 s");
    check(&text, &[("p99", 0.10356 + 0.010, 0.088)]);
}

#[test]
fn d06_the_wait_grows_with_the_spread_of_service() {
    for (time, wait, tolerance) in [
        ("erlang 4 10 ms", 0.025, 0.08),
        ("erlang 2 10 ms", 0.030, 0.08),
        ("lognormal 10 ms scv 2", 0.060, 0.08),
        ("hyper 10 ms scv 2", 0.060, 0.08),
        ("hyper 10 ms scv 4", 0.100, 0.16),
        ("lognormal 10 ms scv 4", 0.100, 0.16),
    ] {
        let text = station(&format!(r#"workers = 1, time = "{time}""#), "poisson 80/s", "1650 s");
        check(&text, &[("worker.wait", wait, tolerance)]);
    }
}

#[test]
fn d09_without_a_limit_nobody_waits_and_the_number_inside_is_rate_times_time() {
    for time in ["exp 250 ms", "250 ms", "lognormal 250 ms scv 4"] {
        let text = station(&format!(r#"workers = "unlimited", time = "{time}""#), "poisson 200/s", "660 s");
        let report = pooled(&text);
        assert!((measure(&report, "worker.inside") - 50.0).abs() < 0.5, "{time}");
        assert_eq!(measure(&report, "worker.wait"), 0.0);
        assert_eq!(report.measure("worker.utilisation"), None, "no share of unlimited workers is busy");
    }
}

#[test]
fn d19_a_tandem_is_the_sum_of_its_stations() {
    let text = r#"octo = 1
[components]
users = { kind = "clients" }
a = { kind = "service", workers = 1, time = "exp 10 ms", holds = false }
b = { kind = "service", workers = 1, time = "exp 8333333 ns", holds = false }
c = { kind = "service", workers = 1, time = "exp 6.25 ms", holds = false }
[calls]
buy = "a > b > c"
[workload]
lasts = "1650 s"
buy   = { from = "users", arrivals = "poisson 80/s" }
"#;
    check(text, &[("mean", 0.0875, 0.04), ("p50", 0.07453, 0.04), ("p95", 0.19811, 0.08), ("p99", 0.27916, 0.08)]);
    check(text, &[("a.inside", 4.0, 0.06), ("b.inside", 2.0, 0.06), ("c.inside", 1.0, 0.06), ("inside", 7.0, 0.04)]);
}

#[test]
fn littles_law_holds_for_the_system_and_for_its_part() {
    let text = station(r#"workers = 2, time = "lognormal 10 ms scv 3""#, "poisson 150/s", "200 s");
    let report = report(&text, 3, Budget::default());
    let law = |inside: &str, rate: &str, time: &str| measure(&report, inside) / measure(&report, rate) / measure(&report, time);
    assert!((law("buy.inside", "buy.throughput", "buy.mean") - 1.0).abs() < 0.005);
    assert!((law("worker.inside", "worker.rate", "worker.time") - 1.0).abs() < 0.005);
    let service = measure(&report, "worker.utilisation") * 2.0 / measure(&report, "worker.rate");
    assert!((service / measure(&report, "worker.service") - 1.0).abs() < 0.005, "the utilisation law");
}

#[test]
fn a_slow_replica_is_slow_for_those_who_do_not_wait_too() {
    let slow = "[[faults]]\nat = \"0 s\"\nwhat = \"slow worker.1 x3\"\n";
    let report = report(&(station("workers = 1, time = \"10 ms\"", "constant 10/s", "10 s") + slow), 1, Budget::default());
    assert_eq!((measure(&report, "mean"), measure(&report, "max")), (0.030, 0.030));
}
