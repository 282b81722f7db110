//! Reading `[envelope]`: every slip with its path and a way out. What a fault may mean in this design
//! is in `faults`.

use sorted::BTreeMap;

use design::{Document, Problem, Severity, did_you_mean};
use serde_json::{Map, Value};
use units::{Duration, Share, quoted};

use super::faults::kind;
use super::{Envelope, Factors};

const KEYS: [&str; 2] = ["rate", "faults"];
const FAULTS: [&str; 4] = ["any", "at_once", "lasts", "at"];
const AT_ONCE_MAX: u64 = 4;
const FACTOR_MAX: f64 = 1_000.0;

/// The envelope of a document, and everything that could not be understood. One that leaves no
/// freedom is a problem too: a search in it would find nothing and seem to have proved something.
pub fn read(document: &Document) -> (Envelope, Vec<Problem>) {
    let mut reader = Reader { document, problems: Vec::new() };
    let envelope = reader.envelope();
    if reader.problems.is_empty() && !envelope.is_free() {
        let message = if document.envelope.is_empty() {
            "Nothing says what the design must survive, so there is nothing to try."
        } else {
            "This envelope leaves no freedom: there is nothing to try in it."
        };
        let way = "Write what may vary, as in rate = \"x0.5..x2\" or faults = { any = [\"crash 1\"], lasts = \"..1 min\" }.";
        reader.slip("envelope", message, way);
    }
    (envelope, reader.problems)
}

