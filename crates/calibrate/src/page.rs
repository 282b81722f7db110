//! What is told, as Markdown: for the terminal, and for its part of `docs/fidelity.md`.

use std::fmt::Write as _;

use crate::level::{LATE, Latency, Verdict};
use crate::reasons::{off, percent, time};
use crate::told::{Line, Told};

/// What the page says of the machine and the programs.
pub(crate) struct Setting {
    pub(crate) machine: String,
    /// "nginx 1.22.1"
    pub(crate) programs: Vec<String>,
    pub(crate) rounds: usize,
    /// [s]
    pub(crate) round: f64,
    /// The share of a core that other programs had before the first case.
    pub(crate) taken: f64,
    pub(crate) command: &'static str,
}

pub(crate) fn page(setting: &Setting, told: &[Told]) -> String {
    let mut out = head(setting);
    out.push_str(&overview(told));
    out.push_str(&apart(told));
    for case in told {
        out.push_str(&section(case));
    }
    if let Some(example) = told.iter().find_map(|case| Some((case.title, case.document.as_ref()?))) {
        let (title, document) = example;
        let _ = write!(
            out,
            "\n### A design to run\n\nThe design for “{title}”, with Poisson arrivals of the level that was fitted.\n\n```toml\n{document}```\n"
        );
    }
    out
}

fn head(setting: &Setting) -> String {
    format!(
        "\
## Against real servers

What designs say, beside what servers of Debian did: {programs}, each with one worker, all servers of a case on one core and the generator of the load on another.
Machine: {machine}; before the first case other programs had {taken} of one of the two cores. Made by `{command}`, which anybody can run again; other machines give other numbers.

Most requests are given 0.1 to 1 ms of work, beside which the noise of a kernel is small; one case, GET, is as short as such requests really are.
First the capacity is measured, with 32 requests always waiting.
Then requests are sent at 30, 60, 80 and 90 % of it as a Poisson process, at set times whatever has been answered, and each latency counts from the time at which its request should have been sent.
The service times are fitted at the second of the levels that stand (at the lowest a server is idle most of the time, and slower for its sleeping and waking), from when requests of each kind were sent and answered, and written into a design: users, a service with one worker, and between them the way: all that is not service, such as the network, waking a sleeping server and noticing its answer.
Its predictions are for all levels; the row of the level that was fitted shows how well the fit can be.
Each level has {rounds} rounds of {round} s, in turns with the other levels. A measured number is the middle one of the rounds, and beside it stands how far they went.
A prediction stands beside its error. It is made twice: for Poisson arrivals in a long run, as a reader would make it, and for the very arrivals that were sent, which leaves out what chance made of them.
A level at which the generator itself was late is thrown out: if the 99th percentile of its lateness is above {late} of the measured p50.
",
        programs = list(&setting.programs),
        machine = setting.machine,
        taken = percent(setting.taken),
        command = setting.command,
        rounds = setting.rounds,
        round = setting.round,
        late = percent(LATE),
    )
}

fn overview(told: &[Told]) -> String {
    let mut out = "\n| case | capacity | fitted at | mean service | its scv | way | from |\n|---|---|---|---|---|---|---|\n".to_owned();
    for case in told {
        let fit = match &case.fitted {
            Ok(fit) => {
                format!("{} | {} | {:.2} | {} | {} services", percent(fit.share), time(fit.mean), fit.scv, time(fit.way), fit.services)
            }
            Err(why) => format!("not fitted: {why} | | | |"),
        };
        let _ = writeln!(out, "| {} | {:.0}/s | {fit} |", case.title, case.capacity);
    }
    out
}

/// The share of all levels that stand.
pub(crate) fn standing(told: &[Told]) -> f64 {
    let levels = || told.iter().flat_map(|case| &case.levels);
    levels().filter(|level| level.verdict == Verdict::Stands).count() as f64 / levels().count().max(1) as f64
}

/// What was thrown out, and what holds for all that was not.
fn apart(told: &[Told]) -> String {
    let mut out = String::new();
    let out_of: Vec<String> = told.iter().flat_map(|case| case.levels.iter().filter_map(|level| thrown_out(case, level))).collect();
    let all = told.iter().map(|case| case.levels.len()).sum::<usize>();
    if out_of.is_empty() {
        let _ = write!(out, "\nNone of the {all} levels was thrown out.");
    } else {
        let _ = write!(out, "\nThrown out of {all} levels:\n\n{}\n", out_of.join("\n"));
    }
    let stand: Vec<&Line> = told.iter().flat_map(|case| &case.levels).filter(|level| level.verdict == Verdict::Stands).collect();
    if !stand.is_empty() {
        let ends = |value: fn(&Line) -> f64| {
            let values = stand.iter().map(|level| value(level));
            (values.clone().fold(f64::INFINITY, f64::min), values.fold(0.0, f64::max))
        };
        let ((_, late), (even, uneven)) = (ends(|level| level.late), ends(|level| level.gaps_scv));
        let _ = write!(
            out,
            "\nWhere a level stands, the generator was late by at most {} at the 99th percentile, and the gaps between its requests had an scv of {even:.2} to {uneven:.2}; those of a Poisson process have 1.\n",
            time(late),
        );
    }
    out
}

fn thrown_out(case: &Told, level: &Line) -> Option<String> {
    let why = match level.verdict {
        Verdict::Stands => return None,
        Verdict::Late { p99, p50 } => {
            format!("the generator was late by {} at the 99th percentile, and the measured p50 is {}", time(p99), time(p50))
        }
        Verdict::Overrun => "requests came faster than they were answered, and a round was given up".to_owned(),
    };
    Some(format!("* {} at {}: {why}.", case.title, percent(level.share)))
}

