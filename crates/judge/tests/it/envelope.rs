//! The envelope of a design: text in, what may be tried out, or the sentence that says what is wrong.

use design::Format;
use expect_test::{Expect, expect};
use judge::envelope::{factor, read};

const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", replicas = 3, zones = ["east-a", "east-b"], time = "5 ms" }
cache = { kind = "cache" }
db    = { kind = "relational", followers = { count = 2 }, time = "5 ms" }
pay   = { kind = "external", time = "80 ms" }
[links]
"users -> web" = {}
"web -> cache" = {}
"web -> db" = {}
"web -> pay" = {}
[calls]
buy = """
web
  cache get
    miss: db
  pay
"""
look = "web > db"
[workload]
lasts = "10 min"
buy  = { from = "users", arrivals = "poisson 20/s" }
look = { from = "users", arrivals = "poisson 50/s" }
[envelope]
"#;

fn check(envelope: &str, expected: Expect) {
    let loaded = design::read(&format!("{SHOP}{envelope}"), Format::Toml);
    assert!(loaded.is_runnable(), "{:#?}", loaded.problems);
    let (envelope, problems) = read(&loaded.document);
    let mut text = String::new();
    for problem in &problems {
        text.push_str(&format!("no: {}: {} {}\n", problem.path, problem.message, problem.suggestion.as_deref().unwrap_or("")));
    }
    if problems.is_empty() {
        let loads = envelope
            .all
            .iter()
            .map(|all| ("everything", all))
            .chain(envelope.classes.iter().map(|(name, factors)| (name.as_str(), factors)));
        for (name, factors) in loads {
            text.push_str(&format!("{name} {}..{}\n", factor(factors.from), factor(factors.to)));
        }
        let shown = |whats: &[design::What]| whats.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
        for kind in &envelope.faults {
            let options: Vec<String> = kind.options.iter().map(|trouble| shown(&trouble.whats)).collect();
            let milder: Vec<String> = kind.options[0].milder.iter().map(|whats| shown(whats)).collect();
            let milder = if milder.is_empty() { String::new() } else { format!(" (or milder: {})", milder.join(", ")) };
            text.push_str(&format!("{}: {}{milder}\n", kind.written, options.join(", ")));
        }
        let until = envelope.lasts.1.map_or_else(|| "any time".to_owned(), |time| time.to_string());
        let at = envelope.at.map(|(from, to)| format!(", at {from}..{to}")).unwrap_or_default();
        text.push_str(&format!("{} at once, for {} to {until}{at}\n", envelope.at_once, envelope.lasts.0));
    }
    expected.assert_eq(&text);
}

