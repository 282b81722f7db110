//! `octo sim`: a design, run once, several times or for several values, and its report for people,
//! programs and the eye.

mod ablate;
mod asked;
mod breaks;
mod capacity;
mod conduct;
mod fault;
mod figures;
mod file;
mod formulas;
mod json;
mod judged;
mod page;
mod plots;
mod range;
mod sample;
mod search;
mod sheet;
mod spark;
mod sweep;
mod told;
mod watch;

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use sim::{Budget, Report};

use crate::Answer;
use crate::cli::SimArgs;
use crate::sim::asked::{Asked, experiment};
use crate::sim::conduct::{Ran, Work, conduct};
use crate::sim::judged::Judged;
use crate::sim::sample::Sample;
use crate::sim::sheet::Sheet;

pub(crate) fn run(args: &SimArgs) -> anyhow::Result<Answer> {
    watch::listen_for_interrupts();
    let asked = Asked::read(args)?;
    if args.instant {
        return instant(args, &asked);
    }
    match &args.sweep {
        _ if args.find_break => breaks::run(args, &asked),
        _ if args.ablate => ablate::run(args, &asked),
        _ if args.capacity => capacity::run(args, &asked),
        Some(sweep) => sweep::run(args, &asked, sweep),
        None => once(args, &asked),
    }
}

/// What formulas say, without a run.
fn instant(args: &SimArgs, asked: &Asked) -> anyhow::Result<Answer> {
    let resolved = asked.resolve(&asked.document)?;
    if args.json {
        say(&json::text(&formulas::json(&resolved)))?;
    } else {
        let mut sheet = Sheet::for_stdout();
        formulas::write(&mut sheet, &asked.title(), &resolved);
        say(&sheet.into_text())?;
    }
    Ok(Answer::Fine)
}

/// One design: one run, or several that are told as one.
fn once(args: &SimArgs, asked: &Asked) -> anyhow::Result<Answer> {
    let resolved = asked.resolve(&asked.document)?;
    let requirements = judged::requirements(asked, &resolved)?;
    let watches = judge::require::watches(&requirements);
    let lasts = resolved.workload.lasts.unwrap_or_default().0;
    let mut sample = if args.sample { Sample::of(&resolved) } else { Sample::none() };
    let mut ran: Vec<Ran> = Vec::new();
    let asked_first = args.replications.unwrap_or(1) as usize;
    let mut more = asked_first;
    let (pooled, is_interrupted) = loop {
        let (before, asked_for) = (ran.len(), ran.len() + more);
        let work = Work {
            count: more,
            experiment: &|number| experiment(sample.document(&resolved), args.seed.wrapping_add((before + number) as u64)),
            budget: budget(args),
            lasts,
            traces: before == 0 && (args.trace || args.json),
            watches: &watches,
        };
        let mut runs = Vec::new();
        conduct(&work, &mut |_, run| runs.push(run)).map_err(|problems| asked.refuse(&problems))?;
        match sample.tell(runs) {
            Some(runs) => ran.extend(runs),
            None => {
                ran.clear();
                continue;
            }
        }
        let is_interrupted = ran.len() < asked_for || ran.iter().any(|ran| !ran.whole);
        match sample.wants(&mut ran, asked_first) {
            wanted if wanted > 0 && !is_interrupted => {
                more = wanted;
                continue;
            }
            _ => {}
        }
        let pooled = pooled(ran.clone()).map(|report| (judge::require::judge(&requirements, &report), report));
        let next = pooled.as_ref().and_then(|(verdicts, _)| judge::require::next(verdicts, ran.len()));
        match next.filter(|_| args.replications.is_none() && !is_interrupted) {
            Some(next) => more = next,
            None => break (pooled.map(|pooled| (pooled, asked_for)), is_interrupted),
        }
    };
    let Some(((verdicts, report), runs)) = pooled else {
        eprintln!("Interrupted by Ctrl-C before anything was measured.");
        return Ok(Answer::Interrupted);
    };
    let explained = judge::explain::explain(resolved.document(), &report, Some(&verdicts));
    let judged = Judged { requirements: &requirements, verdicts: &verdicts, watched: &report.watched };
    let about = page::About {
        asked,
        document: &resolved,
        runs: runs as u32,
        is_interrupted,
        budget: budget(args),
        traces: args.trace,
        ignores: args.ignores,
        judged: Some(judged),
        sample: &sample.told,
        told: Some(&explained),
        explain: args.explain,
    };
    if args.json {
        let mut value = json::report(&report, &page::cautions(&report, &about));
        judged.add_to(&mut value);
        if args.sample {
            value["sample"] = sample.told.as_slice().into();
        }
        told::add_to(&mut value, &explained);
        say(&json::text(&value))?;
    } else {
        let mut sheet = Sheet::for_stdout();
        page::write(&mut sheet, &report, &about, &resolved);
        say(&sheet.into_text())?;
    }
    if let Some(file) = &args.svg {
        save(file, &plots::report(&asked.title(), &asked.document, &report))?;
    }
    Ok(match is_interrupted {
        true => Answer::Interrupted,
        false if judged.is_any_missed() => Answer::No,
        false => Answer::Fine,
    })
}

fn budget(args: &SimArgs) -> Budget {
    Budget { events: args.budget_events, ..Budget::default() }
}

/// The runs as one report. Runs that Ctrl-C cut short say less than whole ones, so they count only
/// where there is nothing else.
fn pooled(ran: Vec<Ran>) -> Option<Report> {
    let any_whole = ran.iter().any(|ran| ran.whole);
    let reports: Vec<Report> = ran.into_iter().filter(|ran| ran.whole == any_whole).map(|ran| ran.report).collect();
    // Runs of one design with different seeds can always be pooled.
    sim::pool(&reports).or_else(|| reports.into_iter().next())
}

/// To standard output. Whoever reads may stop early, as `head` does; that is no failure.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("printing the report"),
        _ => Ok(()),
    }
}

fn save(file: &Path, svg: &str) -> anyhow::Result<()> {
    std::fs::write(file, svg).with_context(|| format!("writing {}", file.display()))
}
