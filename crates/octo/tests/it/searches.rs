//! `octo sim --find-break`, `--ablate`, `--capacity` and `--load` as a person meets them. What is searched
//! and how is tested in `judge`.

use expect_test::expect;

use crate::runs::Desk;

/// Half busy with even arrivals: 100/s for two workers that need 10 ms.
const SHOP: &str = r#"octo  = 1
title = "A shop"
[components]
users  = { kind = "clients" }
web    = { kind = "service", replicas = 2, workers = 1, queue = 20, time = "10 ms" }
[links]
"users -> web" = { rtt = "30 ms" }
[workload]
lasts  = "20 s"
buy    = { from = "users", arrivals = "constant 100/s", deadline = "1 s" }
[require]
good   = "good >= 99 %"
[envelope]
rate   = "x0.5..x1.5"
faults = { any = ["crash 1 of web"], lasts = "..5 s" }
"#;

/// Without the line that says how long it took.
fn told(out: &str) -> String {
    out.lines().filter(|line| !line.contains(" runs in ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_breaks_it_is_told_with_the_command_that_shows_it_again() {
    let desk = Desk::with(SHOP);
    let ended = desk.sim(&["--find-break", "--counterexample", "@broken.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    let place = ended.out.lines().find_map(|line| line.trim().strip_prefix("octo sim ")?.split(' ').next()).unwrap_or_default().to_owned();
    expect![[r#"
        A shop

        It breaks
        With 1.1 times the load and with “crash web.1” at 10 s for 5 s, “good >= 99 %”
        (good) is missed by 0.483 %: it is 98.5 % over 5 runs.
        It shows at web: 97 % of the failures are “queue full”.
        It was first seen with 1.5 times the load and with “crash web.1” at 5 s for 5 s;
        less is enough.

        To see it again:
          octo sim shop.toml --load x1.1 --fault 'crash web.1 at 10 s for 5 s' --seed 17 --replications 5
    "#]]
    .assert_eq(&told(&ended.out).replace(&place, "shop.toml"));
    // The counterexample is a design of its own, and misses the same.
    let again = desk.sim(&["--workload", "@broken.toml"]);
    assert_eq!(again.code, Some(1), "{}", again.out);
}

#[test]
fn a_search_in_vain_says_what_came_nearest() {
    let ended = Desk::with(&SHOP.replace("replicas = 2", "replicas = 4")).sim(&["--find-break", "--budget-runs", "40", "--json"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let value: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert!(value["found"].is_null() && value["tried"].as_array().unwrap().len() > 5, "{}", ended.out);
}

#[test]
fn a_search_without_freedom_or_requirements_is_refused() {
    let refused = |design: &str, option: &str| {
        let ended = Desk::with(design).sim(&[option]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        ended.err.lines().map(|line| format!("{}\n", line.rsplit_once("shop.toml").map_or(line, |(_, rest)| rest))).collect::<String>()
    };
    let nothing_free = &SHOP[..SHOP.find("[envelope]").unwrap()];
    let nothing_required = SHOP.replace("[require]\ngood   = \"good >= 99 %\"\n", "");
    let wrong = SHOP.replace("crash 1 of web", "crash 1 of wbe");
    let texts = [
        refused(nothing_free, "--find-break"),
        refused(&nothing_required, "--find-break"),
        refused(&nothing_required, "--ablate"),
        refused(&nothing_required, "--capacity"),
        refused(&wrong, "--find-break"),
        refused(&wrong, "--load=2"),
        refused(&wrong, "--load=sell=x2"),
    ];
    expect![[r#"
        octo: this design cannot be run
        : envelope: Nothing says what the design must survive, so there is nothing to try. Write what may vary, as in rate = "x0.5..x2" or faults = { any = ["crash 1"], lasts = "..1 min" }.
        octo: A search for what breaks it needs to know what the design must meet, and it requires nothing.
        Add [require], as in fast = "p99 < 100 ms" and good = "good >= 99.9 %".
        octo: To say what a component is for, --ablate needs to know what the design must meet, and it requires nothing.
        Add [require], as in fast = "p99 < 100 ms" and good = "good >= 99.9 %".
        octo: A search for the highest load needs to know what the design must meet, and it requires nothing.
        Add [require], as in fast = "p99 < 100 ms" and good = "good >= 99.9 %".
        octo: this design cannot be run
        :15:19: envelope.faults.any.0: There is nothing here that is called “wbe”. Did you mean “web”?
        error: invalid value '2' for '--load <xN>': “2” does not say how many times as much. Write x2, or buy=x2 for one class; at most x1000.

        For more information, try '--help'.
        octo: --load sell=x2: There is no class “sell”. There are: buy.
    "#]].assert_eq(&texts.concat());
}

#[test]
fn what_each_component_is_for() {
    let ended = Desk::with(&SHOP.replace("x0.5..x1.5", "x0.5..x1")).sim(&["--ablate"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    expect![[r#"
        A shop

        component  change
        web        taken away
        web        at half its replicas (1 instead of 2)

        component  result
        web        cannot be taken away: requests end there: nobody else gives its answer
        web        earns good

        component  missed without it
        web        good 73.6 % with “crash web.1” at 5 s for 5 s

        No component can be taken away or halved without missing a requirement.
        Beside the usual load, changes were tried with “crash web.1” at 5 s for 5 s;
        with “crash web.2” at 5 s for 5 s; with 0.5 times the load.
    "#]]
    .assert_eq(&told(&ended.out));
}

#[test]
fn the_highest_load_and_the_fewest_replicas() {
    let ended = Desk::with(SHOP).sim(&["--capacity"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    expect![[r#"
        A shop

        The highest load
        load   factor       sent                 requirements
        up to   x2.02  buy 202/s                      all met
        from    x2.04  buy 204/s  good missed: 98.8 %, at web

        The fewest replicas at the load asked for
        component  now  enough  difference a month
        web          2       1          not priced
        These meet every requirement, and none of them can give up another one. What
        they are for when something fails, --ablate says.
    "#]]
    .assert_eq(&told(&ended.out));
    let more = Desk::with(SHOP).sim(&["--capacity", "--load", "x3"]);
    assert_eq!(more.code, Some(1));
    expect![[r#"
        A shop

        The highest load
        load   factor       sent                 requirements
        up to  x0.677  buy 203/s                      all met
        from   x0.684  buy 205/s  good missed: 98.3 %, at web

        The fewest replicas at the load asked for
        component  now  enough  difference a month
        web          2       3          not priced
        These meet every requirement, and none of them can give up another one. What
        they are for when something fails, --ablate says.
    "#]]
    .assert_eq(&told(&more.out));
}
