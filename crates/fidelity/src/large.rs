//! Large designs run in part and as they are, side by side: how far what `judge::reduce` tells is
//! from the exact run, and how long each takes. The designs are the files in `fidelity/large/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Instant;

use design::{Experiment, Format, Resolved};
use judge::reduce::{PARTS, Reduction, Smaller, agree, reduce};
use sim::{Budget, Report};

/// The command that makes the part of the page.
const COMMAND: &str = "cargo xtask fidelity large";
/// How far a percentile may be from that of the exact run, and how long the part may take [s].
const MOST_OFF: f64 = 0.05;
const MOST_SECONDS: f64 = 2.0;
/// The exact run and that of the part draw different random numbers.
const SEEDS: (u64, u64) = (1, 1001);

/// A design and what came of it.
#[derive(Debug, Clone)]
pub struct Large {
    pub name: String,
    pub title: String,
    /// Why all of it is run; empty if a part stands for it.
    pub why: Vec<String>,
    pub one_in: u32,
    /// For how long the part took a core, and the exact run [s].
    pub seconds: f64,
    pub exact_seconds: f64,
    /// By class: requests told, and how far mean, p50, p99 and the share of good answers are off.
    pub classes: Vec<Off>,
}

/// The part beside the exact run; shares of the exact value, and for `good` a difference.
#[derive(Debug, Clone)]
pub struct Off {
    pub class: String,
    pub offered: f64,
    pub mean: f64,
    pub p50: f64,
    pub p99: f64,
    pub good: f64,
}

impl Large {
    pub fn is_sampled(&self) -> bool {
        self.why.is_empty()
    }

    pub fn is_near(&self) -> bool {
        self.classes.iter().all(|off| off.p50.abs() <= MOST_OFF && off.p99.abs() <= MOST_OFF)
    }

    pub fn is_quick(&self) -> bool {
        self.seconds < MOST_SECONDS
    }
}

fn folder() -> PathBuf {
    crate::folder().join("large")
}

/// `large [--write FILE]`: true if the parts are near enough and quick.
pub fn command(words: &[String]) -> Result<bool, String> {
    let file = match words {
        [] => None,
        [write, file] if write == "--write" => Some(file),
        _ => return Err("large takes --write FILE, as in --write docs/fidelity.md".into()),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let larges = all(&folder(), threads, &mut tell)?;
    if let Some(file) = file {
        let page = std::fs::read_to_string(file).map_err(|error| format!("reading {file}: {error}"))?;
        let page = crate::sections::put(&page, "large", COMMAND, &self::page(&larges));
        std::fs::write(file, page).map_err(|error| format!("writing {file}: {error}"))?;
    }
    Ok(larges.iter().filter(|large| large.is_sampled()).all(|large| large.is_near() && large.is_quick()))
}

fn tell(large: &Large) {
    let worst = large.classes.iter().flat_map(|off| [off.p50, off.p99]).fold(0.0, |worst: f64, off| worst.max(off.abs()));
    match large.why.first() {
        Some(why) => println!("{:<16} all of it: {why}", large.name),
        None => println!(
            "{:<16} one in {:<4} {:>6.2} s beside {:>6.1} s  p50 and p99 within {:.2} %",
            large.name,
            large.one_in,
            large.seconds,
            large.exact_seconds,
            worst * 100.0
        ),
    }
}

/// All designs of a folder. `told` hears of each as soon as it is known. The parts are timed
/// first, one at a time; then the exact runs take all threads.
fn all(folder: &Path, threads: usize, told: &mut dyn FnMut(&Large)) -> Result<Vec<Large>, String> {
    let begun = files(folder)?.iter().map(|file| part(file)).collect::<Result<Vec<Begun>, String>>()?;
    let exact = Mutex::new(begun.into_iter());
    let (send, receive) = mpsc::channel();
    let mut larges = std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (send, exact) = (send.clone(), &exact);
            scope.spawn(move || {
                // The lock is given back before the run begins.
                let next = || exact.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(begun) = next() {
                    // Nobody listens any more once one of them failed.
                    drop(send.send(begun.finish()));
                }
            });
        }
        drop(send);
        receive.iter().map(|large| large.inspect(&mut *told)).collect::<Result<Vec<Large>, String>>()
    })?;
    larges.sort_by(|a, b| (b.is_sampled(), &a.name).cmp(&(a.is_sampled(), &b.name)));
    Ok(larges)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("reading {}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    Ok(files)
}

/// A design whose part has been run, if there is one.
struct Begun {
    name: String,
    title: String,
    document: Resolved,
    part: Result<(Report, u32, f64), Vec<String>>,
}

