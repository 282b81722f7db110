//! What a small check comes to: rows for runs, comparisons and sums.

use expect_test::{Expect, expect};
use fidelity::{Form, Row};

/// Constant everything, so that the numbers are known.
const CHECK: &str = r#"
id = "D01"
title = "A pause"
says = "Two pauses are twice as long."
source = "Arithmetic."
class = "closed form"
[[case]]
name = "one"
design = """
octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = "unlimited", time = "10 ms" }
[links]
"users -> web" = {}
[workload]
lasts = "80 s"
buy   = { from = "users", arrivals = "constant 10/s" }
"""
expect = { "mean" = "10 ms +- 1 %", "p99" = "12 ms +- 1 %", "web.inside" = "<= 0.05", "sent" = "= 95", "elephants" = "3 +- 1 %" }
[[case]]
name = "two"
like = "one"
set  = { "web.time" = "20 ms" }
quick = { seeds = 2 }
[[case]]
name  = "longer"
order = ["two.mean", "one.mean"]
[[case]]
name  = "not shorter"
order = ["one.mean", "two.mean"]
[[case]]
name  = "twice"
ratio = { of = "two.mean", to = "one.mean", expect = "2 +- 1 %" }
[[case]]
name  = "twice, by a law"
law   = "{two.mean} / {one.mean} * 1 s"
expect = "2 s +- 1 %"
[[case]]
name  = "of nothing"
ratio = { of = "two.mean", to = "one.elephants", expect = "2 +- 1 %" }
[[pure]]
name   = "a sum"
napkin = "2 * 10 ms"
expect = "20 ms +- 0.1 %"
[[pure]]
name   = "no sum"
napkin = "2 *"
expect = "20 ms +- 0.1 %"
"#;

fn rows(form: Form, wanted: Expect) {
    let (check, problems) = fidelity::read("D01.toml", CHECK);
    assert_eq!(problems, []);
    let rows: Vec<Row> = fidelity::run(&check.expect("a check"), form, 2);
    wanted.assert_eq(&rows.iter().map(|row| format!("{}: {}\n", row.verdict.name(), row.sentence())).collect::<String>());
}

#[test]
fn the_quick_form_takes_four_seeds_an_eighth_of_the_time_and_four_times_the_band() {
    rows(
        Form::Quick,
        expect![[r#"
        good: one: mean: expected 10 ms within 4 %, measured 10 ms (+0.00 %); seeds 1 to 4
        off: one: p99: expected 12 ms within 4 %, measured 10 ms (-16.67 %); seeds 1 to 4: 10 ms, 10 ms, 10 ms, 10 ms
        off: one: web.inside: expected ≤ 0.05, measured 0.1; seeds 1 to 4: 0.1, 0.1, 0.1, 0.1
        good: one: sent: expected exactly 95, measured 95; seeds 1 to 4
        missing: one: elephants: expected 3; no measure “elephants”; seeds 1 to 4
        good: longer: two.mean > one.mean: expected this order, measured 20 ms > 10 ms
        off: not shorter: one.mean > two.mean: expected this order, measured 10 ms > 20 ms
        good: twice: two.mean / one.mean: expected 2 within 4 %, measured 2 (+0.00 %)
        good: twice, by a law: {two.mean} / {one.mean} * 1 s: expected 2 s within 4 %, measured 2 s (+0.00 %)
        missing: of nothing: two.mean / one.elephants: expected 2; no measure “elephants”
        good: a sum: 2 * 10 ms: expected 20 ms within 0.1 %, measured 20 ms (+0.00 %)
        broken: no sum: 2 *: expected 20 ms; line 1, column 4: Something is missing at the end. Finish the step, as in “users * 8”.
    "#]],
    );
}

#[test]
fn the_full_form_takes_ten_seeds_and_all_of_it() {
    rows(
        Form::Full,
        expect![[r#"
        good: one: mean: expected 10 ms within 1 %, measured 10 ms (+0.00 %); seeds 1 to 10
        off: one: p99: expected 12 ms within 1 %, measured 10 ms (-16.67 %); seeds 1 to 10: 10 ms, 10 ms, 10 ms, 10 ms, 10 ms, 10 ms, 10 ms, 10 ms, 10 ms, 10 ms
        off: one: web.inside: expected ≤ 0.05, measured 0.1; seeds 1 to 10: 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1
        off: one: sent: expected exactly 95, measured 760; seeds 1 to 10: 760, 760, 760, 760, 760, 760, 760, 760, 760, 760
        missing: one: elephants: expected 3; no measure “elephants”; seeds 1 to 10
        good: longer: two.mean > one.mean: expected this order, measured 20 ms > 10 ms
        off: not shorter: one.mean > two.mean: expected this order, measured 10 ms > 20 ms
        good: twice: two.mean / one.mean: expected 2 within 1 %, measured 2 (+0.00 %)
        good: twice, by a law: {two.mean} / {one.mean} * 1 s: expected 2 s within 1 %, measured 2 s (+0.00 %)
        missing: of nothing: two.mean / one.elephants: expected 2; no measure “elephants”
        good: a sum: 2 * 10 ms: expected 20 ms within 0.1 %, measured 20 ms (+0.00 %)
        broken: no sum: 2 *: expected 20 ms; line 1, column 4: Something is missing at the end. Finish the step, as in “users * 8”.
    "#]],
    );
}
