//! What each component earns, in words.

use super::{Ablation, Change, Row};

impl Change {
    /// "taken away", "at half its replicas (2 instead of 4)"
    pub fn spoken(&self) -> String {
        match self {
            Self::Removed => "taken away".into(),
            Self::Halved { what, from, to } => format!("at half its {what} ({to} instead of {from})"),
        }
    }
}

impl Row {
    /// "earns fast", "earns nothing", "does work that no requirement is about", "cannot be taken away: it holds order".
    pub fn spoken(&self) -> String {
        match &self.result {
            Err(why) if self.change == Change::Removed => format!("cannot be taken away: {why}"),
            Err(why) => format!("cannot be halved: {why}"),
            Ok(without) if !without.earns.is_empty() => {
                let earned: Vec<String> = without.earns.iter().map(|earned| earned.requirement.clone()).collect();
                format!("earns {}", earned.join(", "))
            }
            Ok(without) if !without.open.is_empty() => format!("not sure: the runs do not tell of {}", without.open.join(", ")),
            Ok(_) if self.works && self.change == Change::Removed => "does work that no requirement is about".into(),
            Ok(_) => "earns nothing".into(),
        }
    }
}

impl Ablation {
    /// What follows for the design.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let idle: Vec<&Row> = self.rows.iter().filter(|row| row.earns_nothing()).collect();
        for row in &idle {
            sentences.push(match &row.change {
                Change::Removed if row.works => {
                    format!(
                        "Every requirement is met without {0}. If what {0} does is needed, require it; if not, delete {0}.",
                        row.component
                    )
                }
                Change::Removed => format!("You could delete {}: every requirement is met without it.", row.component),
                Change::Halved { .. } => format!("{} {} would meet every requirement, too.", row.component, row.change.spoken()),
            });
        }
        if idle.len() > 1 {
            sentences.push("Each of these was tried alone; of two that could go, one may be there for the other.".into());
        }
        if idle.is_empty() && !self.rows.is_empty() && self.stopped.is_none() {
            sentences.push("No component can be taken away or halved without missing a requirement.".into());
        }
        if self.cases.len() > 1 {
            let cases: Vec<String> = self.cases[1..].iter().map(|case| case.spoken()).collect();
            sentences.push(format!("Beside the usual load, changes were tried {}.", cases.join("; ")));
        }
        if let Some(stop) = &self.stopped {
            sentences.push(format!("It ended before it was done: {}.", stop.why()));
        }
        sentences
    }
}
