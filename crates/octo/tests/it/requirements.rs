//! What a document requires, on the command line: the table, the JSON, how often it runs, the exit
//! code. How verdicts fall is tested in `judge`.

use expect_test::expect;

use crate::runs::Desk;

const SHOP: &str = r#"octo  = 1
[components]
users  = { kind = "clients" }
web    = { kind = "service", workers = 2, queue = 50, time = "10 ms" }
db     = { kind = "relational", time = "0 ms" }
[links]
"users -> web" = { rtt = "30 ms" }
[data]
order  = { key = "id" }
[calls]
buy    = "web > db insert order"
[workload]
lasts  = "20 s"
buy    = { from = "users", arrivals = "constant 100/s", deadline = "1 s" }
[require]
fast   = "buy p99 < 100 ms"
busy   = "web utilisation < 45 %"
kept   = "order: no lost write"
"#;

fn requirements(out: &str) -> String {
    out.lines().skip_while(|line| *line != "Requirements").take_while(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_missed_requirement_is_a_no() {
    let ended = Desk::with(SHOP).sim(&[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    assert!(ended.out.contains("5 runs of 20 s"), "one run decides nothing, so there are more: {}", ended.out);
    expect![[r#"
        Requirements
        id    required                verdict              measured
        busy  web utilisation < 45 %  missed by 5 %        50 %
        fast  buy p99 < 100 ms        met, 60 ms to spare  40 ms
        kept  order: no lost write    met                  0 of 9,995
    "#]]
    .assert_eq(&requirements(&ended.out));
}

#[test]
fn what_is_met_is_fine_and_stops_as_soon_as_it_is_known() {
    let ended = Desk::with(SHOP).sim(&["--set", "require.busy=web max queue = 0", "--set", "require.fast=buy failed = 0", "--json"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["seeds"].as_array().map(Vec::len), Some(1), "what was counted needs one run");
    expect![[r#"
        {
          "busy": {
            "margin_e9": 0,
            "measured_e9": 0,
            "required": "web max queue = 0",
            "unit": "",
            "verdict": "met"
          },
          "fast": {
            "margin_e9": 0,
            "measured_e9": 0,
            "required": "buy failed = 0",
            "unit": "",
            "verdict": "met"
          },
          "kept": {
            "checked": 1999,
            "required": "order: no lost write",
            "verdict": "met",
            "violated": 0
          }
        }
    "#]]
    .assert_eq(&format!("{:#}\n", report["requirements"]));
}

#[test]
fn so_many_replications_are_not_exceeded() {
    let ended = Desk::with(SHOP).sim(&["--replications", "1"]);
    assert_eq!(ended.code, Some(0), "undecided is not missed");
    expect![[r#"
        Requirements
        id    required                verdict    measured
        busy  web utilisation < 45 %  undecided  50 %
        fast  buy p99 < 100 ms        undecided  40 ms
        kept  order: no lost write    met        0 of 1,999
        busy  One run says nothing of its own error.
        fast  One run says nothing of its own error.
    "#]]
    .assert_eq(&requirements(&ended.out));
}

#[test]
fn what_cannot_be_measured_is_refused_where_it_stands() {
    let ended = Desk::with(&SHOP.replace("buy p99 <", "bay p99 <")).sim(&[]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert!(ended.err.contains("shop.toml:16:1: require.fast: There is no class or component “bay”. Did you mean “buy”?"), "{}", ended.err);
}

#[test]
fn a_sweep_says_that_it_judges_nothing() {
    let ended = Desk::with(SHOP).sim(&["--sweep", "rate=50..100 in 2"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("a sweep shows numbers and judges no requirement"), "{}", ended.err);
}

const SALE: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 8, time = "3 ms" }
db    = { kind = "relational", pool = 20, time = "2 ms" }
[links]
"users -> web" = {}
[data]
stock = { rows = 1, value = 30 }
[calls]
buy   = """
web
  db read stock
  db write stock
"""
[workload]
lasts = "2 s"
buy   = { from = "users", arrivals = "closed 4 users think 30 ms" }
[require]
sold  = "stock: no oversell"
"#;

#[test]
fn a_violation_tells_its_story() {
    let ended = Desk::with(SALE).sim(&[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    expect![[r#"
        Requirements
        id    required            verdict  measured
        sold  stock: no oversell  missed   33 of 63
        sold  31 of stock were sold, and there were 30.
              0.033000 s  request 1, session 0   db  reads stock: 30 left (version 0)
              0.033000 s  request 2, session 1   db  reads stock: 30 left (version 0)
              0.037000 s  request 1, session 0   db  writes stock: 29 left (version 1)
              0.039000 s  request 2, session 1   db  writes stock: 29 left (version 2)
              0.296000 s  request 31, session 2  db  reads stock: 17 left (version 28)
              0.300000 s  request 31, session 2  db  writes stock: 16 left (version 31)
    "#]]
    .assert_eq(&requirements(&ended.out));
    let ended = Desk::with(SALE).sim(&["--json"]);
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let sold = &report["requirements"]["sold"];
    assert_eq!((&sold["verdict"], &sold["violated"]), (&"missed".into(), &report["watched"][0]["violated"]));
    assert_eq!(sold["story"], report["watched"][0]["violations"][0]["story"]);
    let cured = Desk::with(&SALE.replace("  db read stock\n  db write stock\n", "  db take stock\n")).sim(&[]);
    assert_eq!(cured.code, Some(0), "{}", cured.out);
}
