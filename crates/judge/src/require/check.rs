//! Requirements beside their design: whether what they ask for can be measured there at all. What a
//! run says of them is in `verdict`.

use sorted::BTreeMap;

use design::{Document, Problem, Severity, did_you_mean};
use units::{Dimension, quoted};

use crate::require::known::{self, Kind};
use crate::require::read::moment;
use crate::require::{Comparison, Objective, Requirement, Requirements, Slip};

/// All requirements of a document that could be understood, and everything that could not, with
/// the path of each: "require.fast".
pub fn read(document: &Document) -> (Requirements, Vec<Problem>) {
    let mut requirements = BTreeMap::new();
    let mut problems = Vec::new();
    for (id, text) in &document.require {
        let read = text.parse::<Requirement>().and_then(|requirement| Place { document, text }.check(&requirement).map(|()| requirement));
        match read {
            Ok(requirement) => drop(requirements.insert(id.clone(), requirement)),
            Err(slip) => problems.push(problem(id, text, slip)),
        }
    }
    problems.extend(contradictions(document, &requirements));
    (requirements, problems)
}

fn problem(id: &str, text: &str, slip: Slip) -> Problem {
    // The place in the text is shown by what stands there.
    let rest = text.get(slip.at..).unwrap_or("").trim();
    let message = if slip.at == 0 || rest.is_empty() { slip.message } else { format!("At {}: {}", quoted(rest), slip.message) };
    Problem { severity: Severity::Error, path: format!("require.{id}"), line: None, column: None, message, suggestion: slip.suggestion }
}

/// Two requirements that nothing can meet together.
fn contradictions(document: &Document, requirements: &Requirements) -> Vec<Problem> {
    let mut problems = Vec::new();
    let objectives: Vec<(&String, &Objective)> = requirements
        .iter()
        .filter_map(|(id, requirement)| match requirement {
            Requirement::Objective(objective) => Some((id, objective)),
            Requirement::Invariant { .. } => None,
        })
        .collect();
    for (id, floor) in objectives.iter().filter(|(_, objective)| objective.comparison.is_floor()) {
        let against = objectives.iter().find(|(_, ceiling)| {
            ceiling.measure == floor.measure && ceiling.comparison.is_ceiling() && ceiling.bound.value < floor.bound.value
        });
        if let Some((other, ceiling)) = against {
            let message = format!("“{floor}” and require.{other}, “{ceiling}”, cannot both be met.");
            let suggestion = Some("Leave one of them out, or move its bound.".into());
            problems.push(problem(id, &document.require[*id], Slip { at: 0, message, suggestion }));
        }
    }
    problems
}

/// The text that is checked, and the design that it is about.
pub(super) struct Place<'a> {
    pub(super) document: &'a Document,
    text: &'a str,
}

