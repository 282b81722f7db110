//! Call plans: text to calls and back, and where a slip is found.

use design::{Format, read, to_json, to_toml};
use expect_test::{Expect, expect};

use crate::told;

const PARTS: &str = r#"octo = 1
[components]
a = { kind = "service" }
b = { kind = "service" }
c = { kind = "cache" }
d = { kind = "relational" }
users = { kind = "clients" }
[data]
row = {}
[workload]
x = { from = "users", arrivals = "poisson 1/s" }
[calls]
"#;

/// The plan as calls in JSON, as text again, and the problems.
fn check(plan: &str, expected: Expect) {
    let loaded = read(&format!("{PARTS}x = \"\"\"\n{plan}\n\"\"\"\n"), Format::Toml);
    let json = to_json(&loaded.document)["calls"]["x"].to_string();
    let toml = to_toml(&loaded.document);
    let text = toml.split("[calls]\n").nth(1).unwrap_or("").split("\n[workload]").next().unwrap_or("");
    let problems: Vec<_> = loaded.problems.iter().filter(|problem| problem.severity == design::Severity::Error).cloned().collect();
    expected.assert_eq(&format!("{json}\n{text}{}", told(&problems)));
    assert_eq!(read(&toml, Format::Toml).document.calls, loaded.document.calls);
}

