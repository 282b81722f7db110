//! Links: round trips, set-up of connections (D97), jitter, bandwidth; and closed loops.

use crate::check::{check, measure, pooled, report};
use sim::Budget;

fn linked(link: &str) -> String {
    format!(
        r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", workers = "unlimited", time = "0 s" }}
[links]
"users -> web" = {{ rtt = "80 ms", {link} }}
[workload]
lasts = "100 s"
buy   = {{ from = "users", arrivals = "constant 100/s", request = "1 kB", response = "1 MB" }}
"#
    )
}

#[test]
fn d97_a_new_connection_costs_round_trips() {
    for (link, expected) in [
        (r#"reuse = "100 %", tls = "1.3""#, 0.080),
        (r#"reuse = "0 %", tls = "none""#, 0.160),
        (r#"reuse = "0 %", tls = "1.3""#, 0.240),
        (r#"reuse = "0 %", tls = "1.2""#, 0.320),
        (r#"reuse = "0 %", tls = "1.3", dns = "20 ms""#, 0.260),
    ] {
        let report = report(&linked(link), 1, Budget::default());
        for name in ["mean", "p50", "max", "network.buy"] {
            assert_eq!(measure(&report, name), expected, "{name} with {link}");
        }
    }
}

#[test]
fn reuse_spares_the_set_up_to_its_share_of_requests() {
    let report = pooled(&linked(r#"reuse = "75 %", tls = "1.3""#));
    assert!((measure(&report, "mean") - 0.120).abs() < 0.002);
    assert_eq!((measure(&report, "p50"), measure(&report, "p90")), (0.080, 0.240));
}

#[test]
fn jitter_is_added_each_way() {
    let report = pooled(&linked(r#"jitter = "10 ms""#));
    assert!((measure(&report, "mean") - 0.100).abs() < 0.0005);
}

#[test]
fn bodies_take_their_size_by_the_bandwidth() {
    // 1 kB there and 1 MB back at 125 MB/s.
    let report = report(&linked(r#"bandwidth = "1 Gbit/s""#), 1, Budget::default());
    assert_eq!(measure(&report, "mean"), 0.088_008);
}

#[test]
fn d23_a_closed_loop_sends_only_as_fast_as_it_is_answered() {
    for (users, workers, rate, mean, lasts) in [(10, 1, 7.854, 0.2732, 5000), (20, 1, 9.981, 1.0038, 5000), (40, 4, 34.31, 0.1659, 2000)] {
        let text = format!(
            r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", workers = {workers}, time = "exp 100 ms" }}
[links]
"users -> web" = {{}}
[workload]
lasts = "{lasts} s"
buy   = {{ from = "users", arrivals = "closed {users} users think exp 1 s" }}
"#
        );
        check(&text, &[("throughput", rate, 0.02), ("mean", mean, 0.03)]);
    }
}
