//! The score as a part of `docs/fidelity.md`, and as lines on a terminal.

use super::score::Row;

/// The part of the page.
pub fn page(rows: &[Row], from: u64) -> String {
    let planted: Vec<&Row> = rows.iter().filter(|row| row.planted.is_some()).collect();
    let sound: Vec<&Row> = rows.iter().filter(|row| row.planted.is_none()).collect();
    let named = planted.iter().filter(|row| row.is_right()).count();
    let found = planted.iter().filter(|row| row.found.is_some()).count();
    let silent = sound.iter().filter(|row| row.is_right()).count();
    let mut page = format!(
        "## What breaks it\n\n\
         `octo sim --find-break` on designs with a planted weakness, drawn with numbers of their own from seed {from} on, which nobody used while it was made.\n\
         A search may take 200 runs or 10 s of one core, with those that confirm and shrink.\n\
         A weakness is named if the smallest case does what brings it to light (more load, or that fault) and strikes it or shows at it.\n\n\
         **{named} of {} planted weaknesses were found and named** ({found} were found); on {silent} of {} sound designs nothing was found.\n\n\
         | design | planted | found | runs | seconds | shows at | named |\n|---|---|---|--:|--:|---|---|\n",
        planted.len(),
        sound.len(),
    );
    for row in planted.into_iter().chain(sound) {
        let cells = cells(row);
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page
}

/// One line for a terminal.
pub fn line(row: &Row) -> String {
    let cells = cells(row);
    let mark = if row.is_right() { " " } else { "!" };
    let problem = row.problem.as_deref().unwrap_or("");
    format!("{mark} {:<11} {:<26} {:>4} {:>6} s  {} | {} {problem}", cells[0], cells[1], cells[3], cells[4], cells[2], cells[5])
}

fn cells(row: &Row) -> Vec<String> {
    let found = match &row.found {
        Some(found) => format!("{}: {} {}", found.requirement, found.verdict.name(), found.case.spoken()),
        None => "nothing".into(),
    };
    let shows = row.found.as_ref().and_then(|found| found.symptom.as_ref()).map(|symptom| symptom.component.clone()).unwrap_or_default();
    let named = match (row.planted, row.is_right()) {
        (Some(_), true) => "yes",
        (Some(_), false) => "**no**",
        (None, true) => "sound",
        (None, false) => "**false alarm**",
    };
    let planted = row.planted.unwrap_or("nothing");
    vec![row.design.into(), planted.into(), found, row.runs.to_string(), format!("{:.1}", row.seconds), shows, named.into()]
}