#[test]
fn loads_vary_for_everything_or_by_class() {
    check(
        r#"rate = "x0.1..x3""#,
        expect![[r#"
        everything x0.1..x3
        1 at once, for 0 s to any time
    "#]],
    );
    check(
        r#"rate = "x3""#,
        expect![[r#"
        everything x1..x3
        1 at once, for 0 s to any time
    "#]],
    );
    check(
        r#"rate = "..x2.5""#,
        expect![[r#"
        everything x1..x2.5
        1 at once, for 0 s to any time
    "#]],
    );
    check(
        r#"rate = { buy = "x1..x5", look = "x0.5" }"#,
        expect![[r#"
        buy x1..x5
        look x0.5..x1
        1 at once, for 0 s to any time
    "#]],
    );
}

#[test]
fn a_line_may_mean_several_faults() {
    check(
        r#"faults = { any = ["crash 1", "flush", "slow x10"], at_once = 1, lasts = "..2 min" }"#,
        expect![[r#"
        crash 1: crash cache.1, crash db.1, crash db.3, crash web.1, crash web.3
        flush: flush cache
        slow x10: slow cache x10, slow db x10, slow pay x10, slow web x10 (or milder: slow cache x2, slow cache x3, slow cache x5)
        1 at once, for 0 s to 2 min
    "#]],
    );
    check(
        r#"faults = { any = ["crash 2 of web", "slow 1 x5 of db, web", "freeze of db"], at_once = 2, lasts = "5 s..30 s", at = "1 min..5 min" }"#,
        expect![[r#"
        crash 2 of web: crash web.1 + crash web.2, crash web.2 + crash web.3 (or milder: crash web.1)
        slow 1 x5 of db, web: slow db.1 x5, slow db.3 x5, slow web.1 x5, slow web.3 x5 (or milder: slow db.1 x2, slow db.1 x3)
        freeze of db: freeze db
        2 at once, for 5 s to 30 s, at 1 min..5 min
    "#]],
    );
    check(
        r#"faults = { any = ["lose zone", "cut of web -> db", "loss 20 % of db", "hot 10 % of buy", "load x3"] }"#,
        expect![[r#"
        lose zone: lose zone east-a, lose zone east-b
        cut of web -> db: cut web -- db
        loss 20 % of db: loss web -> db 20 % (or milder: loss web -> db 1 %, loss web -> db 2 %, loss web -> db 5 %, loss web -> db 10 %)
        hot 10 % of buy: hot buy 10 % (or milder: hot buy 1 %, hot buy 2 %, hot buy 5 %)
        load x3: load x3 (or milder: load x2)
        1 at once, for 0 s to any time
    "#]],
    );
    check(
        r#"faults = { any = ["quota 5/s", "down of pay", "deploy errors 50 %", "deploy slow x3", "crash web.2"] }"#,
        expect![[r#"
        quota 5/s: quota pay 5/s
        down of pay: down pay
        deploy errors 50 %: deploy web errors 50 % (or milder: deploy web errors 1 %, deploy web errors 2 %, deploy web errors 5 %, deploy web errors 10 %, deploy web errors 20 %)
        deploy slow x3: deploy web slow x3 (or milder: deploy web slow x2)
        crash web.2: crash web.2
        1 at once, for 0 s to any time
    "#]],
    );
    check(
        r#"faults = { any = "flush cache", lasts = "30 s" }"#,
        expect![[r#"
        flush cache: flush cache
        1 at once, for 30 s to 30 s
    "#]],
    );
}

#[test]
fn slips_are_named_with_their_place_and_a_way_out() {
    check(
        "",
        expect![[r#"
        no: envelope: Nothing says what the design must survive, so there is nothing to try. Write what may vary, as in rate = "x0.5..x2" or faults = { any = ["crash 1"], lasts = "..1 min" }.
    "#]],
    );
    check(
        r#"rate = "x1..x1""#,
        expect![[r#"
        no: envelope: This envelope leaves no freedom: there is nothing to try in it. Write what may vary, as in rate = "x0.5..x2" or faults = { any = ["crash 1"], lasts = "..1 min" }.
    "#]],
    );
    check(
        r#"rate = "x3..x1""#,
        expect![[r#"
        no: envelope.rate: “x3..x1” begins after its end. Write the smaller factor first.
    "#]],
    );
    check(
        r#"rate = "fast""#,
        expect![[r#"
        no: envelope.rate: “fast” is not a factor. Write it as in “x0.5..x3”, at most x1000.
    "#]],
    );
    check(
        r#"rate = { bye = "x2" }"#,
        expect![[r#"
        no: envelope.rate.bye: “bye” is not known here. Known here: buy, look.
    "#]],
    );
    check(
        "rate = 3",
        expect![[r#"
        no: envelope.rate: The rate is neither a text nor a table. Write “x0.5..x3”, or { buy = "x0.5..x3" } by class.
    "#]],
    );
    check(
        r#"load = "x3""#,
        expect![[r#"
        no: envelope.load: “load” is not known here. Known here: rate, faults.
    "#]],
    );
    check(
        r#"faults = { at_once = 9, lasts = "long", any = [] }"#,
        expect![[r#"
        no: envelope.faults.any: It lists no fault. Write it as in any = ["crash 1", "slow x10"].
        no: envelope.faults.at_once: This is not how many faults may be there at once. Write 1 to 4.
        no: envelope.faults.lasts: “long” does not begin with a number. Write it as in “5 ms”.
        no: envelope.faults.lasts: “long” does not begin with a number. Write it as in “5 ms”.
    "#]],
    );
    check(
        r#"faults = { lasts = "1 min" }"#,
        expect![[r#"
        no: envelope.faults: It is not said what may go wrong. Add `any`, as in any = ["crash 1", "slow x10"].
    "#]],
    );
    check(
        r#"faults = { any = ["crahs 1", "slow db", "crash 1 of wbe", "flush of web.2", "slow x10 of", "crash 9", "rebalance"] }"#,
        expect![[r#"
        no: envelope.faults.any.0: “crahs 1” is not a fault known here. Did you mean “crash”?
        no: envelope.faults.any.1: “slow db” does not say how many times. Write it as in “slow x10”, from x1 to x1000.
        no: envelope.faults.any.2: There is nothing here that is called “wbe”. Did you mean “web”?
        no: envelope.faults.any.3: There is nothing here that is called “web.2”. There are: cache, db, pay, users, web.
        no: envelope.faults.any.4: “slow x10 of” does not say how many times. Write it as in “slow x10”, from x1 to x1000.
        no: envelope.faults.any.5: Nothing in this design can be struck by “crash 9”. Leave it out, or name what is meant.
        no: envelope.faults.any.6: Nothing in this design can be struck by “rebalance”. Leave it out, or name what is meant.
    "#]],
    );
    check(
        r#"faults = { any = ["crash 1 x10", "crash 0", "hot 200 %", "crash cache.7"], at = "20 min" }"#,
        expect![[r#"
        no: envelope.faults.any.0: “x10” is not understood in “crash 1 x10”. Write it as in “crash 1”, “slow x10 of db”, “flush” or “cut web -> db”.
        no: envelope.faults.any.1: “crash 0” strikes nothing. Write at least 1.
        no: envelope.faults.any.2: “hot 200 %” does not say which share. Write it as in “hot 5 %”.
        no: envelope.faults.any.3: “cache” has no replica 7. Write cache: there is one.
        no: envelope.faults.at: At 20 min the workload is over. Name a time before its end, or let it last longer.
    "#]],
    );
}