impl Place<'_> {
    fn check(&self, requirement: &Requirement) -> Result<(), Slip> {
        match requirement {
            Requirement::Objective(objective) => self.objective(objective),
            Requirement::Invariant { data, what } => self.invariant(data, *what),
        }
    }

    fn objective(&self, objective: &Objective) -> Result<(), Slip> {
        let kind = self.kind(&objective.measure)?;
        self.circumstances(objective, kind)?;
        self.unit(objective, kind)?;
        self.possible(objective, kind)
    }

    pub(super) fn slip(&self, word: &str, message: impl Into<String>, suggestion: impl Into<String>) -> Slip {
        Slip { at: self.text.find(word).unwrap_or(0), message: message.into(), suggestion: Some(suggestion.into()) }
    }

    pub(super) fn unknown<'b>(&self, word: &str, message: String, label: &str, names: impl Iterator<Item = &'b str>) -> Slip {
        let names: Vec<&str> = names.collect();
        let suggestion = did_you_mean(word, names.iter().copied()).unwrap_or_else(|| match names.as_slice() {
            [] => format!("{label}: none."),
            names => format!("{label}: {}.", names.iter().take(30).copied().collect::<Vec<_>>().join(", ")),
        });
        Slip { at: self.text.find(word).unwrap_or(0), message, suggestion: Some(suggestion) }
    }

    fn kind(&self, measure: &str) -> Result<Kind, Slip> {
        if let Some(kind) = known::of_whole(measure) {
            return Ok(kind);
        }
        if let Some((when, what)) = measure.strip_prefix("at ").and_then(moment) {
            return self.at(when, what);
        }
        if measure.contains("->") {
            return self.link(measure);
        }
        let classes = &self.document.workload.classes;
        if known::of_class(measure).is_some() || measure == "network" {
            return self.alone(measure);
        }
        let Some((of, what)) = measure.split_once('.') else { return Err(self.lonely(measure)) };
        if of == "network" && classes.contains_key(what) {
            return Ok(Kind::Time);
        }
        let component = self.document.components.get(of).filter(|component| !is_client(&component.kind));
        let of_class = classes.contains_key(of).then(|| known::of_class(what)).flatten();
        let of_component = component.and_then(|component| known::of_component(what, &component.kind));
        match of_class.or(of_component) {
            Some(kind) => Ok(kind),
            None if classes.contains_key(of) || component.is_some() => Err(self.no_such_measure(of, what)),
            None => Err(self.nobody(of)),
        }
    }

    /// A measure of the only class, whose name was left out.
    fn alone(&self, measure: &str) -> Result<Kind, Slip> {
        let classes = &self.document.workload.classes;
        match (classes.len(), known::of_class(measure)) {
            (1, Some(kind)) => Ok(kind),
            (1, None) => Ok(Kind::Time),
            _ => {
                let names: Vec<String> = classes.keys().map(|class| format!("“{class} {measure}”")).collect();
                let suggestion =
                    if names.is_empty() { "Add one under [workload].".into() } else { format!("Write {}.", names.join(" or ")) };
                Err(self.slip(measure, format!("Of which class is {}?", quoted(measure)), suggestion))
            }
        }
    }

    /// One word that is no measure.
    fn lonely(&self, word: &str) -> Slip {
        if self.names().any(|name| name == word) {
            let example = if self.document.workload.classes.contains_key(word) { "p99 < 100 ms" } else { "utilisation < 80 %" };
            return self.slip(word, format!("What of {} is required?", quoted(word)), format!("Name a measure, as in “{word} {example}”."));
        }
        let all = known::WHOLE.iter().chain(known::CLASS).map(|(name, _)| *name);
        self.unknown(word, format!("There is no measure {}.", quoted(word)), "Measures", all)
    }

    fn nobody(&self, name: &str) -> Slip {
        if let Some(component) = self.document.components.get(name) {
            let message = format!("{} sends requests, and nothing is measured of it ({}).", quoted(name), component.kind);
            let classes: Vec<&str> = self.document.workload.classes.keys().map(String::as_str).collect();
            return self.slip(name, message, format!("Ask for a class: {}.", classes.join(", ")));
        }
        if self.document.calls.contains_key(name) {
            let message = format!("The workload sends no {}, so nothing can be measured of it.", quoted(name));
            return self.slip(name, message, format!("Add workload.{name}, or leave this requirement out."));
        }
        self.unknown(name, format!("There is no class or component {}.", quoted(name)), "There are", self.names())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let components = self.document.components.iter().filter(|(_, component)| !is_client(&component.kind));
        self.document.workload.classes.keys().chain(components.map(|(name, _)| name)).map(String::as_str)
    }

    fn no_such_measure(&self, of: &str, what: &str) -> Slip {
        let is_class = self.document.workload.classes.contains_key(of);
        let component = self.document.components.get(of);
        let mut names: Vec<&str> = Vec::new();
        if is_class {
            names.extend(known::CLASS.iter().map(|(name, _)| *name));
        }
        if let Some(component) = component {
            names.extend(known::COMPONENT.iter().map(|(name, _)| *name));
            if known::has_messages(&component.kind) {
                names.extend(known::MESSAGES.iter().map(|(name, _)| *name));
            }
        }
        let role = match component {
            Some(component) if !is_class => format!("a {}", component.kind),
            _ => "a class".into(),
        };
        self.unknown(what, format!("{of} is {role}, and has no measure {}.", quoted(what)), "It has", names.into_iter())
    }

    fn link(&self, measure: &str) -> Result<Kind, Slip> {
        let (link, what) = measure.split_once('.').unwrap_or((measure, ""));
        let ends = link.split("->").map(str::trim);
        if let Some(end) = ends.into_iter().find(|end| !self.document.components.contains_key(*end)) {
            let names = self.document.components.keys().map(String::as_str);
            return Err(self.unknown(end, format!("There is no component {}.", quoted(end)), "There are", names));
        }
        let names = known::LINK.iter().map(|(name, _)| *name);
        known::of_link(what).ok_or_else(|| self.unknown(what, format!("A link has no measure {}.", quoted(what)), "It has", names))
    }

    fn at(&self, when: &str, what: &str) -> Result<Kind, Slip> {
        let classes = &self.document.workload.classes;
        let (is_class, what) = match what.split_once('.') {
            Some((of, what)) if classes.contains_key(of) => (true, what),
            Some((of, what)) if self.document.components.contains_key(of) => (false, what),
            Some((of, _)) => return Err(self.nobody(of)),
            None => (true, what),
        };
        let time = when.parse::<units::Duration>().unwrap_or_default();
        if self.document.workload.lasts.is_some_and(|lasts| time > lasts) {
            return Err(self.slip(when, format!("At {when} the workload is over."), "Name a time before its end, or let it last longer."));
        }
        let message = || format!("{} is not measured over time.", quoted(what));
        let suggestion = "Over time there are goodput, throughput, offered, failed, p50, p99 and inside of a class; queue, busy, rate and backlog of a component.";
        known::of_point(what, is_class).ok_or_else(|| self.slip(what, message(), suggestion))
    }

    /// Whether the design and its world have what is asked about.
    fn circumstances(&self, objective: &Objective, kind: Kind) -> Result<(), Slip> {
        let (_, what) = objective.measure.split_once('.').unwrap_or(("", &objective.measure));
        if kind == Kind::Word {
            return Err(self.slip(
                what,
                format!("“{what}” is the name of a component, not a number."),
                "Require its utilisation instead, as in “db utilisation < 80 %”.",
            ));
        }
        // What an envelope lets go wrong, ends.
        let may_be_tried = self.document.envelope.contains_key("faults");
        if kind == Kind::Recovery && !may_be_tried && self.document.faults.is_empty() {
            let message = "Nothing goes wrong in this workload, so there is nothing to recover from.";
            return Err(self.slip("recovery", message, "Add a fault under [[faults]], or leave this requirement out."));
        }
        if kind == Kind::Recovery && !may_be_tried && self.document.faults.iter().all(never_ends) {
            let message = "No fault here ends, so there is no recovery from it.";
            return Err(self.slip("recovery", message, "Give a fault a length, as in lasts = \"30 s\"."));
        }
        if matches!(kind, Kind::Spending | Kind::Money) && !self.document.components.keys().any(|name| has_price(self.document, name)) {
            let message = "Nothing here has a price: the cost is not priced.";
            return Err(self.slip("cost", message, "Name a price list under [prices], and the size of each component."));
        }
        Ok(())
    }

    fn unit(&self, objective: &Objective, kind: Kind) -> Result<(), Slip> {
        let (asked, found) = (kind.dimension(), objective.bound.dimension);
        let is_per_cent = objective.written.ends_with('%') || objective.written.ends_with("percent");
        let spoken = super::read::spoken(&objective.measure);
        if asked != found {
            let suggestion = if asked == Dimension::SPENDING && found == Dimension::MONEY {
                format!("Write {}/month, or ask for the cost per thousand.", objective.written)
            } else {
                format!("Write a bound like {}.", kind.example())
            };
            let message = format!("{} is {}, and {} is {}.", quoted(&spoken), kind.noun(), quoted(&objective.written), found.noun());
            return Err(self.slip(&objective.written, message, suggestion));
        }
        if is_per_cent && matches!(kind, Kind::Count | Kind::GreatestCount) {
            let message = format!("{} is a count, and {} is a share.", quoted(&spoken), quoted(&objective.written));
            return Err(self.slip(&objective.written, message, format!("Write a bound like {}.", kind.example())));
        }
        Ok(())
    }

    /// Whether it can be met, and whether it can be missed.
    fn possible(&self, objective: &Objective, kind: Kind) -> Result<(), Slip> {
        let (bound, comparison) = (objective.bound.value, objective.comparison);
        let is_share = kind == Kind::Share;
        let spoken = quoted(&super::read::spoken(&objective.measure));
        let never = |why: String| {
            let suggestion = match is_share && bound > 1.0 && bound <= 100.0 && !objective.written.ends_with('%') {
                true => format!("Did you mean {} %?", objective.written),
                false => format!("Move the bound, as in {}.", kind.example()),
            };
            Err(self.slip(&objective.written, why, suggestion))
        };
        let is_floor = comparison.is_floor();
        if !is_floor && bound < 0.0 || bound == 0.0 && comparison == Comparison::Less {
            return never(format!("{spoken} is never less than nothing, so {} {} cannot be.", comparison.sign(), objective.written));
        }
        if is_share && (bound > 1.0 || bound == 1.0 && comparison == Comparison::More) {
            return never(format!("{spoken} is a share, and never more than 100 %."));
        }
        let can_be_all = comparison == Comparison::AtMost && is_share && bound == 1.0;
        if can_be_all || is_floor && bound < 0.0 || comparison == Comparison::AtLeast && bound == 0.0 {
            return never(format!("{spoken} {} {} is always so, and requires nothing.", comparison.sign(), objective.written));
        }
        if comparison == Comparison::Equal && !(kind.is_count() || is_share && (bound == 0.0 || bound == 1.0)) {
            let message = format!("{spoken} is measured, and never exactly {}.", objective.written);
            return Err(self.slip("=", message, "Use < or > with a bound."));
        }
        if comparison == Comparison::Equal && bound.fract() != 0.0 {
            return never(format!("{spoken} is a count, and never {}.", objective.written));
        }
        Ok(())
    }
}

fn has_price(document: &Document, name: &str) -> bool {
    design::price_of(document, name).is_some_and(|price| price.source.is_some())
}

fn never_ends(fault: &design::Fault) -> bool {
    fault.lasts.is_none() && !matches!(fault.what, design::What::Flush { .. })
}

/// Those of whom reports tell nothing.
fn is_client(kind: &str) -> bool {
    matches!(kind, "clients" | "scheduler")
}
