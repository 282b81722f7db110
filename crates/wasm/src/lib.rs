//! The engine for browsers: text in, JSON out, slice by slice. Only types are converted here;
//! what a word means is decided in `design`, `sim`, `judge`, `napkin` and `picture`.
//!
//! A design is always a text of JSON. Whatever is wrong with the input comes back as an exception
//! that holds a JSON list of problems: `{"severity", "path", "line", "column", "message",
//! "suggestion"}`; `check` alone returns them.
//!
//! Figures of lessons get [`Run`] alone. The studio (feature `studio`) also has [`check`],
//! [`catalogue`], [`layout`], [`Pool`], [`Search`], [`instant`] and [`napkin`].

#[cfg(feature = "studio")]
mod catalogue;
#[cfg(feature = "studio")]
mod check;
mod json;
#[cfg(feature = "studio")]
mod layout;
#[cfg(feature = "studio")]
mod pool;
#[cfg(feature = "studio")]
mod search;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::json::{error, measure, problems};
#[cfg(feature = "studio")]
pub use crate::{catalogue::catalogue, check::check, layout::layout, pool::Pool, search::Search};

/// A run of one experiment, advanced by its owner.
#[wasm_bindgen]
pub struct Run {
    id: String,
    pub(crate) run: sim::Run,
    is_done: bool,
}

#[wasm_bindgen]
impl Run {
    /// `document` is a design in JSON; `set` an object from paths to texts that are set in it
    /// before it runs; `seed` a whole number in decimal, as text because it may need 64 bits.
    #[wasm_bindgen(constructor)]
    pub fn new(document: &str, set: &str, seed: &str) -> Result<Run, String> {
        let document = changed(document, set)?;
        let seed = seed_of(seed)?;
        let document = design::resolve(&document).map_err(|wrong| problems(&wrong))?;
        let experiment = design::Experiment { document, seed, engine: sim::ENGINE.to_owned() };
        let run = sim::Run::new(&experiment).map_err(|wrong| problems(&wrong))?;
        Ok(Run { id: experiment.run_id().to_string(), run, is_done: false })
    }

    /// The name of this run: the same as on the server for the same experiment.
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// Looks closely at some requests, which the report then has under `traces`; to be asked for
    /// before the first slice.
    pub fn trace(&mut self) {
        self.run.trace();
    }

    /// Looks whether what the design requires of its data holds; to be asked for before the first
    /// slice. A [`Pool`] then has a verdict on it. It changes nothing else, but such a run is slower.
    #[cfg(feature = "studio")]
    pub fn watch(&mut self) {
        let watches = judge::runs::watches(self.run.experiment());
        self.run.watching(&watches);
    }

    /// Handles at most this many events; the share of the run that is done, 1 at its end.
    pub fn advance(&mut self, events: u32) -> f64 {
        match self.run.advance(u64::from(events)) {
            // A run that is nearly done must not look done.
            sim::Progress::Running { done } => done.clamp(0.0, 0.999_999),
            sim::Progress::Done => {
                self.is_done = true;
                1.0
            }
        }
    }

    /// How far it is: `{"done", "simulated_s", "of_s"}`; `done` is 1 at its end only, and more time
    /// than `of_s` is simulated until what was under way is answered.
    #[cfg(feature = "studio")]
    pub fn progress(&self) -> String {
        let (now, whole) = self.run.simulated();
        let seconds = |ns: u64| ns as f64 / 1e9;
        let done = if self.is_done { 1.0 } else { (now.min(whole) as f64 / whole.max(1) as f64).min(0.999_999) };
        serde_json::json!({ "done": done, "simulated_s": seconds(now), "of_s": seconds(whole) }).to_string()
    }

    /// How it went so far, for charts that grow: `{"at_ns": [...], "warmup_points", "classes": {name:
    /// {"sent", "answered", "good", "failed", "retries", "inside", "mean_ns", "p50_ns", "p99_ns"}},
    /// "components": {name: {"arrived", "rejected", "utilisation_e9", "busy_e3", "queue_e3", "replicas",
    /// "backlog", "oldest_ns"}}}`. Each column has a value for every point (240 in a whole run), of the
    /// time since the point before; a column in which nothing happened is left out.
    #[cfg(feature = "studio")]
    pub fn series(&self) -> String {
        self.run.report().series_json().to_string()
    }

