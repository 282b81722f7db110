//! What is to be run: a design with another workload, changes and faults, as the command line says.
//! A slip is told with its place, in the file or on the command line. Running is in `conduct`.

use std::path::Path;

use design::{Document, Experiment, Problem, Resolved};

use crate::cli::{Load, SimArgs};
use crate::sim::fault::fault;
use crate::sim::file::{File, complaints, same, sentence};

/// Sections that `--workload` replaces.
const WORLD: [&str; 5] = ["workload", "traces", "faults", "require", "envelope"];

/// A design and its world, ready to be resolved.
pub(crate) struct Asked {
    pub(crate) document: Document,
    /// What was changed on the command line, as it was said.
    pub(crate) changes: Vec<String>,
    design: File,
    workload: Option<File>,
    /// Paths that were set on the command line, and how it was said.
    set: Vec<(String, String)>,
    /// How many faults the files have; those beyond were said on the command line.
    own_faults: usize,
    faults: Vec<String>,
}

impl Asked {
    pub(crate) fn read(args: &SimArgs) -> anyhow::Result<Self> {
        let design = File::read(&args.design)?;
        refuse_if_any(design.errors().map(|problem| design.place(problem)).collect())?;
        let workload = args.workload.as_deref().map(|path| other_world(path, &design.document)).transpose()?;
        let replaced =
            |path: &str| workload.is_some() && (path.starts_with("calls") || WORLD.iter().any(|section| path.starts_with(section)));
        for problem in design.notes().filter(|problem| !replaced(&problem.path)) {
            eprintln!("note: {}", design.place(problem));
        }
        let mut document = design.document.clone();
        if let Some(file) = &workload {
            take_world(&mut document, &file.document);
        }
        let own_faults = document.faults.len();
        let mut asked = Self { document, changes: Vec::new(), design, workload, set: Vec::new(), own_faults, faults: args.fault.clone() };
        asked.change(args)?;
        Ok(asked)
    }

    fn change(&mut self, args: &SimArgs) -> anyhow::Result<()> {
        if let Some(path) = &args.workload {
            self.changes.push(format!("the workload of {}", path.display()));
        }
        for set in &args.set {
            let (path, value) =
                set.split_once('=').ok_or_else(|| anyhow::anyhow!("“{set}” sets nothing; write PATH=VALUE, as in web.replicas=4"))?;
            let path = full_path(&self.document, path.trim()).map_err(|problem| anyhow::anyhow!("--set {set}: {problem}"))?;
            design::set(&mut self.document, &path, value.trim())
                .map_err(|problem| anyhow::anyhow!("--set {set}: {}", sentence(&problem)))?;
            self.changes.push(format!("{path} = {}", value.trim()));
            self.set.push((path, format!("--set {set}")));
        }
        for load in &args.load {
            self.scale(load)?;
        }
        if let Some(duration) = &args.duration {
            design::set(&mut self.document, "workload.lasts", duration)
                .map_err(|problem| anyhow::anyhow!("--duration: {}", sentence(&problem)))?;
            self.set.push(("workload.lasts".into(), "--duration".into()));
        }
        for text in &args.fault {
            self.document.faults.push(fault(text).map_err(|problem| anyhow::anyhow!("--fault \"{text}\": {problem}"))?);
            self.changes.push(text.trim().to_owned());
        }
        Ok(())
    }

    fn scale(&mut self, load: &Load) -> anyhow::Result<()> {
        let workload = &mut self.document.workload;
        let said = format!(
            "--load {}{}",
            load.class.as_ref().map(|class| format!("{class}=")).unwrap_or_default(),
            judge::envelope::factor(load.factor)
        );
        let all = match &load.class {
            None => workload
                .classes
                .values_mut()
                .filter_map(|class| class.arrivals.as_mut())
                .chain(workload.arrivals.as_mut())
                .collect::<Vec<_>>(),
            Some(name) => {
                let known: Vec<String> = workload.classes.keys().cloned().collect();
                let class = workload
                    .classes
                    .get_mut(name)
                    .ok_or_else(|| anyhow::anyhow!("{said}: There is no class “{name}”. There are: {}.", known.join(", ")))?;
                class.arrivals.iter_mut().collect()
            }
        };
        let mut any = false;
        for arrivals in all {
            let scaled = arrivals.scaled(load.factor);
            any |= scaled != *arrivals || load.factor == units::Share::ONE;
            *arrivals = scaled;
        }
        anyhow::ensure!(any, "{said}: What is sent has no rate of its own here, so it cannot be scaled.");
        self.changes.push(said.trim_start_matches("--").replace('=', " "));
        Ok(())
    }

    /// Every default written in, or everything that speaks against a run.
    pub(crate) fn resolve(&self, document: &Document) -> anyhow::Result<Resolved> {
        design::resolve(document).map_err(|problems| self.refuse(&problems))
    }

