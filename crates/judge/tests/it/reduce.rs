//! Which part of a design stands for the whole, in sentences; and that it does, on designs small
//! enough to be run whole beside it. The large ones are a score of their own (`fidelity large`).

use std::fmt::Write as _;

use design::{Experiment, Format, Resolved};
use expect_test::{Expect, expect};
use judge::reduce::{PARTS, Reduction, agree, reduce};
use sim::{Budget, Report};

/// Two hundred servers behind a balancer, and what else a test writes.
fn document(components: &str, links: &str, calls: &str, ask: &str) -> Resolved {
    let text = format!(
        "octo = 1\n[components]\nusers = {{ kind = \"clients\" }}\n{components}\n[links]\n{links}\n[calls]\n{calls}\n[workload]\nlasts = \"20 s\"\n{ask}\n"
    );
    let loaded = design::read(&text, Format::Toml);
    assert!(loaded.is_runnable(), "{:#?}", loaded.problems);
    design::resolve(&loaded.document).unwrap()
}

const LB: &str = "lb = { kind = \"balancer\", policy = \"random\" }";
const WEB: &str = "web = { kind = \"service\", replicas = 200, workers = 4, time = \"exp 3 ms\" }";
const LINKS: &str = "\"users -> lb\" = {}\n\"lb -> web\" = {}";
const ASK: &str = "ask = { from = \"users\", arrivals = \"poisson 200000/s\" }";

fn told(document: &Resolved, expected: Expect) {
    let mut text = String::new();
    match reduce(document) {
        Reduction::Smaller(smaller) => {
            smaller.told.iter().for_each(|line| writeln!(text, "{line}").unwrap());
            for (name, class) in &smaller.document.workload.classes {
                let arrivals = class.arrivals.as_ref().map(ToString::to_string).unwrap_or_default();
                let calls: Vec<&str> = smaller.document.calls[name].iter().map(|call| call.to.as_str()).collect();
                writeln!(text, "{name} from {}: {arrivals} to {}", class.from, calls.join(", ")).unwrap();
            }
        }
        Reduction::Exact(why) => why.iter().for_each(|line| writeln!(text, "whole: {line}").unwrap()),
    }
    expected.assert_eq(&text);
}

