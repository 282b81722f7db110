//! What the studio asks for: each answer is what the crates behind it say, and node says the same.

use std::collections::BTreeMap;

use design::{Experiment, Format};
use expect_test::expect;
use judge::runs::{Runs, Stop};
use serde_json::{Value, json};
use wasm::{Pool, Run, Search};

use crate::{in_studio, json_of};

const SHOP: &str = r#"
octo = 1
title = "A shop"
[components]
users = { kind = "clients" }
lb = { kind = "balancer", region = "eu" }
web = { kind = "service", replicas = 2, workers = 4, time = "exp 20 ms", zones = ["eu-a", "eu-b"], region = "eu" }
db = { kind = "relational", pool = 4, time = "exp 10 ms", zones = ["eu-a"], region = "eu" }
[links]
"users -> lb" = { rtt = "20 ms" }
"lb -> web" = {}
"web -> db" = { rtt = "1 ms" }
[workload]
lasts = "20 s"
buy = { from = "users", arrivals = "poisson 100/s" }
[require]
fast = "p99 < 300 ms"
good = "good >= 99 %"
[envelope]
rate = "x0.5..x4"
faults = { any = ["crash 1 of web"], at_once = 1, lasts = "..10 s" }
"#;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|wrong| panic!("{wrong}: {text}"))
}

#[test]
fn a_good_design_is_told_as_it_is_understood() {
    let told = parsed(&wasm::check(&json_of(SHOP)));
    assert_eq!((&told["problems"], &told["runnable"]), (&json!([]), &json!(true)));
    assert_eq!(told["calls"], json!({ "buy": "lb > web > db" }));
    assert_eq!(told["resolved"]["workload"]["warmup"], "5 %");
    assert_eq!(
        told["components"][2],
        json!({ "name": "users", "kind": "clients", "label": ["clients", "buy: poisson 100/s"], "replicas": 1, "sends": true })
    );
    assert_eq!(told["requirements"][0], json!({ "id": "fast", "says": "p99 < 300 ms" }));
    // The name is that of its run.
    assert_eq!(told["run"], Run::new(&json_of(SHOP), "{}", "1").unwrap().id());
    // What is written in can be read again, and means the same.
    let again = parsed(&wasm::check(&told["resolved"].to_string()));
    assert_eq!(again["run"], told["run"]);
    assert!(again["problems"].as_array().unwrap().iter().all(|problem| problem["severity"] == "note"), "{again}");
}

