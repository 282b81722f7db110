//! Good sheets with what they show, wrong ones with what they say, and the laws of the arithmetic.

use expect_test::{Expect, expect};
use napkin::{Sheet, Value, evaluate};
use proptest::prelude::*;

fn told(text: &str) -> String {
    match evaluate(text) {
        Ok(sheet) => sheet.to_string(),
        Err(problems) => problems.iter().map(|problem| format!("{problem}\n")).collect(),
    }
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&told(text));
}

/// One sheet per line, each with its last line of output.
fn check_each(texts: &[&str], expected: Expect) {
    let lines: String = texts.iter().map(|text| format!("{text} => {}\n", told(text).trim_end().replace('\n', " & "))).collect();
    expected.assert_eq(&lines);
}

#[test]
fn a_sheet_of_named_steps_reads_from_top_to_bottom() {
    check(
        "# How much do the logs of a day take?
         users    = 10 million users
         requests = users * 8 requests/user/day -> requests/s   # the mean, not the peak
         peak     = requests * 3
         traffic  = peak * 3 KB/request in Mbit/s
         logs     = users * 8 requests/user * 200 B/request; logs * 30",
        expect![[r#"
            users = 10 million users
            requests = 926 requests/s
            peak = 2,780 requests/s
            traffic = 66.7 Mbit/s
            logs = 16 GB
            480 GB
        "#]],
    );
}

#[test]
fn units_and_counted_things_cancel() {
    check_each(
        &[
            "120 requests/s * 50 ms",
            "100 GB / 8 GB/day",
            "10 million users * 8 requests/user/day",
            "50 million rows * 220 B/row",
            "1 Gbit/s * 80 %",
            "80 % of 10 million requests",
            "1200 rps / 100 requests/s/server",
            "ceil(1210 requests/s / 100 requests/s/server)",
            "sqrt(16 users^2)",
            "sqrt((4 users)^2)",
            "2^10 KB",
            "2^-3",
            "-(3 + 5) users",
            "log2(1024) + ln(1)",
            "min(1, 2) + max(3 ms, 4 ms, 1 s)/s",
            "3 caches + 1 cache",
            "2 queries - 1 query",
            "5 per minute",
            "30 days in h",
            "$400/month * 1 year",
            "0.1 USD/h * 3 servers",
            "400 USD/month / 10 million users",
            "1 / 4 -> %",
            "10 million / 1 day -> /s",
            "0 ms",
            "1024 * 1024",
            "1 s^2",
            "3 requests/s * 2 s/request",
            "1 s − 100 ms",
        ],
        expect![[r#"
            120 requests/s * 50 ms => 6 requests
            100 GB / 8 GB/day => 12.5 days
            10 million users * 8 requests/user/day => 926 requests/s
            50 million rows * 220 B/row => 11 GB
            1 Gbit/s * 80 % => 100 MB/s
            80 % of 10 million requests => 8 million requests
            1200 rps / 100 requests/s/server => 12 servers
            ceil(1210 requests/s / 100 requests/s/server) => 13 servers
            sqrt(16 users^2) => line 1, column 14: “^” is not expected here. Put what is raised in parentheses, as in “(4 users)^2”.
            sqrt((4 users)^2) => 4 users
            2^10 KB => 1.02 MB
            2^-3 => 0.125
            -(3 + 5) users => -8 users
            log2(1024) + ln(1) => 10
            min(1, 2) + max(3 ms, 4 ms, 1 s)/s => 2
            3 caches + 1 cache => 4 caches
            2 queries - 1 query => 1 query
            5 per minute => 5/min
            30 days in h => 720 h
            $400/month * 1 year => 4,800 USD
            0.1 USD/h * 3 servers => 219 servers·USD/month
            400 USD/month / 10 million users => 0.00004 USD/user/month
            1 / 4 -> % => 25 %
            10 million / 1 day -> /s => 116/s
            0 ms => 0 s
            1024 * 1024 => 1.05 million
            1 s^2 => line 1, column 4: “^” is not expected here. Put what is raised in parentheses, as in “(4 users)^2”.
            3 requests/s * 2 s/request => 6
            1 s − 100 ms => 900 ms
        "#]],
    );
}

#[test]
fn a_wrong_step_says_where_and_what_to_write() {
    check_each(
        &[
            "3 requests + 5 users",
            "3 requests - 5",
            "5 ms + 3",
            "users * 8",
            "user = 3 users; usr * 8",
            "servers = 3 servers; 12 requests / serverz",
            "10k requests",
            "1,200 requests/s",
            "min(1,2)",
            "5 MS",
            "5 Mb/s",
            "5 cache hits",
            "5 5",
            "5 * ",
            "(5 + 3",
            "5 + 3)",
            "5 / 0",
            "5 / (3 - 3)",
            "5 ^ 2.5",
            "5 ^ 99",
            "5 ms -> MB",
            "5 requests/s -> users/s",
            "5 -> ",
            "s = 5",
            "a = 1; a = 2",
            "a = b = 3",
            "2x = 3",
            "per = 3",
            "sqrt(5 ms)",
            "sqrt(-1)",
            "ln(0)",
            "ceil(2.5 ms)",
            "min(1 ms, 2)",
            "sqrt(1, 2)",
            "sqrt 2",
            "f(2)",
            "1e308 * 1e308",
            "1e999",
            "5 & 3",
            "5 <script>",
            ".",
            "",
            "# nothing",
            "a = 5 &; b = a * 2; c = 1 +",
        ],
        expect![[r#"
            3 requests + 5 users => line 1, column 12: This adds “users” to “requests”. Bring both into one unit first, or multiply.
            3 requests - 5 => line 1, column 12: This subtracts a plain number from “requests”. Bring both into one unit first, or multiply.
            5 ms + 3 => line 1, column 6: This adds a plain number to a time. Bring both into one unit first, or multiply.
            users * 8 => line 1, column 1: “users” is not the name of a step above. To count things, put a number before them, as in “1 request”.
            user = 3 users; usr * 8 => line 1, column 17: “usr” is not the name of a step above. Did you mean “user”?
            servers = 3 servers; 12 requests / serverz => line 1, column 36: “serverz” is not the name of a step. Did you mean “servers”?
            10k requests => line 1, column 3: “k” is not a unit known here. Write the number out, as in “5 thousand”, “5 million” or 5e9.
            1,200 requests/s => line 1, column 1: Did you mean 1200 or 1.200 by “1,200”? Write the digits without separators and with a point.
            min(1,2) => line 1, column 5: Did you mean 1.2 by “1,2”? Write the digits without separators and with a point. Between two arguments put a comma and a space, as in min(1, 2).
            5 MS => line 1, column 3: “MS” is not a unit known here. Did you mean “ms”?
            5 Mb/s => line 1, column 3: “Mb” is not a unit known here. Did you mean “MB” (bytes) or “Mbit” (bits)?
            5 cache hits => line 1, column 9: “cache hits” is two words; a counted thing is one. Leave one of them out.
            5 5 => line 1, column 1: Did you mean 55 by “5 5”? Write the digits without separators and with a point.
            5 *  => line 1, column 4: Something is missing at the end. Finish the step, as in “users * 8”.
            (5 + 3 => line 1, column 1: This “(” is never closed. Add a “)”.
            5 + 3) => line 1, column 6: “)” is not expected here.
            5 / 0 => line 1, column 3: This divides by zero. Check that the divisor is not nothing.
            5 / (3 - 3) => line 1, column 3: This divides by zero. Check that the divisor is not nothing.
            5 ^ 2.5 => line 1, column 5: A power is a whole number up to 16. For large numbers write 5e9.
            5 ^ 99 => line 1, column 5: A power is a whole number up to 16. For large numbers write 5e9.
            5 ms -> MB => line 1, column 9: This is a time and cannot be shown in “MB”. Look for a factor that is missing or upside down.
            5 requests/s -> users/s => line 1, column 17: This is “requests/s” and cannot be shown in “users/s”. Look for a factor that is missing or upside down.
            5 ->  => line 1, column 5: Something is missing at the end. Finish the step, as in “users * 8”.
            s = 5 => line 1, column 1: “s” is a unit. Give the step another name.
            a = 1; a = 2 => line 1, column 8: “a” is the name of an earlier step. Give the step another name.
            a = b = 3 => line 1, column 5: “b” is not the name of a step above. To count things, put a number before them, as in “1 request”.
            2x = 3 => line 1, column 2: “x” is not a unit known here. Counted things are words of letters, as in “8 requests”.
            per = 3 => line 1, column 1: “per” is a word of the notation. Give the step another name.
            sqrt(5 ms) => line 1, column 1: There is no square root of a time.
            sqrt(-1) => line 1, column 1: A negative number has no square root.
            ln(0) => line 1, column 1: A logarithm is only defined above zero.
            ceil(2.5 ms) => line 1, column 1: ceil takes a count; this is a time. Divide by the unit you mean first.
            min(1 ms, 2) => line 1, column 1: min compares a time with a plain number. Bring both into one unit first.
            sqrt(1, 2) => line 1, column 1: sqrt takes one argument.
            sqrt 2 => line 1, column 1: “sqrt” is a function. Put parentheses after it, as in “sqrt(9)”.
            f(2) => line 1, column 1: “f” is not the name of a step above. To count things, put a number before them, as in “1 request”.
            1e308 * 1e308 => line 1, column 7: The value is larger than can be held. Check the powers of ten.
            1e999 => line 1, column 1: This number has more digits or a larger power than can be held. Write it with a power of ten, as in 5e9.
            5 & 3 => line 1, column 3: “&” has no meaning here.
            5 <script> => line 1, column 3: “<” has no meaning here.
            . => line 1, column 1: “.” is not a number.
             => line 1, column 1: There is no step here. Write one, as in “120 requests/s * 50 ms”.
            # nothing => line 1, column 1: There is no step here. Write one, as in “120 requests/s * 50 ms”.
            a = 5 &; b = a * 2; c = 1 + => line 1, column 7: “&” has no meaning here. & line 1, column 28: Something is missing at the end. Finish the step, as in “users * 8”.
        "#]],
    );
}

#[test]
fn a_problem_points_at_its_characters() {
    let problems = evaluate("a = 1\n  µ = 5 ms ; b = a + 3 ms").unwrap_err();
    let places: Vec<_> = problems.iter().map(|problem| (problem.line, problem.columns.clone())).collect();
    assert_eq!(places, [(2, 20..26)]);
}

#[test]
fn size_depth_and_number_of_steps_are_bounded() {
    check(
        &"1 + ".repeat(2000),
        expect![[r#"
        line 1, column 1: This is longer than the 4096 bytes of a napkin. Keep the steps that lead to the answer.
    "#]],
    );
    check(
        &"1;".repeat(65),
        expect![[r#"
        line 1, column 129: A napkin holds 64 steps; this is one more. Join some steps.
    "#]],
    );
    check(
        &format!("{}1{}", "(".repeat(33), ")".repeat(33)),
        expect![[r#"
        line 1, column 33: Parentheses are nested deeper than 32. Give inner parts a name in a step above.
    "#]],
    );
    check(
        &"(".repeat(4000),
        expect![[r#"
        line 1, column 33: Parentheses are nested deeper than 32. Give inner parts a name in a step above.
    "#]],
    );
    check(
        &format!("{}1", "-".repeat(4000)),
        expect![[r#"
        1
    "#]],
    );
    check(
        "1 apple/pear/plum/fig/lemon/lime/peach/grape/melon",
        expect![[r#"
        line 1, column 3: This counts more than 8 different things at once. Check the words after the numbers.
    "#]],
    );
    check(
        &format!("1{}", "/s".repeat(200)),
        expect![[r#"
        line 1, column 258: This has more powers of one unit than can be held.
    "#]],
    );
    check(
        &format!("a = (10 users)^16; {}", "a * ".repeat(9) + "1"),
        expect![[r#"
        line 1, column 46: This has more powers of one unit than can be held.
    "#]],
    );
}

fn answer(text: &str) -> Option<Value> {
    evaluate(text).ok().and_then(|sheet: Sheet| sheet.answer().cloned())
}

/// A quantity as a person writes it.
fn quantities() -> impl Strategy<Value = String> {
    let units =
        prop_oneof![Just(""), Just(" ms"), Just(" requests/s"), Just(" KB/user"), Just(" USD/month"), Just(" %"), Just(" million users")];
    (1u32..100_000, units).prop_map(|(number, unit)| format!("{number}{unit}"))
}

proptest! {
    #[test]
    fn any_text_gets_a_sheet_or_a_problem(text in "\\PC{0,120}|([0-9.]{1,3}|[a-z]{1,3}| |\\+|-|\\*|/|\\^|\\(|\\)|,|=|->|\\$|%|;|\n|per|in|of|million|sqrt\\(|min\\(){0,60}") {
        match evaluate(&text) {
            Ok(sheet) => prop_assert!(!sheet.steps.is_empty() && sheet.steps.iter().all(|step| step.value.number.is_finite())),
            Err(problems) => prop_assert!(!problems.is_empty() && problems.iter().all(|problem| problem.columns.start < problem.columns.end)),
        }
    }

    #[test]
    fn addition_and_multiplication_commute(a in quantities(), b in quantities()) {
        prop_assert_eq!(answer(&format!("{a} + {b}")), answer(&format!("{b} + {a}")));
        prop_assert_eq!(answer(&format!("{a} * {b}")), answer(&format!("{b} * {a}")));
    }

    #[test]
    fn dividing_undoes_multiplying(a in quantities(), b in quantities()) {
        let (there, whole) = (answer(&format!("{a} * ({b}) / ({b})")).unwrap(), answer(&a).unwrap());
        prop_assert!((there.number - whole.number).abs() <= whole.number * 1e-12);
        prop_assert_eq!(there.dimension, whole.dimension);
        prop_assert_eq!(there.things, whole.things);
    }

    #[test]
    fn what_is_shown_can_be_read_again(a in quantities()) {
        let shown = evaluate(&a).unwrap().steps.remove(0).shown.replace(',', "");
        let (back, value) = (answer(&shown).unwrap(), answer(&a).unwrap());
        prop_assert!((back.number - value.number).abs() <= value.number * 0.006, "{} {}", a, shown);
        prop_assert_eq!(back.dimension, value.dimension);
        prop_assert_eq!(back.things, value.things);
    }
}