struct Reader<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn slip(&mut self, path: &str, message: impl Into<String>, suggestion: impl Into<String>) {
        self.problems.push(Problem {
            severity: Severity::Error,
            path: path.into(),
            line: None,
            column: None,
            message: message.into(),
            suggestion: Some(suggestion.into()),
        });
    }

    fn unknown<'k>(&mut self, path: &str, key: &str, known: impl Iterator<Item = &'k str> + Clone) {
        let suggestion =
            did_you_mean(key, known.clone()).unwrap_or_else(|| format!("Known here: {}.", known.collect::<Vec<_>>().join(", ")));
        self.slip(path, format!("{} is not known here.", quoted(key)), suggestion);
    }

    fn envelope(&mut self) -> Envelope {
        let mut envelope = Envelope { at_once: 1, ..Envelope::default() };
        for (key, value) in &self.document.envelope {
            match key.as_str() {
                "rate" => self.rate(value, &mut envelope),
                "faults" => self.faults(value, &mut envelope),
                _ => self.unknown(&format!("envelope.{key}"), key, KEYS.into_iter()),
            }
        }
        envelope
    }

    fn rate(&mut self, value: &Value, envelope: &mut Envelope) {
        if self.document.workload.arrivals.is_none() && self.document.workload.classes.is_empty() {
            return self.slip("envelope.rate", "Nothing is sent here whose rate could vary.", "Add a class under [workload].");
        }
        match value {
            Value::String(text) => envelope.all = self.factors("envelope.rate", text),
            Value::Object(classes) => envelope.classes = self.by_class(classes),
            _ => self.slip(
                "envelope.rate",
                "The rate is neither a text nor a table.",
                "Write “x0.5..x3”, or { buy = \"x0.5..x3\" } by class.",
            ),
        }
        let unchanged = |arrivals: &design::Arrivals| arrivals.scaled(Share(2 * Share::ONE.0)) == *arrivals;
        let workload = &self.document.workload;
        let mut all = workload.classes.values().filter_map(|class| class.arrivals.as_ref()).chain(&workload.arrivals);
        if all.clone().count() > 0 && all.all(unchanged) {
            self.slip(
                "envelope.rate",
                "What is sent comes from recorded traces, whose rate cannot vary.",
                "Leave `rate` out, or send by a rate.",
            );
        }
    }

    fn by_class(&mut self, classes: &Map<String, Value>) -> BTreeMap<String, Factors> {
        let mut read = BTreeMap::new();
        for (name, value) in classes {
            let path = format!("envelope.rate.{name}");
            let Some(class) = self.document.workload.classes.get(name) else {
                let known: Vec<&str> = self.document.workload.classes.keys().map(String::as_str).collect();
                self.unknown(&path, name, known.into_iter());
                continue;
            };
            if class.arrivals.is_none() {
                let message = format!("{} has a share of all arrivals, and no rate of its own.", quoted(name));
                self.slip(&path, message, "Vary the rate of everything, as in rate = \"x0.5..x3\".");
                continue;
            }
            match value {
                Value::String(text) => read.extend(self.factors(&path, text).map(|factors| (name.clone(), factors))),
                _ => self.slip(&path, "This is not a text.", "Write it as in “x0.5..x3”."),
            }
        }
        read
    }

    /// "x0.1..x3", "..x3", "x3": what is left out is no change.
    fn factors(&mut self, path: &str, text: &str) -> Option<Factors> {
        let wrong = |part: &str| (format!("{} is not a factor.", quoted(part)), "Write it as in “x0.5..x3”, at most x1000.".to_owned());
        let one = |part: &str| match part.trim() {
            "" => Ok(Share::ONE),
            part => {
                let number = units::float(part.strip_prefix('x').unwrap_or("")).filter(|number| *number > 0.0 && *number <= FACTOR_MAX);
                number.map(|number| Share(libm::round(number * 1e9) as u64)).ok_or_else(|| wrong(part))
            }
        };
        let (from, to) = text.split_once("..").unwrap_or(("", text));
        match (one(from), one(to)) {
            _ if text.trim().is_empty() || text.trim() == ".." => {
                self.slip(path, "No factor is said.", "Write it as in “x0.5..x3”.");
                None
            }
            (Ok(from), Ok(to)) if from <= to => Some(Factors { from, to }),
            // A single factor below one is the least, not the most.
            (Ok(from), Ok(to)) if !text.contains("..") => Some(Factors { from: to, to: from }),
            (Ok(_), Ok(_)) => {
                self.slip(path, format!("{} begins after its end.", quoted(text)), "Write the smaller factor first.");
                None
            }
            (Err((message, way)), _) | (_, Err((message, way))) => {
                self.slip(path, message, way);
                None
            }
        }
    }

    fn faults(&mut self, value: &Value, envelope: &mut Envelope) {
        let Value::Object(fields) = value else {
            return self.slip(
                "envelope.faults",
                "The faults are not a table.",
                "Write { any = [\"crash 1\", \"flush\"], lasts = \"..1 min\" }.",
            );
        };
        if !fields.contains_key("any") {
            self.slip("envelope.faults", "It is not said what may go wrong.", "Add `any`, as in any = [\"crash 1\", \"slow x10\"].");
        }
        for (key, value) in fields {
            let path = format!("envelope.faults.{key}");
            match (key.as_str(), value) {
                ("any", value) => self.any(value, envelope),
                ("at_once", value) => match value.as_u64() {
                    Some(count @ 1..=AT_ONCE_MAX) => envelope.at_once = count as usize,
                    _ => self.slip(&path, "This is not how many faults may be there at once.", format!("Write 1 to {AT_ONCE_MAX}.")),
                },
                ("lasts", Value::String(text)) => envelope.lasts = self.length(&path, text),
                ("at", Value::String(text)) => envelope.at = self.moment(&path, text),
                ("lasts" | "at", _) => self.slip(&path, "This is not a text.", "Write a time or a range of times, as in “10 s..2 min”."),
                _ => self.unknown(&path, key, FAULTS.into_iter()),
            }
        }
    }

    fn any(&mut self, value: &Value, envelope: &mut Envelope) {
        let texts: Vec<&Value> = match value {
            Value::Array(texts) => texts.iter().collect(),
            one => vec![one],
        };
        if texts.is_empty() {
            self.slip("envelope.faults.any", "It lists no fault.", "Write it as in any = [\"crash 1\", \"slow x10\"].");
        }
        for (number, text) in texts.into_iter().enumerate() {
            let path = format!("envelope.faults.any.{number}");
            match text.as_str().map(|text| kind(self.document, text)) {
                Some(Ok(kind)) => envelope.faults.push(kind),
                Some(Err((message, suggestion))) => self.slip(&path, message, suggestion),
                None => self.slip(&path, "This is not a text.", "Write a fault, as in “crash 1” or “slow x10 of db”."),
            }
        }
    }

    /// "..2 min", "10 s..2 min", "30 s", "10 s..".
    fn length(&mut self, path: &str, text: &str) -> (Duration, Option<Duration>) {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let (from, to) = (self.time(path, from), self.time(path, to));
        let whole = from.unwrap_or_default();
        if to.is_some_and(|to| to < whole || to == Duration::ZERO) {
            self.slip(path, format!("{} is no length of time.", quoted(text)), "Write it as in “..2 min” or “10 s..2 min”.");
        }
        (whole, to)
    }

    fn moment(&mut self, path: &str, text: &str) -> Option<(Duration, Duration)> {
        let lasts = self.document.workload.lasts.unwrap_or(Duration::from_secs(60));
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let (from, to) = (self.time(path, from).unwrap_or_default(), self.time(path, to).unwrap_or(lasts));
        if from > to {
            self.slip(path, format!("{} begins after its end.", quoted(text)), "Write the earlier time first.");
        } else if from >= lasts {
            self.slip(path, format!("At {from} the workload is over."), "Name a time before its end, or let it last longer.");
        }
        Some((from, to.min(lasts)))
    }

    fn time(&mut self, path: &str, text: &str) -> Option<Duration> {
        if text.trim().is_empty() {
            return None;
        }
        match Duration::parse(text) {
            Ok(time) => Some(time),
            Err(problem) => {
                self.slip(path, problem.message, problem.suggestion.unwrap_or_else(|| "Write it as in “2 min”.".into()));
                None
            }
        }
    }
}
