//! Searches with real runs of small designs: what is found, that nothing is tried outside the envelope,
//! that the same questions give the same answers, and that an end in between says what is known.

use design::{Arrivals, Document, Experiment, Format};
use expect_test::expect;
use judge::breaks::{self, Limits};
use judge::capacity;
use judge::runs::{Runs, Stop};
use sim::{Budget, Report};

/// Runs here and now, as many as allowed, and keeps what was asked for.
pub(crate) struct Here {
    pub(crate) asked: Vec<Experiment>,
    pub(crate) most: usize,
}

impl Here {
    pub(crate) fn new() -> Self {
        Self { asked: Vec::new(), most: usize::MAX }
    }
}

impl Runs for Here {
    fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<Report>, Stop> {
        if self.asked.len() + experiments.len() > self.most {
            return Err(Stop::Interrupted);
        }
        self.asked.extend(experiments.iter().cloned());
        experiments
            .iter()
            .map(|experiment| sim::run(experiment, Budget { events: 5_000_000, live_requests: 100_000 }).map_err(Stop::Refused))
            .collect()
    }

    fn trying(&mut self, _: &str) {}
}

/// Three servers behind a balancer and a database that is large enough for half as much again.
const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
lb    = { kind = "balancer" }
web   = { kind = "service", replicas = 3, workers = 8, time = "exp 10 ms" }
db    = { kind = "relational", pool = 8, time = "exp 20 ms" }
[links]
"users -> lb" = { rtt = "10 ms" }
"lb -> web" = {}
"web -> db" = {}
[workload]
lasts = "40 s"
buy = { from = "users", arrivals = "poisson 60/s", deadline = "1 s" }
[require]
good = "good >= 97 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["crash 1 of web", "slow x3 of db"], at_once = 2, lasts = "1 s..5 s", at = "5 s..30 s" }
"#;

pub(crate) fn document(text: &str) -> Document {
    let loaded = design::read(text, Format::Toml);
    assert!(loaded.is_runnable(), "{:#?}", loaded.problems);
    loaded.document
}

fn search(text: &str, limits: Limits, here: &mut Here) -> breaks::Outcome {
    let document = document(text);
    let (requirements, problems) = judge::require::read(&document);
    assert_eq!(problems, []);
    let (envelope, problems) = judge::envelope::read(&document);
    assert_eq!(problems, []);
    breaks::find(&document, &requirements, &envelope, limits, here)
}