#[test]
fn whatever_is_wrong_is_listed_with_its_place() {
    let listed = |text: &str| -> String {
        let told = parsed(&wasm::check(text));
        assert_eq!((&told["runnable"], &told["run"], &told["resolved"]), (&json!(false), &Value::Null, &Value::Null), "{text}");
        let lines = told["problems"].as_array().unwrap().iter().map(|problem| {
            format!(
                "{} {}: {}\n",
                problem["severity"].as_str().unwrap(),
                problem["path"].as_str().unwrap(),
                problem["message"].as_str().unwrap()
            )
        });
        lines.collect()
    };
    let broken = r#"{"octo":1,"components":{"users":{"kind":"clints"},"web":{"kind":"service","time":"exp 5 apples","workers":0}},"workload":{"buy":{"from":"nobody","arrivals":"poisson 5/s"}}}"#;
    expect![[r#"
        error components.users.kind: “clints” is not a kind of component.
        error components.web.time: “apples” is not a unit known here.
        error components.web.workers: 0 is out of range.
        error workload.buy.from: No component is called “nobody”.
    "#]]
    .assert_eq(&listed(broken));
    expect![[r#"
        error : This is not JSON: Unterminated object.
    "#]]
    .assert_eq(&listed("{"));
    expect![[r#"
        error components: There are no components.
    "#]]
    .assert_eq(&listed(r#"{"octo":1,"components":{}}"#));
    expect![[r#"
        error : This design has 68 kB of text, and at most 64 kB are looked at here.
    "#]]
    .assert_eq(&listed(&format!("{{\"title\":\"{}\"}}", "a".repeat(70_000))));
    let many: Vec<String> = (0..2_500).map(|number| format!("\"c{number}\":{{\"kind\":\"dns\"}}")).collect();
    expect![[r#"
        error : This design has 2500 components, and at most 2000 are looked at here.
    "#]]
    .assert_eq(&listed(&format!("{{\"octo\":1,\"components\":{{{}}}}}", many.join(","))));
    assert!(listed(&"[".repeat(60_000)).contains("error"));
}

#[test]
fn a_design_as_large_as_may_be_is_looked_at_and_laid_out() {
    let names: Vec<String> = (0..1_100).map(|number| format!("\"c{number}\":{{\"kind\":\"service\",\"replicas\":9000}}")).collect();
    let links: Vec<String> = (1..1_000).map(|number| format!("\"c{} -> c{number}\":{{}}", number / 3)).collect();
    let huge = format!("{{\"octo\":1,\"components\":{{{}}}", names.join(","));
    let told = parsed(&wasm::check(&format!("{huge}}}")));
    assert_eq!((told["components"].as_array().unwrap().len(), &told["runnable"]), (1_100, &json!(false)));
    let linked = format!("{{\"components\":{{{}}},\"links\":{{{}}}}}", names[..600].join(","), links[..600].join(","));
    assert_eq!(parsed(&wasm::layout(&linked, false).unwrap())["places"].as_object().unwrap().len(), 600);
}

#[test]
fn a_requirement_that_cannot_be_measured_is_a_problem_of_a_design_that_runs() {
    let told = parsed(&wasm::check(&json_of(&SHOP.replace("p99 < 300 ms", "p99 < 300 apples"))));
    assert_eq!(told["runnable"], true);
    assert_eq!(told["problems"][0]["path"], "require.fast");
}

#[test]
fn every_setting_of_the_catalogue_takes_its_default_and_refuses_nonsense() {
    let told = parsed(&wasm::catalogue());
    let kinds = told["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), design::catalogue::KINDS.len());
    let problems = |kind: &Value, key: &Value, value: &str| -> Vec<String> {
        let mut document = json!({ "octo": 1, "components": { "x": { "kind": kind } } });
        document["components"]["x"][key.as_str().unwrap()] = match value {
            "true" => true.into(),
            "false" => false.into(),
            _ => value.into(),
        };
        let told = parsed(&wasm::check(&document.to_string()));
        let path = format!("components.x.{}", key.as_str().unwrap());
        let here = told["problems"].as_array().unwrap().iter().filter(|problem| problem["path"] == path && problem["severity"] == "error");
        here.map(|problem| problem["message"].as_str().unwrap().to_owned()).collect()
    };
    for kind in kinds {
        assert!(kind["icon"].as_str().is_some_and(|icon| icon.starts_with('M')) && kind["says"] != "", "{kind}");
        for setting in kind["settings"].as_array().unwrap() {
            assert!(setting["says"].as_str().is_some_and(|says| says.ends_with('.')), "{setting}");
            if let Some(default) = setting["default"].as_str() {
                assert_eq!(problems(&kind["name"], &setting["key"], default), [""; 0], "{} {setting}", kind["name"]);
            }
            let takes_anything = ["name", "names", "text", "component"].contains(&setting["takes"].as_str().unwrap());
            assert!(takes_anything || !problems(&kind["name"], &setting["key"], "12 apples & ?").is_empty(), "{} {setting}", kind["name"]);
        }
    }
    let faults = told["notations"]["fault"].as_array().unwrap();
    assert!(faults.iter().any(|way| way["example"].as_str().is_some_and(|example| example.starts_with("crash "))), "{faults:?}");
}

#[test]
fn boxes_are_placed_beside_each_other_and_groups_around_them() {
    let told = parsed(&wasm::layout(&json_of(SHOP), false).unwrap());
    let side = |name: &str, what: &str| told["places"][name][what].as_f64().unwrap();
    let order = ["users", "lb", "web", "db"];
    assert!(order.windows(2).all(|pair| side(pair[0], "x") + side(pair[0], "width") < side(pair[1], "x")), "{told}");
    let groups: Vec<_> =
        told["groups"].as_array().unwrap().iter().map(|group| (group["what"].as_str().unwrap(), group["members"].clone())).collect();
    assert_eq!(groups, [("region", json!(["db", "lb", "web"])), ("zone", json!(["db", "web"])), ("zone", json!(["web"]))]);
    let down = parsed(&wasm::layout(&json_of(SHOP), true).unwrap());
    assert!(down["places"]["db"]["y"].as_f64() > down["places"]["web"]["y"].as_f64());
    // A design that is half written has a picture too.
    let half = parsed(&wasm::layout(r#"{"components":{"a":{"kind":"servce"}},"links":{"a -> b":{}}}"#, false).unwrap());
    assert!(half["places"]["a"].is_object());
}

#[test]
fn a_run_tells_how_far_it_is_and_its_series_grows_into_that_of_the_report() {
    let mut run = Run::new(&json_of(SHOP), "{}", "1").unwrap();
    run.trace();
    let points = |run: &Run| parsed(&run.series())["at_ns"].as_array().unwrap().len();
    let mut before = (0.0, 0);
    while run.advance(2_000) < 1.0 {
        let progress = parsed(&run.progress());
        let now = (progress["simulated_s"].as_f64().unwrap(), points(&run));
        assert!(now.0 >= before.0 && now.1 >= before.1 && progress["done"].as_f64() < Some(1.0) && progress["of_s"] == 20.0, "{progress}");
        before = now;
    }
    assert!(before.1 > 200);
    assert_eq!(parsed(&run.progress())["done"], 1.0);
    assert_eq!(parsed(&run.series()), parsed(&run.report())["series"]);
}

#[test]
fn several_runs_give_verdicts_and_sentences_that_say_what_they_speak_of() {
    let mut pool = Pool::new();
    assert!(pool.verdicts().is_err());
    let full = json_of(&SHOP.replace("poisson 100/s", "poisson 420/s").replace("workers = 4", "workers = 40"));
    for seed in 1..=5 {
        let mut run = Run::new(&full, "{}", &seed.to_string()).unwrap();
        while run.advance(u32::MAX) < 1.0 {}
        pool.add(&run).unwrap();
        assert!(pool.add(&run).is_err(), "the same run twice");
    }
    let other = Run::new(&json_of(SHOP), "{}", "9").unwrap();
    assert!(pool.add(&other).unwrap_err().contains("another design"));
    let told = parsed(&pool.verdicts().unwrap());
    assert_eq!(told["verdicts"]["fast"]["verdict"], "missed");
    assert!(told["verdicts"]["fast"]["says"].as_str().unwrap().starts_with("missed by "), "{told}");
    assert_eq!(told["more"], Value::Null);
    let sentences = parsed(&pool.explain().unwrap());
    assert_eq!((&sentences[0]["role"], &sentences[0]["component"]), (&json!("cause"), &json!("db")));
    assert!(sentences[0]["components"].as_array().unwrap().contains(&json!("db")), "{sentences}");
    assert!(parsed(&pool.report().unwrap())["intervals"].is_object());
}

/// The searches as who can wait conducts them.
struct Waiting;

impl Runs for Waiting {
    fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<sim::Report>, Stop> {
        let run = |experiment: &Experiment| {
            let mut run =
                sim::Run::within(experiment, sim::Budget { live_requests: 500_000, ..Default::default() }).map_err(Stop::Refused)?;
            run.watching(&judge::runs::watches(experiment));
            while run.advance(u64::MAX) != sim::Progress::Done {}
            Ok(run.report())
        };
        experiments.iter().map(run).collect()
    }

    fn trying(&mut self, _: &str) {}
}

#[test]
fn a_search_in_slices_finds_what_a_search_in_one_go_finds() {
    let document = design::read(&json_of(SHOP), Format::Json).document;
    let (requirements, _) = judge::require::read(&document);
    let (envelope, _) = judge::envelope::read(&document);
    let found = judge::breaks::find(&document, &requirements, &envelope, judge::breaks::Limits { runs: 60, seed: 3 }, &mut Waiting);
    assert!(found.found.is_some());
    let highest = judge::capacity::highest(&document, &requirements, judge::capacity::Limits { runs: 40, seed: 3 }, &mut Waiting);
    let ablated = judge::ablate::ablate(&document, &requirements, Some(&envelope), 60, 3, &mut Waiting);
    assert_eq!(searched("break", 60), judge::json::breaks(&found));
    assert_eq!(searched("ablate", 60), judge::json::ablation(&ablated));
    assert_eq!(searched("capacity", 40)["highest"], judge::json::capacity(&highest, None)["highest"]);
}

fn searched(kind: &str, runs: u32) -> Value {
    let mut search = Search::new(kind, &json_of(SHOP), "{}", "3", runs).unwrap();
    assert_eq!(search.result(), "null");
    let mut last = 0;
    loop {
        let progress = parsed(&search.advance(7_777));
        let made = progress["runs"].as_u64().unwrap();
        assert!(made >= last && made <= u64::from(runs) && progress["of"] == runs, "{progress}");
        last = made;
        if progress["done"] == true {
            return parsed(&search.result());
        }
        assert_ne!(progress["trying"], "");
    }
}

#[test]
fn a_search_that_is_stopped_tells_what_it_knows() {
    for (kind, slices) in [("break", 0), ("break", 40), ("ablate", 40), ("capacity", 1)] {
        let mut search = Search::new(kind, &json_of(SHOP), "{}", "3", 0).unwrap();
        (0..slices).for_each(|_| drop(search.advance(10_000)));
        search.stop();
        let told = parsed(&search.result());
        let stopped = if kind == "capacity" { &told["highest"]["stopped"] } else { &told["stopped"] };
        assert_eq!(stopped, "it was interrupted", "{kind} after {slices}: {told}");
        assert_eq!(parsed(&search.advance(1))["done"], true);
    }
}

#[test]
fn a_search_says_what_it_misses() {
    let refused = |kind: &str, document: &str| Search::new(kind, document, "{}", "1", 0).err().unwrap();
    assert!(refused("brake", &json_of(SHOP)).contains("There is no search"));
    let unrequired = SHOP.split("[require]").next().unwrap();
    assert!(refused("capacity", &json_of(unrequired)).contains("it requires nothing"));
    assert!(refused("break", "{}").contains("components"));
}

#[test]
fn a_browser_says_the_same_of_everything() {
    let shop = json_of(SHOP);
    let broken = r#"{"octo":1,"components":{"web":{"kind":"service","time":"exp 5 apples"}}}"#;
    let asked: Vec<(&str, Vec<Value>)> = vec![
        ("check", vec![shop.as_str().into()]),
        ("check", vec![broken.into()]),
        ("check", vec!["{".into()]),
        ("catalogue", vec![]),
        ("layout", vec![shop.as_str().into(), false.into()]),
        ("instant", vec![shop.as_str().into()]),
        ("napkin", vec!["users = 10 million\nusers * 3 KB".into()]),
        ("judged", vec![shop.as_str().into(), 5.into()]),
        ("searched", vec!["break".into(), shop.as_str().into(), 60.into()]),
        ("searched", vec!["ablate".into(), shop.as_str().into(), 30.into()]),
        ("searched", vec!["capacity".into(), shop.as_str().into(), 30.into()]),
    ];
    let Some(browser) = in_studio(&json!(asked)) else { return };
    for (number, (what, arguments)) in asked.iter().enumerate() {
        let text = |at: usize| arguments[at].as_str().unwrap();
        let here = match *what {
            "check" => wasm::check(text(0)),
            "catalogue" => wasm::catalogue(),
            "layout" => wasm::layout(text(0), false).unwrap(),
            "instant" => wasm::instant(text(0)).unwrap(),
            "napkin" => wasm::napkin(text(0)).unwrap(),
            "judged" => judged(text(0), arguments[1].as_u64().unwrap()),
            _ => {
                let mut search = Search::new(text(0), text(1), "{}", "3", arguments[2].as_u64().unwrap() as u32).unwrap();
                while parsed(&search.advance(u32::MAX))["done"] != true {}
                search.result()
            }
        };
        assert_eq!(browser[number], here, "{what} {}", if arguments.is_empty() { "" } else { text(0) });
    }
}

fn judged(document: &str, runs: u64) -> String {
    let mut pool = Pool::new();
    for seed in 1..=runs {
        let mut run = Run::new(document, "{}", &seed.to_string()).unwrap();
        run.watch();
        while run.advance(u32::MAX) < 1.0 {}
        pool.add(&run).unwrap();
    }
    let told: BTreeMap<&str, String> =
        BTreeMap::from([("explain", pool.explain().unwrap()), ("report", pool.report().unwrap()), ("verdicts", pool.verdicts().unwrap())]);
    json!(told).to_string()
}