fn section(case: &Told) -> String {
    let mut out = format!("\n### {}\n\nAsked for: {}.\n", case.title, case.asks);
    if case.levels.iter().all(|level| level.verdict != Verdict::Stands) {
        let _ = writeln!(out, "\nNo level stands, so nothing is predicted.");
        return out;
    }
    let columns: String = case.columns.iter().map(|name| format!(" {name} |")).collect();
    let _ = writeln!(out, "\n| level | measure | measured | rounds |{columns}\n|---|---|---|---|{}", "---|".repeat(case.columns.len()));
    for level in case.levels.iter().filter(|level| level.verdict == Verdict::Stands) {
        let Some(rounds) = level.measured else { continue };
        for (number, name) in Latency::NAMES.into_iter().enumerate() {
            let [middle, least, most] = [rounds.middle, rounds.least, rounds.most].map(|latency| latency.values()[number]);
            let predicted: String = level.predicted.iter().map(|latency| format!(" {} |", predicted(*latency, number, middle))).collect();
            let level = if number == 0 { format!("{}, {:.0}/s", percent(level.share), level.rate) } else { String::new() };
            let _ = writeln!(out, "| {level} | {name} | {} | {}..{} |{predicted}", time(middle), time(least), time(most));
        }
    }
    if !case.reasons.is_empty() {
        let _ = writeln!(out, "\nWhy:\n\n{}", case.reasons.iter().map(|reason| format!("* {reason}")).collect::<Vec<_>>().join("\n"));
    }
    out
}

fn predicted(latency: Option<Latency>, number: usize, measured: f64) -> String {
    match latency.map(|latency| latency.values()[number]) {
        Some(value) => format!("{} ({})", time(value), off(value, measured)),
        None => "overload".to_owned(),
    }
}

/// "a, b and c"
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Rounds;
    use crate::told::Fitted;

    fn level(share: f64, verdict: Verdict, mean: f64) -> Line {
        let latency = |mean| Latency { mean, p50: mean * 0.7, p99: mean * 4.0 };
        let rounds = Rounds { middle: latency(mean), least: latency(mean * 0.9), most: latency(mean * 1.1) };
        let predicted = vec![Some(latency(mean * 1.05)), None];
        Line { share, rate: share * 2000.0, verdict, late: 4_200.0, gaps_scv: 1.01, measured: Some(rounds), predicted }
    }

    #[test]
    fn what_stands_is_in_the_table_and_what_does_not_is_named() {
        let told = |fitted| Told {
            title: "nginx compresses texts",
            asks: "a text of 16 kB on average",
            capacity: 2000.0,
            fitted,
            columns: vec!["design, Poisson arrivals", "design, the arrivals sent"],
            levels: vec![level(0.3, Verdict::Stands, 700e3), level(0.9, Verdict::Late { p99: 80e3, p50: 500e3 }, 1e6)],
            reasons: vec!["From round to round it moved.".to_owned()],
            document: Some("octo = 1\n".to_owned()),
        };
        let lost = Told {
            title: "Redis gets a value",
            levels: vec![level(0.3, Verdict::Overrun, 1e3)],
            document: None,
            ..told(Err("every level was thrown out".to_owned()))
        };
        let setting = Setting {
            machine: "a machine".to_owned(),
            programs: ["nginx 1.22", "Redis 7.0"].map(str::to_owned).to_vec(),
            rounds: 3,
            round: 3.3,
            taken: 0.004,
            command: "cargo xtask calibrate",
        };
        let fitted = Fitted { share: 0.3, mean: 480e3, scv: 0.93, way: 60e3, services: 4000 };
        let told = [told(Ok(fitted)), lost];
        assert_eq!(standing(&told), 1.0 / 3.0);
        let page = page(&setting, &told);
        let tail = page.split_once("measured p50.\n").map(|(_, tail)| tail).unwrap_or_default();
        expect_test::expect![[r#"

            | case | capacity | fitted at | mean service | its scv | way | from |
            |---|---|---|---|---|---|---|
            | nginx compresses texts | 2000/s | 30 % | 480 us | 0.93 | 60.0 us | 4000 services |
            | Redis gets a value | 2000/s | not fitted: every level was thrown out | | | | |

            Thrown out of 3 levels:

            * nginx compresses texts at 90 %: the generator was late by 80.0 us at the 99th percentile, and the measured p50 is 500 us.
            * Redis gets a value at 30 %: requests came faster than they were answered, and a round was given up.

            Where a level stands, the generator was late by at most 4.20 us at the 99th percentile, and the gaps between its requests had an scv of 1.01 to 1.01; those of a Poisson process have 1.

            ### nginx compresses texts

            Asked for: a text of 16 kB on average.

            | level | measure | measured | rounds | design, Poisson arrivals | design, the arrivals sent |
            |---|---|---|---|---|---|
            | 30 %, 600/s | mean | 700 us | 630 us..770 us | 735 us (+5.0 %) | overload |
            |  | p50 | 490 us | 441 us..539 us | 514 us (+5.0 %) | overload |
            |  | p99 | 2.80 ms | 2.52 ms..3.08 ms | 2.94 ms (+5.0 %) | overload |

            Why:

            * From round to round it moved.

            ### Redis gets a value

            Asked for: a text of 16 kB on average.

            No level stands, so nothing is predicted.

            ### A design to run

            The design for “nginx compresses texts”, with Poisson arrivals of the level that was fitted.

            ```toml
            octo = 1
            ```
        "#]].assert_eq(tail);
    }
}