    pub(crate) fn refuse(&self, problems: &[Problem]) -> anyhow::Error {
        let mut lines: Vec<String> = problems.iter().map(|problem| self.place(problem)).collect();
        lines.dedup();
        refusal(&lines)
    }

    /// A problem with the file or the argument that it comes from.
    fn place(&self, problem: &Problem) -> String {
        let number = problem.path.strip_prefix("faults.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
        if let Some(text) = number.and_then(|number| self.faults.get(number.checked_sub(self.own_faults)?)) {
            return format!("--fault \"{text}\": {}", sentence(&Problem { path: String::new(), ..problem.clone() }));
        }
        let set = self.set.iter().rev().find(|(path, _)| problem.path == *path || problem.path == format!("components.{path}"));
        if let Some((_, argument)) = set {
            return format!("{argument}: {}", sentence(problem));
        }
        match &self.workload {
            Some(file) if WORLD.iter().any(|section| problem.path.starts_with(section)) => file.place(problem),
            _ => self.design.place(problem),
        }
    }

    /// What people call it: its title, or the name of its file.
    pub(crate) fn title(&self) -> String {
        match self.document.title.trim() {
            "" => self.design.path.file_name().map_or_else(|| "A design".into(), |name| name.to_string_lossy().into_owned()),
            title => title.to_owned(),
        }
    }
}

pub(crate) fn experiment(document: &Resolved, seed: u64) -> Experiment {
    Experiment { document: document.clone(), seed, engine: sim::ENGINE.to_owned() }
}

/// A short path written out: "rate" is that of the only class, "buy.rate" that of a class.
pub(crate) fn full_path(document: &Document, path: &str) -> Result<String, String> {
    let classes = &document.workload.classes;
    let shared = document.workload.arrivals.is_some();
    match path {
        "rate" | "arrivals" if shared => Ok(format!("workload.{path}")),
        "rate" | "arrivals" => match classes.keys().collect::<Vec<_>>().as_slice() {
            [] => Err("There is no class whose rate could be set. Add one under [workload].".into()),
            [class] => Ok(format!("workload.{class}.{path}")),
            several => {
                let paths: Vec<String> = several.iter().map(|class| format!("{class}.{path}")).collect();
                Err(format!("There are several classes. Write one of {}, or sweep `load` for all of them.", paths.join(", ")))
            }
        },
        _ => match path.split_once('.') {
            Some((class, _)) if classes.contains_key(class) && !document.components.contains_key(class) => Ok(format!("workload.{path}")),
            _ => Ok(path.to_owned()),
        },
    }
}

/// A document whose world is meant for another design, with everything that is wrong in it by
/// itself. That it has no components of its own is no fault.
fn other_world(path: &Path, design: &Document) -> anyhow::Result<File> {
    let file = File::read(path)?;
    let alone = complaints(&file.document);
    let is_own = |problem: &&Problem| !alone.iter().any(|found| same(found, problem));
    refuse_if_any(file.errors().filter(is_own).map(|problem| file.place(problem)).collect())?;
    let workload = &file.document.workload;
    if workload.classes.is_empty() {
        anyhow::bail!(
            "{}: There is no workload here. Add [workload] and a class, as in buy = {{ from = \"users\", arrivals = \"poisson 90/s\" }}.",
            path.display()
        );
    }
    // A design without plans follows its arrows for any class.
    let known: Vec<&String> = design.calls.keys().chain(design.workload.classes.keys()).collect();
    let strange: Vec<String> = workload
        .classes
        .keys()
        .filter(|class| !known.is_empty() && !known.contains(class))
        .map(|class| {
            let mut names: Vec<&str> = known.iter().map(|name| name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            file.place(&Problem {
                severity: design::Severity::Error,
                path: format!("workload.{class}"),
                line: None,
                column: None,
                message: format!("The design does not say what class “{class}” does."),
                suggestion: Some(format!("Call it as the design does: {}.", names.join(", "))),
            })
        })
        .collect();
    refuse_if_any(strange)?;
    for problem in file.notes().filter(|problem| WORLD.iter().any(|section| problem.path.starts_with(section))) {
        eprintln!("note: {}", file.place(problem));
    }
    Ok(file)
}

fn take_world(document: &mut Document, from: &Document) {
    document.workload = from.workload.clone();
    document.traces = from.traces.clone();
    document.faults = from.faults.clone();
    document.require = from.require.clone();
    document.envelope = from.envelope.clone();
}

fn refuse_if_any(lines: Vec<String>) -> anyhow::Result<()> {
    if lines.is_empty() { Ok(()) } else { Err(refusal(&lines)) }
}

fn refusal(lines: &[String]) -> anyhow::Error {
    anyhow::anyhow!("this design cannot be run\n{}", lines.join("\n"))
}