    /// The report of what has run so far.
    pub fn report(&self) -> String {
        self.run.report().to_json().to_string()
    }

    /// Why the run ended with requests unanswered, in the words of the report; nothing if it did
    /// not.
    pub fn ended_by(&self) -> Option<String> {
        self.run.report().ended_by.map(|ended_by| ended_by.name().to_owned())
    }

    /// Some measures of the report, as a list of `{"name", "shown", "value"}`; `wanted` is a list
    /// of `{"name", "unit"}`. `value` is in that unit, or in base units without one; it is null
    /// for a measure that is a word, or of which nothing was measured.
    pub fn measures(&self, wanted: &str) -> Result<String, String> {
        let wanted = json::wanted(wanted).ok_or_else(|| {
            error("measures", "The measures are not a list of names: write them as in [{\"name\": \"buy.p99\", \"unit\": \"ms\"}].".into())
        })?;
        let report = self.run.report();
        let found: Result<Vec<_>, _> = wanted.iter().map(|wanted| measure(&report, wanted)).collect();
        Ok(serde_json::Value::Array(found?).to_string())
    }
}

/// The version of the meaning of results.
#[wasm_bindgen]
pub fn version() -> String {
    sim::ENGINE.to_owned()
}

/// The steps of an estimate, as a list of `{"name", "text", "shown", "value", "unit"}`; `value` in base
/// units, `unit` what it is of: "a time", "a rate".
#[cfg(feature = "studio")]
#[wasm_bindgen]
pub fn napkin(text: &str) -> Result<String, String> {
    let sheet = ::napkin::evaluate(text).map_err(|wrong| json::napkin_problems(&wrong))?;
    Ok(json::steps(&sheet))
}

/// What formulas tell of a design given in JSON, without a run: `{"numbers", "first", "reasons"}`.
/// Each number has a name as measures have it ("buy.mean"), `value` in base units, `shown`, and the
/// `formula`, `limits` and `sureness` behind it; `first` is who saturates first, and at how many times
/// the load. Quick enough for each move of a slider.
#[cfg(feature = "studio")]
#[wasm_bindgen]
pub fn instant(document: &str) -> Result<String, String> {
    let document = design::resolve(&read(document)?).map_err(|wrong| problems(&wrong))?;
    Ok(json::instant(&judge::instant::estimate(&document)))
}

/// The picture of a design given in JSON; `id` begins every id in it, so that several pictures
/// can share a page.
#[cfg(feature = "studio")]
#[wasm_bindgen]
pub fn picture_svg(document: &str, id: &str) -> Result<String, String> {
    Ok(picture::svg(&read(document)?, &picture::Options::new(id)))
}

pub(crate) fn seed_of(seed: &str) -> Result<u64, String> {
    seed.parse().map_err(|_| error("seed", format!("“{seed}” is not a seed: write a whole number below 2^64.")))
}

/// A document with some paths set in it.
pub(crate) fn changed(document: &str, set: &str) -> Result<design::Document, String> {
    let mut document = read(document)?;
    let set = json::texts(set)
        .ok_or_else(|| error("set", "The settings are not an object of texts: write them as in {\"web.replicas\": \"2\"}.".into()))?;
    for (path, text) in &set {
        design::set(&mut document, path, text).map_err(|wrong| problems(&[wrong]))?;
    }
    Ok(document)
}

fn read(document: &str) -> Result<design::Document, String> {
    let loaded = design::read(document, design::Format::Json);
    if loaded.is_runnable() { Ok(loaded.document) } else { Err(problems(&loaded.problems)) }
}

#[cfg(all(test, feature = "studio"))]
mod tests {
    use serde_json::Value;

    const ONE: &str = r#"{"octo":1,"components":{"users":{"kind":"clients"},"web":{"kind":"service","time":"exp 10 ms"}},
        "links":{"users -> web":{}},"workload":{"buy":{"from":"users","arrivals":"poisson 80/s"}}}"#;

    #[test]
    fn formulas_answer_in_json() {
        let told: Value = serde_json::from_str(&super::instant(ONE).unwrap()).unwrap();
        let mean = &told["numbers"]["buy.mean"];
        assert_eq!((&mean["shown"], &mean["sureness"]), (&"50 ms".into(), &"exact".into()));
        assert_eq!((&told["first"]["component"], &told["first"]["factor"]), (&"web".into(), &1.25.into()));
        assert!(super::instant("{}").is_err());
    }
}