fn told(outcome: &breaks::Outcome) -> String {
    let found = outcome.found.iter().flat_map(|found| found.story().into_iter().chain([found.arguments().join(" ")]));
    found.chain(outcome.sentences()).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_single_server_is_found_and_made_small() {
    let one = SHOP.replace("replicas = 3, workers = 8", "replicas = 1, workers = 16");
    let outcome = search(&one, Limits::default(), &mut Here::new());
    expect![[r#"
        With “crash web.1” at 10 s for 2 s, “good >= 97 %” (good) is missed by 2.2 %: it is 94.8 % ± 0.688 % over 5 runs.
        It shows at web: 100 % of the failures are “down”.
        It was first seen with 1.5 times the load and with “crash web.1” at 10 s for 5 s; less is enough.
        --fault crash web.1 at 10 s for 2 s --seed 17 --replications 5
    "#]]
    .assert_eq(&told(&outcome));
}

#[test]
fn a_small_pool_is_found_by_load_alone() {
    let small = SHOP.replace("pool = 8", "pool = 2").replace("60/s", "70/s").replace("faults =", "# faults =");
    let outcome = search(&small, Limits::default(), &mut Here::new());
    expect![[r#"
        With 1.5 times the load, “good >= 97 %” (good) is missed by 64.5 %: it is 32.5 % ± 19 % over 10 runs.
        It shows at db, which is at its limit from 500 ms on.
        --load x1.5 --seed 7 --replications 10
    "#]]
    .assert_eq(&told(&outcome));
}

#[test]
fn a_design_that_misses_something_as_it_is_needs_no_search() {
    let outcome = search(&SHOP.replace("pool = 8", "pool = 1"), Limits::default(), &mut Here::new());
    expect![[r#"
        With nothing done to it, “good >= 97 %” (good) is missed by 88.8 %: it is 8.17 % ± 9.58 % over 5 runs.
        It shows at db, which is at its limit from 333 ms on.
        --seed 2 --replications 5
    "#]]
    .assert_eq(&told(&outcome));
    assert_eq!(outcome.runs, 5);
}

#[test]
fn the_case_that_is_told_shows_again_with_seeds_that_nobody_chose() {
    let one = SHOP.replace("replicas = 3, workers = 8", "replicas = 1, workers = 16");
    let found = search(&one, Limits::default(), &mut Here::new()).found.unwrap();
    let (requirements, _) = judge::require::read(&found.document);
    let resolved = design::resolve(&found.document).unwrap();
    let reports: Vec<Report> = (700..705)
        .map(|seed| sim::run(&Experiment { document: resolved.clone(), seed, engine: sim::ENGINE.into() }, Budget::default()).unwrap())
        .collect();
    let verdicts = judge::require::judge(&requirements, &sim::pool(&reports).unwrap());
    assert_eq!(verdicts[&found.requirement].name(), "missed");
}

#[test]
fn nothing_is_tried_outside_the_envelope_and_a_sound_design_is_left_alone() {
    let mut here = Here::new();
    let outcome = search(SHOP, Limits { runs: 120, seed: 3 }, &mut here);
    assert!(outcome.found.is_none(), "{}", told(&outcome));
    assert!(
        outcome.tried.len() > 30 && outcome.runs == here.asked.len() && outcome.runs <= 120,
        "{} {}",
        outcome.tried.len(),
        outcome.runs
    );
    for experiment in &here.asked {
        let faults = &experiment.document.faults;
        assert!(faults.len() <= 2, "{faults:?}");
        assert!(faults.len() < 2 || faults[0].what != faults[1].what, "twice as bad: {faults:?}");
        for fault in faults {
            let seconds = |time: units::Duration| time.as_secs_f64();
            assert!((5.0..=30.0).contains(&seconds(fault.at)), "{fault:?}");
            let Some(design::Distribution::Constant { value }) = &fault.lasts else { panic!("{fault:?}") };
            assert!((1.0..=5.0).contains(&seconds(*value)), "{fault:?}");
        }
        let Some(Arrivals::Poisson { rate }) = experiment.document.workload.classes["buy"].arrivals else { panic!("as written") };
        assert!((30.0..=90.0).contains(&rate.as_per_second()), "{rate}");
    }
}

#[test]
fn the_same_search_asks_the_same_questions() {
    let (mut first, mut second) = (Here::new(), Here::new());
    let limits = Limits { runs: 40, seed: 9 };
    assert_eq!(search(SHOP, limits, &mut first), search(SHOP, limits, &mut second));
    assert!(first.asked == second.asked);
}

#[test]
fn a_search_that_is_interrupted_says_what_it_knows() {
    let one = SHOP.replace("replicas = 3, workers = 8", "replicas = 1, workers = 16");
    let whole = search(&one, Limits::default(), &mut Here::new()).runs;
    for most in [0, 5, 9, whole - 12] {
        let outcome = search(&one, Limits::default(), &mut Here { most, ..Here::new() });
        assert_eq!(outcome.stopped, Some(Stop::Interrupted), "{most}");
        // Once it was confirmed it is told, however large it still is.
        assert_eq!(outcome.found.is_some(), most == whole - 12, "{most} of {whole}: {}", told(&outcome));
    }
}

/// One box that nobody needs, one that a bad day needs, one that every day needs.
const HOUSE: &str = r#"octo = 1
[components]
users = { kind = "clients" }
door  = { kind = "gateway", time = "1 ms" }
web   = { kind = "service", replicas = 2, workers = 8, time = "exp 10 ms" }
near  = { kind = "cache", hits = "5 %", time = "0.5 ms" }
db    = { kind = "relational", pool = 8, time = "exp 20 ms" }
[links]
"users -> door" = { rtt = "10 ms" }
"door -> web" = {}
"web -> near" = {}
"web -> db" = {}
[calls]
buy = """
door > web
  near get
    miss: db
"""
[workload]
lasts = "40 s"
buy = { from = "users", arrivals = "poisson 60/s", deadline = "1 s" }
[require]
good = "good >= 97 %"
fast = "p99 < 400 ms"
[envelope]
faults = { any = ["crash 1 of web"], lasts = "..10 s" }
"#;

#[test]
fn a_component_earns_what_is_missed_without_it() {
    let document = document(HOUSE);
    let (requirements, _) = judge::require::read(&document);
    let (envelope, _) = judge::envelope::read(&document);
    let told = |envelope| {
        let ablation = judge::ablate::ablate(&document, &requirements, envelope, 1_000, 1, &mut Here::new());
        let rows = ablation.rows.iter().map(|row| format!("{} {}: {}\n", row.component, row.change.spoken(), row.spoken()));
        rows.chain(ablation.sentences().into_iter().map(|line| format!("{line}\n"))).collect::<String>()
    };
    expect![[r#"
        db taken away: cannot be taken away: requests end there: it is a store
        db at half its workers (4 instead of 8): earns nothing
        door taken away: earns nothing
        near taken away: earns nothing
        web taken away: does work that no requirement is about
        web at half its replicas (1 instead of 2): earns good
        web at half its workers (4 instead of 8): earns nothing
        db at half its workers (4 instead of 8) would meet every requirement, too.
        You could delete door: every requirement is met without it.
        You could delete near: every requirement is met without it.
        Every requirement is met without web. If what web does is needed, require it; if not, delete web.
        web at half its workers (4 instead of 8) would meet every requirement, too.
        Each of these was tried alone; of two that could go, one may be there for the other.
        Beside the usual load, changes were tried with “crash web.1” at 10 s for 10 s; with “crash web.2” at 10 s for 10 s.
    "#]]
    .assert_eq(&told(Some(&envelope)));
    expect![[r#"
        db taken away: cannot be taken away: requests end there: it is a store
        db at half its workers (4 instead of 8): earns nothing
        door taken away: earns nothing
        near taken away: earns nothing
        web taken away: does work that no requirement is about
        web at half its replicas (1 instead of 2): earns nothing
        web at half its workers (4 instead of 8): earns nothing
        db at half its workers (4 instead of 8) would meet every requirement, too.
        You could delete door: every requirement is met without it.
        You could delete near: every requirement is met without it.
        Every requirement is met without web. If what web does is needed, require it; if not, delete web.
        web at half its replicas (1 instead of 2) would meet every requirement, too.
        web at half its workers (4 instead of 8) would meet every requirement, too.
        Each of these was tried alone; of two that could go, one may be there for the other.
    "#]]
    .assert_eq(&told(None));
}

const QUEUE: &str = r#"octo = 1
[components]
users  = { kind = "clients" }
worker = { kind = "service", workers = $workers, time = "exp $time" }
[links]
"users -> worker" = {}
[workload]
lasts = "120 s"
warmup = "5 %"
buy = { from = "users", arrivals = "poisson 40/s" }
[require]
fast = "p99 < 200 ms"
"#;

/// P(T > t) of M/M/c; Erlang's C formula for the chance to wait.
fn tail(workers: u32, time: f64, rate: f64, t: f64) -> f64 {
    let (mu, c) = (1.0 / time, f64::from(workers));
    let a = rate / mu;
    let blocked = (1..=workers).fold(1.0, |b, k| a * b / (f64::from(k) + a * b));
    let wait = blocked / (1.0 - a / c * (1.0 - blocked));
    let rest = c - 1.0 - a;
    let both = if rest.abs() < 1e-9 { mu * t } else { (1.0 - libm::exp(-mu * t * rest)) / rest };
    libm::exp(-mu * t) * (1.0 + wait * both)
}

/// The rate at which one in a hundred takes longer.
fn limit(workers: u32, time: f64, bound: f64) -> f64 {
    let (mut low, mut high) = (0.0, f64::from(workers) / time);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if tail(workers, time, middle, bound) > 0.01 { high = middle } else { low = middle }
    }
    low
}

#[test]
fn the_highest_load_is_where_the_closed_form_says() {
    // M/M/1: p99 = ln 100 / (mu - lambda).
    assert!((limit(1, 0.01, 0.2) - (100.0 - libm::log(100.0) / 0.2)).abs() < 1e-6);
    for (workers, ms, seed) in [(1, 10, 1), (4, 40, 50)] {
        let document = document(&QUEUE.replace("$workers", &workers.to_string()).replace("$time", &format!("{ms} ms")));
        let (requirements, _) = judge::require::read(&document);
        let highest = capacity::highest(&document, &requirements, capacity::Limits { runs: 1_000, seed }, &mut Here::new());
        let expected = limit(workers, f64::from(ms) / 1000.0, 0.2) / 40.0;
        let (meets, misses) = (highest.meets.unwrap(), highest.misses.unwrap());
        assert!(meets <= expected && expected <= misses.factor, "{workers} workers: {meets} <= {expected} <= {}", misses.factor);
        assert!(misses.factor / meets < 1.3, "{workers} workers: {meets}..{}", misses.factor);
        assert_eq!((misses.requirement.as_str(), misses.component.as_deref()), ("fast", Some("worker")));
    }
}

#[test]
fn the_fewest_replicas_are_those_that_the_closed_form_says() {
    let text = r#"octo = 1
[components]
users = { kind = "clients" }
a     = { kind = "service", replicas = 9, workers = 4, time = "exp 20 ms" }
b     = { kind = "service", replicas = 1, workers = 4, time = "exp 20 ms" }
[links]
"users -> a" = {}
"a -> b" = {}
[workload]
lasts = "40 s"
buy = { from = "users", arrivals = "poisson 300/s" }
[require]
busy  = "a utilisation < 70 %"
other = "b utilisation < 70 %"
"#;
    let document = document(text);
    let (requirements, _) = judge::require::read(&document);
    let fewest = capacity::fewest(&document, &requirements, capacity::Limits { runs: 1_000, seed: 1 }, &mut Here::new());
    // b needs 300/s * 20 ms / 70 % = 8.6 workers: 3 replicas. a holds a worker while b
    // works, so it needs twice as many: 17.1, or 5 replicas.
    let shown: Vec<String> = fewest.parts.iter().map(|part| format!("{} {} -> {}", part.name, part.had, part.needs)).collect();
    assert!(fewest.meets, "{fewest:?}");
    assert_eq!(shown.join(", "), "a 9 -> 5, b 1 -> 3");
}