fn part(file: &Path) -> Result<Begun, String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).map_err(|error| format!("reading {}: {error}", file.display()))?;
    let loaded = design::read(&text, Format::Toml);
    let title = loaded.document.title.clone();
    let document = design::resolve(&loaded.document).map_err(|problems| format!("{}: {problems:?}", file.display()))?;
    let part = match reduce(&document) {
        Reduction::Exact(why) => Err(why),
        Reduction::Smaller(smaller) => run_part(&smaller).map_err(|why| vec![why]),
    };
    if let Ok((_, one_in, seconds)) = &part {
        eprintln!("{name}: one in {one_in} took {seconds:.2} s; its exact run comes after the other parts");
    }
    Ok(Begun { name, title, document, part })
}

fn run_part(smaller: &Smaller) -> Result<(Report, u32, f64), String> {
    let begun = busy();
    let first = run(&smaller.document, SEEDS.1)?;
    let parts = if smaller.is_sure(&first) { 1 } else { PARTS as u64 };
    let mut told = vec![smaller.tell(first)?];
    for seed in 1..parts {
        told.push(smaller.tell(run(&smaller.document, SEEDS.1 + seed)?)?);
    }
    agree(&told)?;
    let report = sim::pool(&told).ok_or("its parts cannot be pooled")?;
    Ok((report, smaller.one_in(), busy() - begun))
}

/// For how long this thread has had a core [s]; other work on the machine does not count. Where
/// the system does not tell, the time that has passed.
fn busy() -> f64 {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

fn run(document: &Resolved, seed: u64) -> Result<Report, String> {
    let experiment = Experiment { document: document.clone(), seed, engine: sim::ENGINE.to_owned() };
    sim::run(&experiment, Budget::default()).map_err(|problems| format!("{problems:?}"))
}

impl Begun {
    fn finish(self) -> Result<Large, String> {
        let Self { name, title, document, part } = self;
        let (report, one_in, seconds) = match part {
            Ok(part) => part,
            Err(why) => return Ok(Large { name, title, why, one_in: 1, seconds: 0.0, exact_seconds: 0.0, classes: Vec::new() }),
        };
        let begun = busy();
        let exact = run(&document, SEEDS.0)?;
        let exact_seconds = busy() - begun;
        let classes = exact.classes.keys().map(|class| off(class, &report, &exact)).collect();
        Ok(Large { name, title, why: Vec::new(), one_in, seconds, exact_seconds, classes })
    }
}

fn off(class: &str, part: &Report, exact: &Report) -> Off {
    let value = |report: &Report, what: &str| report.measure(&format!("{class}.{what}")).and_then(|measure| measure.value()).unwrap_or(0.0);
    let share = |what: &str| {
        let exact = value(exact, what);
        if exact == 0.0 { value(part, what) } else { value(part, what) / exact - 1.0 }
    };
    Off {
        class: class.to_owned(),
        offered: value(exact, "offered"),
        mean: share("mean"),
        p50: share("p50"),
        p99: share("p99"),
        good: value(part, "good") - value(exact, "good"),
    }
}

/// The part of the page for people.
fn page(larges: &[Large]) -> String {
    let sampled: Vec<&Large> = larges.iter().filter(|large| large.is_sampled()).collect();
    let good = sampled.iter().filter(|large| large.is_near()).count();
    let quick = sampled.iter().filter(|large| large.is_quick()).count();
    let mut out = format!(
        "## Large designs, run in part\n\n\
         `octo sim --sample` runs some of the replicas, shards and partitions that are alike, with their share of the requests, and all that comes to whatever is a pool.\n\
         The designs are in `fidelity/large/`; made by `{COMMAND}`: engine {}, the part with seed {}, the exact run with seed {}.\n\
         Of {} designs {} are run in part: {good} with p50 and p99 within {} % of the exact run, {quick} in less than {MOST_SECONDS} s.\n\n",
        sim::ENGINE,
        SEEDS.1,
        SEEDS.0,
        larges.len(),
        sampled.len(),
        MOST_OFF * 100.0,
    );
    out.push_str("| design | class | requests/s | one in | mean | p50 | p99 | good answers | seconds | exact |\n|---|---|---|---|---|---|---|---|---|---|\n");
    for large in &sampled {
        for off in &large.classes {
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "| {}: {} | {} | {:.0} | {} | {:+.2} % | {:+.2} % | {:+.2} % | {:+.2} points | {:.2} | {:.1} |",
                large.name,
                large.title,
                off.class,
                off.offered,
                large.one_in,
                off.mean * 100.0,
                off.p50 * 100.0,
                off.p99 * 100.0,
                off.good * 100.0,
                large.seconds,
                large.exact_seconds,
            );
        }
    }
    out.push_str("\nRun as they are, and why:\n\n");
    for large in larges.iter().filter(|large| !large.is_sampled()) {
        let _ = writeln!(out, "* **{}** {}. {}", large.name, large.title, large.why.join(" "));
    }
    out
}
