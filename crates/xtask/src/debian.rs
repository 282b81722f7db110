//! What the tests need besides Rust and Node: a browser, a database, and for the figures a web
//! server and a load generator. As root on Debian the missing ones are installed; elsewhere they
//! are named.

use std::path::Path;
use std::process::Command;

use crate::steps;

/// A Debian package, what it is for, and how to tell that it is there.
struct Need {
    package: &'static str,
    for_what: &'static str,
    is_there: fn() -> bool,
}

const NEEDS: [Need; 5] = [
    Need { package: "chromium", for_what: "the browser journeys", is_there: has_chromium },
    Need { package: "postgresql", for_what: "the store's story on PostgreSQL", is_there: has_postgres },
    Need { package: "nginx-light", for_what: "cargo xtask bench web", is_there: || steps::find("nginx").is_some() },
    Need { package: "redis-server", for_what: "cargo xtask calibrate", is_there: || steps::find("redis-server").is_some() },
    Need { package: "wrk", for_what: "cargo xtask bench web", is_there: || steps::find("wrk").is_some() },
];

pub(crate) fn prepare() -> anyhow::Result<()> {
    if !missing().is_empty() && is_root() && steps::find("apt-get").is_some() {
        let packages: Vec<&str> = missing().iter().map(|need| need.package).collect();
        println!("Installing {}.", packages.join(" "));
        // The lists of a fresh machine are empty or old: fetch them only when that shows.
        if install(&packages).is_err() {
            steps::run(apt().arg("update"))?;
            install(&packages)?;
        }
    }
    let missing = missing();
    if missing.is_empty() {
        println!("Chromium, PostgreSQL, nginx, Redis and wrk are there.");
    } else {
        let named: Vec<String> = missing.iter().map(|need| format!("{} (for {})", need.package, need.for_what)).collect();
        println!("Missing: {}; on Debian, apt-get install them as root. What needs them will fail and say so.", named.join(", "));
    }
    Ok(())
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.is_there)()).collect()
}

fn install(packages: &[&str]) -> anyhow::Result<()> {
    steps::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(["-q", "-q"]).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|output| output.stdout == b"0\n")
}

fn has_chromium() -> bool {
    std::env::var_os("CHROME_PATH").is_some()
        || ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| steps::find(name).is_some())
}

/// Debian keeps the server's programs off the path, in a folder per version.
fn has_postgres() -> bool {
    let versions = std::fs::read_dir(Path::new("/usr/lib/postgresql")).into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin/initdb")).any(|initdb| initdb.is_file()) || steps::find("initdb").is_some()
}