#[test]
fn replicas_that_are_alike_stand_for_each_other() {
    told(
        &document(&format!("{LB}\n{WEB}"), LINKS, "", ASK),
        expect![[r#"
            One request in 4 is run, and told as 4.
            Of the 200 replicas of web, 50 are run.
            ask from users: poisson 50000/s to lb
        "#]],
    );
    // In turn, every so many-th request goes to every so many-th replica.
    told(
        &document(&format!("{}\n{WEB}", LB.replace("random", "round robin")), LINKS, "", ASK),
        expect![[r#"
            One request in 4 is run, and told as 4.
            Of the 200 replicas of web, 50 are run.
            ask from users: every erlang 4 20 us to lb
        "#]],
    );
    told(
        &document(&format!("{}\n{WEB}", LB.replace("random", "two choices")), LINKS, "", ASK),
        expect![[r#"
        One request in 4 is run, and told as 4.
        Of the 200 replicas of web, 50 are run.
        ask from users: poisson 50000/s to lb
    "#]],
    );
}

#[test]
fn a_pool_is_never_cut() {
    let db = "db = { kind = \"relational\", pool = 30, time = \"exp 5 ms\" }";
    let links = format!("{LINKS}\n\"web -> db\" = {{ rtt = \"1 ms\", timeout = \"1 s\" }}");
    let calls = "ask = \"\"\"\nlb > web\n  2 %: db\n\"\"\"";
    told(
        &document(&format!("{LB}\n{WEB}\n{db}"), &links, calls, ASK),
        expect![[r#"
            One request in 4 is run, and told as 4.
            Of the 200 replicas of web, 50 are run.
            All that comes to db is run: it is one pool, and a pool is never cut into smaller ones. A random stream stands for those who are not run.
            ask from users: poisson 50000/s to lb
            ask-elsewhere from elsewhere: poisson 3000/s to db
        "#]],
    );
    // Where most of the work is done by the pool, little is saved.
    told(
        &document(&format!("{LB}\n{WEB}\n{db}"), &links, &calls.replace("2 %: ", ""), ASK),
        expect![[r#"
        whole: So much must see everything that leaving out the rest would save little.
        whole: db: it is one pool, and a pool is never cut into smaller ones.
    "#]],
    );
    told(
        &document(db, "\"users -> db\" = {}", "", ASK),
        expect![[r#"
        whole: db: it is one pool, and a pool is never cut into smaller ones.
    "#]],
    );
}

#[test]
fn what_is_not_alike_is_run_whole_and_why_is_said() {
    told(
        &document(&format!("{}\n{WEB}", LB.replace("random", "least connections")), LINKS, "", ASK),
        expect![[r#"
        whole: web: its balancer makes one pool of its replicas, which is never cut.
    "#]],
    );
    told(
        &document(&format!("{}\n{WEB}", LB.replace("random\"", "hash\", sticky = true")), LINKS, "", ASK),
        expect![[r#"
        whole: web: sessions stay at its replicas, which makes them unlike.
    "#]],
    );
    told(
        &document(&format!("{LB}\n{WEB}").replace("workers = 4", "workers = 4, autoscale = {}"), LINKS, "", ASK),
        expect![[r#"
        whole: web: its replicas come and go one by one.
    "#]],
    );
    told(
        &document(&format!("{LB}\n{WEB}").replace("= 200", "= 13"), LINKS, "", ASK),
        expect![[r#"
        whole: web: of 13 there are too few; at least 10 would be run.
    "#]],
    );
    told(
        &document(&format!("{LB}\n{WEB}"), LINKS, "", &ASK.replace("poisson", "batches of 5, poisson")),
        expect![[r#"
        whole: ask comes in batches, which a part of it would not.
    "#]],
    );
    told(
        &document(&format!("{LB}\n{WEB}"), LINKS, "", &format!("{ASK}\n[[faults]]\nat = \"5 s\"\nwhat = \"crash web.3\"")),
        expect![[r#"
        whole: “crash web.3” strikes one replica, which is then not like the others.
    "#]],
    );
    told(
        &document(&format!("{LB}\n{WEB}"), &LINKS.replace("web\" = {", "web\" = { breaker = { errors = \"50 %\" } "), "", ASK),
        expect![[r#"
            whole: On lb -> web, `breaker` counts what all callers do together.
        "#]],
    );
    let shop = "[data]\nstock = { rows = 1, value = 100, home = \"db\" }\n[require]\nfair = \"stock: no oversell\"";
    told(
        &document(
            &format!("{LB}\n{WEB}\ndb = {{ kind = \"relational\" }}"),
            &format!("{LINKS}\n\"web -> db\" = {{}}"),
            "ask = \"\"\"\nlb > web > db take stock\n\"\"\"",
            &format!("{ASK}\n{shop}"),
        ),
        expect![[r#"
            whole: What is required of data is asked of each request.
            whole: A row of stock has a value that all who ask for it share.
        "#]],
    );
    let cache = "cache = { kind = \"cache\", entries = 1000 }";
    let links = format!("{LINKS}\n\"web -> cache\" = {{}}");
    let calls = "ask = \"\"\"\nlb > web > cache get\n\"\"\"";
    let zipf = ASK.replace(" }", ", keys = \"zipf 1 of 100000\" }");
    told(
        &document(&format!("{LB}\n{WEB}\n{cache}"), &links, calls, &zipf),
        expect![[r#"
        whole: So much must see everything that leaving out the rest would save little.
        whole: cache: what is asked for often is not asked for alike, so no part of its keys stands for all of them.
    "#]],
    );
    told(
        &document(&format!("{LB}\n{WEB}\n{cache}"), &links, calls, &zipf.replace("zipf 1", "uniform")),
        expect![[r#"
            One request in 5 is run, and told as 5.
            Of the 200 replicas of web, 40 are run.
            ask from users: poisson 40000/s to lb
        "#]],
    );
}

fn run(document: &Resolved, seed: u64) -> Report {
    let experiment = Experiment { document: document.clone(), seed, engine: sim::ENGINE.to_owned() };
    sim::run(&experiment, Budget::default()).unwrap()
}

/// Near its limit one part alone is not sure, and its siblings do not agree with it.
#[test]
fn close_to_a_limit_a_part_says_too_little() {
    let mut told = String::new();
    for rate in ["130000", "200000", "258000", "265000"] {
        let document = document(&format!("{LB}\n{WEB}"), LINKS, "", &ASK.replace("200000", rate));
        let Reduction::Smaller(smaller) = reduce(&document) else { panic!("a part of it is smaller") };
        let parts: Vec<Report> = (1..=PARTS as u64).map(|seed| run(&smaller.document, seed)).collect();
        let sure = parts.iter().all(|part| smaller.is_sure(part));
        let agreed = agree(&parts).err().unwrap_or_else(|| "they agree".into());
        writeln!(told, "{rate}/s of 266667/s: sure {sure}; {agreed}").unwrap();
    }
    expect![[r#"
        130000/s of 266667/s: sure true; they agree
        200000/s of 266667/s: sure true; they agree
        258000/s of 266667/s: sure false; The p99 of ask differs too much from part to part (standard error 4.09 % of 3 parts): so close to a limit, queues change so slowly that a part sees only a few of them.
        265000/s of 266667/s: sure false; The p50 of ask differs too much from part to part (standard error 7.3 % of 3 parts): so close to a limit, queues change so slowly that a part sees only a few of them.
    "#]].assert_eq(&told);
}

/// All that is told of the whole, beside the whole.
#[test]
fn a_part_tells_what_the_whole_does() {
    let db = "db = { kind = \"relational\", pool = 30, time = \"exp 5 ms\", size = \"db.m5.large\" }";
    let links = format!("{LINKS}\n\"web -> db\" = {{ rtt = \"1 ms\", timeout = \"1 s\" }}");
    let calls = "ask = \"\"\"\nlb > web\n  2 %: db\n\"\"\"";
    let ask = ASK.replace("200000", "180000").replace("ask =", "warmup = \"20 %\"\nask =");
    let web = WEB.replace("workers = 4", "workers = 4, holds = false");
    let document = document(
        &format!("{LB}\n{web}\n{db}"),
        &links,
        calls,
        &format!("{ask}\n[[faults]]\nat = \"8 s\"\nlasts = \"1 s\"\nwhat = \"slow db x3\""),
    );
    let Reduction::Smaller(smaller) = reduce(&document) else { panic!("a part of it stands for it") };
    let (part, whole) = (smaller.tell(run(&smaller.document, 2)).unwrap(), run(&document, 1));
    assert_eq!(part.class_names, whole.class_names);
    assert_eq!(part.component_names, whole.component_names);
    assert!(part.components.keys().eq(whole.components.keys()) && part.links.keys().eq(whole.links.keys()));
    for (measure, band) in [
        ("ask.offered", 0.01),
        ("ask.throughput", 0.01),
        ("ask.sent", 0.01),
        ("ask.mean", 0.02),
        ("ask.p50", 0.02),
        ("ask.p99", 0.05),
        ("ask.inside", 0.02),
        ("web.utilisation", 0.01),
        ("web.rate", 0.01),
        ("web.queue", 0.10),
        ("web.replicas", 0.0),
        ("web.inside", 0.02),
        ("lb.rate", 0.01),
        ("db.rate", 0.03),
        ("db.utilisation", 0.03),
        ("web -> db.calls", 0.03),
        ("lb -> web.calls", 0.01),
        ("at 15 s.goodput", 0.04),
        ("at 15 s.web.rate", 0.15),
    ] {
        let value = |report: &Report| report.measure(measure).unwrap_or_else(|| panic!("{measure} is told")).value().unwrap();
        let (part, whole) = (value(&part), value(&whole));
        assert!((part - whole).abs() <= band * whole, "{measure}: {part} of the part, {whole} of the whole");
    }
    assert_eq!(part.components["web"].by_replica.len(), 200);
}

/// What stands for the rest makes its calls come what may, so it must be found out where others
/// do not come that far.
#[test]
fn a_part_that_does_not_stand_for_the_whole_says_so() {
    let db = "db = { kind = \"relational\", pool = 30, time = \"exp 5 ms\" }";
    let links = format!("{LINKS}\n\"web -> db\" = {{}}");
    let calls = "ask = \"\"\"\nlb > web\n  2 %: db\n\"\"\"";
    let fails = |links: &str, fault: &str, expected: Expect| {
        let document = document(&format!("{LB}\n{WEB}\n{db}"), links, calls, &format!("{ASK}\n{fault}"));
        let Reduction::Smaller(smaller) = reduce(&document) else { panic!("its plan says nothing against it") };
        expected.assert_eq(&smaller.tell(run(&smaller.document, 1)).unwrap_err());
    };
    let lossy = "web\" = { timeout = \"1 s\", loss = \"20 %\" }";
    fails(
        &links.replacen("web\" = {}", lossy, 1),
        "",
        expect!["Other than its plan says, db was called 0.802 times for each time expected: requests failed before, or were tried again."],
    );
    // Servers that wait for a slow database hold up what else would come to it.
    fails(
        &links,
        "[[faults]]\nat = \"8 s\"\nlasts = \"1 s\"\nwhat = \"slow db x3\"",
        expect!["web was saturated, so what stands behind it does not get what the plan says."],
    );
}