#[test]
fn a_chain() {
    check(
        "a > b > d insert row once",
        expect![[r#"
        [{"call":"a","then":[{"call":"b","then":[{"call":"d","data":"row","op":"insert","with":["once"]}]}]}]
        x = "a > b > d insert row once"
    "#]],
    );
}

#[test]
fn indented_calls_are_made_by_the_line_above() {
    check(
        "a > b\n  c get row\n    miss: d read row; c put row\n  d",
        expect![[r#"
        [{"call":"a","then":[{"call":"b","then":[{"call":"c","data":"row","miss":[{"call":"d","data":"row","op":"read"},{"call":"c","data":"row","op":"put"}],"op":"get"},{"call":"d"}]}]}]
        x = """
        a > b
          c get row
            miss: d read row; c put row
          d
        """
    "#]],
    );
}

#[test]
fn times_at_once_and_one_after_the_other() {
    check(
        "a\n  b x100   # a fan-out\n  d 3 times\n  d 1 time",
        expect![[r#"
        [{"call":"a","then":[{"call":"b","mode":"parallel","times":100},{"call":"d","times":3},{"call":"d"}]}]
        x = """
        a
          b x100
          d 3 times
          d
        """
    "#]],
    );
}

#[test]
fn together_on_one_line_and_on_several() {
    check(
        "a\n  together: b; c; d x2\nb\n  together:\n    a > c\n    d",
        expect![[r#"
        [{"call":"a","then":[{"call":"b","mode":"parallel"},{"call":"c","mode":"parallel"},{"call":"d","mode":"parallel","times":2}]},{"call":"b","then":[{"call":"a","mode":"parallel","then":[{"call":"c"}]},{"call":"d","mode":"parallel"}]}]
        x = """
        a
          together: b; c; d x2
        b
          together:
            a > c
            d
        """
    "#]],
    );
}

#[test]
fn sometimes_and_not_waited_for() {
    check(
        "a\n  50 %: b\n  0.1 %: async: d\n  async: b\n    d\n  20 %:\n    b\n    d",
        expect![[r#"
        [{"call":"a","then":[{"call":"b","probability":"500000000e-9"},{"call":"d","mode":"async","probability":"1000000e-9"},{"call":"b","mode":"async","then":[{"call":"d"}]},{"call":"b","probability":"200000000e-9"},{"call":"d","probability":"200000000e-9"}]}]
        x = """
        a
          50 %: b
          0.1 %: async: d
          async: b > d
          20 %: b
          20 %: d
        """
    "#]],
    );
}

#[test]
fn waiting_for_a_part_of_the_answers() {
    check(
        "a\n  b x5 wait 3\n  d\n  b x3 wait 1 cancel\n  d\n  together wait 2: b; c get row; d x2\n  d\n  together wait 1 cancel:\n    a > c\n    d",
        expect![[r#"
            [{"call":"a","then":[{"call":"b","mode":"parallel","times":5,"wait":3},{"call":"d"},{"call":"b","cancel":true,"mode":"parallel","times":3,"wait":1},{"call":"d"},{"call":"b","mode":"parallel","wait":2},{"call":"c","data":"row","mode":"parallel","op":"get","wait":2},{"call":"d","mode":"parallel","times":2,"wait":2},{"call":"d"},{"call":"a","cancel":true,"mode":"parallel","then":[{"call":"c"}],"wait":1},{"call":"d","cancel":true,"mode":"parallel","wait":1}]}]
            x = """
            a
              b x5 wait 3
              d
              b x3 wait 1 cancel
              d
              together wait 2: b; c get row; d x2
              d
              together wait 1 cancel:
                a > c
                d
            """
            22:5 Error calls.x.0.then.8: “a” calls itself. Take the call out; what a component does with itself is its `time`.
        "#]],
    );
    check(
        "a\n  together wait 1: b",
        expect![[r#"
        [{"call":"a","then":[{"call":"b","mode":"parallel","wait":1}]}]
        x = """
        a
          together wait 1: b
        """
    "#]],
    );
}

#[test]
fn calls_that_may_fail() {
    check(
        "a\n  try: b\n  50 %: try: d\n  try: 20 %: async: b\n  try:\n    b\n    d\n  try: together wait 1: b; d\n  try: c get row\n    miss: try: d read row",
        expect![[r#"
            [{"call":"a","then":[{"call":"b","optional":true},{"call":"d","optional":true,"probability":"500000000e-9"},{"call":"b","mode":"async","optional":true,"probability":"200000000e-9"},{"call":"b","optional":true},{"call":"d","optional":true},{"call":"b","mode":"parallel","optional":true,"wait":1},{"call":"d","mode":"parallel","optional":true,"wait":1},{"call":"c","data":"row","miss":[{"call":"d","data":"row","op":"read","optional":true}],"op":"get","optional":true}]}]
            x = """
            a
              try: b
              50 %: try: d
              20 %: try: async: b
              try: b
              try: d
              try: together wait 1: b; d
              try: c get row
                miss:
                  try: d read row
            """
        "#]],
    );
}

#[test]
fn a_miss_that_calls_further() {
    check(
        "c get row\n  miss:\n    a > d\n    50 %: b",
        expect![[r#"
        [{"call":"c","data":"row","miss":[{"call":"a","then":[{"call":"d"}]},{"call":"b","probability":"500000000e-9"}],"op":"get"}]
        x = """
        c get row
          miss:
            a > d
            50 %: b
        """
    "#]],
    );
}

#[test]
fn neighbours_that_would_go_out_together_by_chance() {
    check(
        "a x3\nb x3",
        expect![[r#"
        [{"call":"a","mode":"parallel","times":3},{"call":"b","mode":"parallel","times":3}]
        x = "together: a x3; b x3"
        15:1 Error calls.x: This call and the one before would go out together. Write both on one line, as in “together: a x100; b x100”.
    "#]],
    );
    check(
        "a x3; b x3",
        expect![[r#"
        [{"call":"a","mode":"parallel","times":3},{"call":"b","mode":"parallel","times":3}]
        x = "together: a x3; b x3"
        14:7 Error calls.x: This call and the one before would go out together. Write both on one line, as in “together: a x100; b x100”.
    "#]],
    );
}

#[test]
fn slips_are_told_with_their_line() {
    check(
        "a\n  sometimes: b\n  150 %: b\n\tb\n  > d\n  b x0\n  b x9999999\n  ../d\n   d\n d",
        expect![[r#"
            [{"call":"a","then":[{"call":"b"},{"call":"b"},{"call":"b","then":[{"call":"b","mode":"parallel"},{"call":"b","mode":"parallel"}]},{"call":"d"}]}]
            x = """
            a
              b
              b
              b
                together: b; b
              d
            """
            15:3 Error calls.x: “sometimes:” is not a word of a plan. Write miss:, together:, async:, try:, transaction: or a share such as 50 %:
            16:3 Error calls.x: 150 % is more than the whole. Write 0 % to 100 %.
            17:1 Error calls.x: This line is indented with something other than spaces. Indent with spaces.
            17:2 Error calls.x: This line is indented like none of the lines above. Align it with the line that makes this call, or with its neighbours.
            18:3 Error calls.x: A call is missing here. Write the name of a component.
            19:3 Error calls.x: “0” is not how often a call can be made. Write a whole number from 1 to 100000.
            19:3 Error calls.x.0.then.2.then.0: “b” calls itself. Take the call out; what a component does with itself is its `time`.
            20:3 Error calls.x: “9999999” is not how often a call can be made. Write a whole number from 1 to 100000.
            20:3 Error calls.x: This call and the one before would go out together. Write both on one line, as in “together: a x100; b x100”.
            20:3 Error calls.x.0.then.2.then.1: “b” calls itself. Take the call out; what a component does with itself is its `time`.
            21:3 Error calls.x: “../d” is not a name. Write letters, digits, - and _, beginning with a letter.
            23:2 Error calls.x: This line is indented like none of the lines above. Align it with the line that makes this call, or with its neighbours.
        "#]],
    );
}

#[test]
fn a_miss_with_nothing_above() {
    check(
        "miss: a",
        expect![[r#"
            []
            x = ""
            14:1 Error calls.x: Nothing above can miss. Indent “miss:” below the call of a cache.
        "#]],
    );
}

#[test]
fn what_a_text_would_lose_is_printed_as_objects() {
    let calls = r#"x = [{ call = "a", times = 2, mode = "parallel" }, { call = "b", times = 2, mode = "parallel", probability = "50 %" }]"#;
    let document = read(&format!("{PARTS}{calls}\n"), Format::Toml).document;
    expect![[r#"
        x = [{ call = "a", mode = "parallel", times = 2 }, { call = "b", mode = "parallel", probability = "50 %", times = 2 }]

        [workload]
        x = { from = "users", arrivals = "poisson 1/s" }
    "#]]
    .assert_eq(to_toml(&document).split("[calls]\n").nth(1).unwrap_or(""));
}

#[test]
fn transactions() {
    check(
        "a\n  transaction: d read row for update; d write row\n  transaction:\n    50 %: d take row\n    d insert row outbox\n      b > c\n  try: transaction: d take row\n  together:\n    transaction: d take row\n    b",
        expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d","data":"row","op":"read","with":["for","update"]},{"call":"d","data":"row","op":"write"}]},{"call":"d","transaction":[{"call":"d","data":"row","op":"take","probability":"500000000e-9"},{"call":"d","data":"row","op":"insert","then":[{"call":"b","then":[{"call":"c"}]}],"with":["outbox"]}]},{"call":"d","optional":true,"transaction":[{"call":"d","data":"row","op":"take"}]},{"call":"d","mode":"parallel","transaction":[{"call":"d","data":"row","op":"take"}]},{"call":"b","mode":"parallel"}]}]
            x = """
            a
              transaction: d read row for update; d write row
              transaction:
                50 %: d take row
                d insert row outbox > b > c
              try: transaction: d take row
              together:
                transaction: d take row
                b
            """
            17:11 Error calls.x.0.then.1.transaction.0: “row” has no value, so there is nothing to take from it. Write what each row begins with, as in row = { value = 500 } under [data].
            20:21 Error calls.x.0.then.2.transaction.0: “row” has no value, so there is nothing to take from it. Write what each row begins with, as in row = { value = 500 } under [data].
            22:18 Error calls.x.0.then.3.transaction.0: “row” has no value, so there is nothing to take from it. Write what each row begins with, as in row = { value = 500 } under [data].
        "#]],
    );
}

#[test]
fn what_a_transaction_is_not() {
    for (plan, expected) in [
        (
            "a\n  transaction:\n",
            expect![[r#"
            [{"call":"a"}]
            x = "a"
            15:3 Error calls.x: This transaction has no statement. Write it as in “transaction: db read stock; db write stock”.
        "#]],
        ),
        (
            "a\n  transaction: d read row; b\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d","data":"row","op":"read"},{"call":"b"}]}]}]
            x = """
            a
              transaction: d read row; b
            """
            15:28 Error calls.x.0.then.0.transaction.1: A transaction stays in one database: this one began in “d” and calls “b”. Call “b” before the transaction or after it.
        "#]],
        ),
        (
            "a\n  transaction: b read row\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"b","transaction":[{"call":"b","data":"row","op":"read"}]}]}]
            x = """
            a
              transaction: b read row
            """
            15:3 Error calls.x.0.then.0: “b” is of kind service, and only a relational component has transactions. Take “transaction:” out, or keep the data in a relational component.
        "#]],
        ),
        (
            "a\n  transaction: d\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d"}]}]}]
            x = """
            a
              transaction: d
            """
            15:16 Error calls.x.0.then.0.transaction.0: This statement does not say which data it touches. Write it as in “d read stock”.
        "#]],
        ),
        (
            "a\n  transaction: d write row 3 times\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d","data":"row","op":"write","times":3}]}]}]
            x = """
            a
              transaction: d write row 3 times
            """
            15:16 Error calls.x.0.then.0.transaction.0: The statements of a transaction are made once each, one after the other. Write repeated calls outside the transaction.
        "#]],
        ),
        (
            "a\n  transaction: d write row > b\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d","data":"row","op":"write","then":[{"call":"b"}]}]}]}]
            x = """
            a
              transaction:
                d write row > b
            """
            15:16 Error calls.x.0.then.0.transaction.0: Nothing is called from inside a transaction but what an outbox sends. Write the call after the transaction, or “outbox” at the write above it.
        "#]],
        ),
        (
            "a\n  transaction: try: d write row\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","optional":true,"transaction":[{"call":"d","data":"row","op":"write"}]}]}]
            x = """
            a
              try: transaction: d write row
            """
        "#]],
        ),
        (
            "a\n  transaction:\n    try: d write row\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d","data":"row","op":"write","optional":true}]}]}]
            x = """
            a
              transaction:
                try: d write row
            """
            16:10 Error calls.x.0.then.0.transaction.0: A statement that fails ends its transaction. Write “try:” before “transaction:”.
        "#]],
        ),
        (
            "a\n  transaction:\n    transaction: d write row\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","transaction":[{"call":"d","transaction":[{"call":"d","data":"row","op":"write"}]}]}]}]
            x = """
            a
              transaction:
                transaction: d write row
            """
            16:5 Error calls.x.0.then.0.transaction.0: A transaction cannot stand inside another. Write all statements in one.
        "#]],
        ),
        (
            "a\n  d read row locked\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"d","data":"row","op":"read","with":["locked"]}]}]
            x = "a > d read row locked"
            15:3 Error calls.x.0.then.0: The lock of this read ends with its transaction, and it is a transaction of its own. Write it with what needs the lock, as in “transaction: db read stock locked; db write stock”.
        "#]],
        ),
        (
            "a\n  b take row\n  d take row\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"b","data":"row","op":"take"},{"call":"d","data":"row","op":"take"}]}]
            x = """
            a
              b take row
              d take row
            """
            15:3 Error calls.x.0.then.0: “b” is of kind service, and has no row to take from. Take from a relational, keyvalue or document component.
            16:3 Error calls.x.0.then.1: “row” has no value, so there is nothing to take from it. Write what each row begins with, as in row = { value = 500 } under [data].
        "#]],
        ),
        (
            "a\n  c put row if-unchanged\n  d read row if-unchanged\n",
            expect![[r#"
            [{"call":"a","then":[{"call":"c","data":"row","op":"put","with":["if-unchanged"]},{"call":"d","data":"row","op":"read","with":["if-unchanged"]}]}]
            x = """
            a
              c put row if-unchanged
              d read row if-unchanged
            """
            15:3 Error calls.x.0.then.0: “c” is of kind cache, and compares no versions. Write “if-unchanged” at a relational, keyvalue or document component.
            16:3 Error calls.x.0.then.1: Only a write of some data can be made if that is unchanged. Write it as in “db write stock if-unchanged”.
        "#]],
        ),
    ] {
        check(plan, expected);
    }
}

#[test]
fn a_transaction_as_an_object() {
    let plan = r#"[{ call = "a", then = [{ transaction = [{ call = "d", op = "read", data = "row" }, { call = "d", op = "write", data = "row" }] }] }]"#;
    let loaded = read(&format!("{PARTS}x = {plan}\n"), Format::Toml);
    assert!(loaded.is_runnable(), "{:#?}", loaded.problems);
    assert!(to_toml(&loaded.document).contains("transaction: d read row; d write row"));
}
