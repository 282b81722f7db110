//! Changing one value by its path.

use design::{set, to_toml};
use expect_test::{Expect, expect};

use crate::{shop, tell};

/// The lines of the document that changed, or the problem.
fn check(path: &str, text: &str, expected: Expect) {
    let mut document = shop();
    let before = to_toml(&document);
    let out = match set(&mut document, path, text) {
        Ok(()) => {
            to_toml(&document).lines().filter(|line| !before.lines().any(|old| old == *line)).map(|line| format!("{line}\n")).collect()
        }
        Err(problem) => {
            assert_eq!(document, shop(), "a refused value changes nothing");
            tell(&problem)
        }
    };
    expected.assert_eq(&out);
}

macro_rules! sets {
    ($($name:ident: $path:expr, $text:expr => $expected:expr;)*) => {
        $(#[test] fn $name() { check($path, $text, $expected); })*
    };
}

sets! {
    a_short_path_is_a_component: "web.replicas", "4" => expect![[r#"
        web   = { kind = "service", replicas = 4, workers = 16, time = "exp 4 ms", queue = 200 }
    "#]];
    a_long_path_is_the_same: "components.web.time", "exp 3 ms" => expect![[r#"
        web   = { kind = "service", replicas = 3, workers = 16, time = "exp 3 ms", queue = 200 }
    "#]];
    a_synonym: "db.pool", "10" => expect![[r#"
        db    = { kind = "relational", workers = 10 }
    "#]];
    unlimited: "web.queue", "unlimited" => expect![[r#"
        web   = { kind = "service", replicas = 3, workers = 16, time = "exp 4 ms", queue = "unlimited" }
    "#]];
    an_object_form: "web.time", "{ dist = \"exp\", mean = \"3 ms\" }" => expect![[r#"
        web   = { kind = "service", replicas = 3, workers = 16, time = "exp 3 ms", queue = 200 }
    "#]];
    a_list: "web.zones", "[\"a\", \"b\"]" => expect![[r#"
        web   = { kind = "service", replicas = 3, zones = ["a", "b"], workers = 16, time = "exp 4 ms", queue = 200 }
    "#]];
    a_list_typed_plainly: "web.zones", "a, b" => expect![[r#"
        web   = { kind = "service", replicas = 3, zones = ["a", "b"], workers = 16, time = "exp 4 ms", queue = 200 }
    "#]];
    a_link: "links.users -> lb.rtt", "80 ms" => expect![[r#"
        "users -> lb"  = { rtt = "80 ms", reuse = "80 %", tls = "1.3" }
    "#]];
    a_link_without_its_section: "users->lb.rtt", "80 ms" => expect![[r#"
        "users -> lb"  = { rtt = "80 ms", reuse = "80 %", tls = "1.3" }
    "#]];
    a_part_of_a_table: "web -> db.retry.attempts", "3" => expect![[r#"
        "web -> db"    = { rtt = "500 us", retry = { attempts = 3 } }
    "#]];
    a_whole_table: "web -> db.retry", "{ attempts = 3, budget = \"10 %\" }" => expect![[r#"
        "web -> db"    = { rtt = "500 us", retry = { attempts = 3, budget = "10 %" } }
    "#]];
    the_arrivals: "workload.buy.arrivals", "constant 95/s" => expect![[r#"
        buy   = { from = "users", arrivals = "constant 95/s" }
    "#]];
    the_rate_inside_the_arrivals: "workload.buy.rate", "95/s" => expect![[r#"
        buy   = { from = "users", arrivals = "poisson 95/s" }
    "#]];
    a_word_of_a_class: "workload.buy.response", "20 kB" => expect![[r#"
        buy   = { from = "users", arrivals = "poisson 90/s", response = "20 kB" }
    "#]];
    how_long_a_run_lasts: "workload.lasts", "10 min" => expect![[r#"
        lasts = "10 min"
    "#]];
    the_warm_up: "workload.warmup", "10 %" => expect![[r#"
        lasts  = "30 s"
        warmup = "10 %"
        buy    = { from = "users", arrivals = "poisson 90/s" }
    "#]];
    a_plan: "calls.buy", "lb > web > db" => expect![[r#"
        [calls]
        buy = "lb > web > db"
    "#]];
    a_requirement: "require.fast", "buy p99 < 100 ms" => expect![[r#"
        [require]
        fast = "buy p99 < 100 ms"
    "#]];
    an_own_price: "prices.own.web", "0.2 USD/h" => expect![[r#"
        [prices]
        own = { web = "0.2 USD/h" }
    "#]];
    the_title: "title", "Another shop" => expect![[r#"
        title = "Another shop"
    "#]];

    a_part_of_the_autoscaler: "components.web.autoscale.max", "20" => expect![[r#"
        web   = { kind = "service", replicas = 3, workers = 16, time = "exp 4 ms", autoscale = { max = 20 }, queue = 200 }
    "#]];
    a_typed_text_as_a_table: "web.shed", "{ shed = \"codel\", target = \"5 ms\", interval = \"0.1 s\" }" => expect![[r#"
        web   = { kind = "service", replicas = 3, workers = 16, time = "exp 4 ms", queue = 200, shed = "codel 5 ms 100 ms" }
    "#]];
    a_list_of_counts: "lb.weights", "[3, 2, 1]" => expect![[r#"
        lb    = { kind = "balancer", policy = "two choices", weights = [3, 2, 1] }
    "#]];
    a_list_of_counts_typed_plainly: "lb.weights", "3, 2, 1" => expect![[r#"
        lb    = { kind = "balancer", policy = "two choices", weights = [3, 2, 1] }
    "#]];
    keys: "workload.buy.keys", "zipf 1.0" => expect![[r#"
        buy   = { from = "users", arrivals = "poisson 90/s", keys = "zipf 1" }
    "#]];
    arrivals_to_share: "workload.arrivals", "poisson 100/s" => expect![[r#"
        arrivals = "poisson 100/s"
        lasts    = "30 s"
        buy      = { from = "users", arrivals = "poisson 90/s" }
    "#]];
    a_share_of_them: "workload.buy.share", "70 %" => expect![[r#"
        buy   = { from = "users", arrivals = "poisson 90/s", share = "70 %" }
    "#]];
    a_distance: "network.eu -- asia", "80 ms" => expect![[r#"
        [network]
        "asia -- eu" = "80 ms"
    "#]];
    the_distance_between_zones: "network.zones", "1 ms" => expect![[r#"
        [network]
        zones = "1 ms"
    "#]];
    a_trace: "traces.launch", "1\n2.5,7" => expect![[r#"
        [traces]
        launch = """
        1
        2.5,7
        """
    "#]];

    a_distance_to_one_place: "network.eu", "80 ms" => expect!["Error network.eu: “eu” is not a distance between two places. Write it as in network.zones or network.us-east -- eu-west."];
    a_rate_that_is_nowhere: "workload.rate", "5/s" => expect!["Error workload.rate: Here are no arrivals whose rate could be set. Set `arrivals`, as in “poisson 95/s”."];
    a_fault_that_is_not_there: "faults.0.at", "5 s" => expect!["Error faults.0.at: No fault is called “0”. There is none to set."];
    a_link_that_a_default_plan_would_follow: "lb -> db.rtt", "80 ms" => expect!["Error lb -> db.rtt: No arrow leads from “lb” to “db”. Draw it in the design; setting it here would change what is called."];
    an_unknown_component: "wbe.replicas", "4" => expect!["Error wbe.replicas: No component is called “wbe”. Did you mean “web”?"];
    an_unknown_key: "web.replica", "4" => expect!["Error web.replica: “replica” is not a key that can be set here. Did you mean “replicas”?"];
    a_value_that_does_not_fit: "web.replicas", "0" => expect!["Error web.replicas: 0 is out of range. Write a whole number from 1 to 10000."];
    an_unknown_class: "workload.by.rate", "95/s" => expect!["Error workload.by.rate: No class is called “by”. Did you mean “buy”?"];
    a_rate_without_a_unit: "workload.buy.rate", "95" => expect!["Error workload.buy.rate: “95” is not a rate: it does not say per what. Write it as in “1200/s”."];
    a_link_to_a_stranger: "users -> lbb.rtt", "80 ms" => expect!["Error users -> lbb.rtt: No component is called “lbb”. Did you mean “lb”?"];
    a_part_of_what_has_none: "web.time.mean", "3 ms" => expect!["Error web.time.mean: “time” has no parts. Set it as a whole."];
    two_values_at_once: "web.zones", "[\"a\"]\nweb = 3" => expect![[r#"Error web.zones: This is more than one value. Write a list as in ["a", "b"] and a table as in { key = "value" }."#]];
    a_path_to_nothing: "web", "3" => expect!["Error web: “web” is not a path to a value. Write it as in web.replicas, users -> lb.rtt or workload.buy.rate."];
    an_empty_path: "", "3" => expect!["Error “” is not a path to a value. Write it as in web.replicas, users -> lb.rtt or workload.buy.rate."];
    the_kind: "web.kind", "cache" => expect!["Error web.kind: “kind” is not a key that can be set here. Known here: replicas, zones, region, size, workers, time, serial, coherency, start, idle, autoscale, queue, order, holds, patience, shed, failures."];
}

#[test]
fn a_huge_value_is_refused_in_few_words() {
    check("web.time", &"9".repeat(1 << 20), expect!["Error web.time: A value of 1048576 bytes is not set. Write at most 20000 bytes."]);
    check(
        &"w".repeat(1 << 20),
        "1",
        expect![
            "Error wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww…: “wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww…” is not a path to a value. Write it as in web.replicas, users -> lb.rtt or workload.buy.rate."
        ],
    );
}

#[test]
fn a_closed_loop_has_no_rate_to_set() {
    let mut document = shop();
    set(&mut document, "workload.buy.arrivals", "closed 5 users think 1 s").unwrap();
    let problem = set(&mut document, "workload.buy.rate", "5/s").unwrap_err();
    expect!["Error workload.buy.rate: “closed 5 users think 1 s” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”."]
        .assert_eq(&tell(&problem));
}

#[test]
fn a_link_that_only_a_plan_implies_can_be_set() {
    let mut document = shop();
    set(&mut document, "calls.buy", "lb > db").unwrap();
    set(&mut document, "lb -> db.rtt", "80 ms").unwrap();
    assert!(to_toml(&document).contains("\"lb -> db\"     = { rtt = \"80 ms\" }"));
}

#[test]
fn a_fault_can_be_set_by_its_place() {
    let text = format!("{}\n[[faults]]\nat = \"1 s\"\nwhat = \"crash web\"\n", crate::SHOP);
    let mut document = crate::document(&text);
    for (path, value) in
        [("faults.0.at", "5 s"), ("faults.0.lasts", "exp 2 s"), ("faults.0.every", "exp 10 s"), ("faults.0.what", "slow web.2 x3")]
    {
        set(&mut document, path, value).unwrap();
    }
    expect![[r#"

        at    = "5 s"
        lasts = "exp 2 s"
        every = "exp 10 s"
        what  = "slow web.2 x3"
    "#]]
    .assert_eq(to_toml(&document).split("[[faults]]").nth(1).unwrap());
    let problem = set(&mut document, "faults.0.wat", "5 s").unwrap_err();
    expect!["Error faults.0.wat: “wat” is not a key that can be set here. Did you mean “at”?"].assert_eq(&tell(&problem));
    let problem = set(&mut document, "faults.1.at", "5 s").unwrap_err();
    expect!["Error faults.1.at: No fault is called “1”. Did you mean “0”?"].assert_eq(&tell(&problem));
}

#[test]
fn arrivals_of_many_rates_have_no_single_one() {
    let mut document = shop();
    let mut out = String::new();
    for arrivals in [
        "poisson 9/s",
        "batches of 5, poisson 9/s",
        "ramp 1/s..9/s in 1 min",
        "steps 1/s, 9/s from 1 min",
        "bursty 1/s for 1 s, 9/s for 1 s",
        "diurnal 1/s..9/s every 1 min",
        "flash 1/s..9/s in 1 min, half-life 1 min",
        "every exp 1 s",
        "trace launch",
    ] {
        set(&mut document, "workload.buy.arrivals", arrivals).unwrap();
        let told = set(&mut document, "workload.buy.rate", "5/s");
        let now = &document.workload.classes["buy"].arrivals.as_ref().unwrap();
        out.push_str(&told.map_or_else(|problem| format!("{}\n", tell(&problem)), |()| format!("{now}\n")));
    }
    expect![[r#"
        poisson 5/s
        batches of 5, poisson 5/s
        Error workload.buy.rate: “ramp 1/s..9/s in 1 min” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
        Error workload.buy.rate: “steps 1/s, 9/s from 1 min” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
        Error workload.buy.rate: “bursty 1/s for 1 s, 9/s for 1 s” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
        Error workload.buy.rate: “diurnal 1/s..9/s every 1 min” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
        Error workload.buy.rate: “flash 1/s..9/s in 1 min, half-life 1 min” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
        Error workload.buy.rate: “every exp 1 s” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
        Error workload.buy.rate: “trace launch” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”.
    "#]].assert_eq(&out);
}
