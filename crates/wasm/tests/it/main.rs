//! The engine that browsers get, run by node beside the native one: the same experiment must give
//! the same bytes, and the same mistake the same words.

mod scenarios;
mod studio;

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use wasm::Run;

/// Runs in `node` what `Run` offers, in small slices, not more of them than are asked for, and
/// prints what comes out. In `large` slices no request is traced, so that runs take every shorter
/// way there is.
const SCRIPT: &str = "
import { readFileSync } from 'node:fs';
import { initSync, Run, version } from './octo.mjs';
initSync({ module: readFileSync('octo.wasm') });
const tried = (make) => { try { return make(); } catch (problems) { return { problems: String(problems) }; } };
const all = JSON.parse(readFileSync('experiments.json', 'utf8')).map(({ document, set, seed, wanted, slices, large }) => tried(() => {
  const run = new Run(document, set, seed);
  if (!large) run.trace();
  for (let left = slices ?? Infinity; left > 0 && run.advance(large ? 9999 : 777) < 1; left -= 1);
  return { id: run.id(), report: run.report(), measures: run.measures(wanted), ended: run.ended_by() ?? null };
}));
process.stdout.write(JSON.stringify({ all, version: version() }));
";

const WANTED: &str =
    r#"[{"name":"buy.mean","unit":"ms"},{"name":"buy.p99","unit":"ms"},{"name":"web.utilisation","unit":"%"},{"name":"bottleneck"}]"#;

const ONE_WORKER: &str = r#"
octo = 1
[components]
users = { kind = "clients" }
web = { kind = "service", time = "exp 10 ms" }
[links]
"users -> web" = {}
[workload]
lasts = "20 s"
buy = { from = "users", arrivals = "poisson 80/s" }
"#;

/// Every distribution, policy and mode whose arithmetic could differ between the two.
const MANY_PARTS: &str = r#"
octo = 1
[components]
users = { kind = "clients" }
crowd = { kind = "clients" }
lb = { kind = "balancer", policy = "two choices" }
web = { kind = "service", replicas = 3, workers = 4, queue = 50, time = "lognormal 4 ms scv 2" }
cache = { kind = "cache", time = "uniform 200 us..600 us", hits = "80 %" }
db = { kind = "relational", pool = 8, time = "hyper 6 ms scv 4" }
mail = { kind = "external", time = "10 ms or 1 s 1 %" }
store = { kind = "keyvalue", time = "erlang 4 2 ms" }
[links]
"users -> lb" = { rtt = "40 ms", jitter = "5 ms", reuse = "80 %", tls = "1.3" }
"web -> db" = { rtt = "1 ms", jitter = "100 us" }
[calls]
buy = """
lb > web
  cache
    miss: db; cache
  together: store x3; mail
  async: store
"""
look = "lb > web > db"
[workload]
lasts = "10 s"
buy = { from = "users", arrivals = "poisson 200/s" }
look = { from = "crowd", arrivals = "closed 30 users think exp 100 ms" }
"#;

