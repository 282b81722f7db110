//! `--ablate`: what each component is for, as a table and in sentences. What is taken away and how it is
//! judged, is said in `judge`.

use judge::ablate::{Ablation, Change, Without, ablate};
use judge::runs::Stop;

use crate::Answer;
use crate::cli::SimArgs;
use crate::sim::asked::Asked;
use crate::sim::search::Cores;
use crate::sim::sheet::{Sheet, Table, Tone};
use crate::sim::{json as report_json, judged, say};

pub(crate) fn run(args: &SimArgs, asked: &Asked) -> anyhow::Result<Answer> {
    let resolved = asked.resolve(&asked.document)?;
    let requirements = judged::required(asked, &resolved, "To say what a component is for, --ablate")?;
    let envelope = if asked.document.envelope.is_empty() {
        None
    } else {
        let (envelope, problems) = judge::envelope::read(&asked.document);
        if !problems.is_empty() {
            return Err(asked.refuse(&problems));
        }
        Some(envelope)
    };
    let mut cores = Cores::new(args);
    let most = args.budget_runs.unwrap_or(1_000) as usize;
    let ablation = ablate(&asked.document, &requirements, envelope.as_ref(), most, args.seed, &mut cores);
    let seconds = cores.seconds();
    drop(cores);
    if let Some(Stop::Refused(problems)) = &ablation.stopped {
        return Err(asked.refuse(problems));
    }
    if args.json {
        say(&report_json::text(&judge::json::ablation(&ablation)))?;
    } else {
        let mut sheet = Sheet::for_stdout();
        write(&mut sheet, &asked.title(), &ablation, envelope.is_some(), seconds);
        say(&sheet.into_text())?;
    }
    Ok(if ablation.stopped == Some(Stop::Interrupted) { Answer::Interrupted } else { Answer::Fine })
}

fn write(sheet: &mut Sheet, title: &str, ablation: &Ablation, has_envelope: bool, seconds: f64) {
    sheet.heading(title);
    sheet.paragraph(&format!("What each component is for: {} runs in {seconds:.1} s.", ablation.runs), Tone::Plain);
    if !has_envelope {
        let text = "! Nothing says what it must survive ([envelope]), so what is there for bad days seems to be there for nothing.";
        sheet.paragraph(text, Tone::Alarm);
    }
    let missed: Vec<&str> = ablation.usual.iter().filter(|(_, verdict)| verdict.name() == "missed").map(|(id, _)| id.as_str()).collect();
    if !missed.is_empty() {
        sheet.paragraph(&format!("! The design as it is misses {}; nothing can earn that.", missed.join(", ")), Tone::Alarm);
    }
    sheet.blank();
    let mut table = Table::new(3, &["component", "change", "result"]);
    for row in &ablation.rows {
        let result = if row.result.is_ok() { row.spoken() } else { "cannot be".to_owned() };
        table.row(vec![row.component.as_str().into(), short(&row.change).into(), result.into()]);
    }
    if !ablation.rows.is_empty() {
        sheet.table(&table);
        sheet.blank();
    }
    for row in &ablation.rows {
        match &row.result {
            Err(_) => sheet.paragraph(&format!("{} {}.", row.component, row.spoken()), Tone::Plain),
            Ok(without) if !without.earns.is_empty() => {
                sheet.paragraph(&format!("With {} {}: {}.", row.component, row.change.spoken(), shortfall(without)), Tone::Plain);
            }
            Ok(_) => {}
        }
    }
    ablation.sentences().iter().for_each(|sentence| sheet.paragraph(sentence, Tone::Plain));
}

/// "replicas 4 -> 2"
fn short(change: &Change) -> String {
    match change {
        Change::Removed => "taken away".into(),
        Change::Halved { what, from, to } => format!("{what} {from} -> {to}"),
    }
}

/// "fast is 312 ms with “crash web.1” at 15 s for 20 s"
fn shortfall(without: &Without) -> String {
    let earned = without.earns.iter().map(|earned| {
        let measured = earned.verdict.measured().map_or_else(|| "missed".to_owned(), ToString::to_string);
        let case = if earned.case.is_usual() { String::new() } else { format!(" {}", earned.case.spoken()) };
        format!("{} is {measured}{case}", earned.requirement)
    });
    earned.collect::<Vec<_>>().join("; ")
}
