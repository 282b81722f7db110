//! `fidelity explain [--from 3000] [--seeds 10] [--only WORD] [--all] [--show] [--write FILE]`: the score
//! of explanations on a terminal, and in the page that is kept in `docs/`.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{COMMAND, Scene, Told, page, scenes, tell};

pub const USAGE: &str = "\
fidelity explain            designs with a planted cause, and whether the first sentence names it
         [--from 3000]      the first seed
         [--seeds 10]        how many seeds, each of which draws all designs anew
         [--only WORD]      designs whose name has this word
         [--all]            all sentences, and not only the first
         [--show]           the designs as well
         [--write FILE]     put the table into this page";

struct Options {
    from: u64,
    seeds: u64,
    only: String,
    all: bool,
    show: bool,
    write: Option<String>,
}

fn options(words: &[String]) -> Result<Options, String> {
    let mut options = Options { from: 3000, seeds: 10, only: String::new(), all: false, show: false, write: None };
    let mut words = words.iter();
    let number = |word: Option<&String>, what: &str| {
        word.and_then(|word| word.parse().ok()).ok_or_else(|| format!("{what} takes a whole number, as in {what} 1000"))
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--from" => options.from = number(words.next(), "--from")?,
            "--seeds" => options.seeds = number(words.next(), "--seeds")?,
            "--only" => options.only = words.next().cloned().ok_or("--only takes a word of a name, as in --only cache")?,
            "--all" => options.all = true,
            "--show" => options.show = true,
            "--write" => options.write = Some(words.next().cloned().ok_or("--write takes a file, as in --write docs/fidelity.md")?),
            _ => return Err(format!("“{word}” is not an option.\n{USAGE}")),
        }
    }
    Ok(options)
}

/// True if at least 95 of a hundred are right.
pub fn command(words: &[String]) -> Result<bool, String> {
    let options = options(words)?;
    let mut all: Vec<Scene> = (options.from..options.from + options.seeds).flat_map(scenes).collect();
    all.retain(|scene| scene.name.contains(&options.only));
    let told = all_told(&all)?;
    let mut out = std::io::stdout().lock();
    let mut text = String::new();
    for told in &told {
        let mark = if told.is_right { "right" } else { "WRONG" };
        text.push_str(&format!("{mark}  {:>4}  {:<42} {}\n", told.scene.seed, told.scene.name, told.first));
        if options.all {
            told.all.findings.iter().skip(1).for_each(|finding| text.push_str(&format!("             {}\n", finding.sentence)));
        }
        if options.show {
            text.push_str(&format!("{:?}\n{}\n", told.scene.cause, told.scene.text));
        }
    }
    let right = told.iter().filter(|told| told.is_right).count();
    text.push_str(&format!("{right} of {} right\n", told.len()));
    out.write_all(text.as_bytes()).map_err(|error| format!("printing: {error}"))?;
    if let Some(file) = &options.write {
        let old = std::fs::read_to_string(file).unwrap_or_default();
        let new = crate::sections::put(&old, "explain", COMMAND, &page(&told, options.from));
        std::fs::write(file, new).map_err(|error| format!("writing {file}: {error}"))?;
    }
    Ok(right * 100 >= told.len() * 95)
}

/// On all cores, in the order of the scenes.
fn all_told(scenes: &[Scene]) -> Result<Vec<Told>, String> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<Told, String>)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((number, scene)) = {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    scenes.get(number).map(|scene| (number, scene))
                } {
                    let told = tell(scene);
                    if let Ok(mut done) = done.lock() {
                        done.push((number, told));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().map_err(|_| "A thread broke off.".to_owned())?;
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, told)| told).collect()
}
