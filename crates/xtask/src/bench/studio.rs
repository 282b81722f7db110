//! The figures of the studio in a real browser. What is measured, and how, is in
//! `e2e/bench/studio.mjs`; here Octo is started, and the figures are told beside their targets.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::bench::instance::Instance;
use crate::bench::{Figure, http};
use crate::{steps, test};

/// The lesson that Lighthouse looks at.
const LESSON: &str = "/learn/read.queueing";

/// A line of the script.
#[derive(Deserialize)]
struct Told {
    name: String,
    value: f64,
    unit: String,
    most: Option<f64>,
    least: Option<f64>,
}

pub(super) fn measure(tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    steps::run(steps::cargo().args(["build", "--quiet", "--release", "--locked", "--package", "octo"]))?;
    for folder in ["e2e", "e2e/bench"] {
        test::install(folder)?;
    }
    let instance = Instance::start(&steps::octo("release")?)?;
    for (path, form) in [("/start", "role=backend&years=3&goal=work&hours=4"), ("/placement/stop", "")] {
        let answer = http::post(instance.at, path, form)?;
        ensure!(answer.status == 303, "POST {path} answered {}", answer.status);
    }
    let mut script = Command::new("node");
    script.current_dir(steps::root().join("e2e"));
    script.args(["bench/studio.mjs", &format!("http://{}", instance.at), LESSON]).stdout(Stdio::piped());
    let mut script = script.spawn().context("starting node, which drives the browser")?;
    let out = script.stdout.take().context("the script has an output")?;
    for line in BufReader::new(out).lines() {
        let line = line?;
        let told: Told = serde_json::from_str(&line).with_context(|| format!("the script said {line:?}"))?;
        tell(figure(told));
    }
    let ended = script.wait()?;
    ensure!(ended.success(), "e2e/bench/studio.mjs failed; what it says stands above");
    Ok(())
}

fn figure(told: Told) -> Figure {
    let unit = match told.unit.as_str() {
        "kB" => "kB",
        "ms" => "ms",
        "frames" => "frames",
        "tasks" => "tasks",
        "designs" => "designs",
        _ => "of 100",
    };
    match (told.most, told.least) {
        (Some(most), _) => Figure::at_most(told.name, told.value, unit, most),
        (_, Some(least)) => Figure::at_least(told.name, told.value, unit, least),
        _ => Figure::told(told.name, told.value, unit),
    }
}
