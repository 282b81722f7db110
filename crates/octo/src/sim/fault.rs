//! A fault in one line: "crash db at 2 min for 30 s", "slow web x10 for exp 20 s every exp 5 min".
//! What can go wrong is known to `design`; here it gets its time.

use design::{Distribution, Fault};
use units::Duration;

const CLAUSES: [&str; 3] = [" at ", " for ", " every "];

/// Without "at" it begins with the run; without "for" it does not end.
pub(crate) fn fault(text: &str) -> Result<Fault, String> {
    let (what, clauses) = split(text)?;
    let clause = |name: &str| clauses.iter().find(|(clause, _)| *clause == name).map(|(_, value)| *value);
    let what = what.parse().map_err(|problem: units::UnitProblem| problem.to_string())?;
    let at = clause(" at ").map(time).transpose()?.unwrap_or_default();
    let lasts = clause(" for ").map(length).transpose()?;
    let every = clause(" every ").map(|text| text.parse::<Distribution>().map_err(|problem| problem.to_string())).transpose()?;
    Ok(Fault { at, lasts, every, what })
}

/// A clause, and what follows it.
type Clause<'a> = (&'static str, &'a str);

/// Takes the clauses off the end, whatever their order.
fn split(text: &str) -> Result<(&str, Vec<Clause<'_>>), String> {
    let mut rest = text.trim();
    let mut clauses: Vec<Clause<'_>> = Vec::new();
    while let Some((at, clause)) = CLAUSES.iter().filter_map(|clause| Some((rest.rfind(clause)?, *clause))).max() {
        if clauses.iter().any(|(seen, _)| *seen == clause) {
            return Err(format!("“{}” is said twice. Write it once.", clause.trim()));
        }
        clauses.push((clause, rest[at + clause.len()..].trim()));
        rest = rest[..at].trim_end();
    }
    Ok((rest, clauses))
}

fn time(text: &str) -> Result<Duration, String> {
    Duration::parse(text).map_err(|problem| problem.to_string())
}

/// A plain time, or a distribution where the fault comes again and again.
fn length(text: &str) -> Result<Distribution, String> {
    match Duration::parse(text) {
        Ok(value) => Ok(Distribution::Constant { value }),
        // For a text that is neither, the sentence about a time is the one that helps.
        Err(problem) => text.parse().map_err(|_| problem.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let shown = super::fault(text).map(|fault| {
            let part = |name: &str, value: Option<String>| value.map(|value| format!(" | {name} {value}")).unwrap_or_default();
            let (lasts, every) = (fault.lasts.map(|lasts| lasts.to_string()), fault.every.map(|every| every.to_string()));
            format!("{} | at {}{}{}", fault.what, fault.at, part("for", lasts), part("every", every))
        });
        expected.assert_eq(&shown.unwrap_or_else(|problem| format!("no: {problem}")));
    }

    #[test]
    fn what_at_and_for_come_in_any_order_and_may_be_left_out() {
        check("crash db at 2 min for 30 s", expect!["crash db | at 2 min | for 30 s"]);
        check(" crash db for 30 s  at 2 min ", expect!["crash db | at 2 min | for 30 s"]);
        check("slow web.2 x10", expect!["slow web.2 x10 | at 0 s"]);
        check("cut web -> db at 90 s", expect!["cut web -> db | at 90 s"]);
        check("quota pay 10/s for 1 min every exp 5 min", expect!["quota pay 10/s | at 0 s | for 1 min | every exp 5 min"]);
        check("freeze db for exp 2 s every exp 1 min at 1 min", expect!["freeze db | at 1 min | for exp 2 s | every exp 1 min"]);
        check("lose zone us-east-a for 400 d", expect!["lose zone us-east-a | at 0 s | for 400 d"]);
    }

    #[test]
    fn slips_are_named() {
        check("crahs db at 2 min", expect!["no: “crahs db” is not a fault known here. Did you mean “crash”?"]);
        check("crash db at noon", expect!["no: “noon” does not begin with a number. Write it as in “5 ms”."]);
        check("crash db at 2", expect!["no: “2” has no unit. Write it as in “5 ms”."]);
        check("crash db at 2 min at 3 min", expect!["no: “at” is said twice. Write it once."]);
        check("crash db for long", expect!["no: “long” does not begin with a number. Write it as in “5 ms”."]);
        check("slow db", expect!["no: “slow db” is not complete. Write it as in “slow web x10”."]);
        check(
            "",
            expect![
                "no: “” is not a fault known here. Write it as in “crash web.2”, “slow web x10”, “cut web -> db”, “lose zone us-east-a” or “flush cache”."
            ],
        );
    }
}