#[test]
fn a_browser_and_a_server_make_the_same_report_byte_for_byte() {
    let one = json_of(ONE_WORKER);
    let many = json_of(MANY_PARTS);
    let experiments = [
        experiment(&one, "{}", "1"),
        experiment(&one, r#"{"workload.buy.arrivals":"poisson 95/s"}"#, "18446744073709551615"),
        experiment(&many, "{}", "7"),
        experiment(&many, r#"{"web.replicas":"2","db.time":"exp 9 ms"}"#, "8"),
        experiment(&many, r#"{"web.zones":"['a', \"b\"]","db.time":"{ dist = \"exp\", mean = \"9 ms\" }"}"#, "8"),
        experiment(&json_of(&format!("{ONE_WORKER}[envelope]\nfactors = [0.1, 2.5e-9, -1e300, 9007199254740993]\n")), "{}", "1"),
    ];
    let Some(browser) = in_node(&experiments) else { return };
    assert_eq!(browser["version"], wasm::version());
    for (experiment, browser) in experiments.iter().zip(browser["all"].as_array().unwrap()) {
        let native = natively(experiment);
        assert!(native.get("problems").is_none(), "{native}");
        assert!(native["report"].as_str().is_some_and(|report| report.contains("\"traces\"")), "{native}");
        assert_eq!(&native, browser);
    }
}

#[test]
fn a_mistake_is_told_in_the_same_words_in_a_browser() {
    let one = json_of(ONE_WORKER);
    let wrong = [
        experiment("{", "{}", "1"),
        experiment(&one, "[]", "1"),
        experiment(&one, r#"{"nobody.replicas":"2"}"#, "1"),
        experiment(&one, r#"{"web.time":"exp 5 apples"}"#, "1"),
        experiment(&one, r#"{"web.zones":"[a]"}"#, "1"),
        experiment(&one, "{}", "-1"),
        experiment(&"[".repeat(100_000), "{}", "1"),
    ];
    let Some(browser) = in_node(&wrong) else { return };
    for (experiment, browser) in wrong.iter().zip(browser["all"].as_array().unwrap()) {
        let native = natively(experiment);
        let problems: Value = serde_json::from_str(native["problems"].as_str().expect("a mistake has problems")).unwrap();
        assert!(problems.as_array().is_some_and(|list| !list.is_empty()), "{native}");
        assert_eq!(&native, browser);
    }
}

#[test]
fn an_estimate_is_told_step_by_step_and_a_wrong_one_with_its_place() {
    let steps: Value = serde_json::from_str(&wasm::napkin("users = 10 million").unwrap()).unwrap();
    assert_eq!(steps[0]["name"], "users");
    assert_eq!((steps[0]["value"].as_f64(), steps[0]["unit"].as_str()), (Some(1e7), Some("a plain number")));
    let problems: Value = serde_json::from_str(&wasm::napkin("a = 1\nb = 3 requests + 5 ms").unwrap_err()).unwrap();
    assert_eq!(problems[0]["line"], 2);
}

#[test]
fn a_design_is_drawn_under_the_id_that_was_asked_for() {
    let picture = wasm::picture_svg(&json_of(MANY_PARTS), "plate").unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("\"plate-"), "{picture}");
}

fn json_of(toml: &str) -> String {
    let loaded = design::read(toml, design::Format::Toml);
    assert!(loaded.is_runnable(), "{:#?}", loaded.problems);
    design::to_json(&loaded.document).to_string()
}

fn experiment(document: &str, set: &str, seed: &str) -> Value {
    json!({ "document": document, "set": set, "seed": seed, "wanted": WANTED })
}

/// What the script does, here: in one slice, unless it is to end after some.
fn natively(experiment: &Value) -> Value {
    let text = |key: &str| experiment[key].as_str().unwrap();
    let run = || {
        let mut run = Run::new(text("document"), text("set"), text("seed"))?;
        let large = experiment["large"] == true;
        if !large {
            run.trace();
        }
        match experiment["slices"].as_u64() {
            Some(slices) => drop((0..slices).find(|_| run.advance(if large { 9_999 } else { 777 }) >= 1.0)),
            None => while run.advance(u32::MAX) < 1.0 {},
        }
        let (id, report, measures, ended) = (run.id(), run.report(), run.measures(text("wanted"))?, run.ended_by());
        Ok(json!({ "id": id, "report": report, "measures": measures, "ended": ended }))
    };
    run().unwrap_or_else(|problems: String| json!({ "problems": problems }))
}

/// Calls what the studio calls: a list of names with their arguments.
const STUDIO: &str = "
import { readFileSync } from 'node:fs';
import { initSync, check, catalogue, layout, instant, napkin, Run, Pool, Search } from './octo.mjs';
initSync({ module: readFileSync('octo.wasm') });
const judged = (document, runs) => {
  const pool = new Pool();
  for (let seed = 1; seed <= runs; seed += 1) {
    const run = new Run(document, '{}', String(seed));
    run.watch();
    while (run.advance(5000) < 1);
    pool.add(run);
    run.free();
  }
  return JSON.stringify({ explain: pool.explain(), report: pool.report(), verdicts: pool.verdicts() });
};
const searched = (kind, document, runs) => {
  const search = new Search(kind, document, '{}', '3', runs);
  while (!JSON.parse(search.advance(9999)).done);
  return search.result();
};
const all = { check, catalogue, layout, instant, napkin, judged, searched };
const asked = JSON.parse(readFileSync('asked.json', 'utf8'));
process.stdout.write(JSON.stringify(asked.map(([what, args]) => all[what](...args))));
";

/// Nothing when the engine for browsers was not built.
fn in_node(experiments: &[Value]) -> Option<Value> {
    node(assets::figure_engine(), SCRIPT, ("experiments.json", &Value::from(experiments)))
}

/// The same on the engine of the studio.
fn in_node_for_studio(experiments: &[Value]) -> Option<Value> {
    node(assets::studio_engine(), SCRIPT, ("experiments.json", &Value::from(experiments)))
}

fn in_studio(asked: &Value) -> Option<Value> {
    node(assets::studio_engine(), STUDIO, ("asked.json", asked))
}

fn node(engine: Option<assets::Engine>, script: &str, (file, input): (&str, &Value)) -> Option<Value> {
    let Some(assets::Engine { wasm, glue }) = engine else {
        println!("skipped: built with OCTO_SKIP_ISLANDS, so there is no engine to compare with");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("octo.wasm", wasm);
    write("octo.mjs", glue.as_bytes());
    write("run.mjs", script.as_bytes());
    write(file, input.to_string().as_bytes());
    let output = Command::new("node").arg("run.mjs").current_dir(&folder).output().expect("node built the islands, so it is here");
    assert!(output.status.success(), "node: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
