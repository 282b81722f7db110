//! Designs with numbers computed elsewhere: the rows of the fidelity list, by their names there.

use super::{estimated, number, value};

/// Row, design, and its numbers: times in ms. Tolerance in parts of the value.
type Case = (&'static str, String, Vec<(&'static str, f64)>, f64);

fn one(service: &str, arrivals: &str) -> String {
    format!(
        "web = {{ kind = \"service\", {service} }}\n[links]\n\"users -> web\" = {{}}\n[workload]\nbuy = {{ from = \"users\", arrivals = \"{arrivals}\" }}"
    )
}

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (row, text, expected, tolerance) in cases {
        let estimate = estimated(text);
        for (name, expected) in expected {
            match value(&estimate, name) {
                Some(found) if (found - expected).abs() <= tolerance * expected.abs() + 1e-9 => {}
                found => wrong.push(format!("{row}: {name} is {found:?}, expected {expected}; {:?}", super::untold(&estimate.reasons))),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_worker_with_chance_is_exact() {
    let cases: Vec<Case> = vec![
        (
            "D01 50/s",
            one("time = \"exp 10 ms\"", "poisson 50/s"),
            vec![("buy.mean", 20.0), ("web.inside", 1.0), ("web.utilisation", 0.5)],
            1e-6,
        ),
        (
            "D01 80/s",
            one("time = \"exp 10 ms\"", "poisson 80/s"),
            vec![("buy.mean", 50.0), ("web.inside", 4.0), ("buy.p50", 34.66), ("buy.p95", 149.79), ("buy.p99", 230.26), ("buy.sd", 50.0)],
            2e-4,
        ),
        (
            "D01 95/s",
            one("time = \"exp 10 ms\"", "poisson 95/s"),
            vec![("buy.mean", 200.0), ("web.inside", 19.0), ("first.factor", 1.052_632)],
            1e-5,
        ),
        ("D05", one("time = \"10 ms\"", "poisson 90/s"), vec![("web.wait", 45.0), ("buy.mean", 55.0)], 1e-6),
        ("D06 scv 0.25", one("time = \"erlang 4 10 ms\"", "poisson 80/s"), vec![("buy.mean", 35.0)], 1e-6),
        ("D06 scv 4", one("time = \"hyper 10 ms scv 4\"", "poisson 80/s"), vec![("buy.mean", 110.0)], 1e-6),
        ("D06 scv 9", one("time = \"lognormal 10 ms scv 9\"", "poisson 80/s"), vec![("buy.mean", 210.0)], 1e-6),
        ("D08", one("time = \"exp 10 ms\", order = \"shared\"", "poisson 80/s"), vec![("buy.mean", 50.0), ("buy.sd", 76.38)], 1e-4),
        ("D08 uneven", one("time = \"lognormal 10 ms scv 4\", order = \"shared\"", "poisson 80/s"), vec![("buy.mean", 50.0)], 1e-6),
        ("D15", one("time = \"exp 10 ms\", order = \"lifo\"", "poisson 80/s"), vec![("web.wait", 40.0)], 1e-6),
    ];
    check(&cases);
}

#[test]
fn several_workers_are_those_of_erlang() {
    // D02, table 1a: workers, rate, waiting, wait, mean, p50, p95, p99.
    let rows = [
        (1, 8, 0.8, 400.0, 500.0, 346.6, 1497.9, 2302.6),
        (2, 16, 0.71111, 177.8, 277.8, 204.0, 791.1, 1193.7),
        (4, 32, 0.59643, 74.55, 174.55, 134.6, 473.8, 689.3),
        (16, 128, 0.30488, 9.53, 109.53, 80.19, 312.5, 473.5),
        (20, 190, 0.7554, 75.54, 175.54, 142.3, 447.2, 636.4),
        (100, 950, 0.50646, 10.13, 110.13, 80.79, 311.5, 472.4),
    ];
    let cases: Vec<Case> = rows
        .into_iter()
        .map(|(workers, rate, waiting, wait, mean, p50, p95, p99)| {
            let text = one(&format!("workers = {workers}, time = \"exp 100 ms\""), &format!("poisson {rate}/s"));
            let expected = vec![
                ("web.waiting", waiting),
                ("web.wait", wait),
                ("buy.mean", mean),
                ("buy.p50", p50),
                ("buy.p95", p95),
                ("buy.p99", p99),
            ];
            ("D02", text, expected, 1e-3)
        })
        .collect();
    check(&cases);
}

#[test]
fn bounded_queues_reject_what_birth_and_death_says() {
    // D04, table 1b: workers, places, rate, service [ms], rejected, mean.
    let rows = [
        (1, 9, 80, 10, 0.02349, 37.97),
        (1, 9, 120, 10, 0.19259, 69.26),
        (1, 99, 120, 10, 0.16667, 950.0),
        (4, 16, 36, 100, 0.01681, 219.5),
        (10, 40, 120, 100, 0.16672, 450.2),
        (16, 16, 200, 100, 0.20179, 176.6),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(workers, queue, rate, service, rejected, mean)| {
            let text = one(&format!("workers = {workers}, queue = {queue}, time = \"exp {service} ms\""), &format!("poisson {rate}/s"));
            ("D04", text, vec![("web.rejected", rejected), ("buy.mean", mean), ("buy.answered", 1.0 - rejected)], 1e-3)
        })
        .collect();
    // D03: nobody waits, so the shape of the service does not matter.
    for time in ["exp 100 ms", "100 ms", "lognormal 100 ms scv 4"] {
        let text = one(&format!("workers = 10, queue = 0, time = \"{time}\""), "poisson 100/s");
        cases.push(("D03", text, vec![("web.rejected", 0.21458)], 1e-3));
        let text = one(&format!("workers = 120, queue = 0, time = \"{time}\""), "poisson 1000/s");
        cases.push(("D03 of 120", text, vec![("web.rejected", 0.00569)], 2e-3));
    }
    check(&cases);
}

#[test]
fn uneven_arrivals_are_near() {
    // D07: the exact waits; the approximation is within 10 %, and within half of that for constant ones.
    let rows = [("constant 50/s", 2.55), ("constant 80/s", 16.927), ("constant 90/s", 41.787), ("every erlang 2 12.5 ms", 28.44)];
    let mut cases: Vec<Case> = Vec::new();
    for (arrivals, wait) in rows {
        cases.push(("D07", one("time = \"exp 10 ms\"", arrivals), vec![("web.wait", wait)], 0.05));
    }
    for (arrivals, wait) in [("every erlang 2 20 ms", 6.18), ("every hyper 20 ms scv 4", 21.623), ("every hyper 12.5 ms scv 4", 98.192)] {
        cases.push(("D07 uneven", one("time = \"exp 10 ms\"", arrivals), vec![("web.wait", wait)], 0.1));
    }
    check(&cases);
}

#[test]
fn replicas_are_as_good_as_the_choice_among_them() {
    let pool = |policy: &str, replicas: u32, rate: u32| {
        format!(
            "lb = {{ kind = \"balancer\", policy = \"{policy}\" }}\nweb = {{ kind = \"service\", replicas = {replicas}, time = \"exp 10 ms\" }}\n\
             [calls]\nbuy = \"lb > web\"\n[workload]\nbuy = {{ from = \"users\", arrivals = \"poisson {rate}/s\" }}"
        )
    };
    let cases: Vec<Case> = vec![
        ("D29", pool("random", 10, 800), vec![("buy.mean", 50.0), ("buy.p99", 230.26)], 1e-4),
        ("D30 of 4", pool("round robin", 4, 320), vec![("buy.mean", 32.674), ("buy.p99", 4.60517 * 32.674)], 1e-4),
        ("D30 of 10", pool("round robin", 10, 900), vec![("buy.mean", 56.603)], 1e-4),
        ("D33", pool("two choices", 10, 900), vec![("buy.mean", 26.141)], 1e-4),
        ("D31 50 %", pool("least connections", 2, 100), vec![("buy.mean", 14.263)], 0.01),
        ("D31 80 %", pool("least connections", 2, 160), vec![("buy.mean", 29.557)], 0.01),
        ("D31 90 %", pool("least connections", 2, 180), vec![("buy.mean", 54.749)], 0.01),
    ];
    check(&cases);
}

const TANDEM: &str = "edge = { kind = \"service\", time = \"exp 10 ms\", holds = false }
app = { kind = \"service\", time = \"exp 8.333333 ms\", holds = false }
store = { kind = \"service\", time = \"exp 6.25 ms\" }
[calls]\nbuy = \"edge > app > store\"
[workload]\nbuy = { from = \"users\", arrivals = \"poisson 80/s\" }";

#[test]
fn networks_add_up() {
    let feedback = "web = { kind = \"service\", time = \"exp 10 ms\", failures = \"25 %\" }
[links]\n\"users -> web\" = { retry = { attempts = 100 } }
[workload]\nbuy = { from = \"users\", arrivals = \"poisson 60/s\" }";
    let cached = "web = { kind = \"service\", time = \"exp 2 ms\", workers = \"unlimited\" }
cache = { kind = \"cache\", hits = \"90 %\", time = \"1 ms\" }
db = { kind = \"relational\", pool = 1, time = \"exp 10 ms\" }
[links]\n\"users -> web\" = { rtt = \"40 ms\", jitter = \"5 ms\" }\n\"web -> db\" = { rtt = \"1 ms\" }
[calls]\nbuy = \"\"\"\nweb\n  cache get\n    miss: db\n  50 %: db\n  50 %: db\n\"\"\"
[workload]\nbuy = { from = \"users\", arrivals = \"poisson 50/s\" }";
    // The database sees 50 (0.1 + 0.5 x 2) = 55/s: 10 / 0.45 = 22.22 ms and 1 ms of network a call.
    let cases: Vec<Case> = vec![
        ("D19", TANDEM.into(), vec![("buy.mean", 87.5), ("edge.inside", 4.0), ("app.inside", 2.0), ("store.inside", 1.0)], 1e-5),
        ("D19 spread", TANDEM.into(), vec![("buy.sd", 57.28)], 1e-3),
        ("D19 fitted", TANDEM.into(), vec![("buy.p50", 74.53), ("buy.p95", 198.11), ("buy.p99", 279.16)], 0.03),
        ("D19 most", TANDEM.into(), vec![("first.factor", 1.25), ("buy.most", 100.0)], 1e-6),
        ("D20", feedback.into(), vec![("web.rate", 80.0), ("web.inside", 4.0), ("web.time", 50.0), ("buy.mean", 66.667)], 1e-4),
        ("cached", cached.into(), vec![("db.rate", 55.0), ("db.load", 0.55), ("buy.mean", 40.0 + 10.0 + 2.0 + 1.0 + 1.1 * 23.2222)], 1e-5),
    ];
    check(&cases);
}

#[test]
fn calls_at_once_wait_for_the_last_or_for_enough() {
    let fan = |wait: &str| {
        format!(
            "web = {{ kind = \"gateway\", time = \"0 s\" }}\npages = {{ kind = \"external\", time = \"exp 100 ms\" }}\n\
             [calls]\nbuy = \"\"\"\nweb\n  together{wait}: pages; pages; pages; pages; pages\n\"\"\"\n\
             [workload]\nbuy = {{ from = \"users\", arrivals = \"poisson 10/s\" }}"
        )
    };
    check(&[
        ("D46 all of 5", fan(""), vec![("buy.mean", 228.33), ("pages.rate", 50.0)], 3e-3),
        ("D46 3 of 5", fan(" wait 3"), vec![("buy.mean", 78.33)], 3e-3),
    ]);
}

#[test]
fn users_in_a_closed_loop_are_analysed_exactly() {
    let network = |users: u32| {
        format!(
            "web = {{ kind = \"service\", time = \"exp 5 ms\", holds = false }}\ndb = {{ kind = \"relational\", pool = 1, time = \"exp 15 ms\" }}\n\
             mail = {{ kind = \"external\", workers = 1, time = \"exp 10 ms\" }}\n[calls]\nbuy = \"\"\"\nweb\ndb\nmail\n\"\"\"\n\
             [workload]\nbuy = {{ from = \"users\", arrivals = \"closed {users} users think exp 1 s\" }}"
        )
    };
    // D21, table 2a: users, throughput, response, utilisation of the database.
    let rows = [
        (1, 0.9709, 30.0, 0.0146),
        (10, 9.6769, 33.38, 0.1452),
        (50, 46.7522, 69.47, 0.7013),
        (68, 60.1722, 130.09, 0.9026),
        (150, 66.6667, 1250.0, 1.0),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(users, throughput, mean, busy)| {
            ("D21", network(users), vec![("buy.throughput", throughput), ("buy.mean", mean), ("db.utilisation", busy)], 4e-3)
        })
        .collect();
    // D23: users, workers, throughput, response.
    for (users, workers, throughput, mean) in [(10, 1, 7.854, 273.2), (20, 1, 9.981, 1003.8), (40, 4, 34.31, 165.9), (50, 4, 38.85, 287.0)]
    {
        let text = one(&format!("workers = {workers}, time = \"exp 100 ms\""), &format!("closed {users} users think exp 1 s"));
        cases.push(("D23", text, vec![("buy.throughput", throughput), ("buy.mean", mean)], 1e-3));
    }
    // D24: users, thinking [s], response at 90 % utilisation.
    for (users, think, mean) in [(2, "59.5 ms", 162.7), (10, "751.1 ms", 360.0), (100, "10411 ms", 700.1), (1000, "110180 ms", 930.3)] {
        let text = one("time = \"exp 100 ms\"", &format!("closed {users} users think exp {think}"));
        cases.push(("D24", text, vec![("buy.mean", mean)], 2e-3));
    }
    check(&cases);
}

#[test]
fn each_number_says_how_it_was_made() {
    let how = |text: &str, name: &str| number(&estimated(text), name).map(|number| number.how()).unwrap_or_default();
    let cases = [
        (one("workers = 4, time = \"exp 10 ms\"", "poisson 300/s"), "buy.p99", "time in M/M/c (Erlang 1917; Gross and Harris 1974), exact"),
        (
            one("time = \"erlang 2 10 ms\"", "poisson 80/s"),
            "buy.mean",
            "M/G/1 (Pollaczek 1930, Khinchine 1932; variance by Takacs 1962), exact",
        ),
        (TANDEM.to_owned(), "buy.mean", "open network (Jackson 1957; Baskett, Chandy, Muntz, Palacios 1975), product form"),
        (TANDEM.to_owned(), "store.wait", "M/M/c (Erlang 1917), product form"),
        (TANDEM.replace("exp 10 ms", "10 ms"), "buy.mean", "decomposition of stations (Kuehn 1979; Whitt 1983), approximation"),
        (
            one("time = \"exp 10 ms\"", "closed 5 users think exp 1 s"),
            "buy.mean",
            "exact mean value analysis (Reiser and Lavenberg 1980), exact",
        ),
    ];
    for (text, name, expected) in cases {
        assert_eq!(how(&text, name), expected, "{text}");
    }
}
