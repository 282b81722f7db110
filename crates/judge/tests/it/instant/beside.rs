//! Beside runs: where the form is exact, the mean lies within what runs leave open; where it is an
//! approximation, within the limits that it states.

use design::Experiment;
use judge::instant::Sureness;
use sim::{Budget, ENGINE, pool, run};

use super::{estimated, number, resolved};

const SEEDS: u64 = 10;

fn measured(text: &str, measure: &str) -> sim::Interval {
    let reports: Vec<_> = (0..SEEDS)
        .map(|seed| run(&Experiment { document: resolved(text), seed, engine: ENGINE.into() }, Budget::default()).expect("a run"))
        .collect();
    pool(&reports).expect("one design").interval(measure).expect("an interval")
}

fn timed(design: &str, lasts: &str, arrivals: &str) -> String {
    format!("{design}\n[workload]\nlasts = \"{lasts}\"\nbuy = {{ from = \"users\", arrivals = \"{arrivals}\" }}")
}

#[test]
fn exact_forms_lie_within_the_interval_of_runs() {
    let web = |settings: &str| format!("web = {{ kind = \"service\", {settings} }}\n[links]\n\"users -> web\" = {{ rtt = \"4 ms\" }}");
    let tandem = "edge = { kind = \"service\", time = \"exp 4 ms\", workers = 2, holds = false }
db = { kind = \"relational\", pool = 1, time = \"exp 3 ms\" }\n[calls]\nbuy = \"edge > db\"";
    let turns =
        "lb = { kind = \"balancer\" }\nweb = { kind = \"service\", replicas = 4, time = \"exp 10 ms\" }\n[calls]\nbuy = \"lb > web\"";
    let cases = [
        ("one worker", timed(&web("time = \"exp 10 ms\""), "400 s", "poisson 70/s")),
        ("four workers", timed(&web("workers = 4, time = \"exp 10 ms\""), "200 s", "poisson 300/s")),
        ("constant service", timed(&web("time = \"10 ms\""), "400 s", "poisson 70/s")),
        ("shared", timed(&web("time = \"lognormal 10 ms scv 2\", order = \"shared\""), "400 s", "poisson 70/s")),
        ("rejects", timed(&web("workers = 2, queue = 3, time = \"exp 10 ms\""), "200 s", "poisson 180/s")),
        ("tandem", timed(tandem, "200 s", "poisson 250/s")),
        ("in turn", timed(turns, "200 s", "poisson 320/s")),
        ("closed", timed(&web("workers = 2, time = \"exp 10 ms\""), "400 s", "closed 20 users think exp 100 ms")),
    ];
    let mut wrong = Vec::new();
    for (name, text) in cases {
        let told = number(&estimated(&text), "buy.mean").expect("a mean");
        assert_ne!(told.sureness, Sureness::Approximation, "{name}: {}", told.how());
        let interval = measured(&text, "buy.mean");
        // Half again as wide as 95 %: one of these in a thousand would lie outside by chance.
        if (told.value - interval.mean).abs() > 1.6 * interval.half {
            wrong.push(format!("{name}: told {}, measured {interval:?}", told.value));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn approximations_lie_within_their_limits() {
    let held = "web = { kind = \"service\", time = \"exp 2 ms\", workers = 8 }
db = { kind = \"relational\", pool = 2, time = \"exp 8 ms\" }\n[calls]\nbuy = \"web > db\"";
    let mixed = "web = { kind = \"service\", time = \"erlang 4 5 ms\", workers = 2, replicas = 2, holds = false }
db = { kind = \"relational\", pool = 4, time = \"lognormal 8 ms scv 2\" }\n[calls]\nbuy = \"web > db\"";
    let fan = "a = { kind = \"service\", time = \"exp 10 ms\" }\nb = { kind = \"service\", time = \"exp 10 ms\" }
[calls]\nbuy = \"together: a; b\"";
    let loops =
        "web = { kind = \"service\", time = \"erlang 4 5 ms\" }\ndb = { kind = \"relational\", pool = 2, time = \"hyper 15 ms scv 3\" }
[calls]\nbuy = \"\"\"\nweb\ndb\n\"\"\"";
    let least = |replicas: u32| {
        format!(
            "lb = {{ kind = \"balancer\", policy = \"least connections\" }}\n\
             web = {{ kind = \"service\", replicas = {replicas}, time = \"exp 10 ms\" }}\n[calls]\nbuy = \"lb > web\""
        )
    };
    let cases = [
        ("least connections of 4", timed(&least(4), "200 s", "poisson 320/s"), 0.03),
        ("least connections of 10", timed(&least(10), "100 s", "poisson 900/s"), 0.03),
        ("held, 60 %", timed(held, "300 s", "poisson 150/s"), 0.15),
        ("held, 80 %", timed(held, "300 s", "poisson 200/s"), 0.25),
        ("mixed", timed(mixed, "300 s", "poisson 350/s"), 0.15),
        ("at once", timed(fan, "300 s", "poisson 60/s"), 0.15),
        ("closed", timed(loops, "300 s", "closed 40 users think exp 300 ms"), 0.15),
    ];
    let mut wrong = Vec::new();
    for (name, text, limit) in cases {
        let estimate = estimated(&text);
        let told = number(&estimate, "buy.mean").unwrap_or_else(|| panic!("{name}: {:?}", estimate.reasons));
        assert_eq!(told.sureness, Sureness::Approximation, "{name}: {}", told.how());
        let measured = measured(&text, "buy.mean").mean;
        println!("{name}: told {:.3} ms, measured {:.3} ms", told.value * 1e3, measured * 1e3);
        if (told.value / measured - 1.0).abs() > limit {
            wrong.push(format!("{name}: told {}, measured {measured}", told.value));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
