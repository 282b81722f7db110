//! Servers as processes: found, started on their core in a folder of their own, and ended by their
//! own number whatever becomes of us. What each one needs is in the files below.

pub(crate) mod nginx;
pub(crate) mod postgres;
pub(crate) mod redis;
pub(crate) mod service;

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::interrupt;
use crate::wire::{Line, Protocol};

/// How long a server may take to answer for the first time, and to end.
const START: Duration = Duration::from_secs(20);
const END: Duration = Duration::from_secs(5);

/// A program, and the Debian package that brings it.
const NEEDS: [(&str, &str); 5] = [
    ("nginx", "nginx-light"),
    ("redis-server", "redis-server"),
    ("postgres", "postgresql"),
    ("taskset", "util-linux"),
    ("setpriv", "util-linux"),
];

/// Says what is missing, all at once.
pub(crate) fn look_for_programs() -> anyhow::Result<()> {
    let missing: Vec<(&str, &str)> = NEEDS.into_iter().filter(|(program, _)| find(program).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
    packages.dedup();
    let programs: Vec<&str> = missing.iter().map(|(program, _)| *program).collect();
    bail!("{} cannot be found; on Debian, as root: apt-get install --no-install-recommends {}", programs.join(", "), packages.join(" "))
}

/// Where a program is: in the newest of PostgreSQL's folders, on the path, or where Debian puts
/// those that only root uses.
fn find(program: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> =
        versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))).collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().rev().map(|(_, bin)| bin).chain(std::env::split_paths(&path));
    let folders = folders.chain(["/usr/sbin".into(), "/sbin".into()]);
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn program(name: &str) -> anyhow::Result<PathBuf> {
    find(name).with_context(|| format!("{name} cannot be found"))
}

/// The first line that a program says about its version.
pub(crate) fn version(name: &str) -> Option<String> {
    let output = Command::new(find(name)?).arg(if name == "nginx" { "-v" } else { "--version" }).output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let words = said.split(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | 'v'));
    words.filter(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned).next()
}

/// A process of a case; ended when dropped.
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    /// The signal that this one understands as: end now, and your children too.
    signal: &'static str,
}

/// How a process is started.
pub(crate) struct How<'a> {
    pub(crate) name: &'static str,
    pub(crate) program: &'a Path,
    pub(crate) core: u32,
    /// Whom it runs as when we are root and it should not be.
    pub(crate) user: Option<&'a str>,
    pub(crate) signal: &'static str,
    /// Where its complaints go.
    pub(crate) log: &'a Path,
}

impl Server {
    /// `setpriv` has the system end it if we die without a word, `taskset` keeps it on its core;
    /// both become the server, so that the process is the one we know by number.
    pub(crate) fn start(how: &How<'_>, complete: impl FnOnce(&mut Command)) -> anyhow::Result<Self> {
        let mut command = Command::new(program("setpriv")?);
        command.arg(format!("--pdeathsig={}", how.signal));
        if let Some(user) = how.user.filter(|_| is_root()) {
            command.args([format!("--reuid={user}"), format!("--regid={user}"), "--init-groups".to_owned()]);
        }
        command.arg(program("taskset")?).args(["--cpu-list", &how.core.to_string()]).arg(how.program);
        complete(&mut command);
        let log = File::create(how.log).with_context(|| format!("creating the log of {}", how.name))?;
        command.stdin(Stdio::null()).stdout(Stdio::from(log.try_clone()?)).stderr(Stdio::from(log));
        let child = command.spawn().with_context(|| format!("starting {}", how.name))?;
        Ok(Self { name: how.name, child, signal: how.signal })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it answers; if it ends or does not, its log says why.
    pub(crate) fn wait(&mut self, log: &Path, mut answers: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let Err(why) = answers() else { return Ok(()) };
            if interrupt::asked() {
                bail!(interrupt::Interrupted);
            }
            let ended = self.child.try_wait()?;
            if ended.is_some() || begun.elapsed() > START {
                let log = std::fs::read_to_string(log).unwrap_or_default();
                let how = ended.map_or_else(|| format!("does not answer ({why:#})"), |status| format!("ended at once ({status})"));
                bail!("{} {how}; it says:\n{}", self.name, log.trim());
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-s", self.signal, &self.child.id().to_string()]).stderr(Stdio::null()).status();
        let begun = Instant::now();
        while asked.as_ref().is_ok_and(|status| status.success()) && begun.elapsed() < END {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // By its own number, and only while it is ours: it has not been waited for yet.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port on loopback that was free a moment ago.
pub(crate) fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// A password for one run: other users of the machine reach loopback too.
pub(crate) fn secret() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Asks once and forgets the answer.
fn try_ask(at: SocketAddr, protocol: Protocol, question: &[u8]) -> anyhow::Result<()> {
    Line::open(at, protocol)?.ask(question).map(drop)
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Gives a folder to whom a server runs as.
fn hand_over(folder: &Path, user: &str) -> anyhow::Result<()> {
    if is_root() {
        let done = Command::new("chown").args(["-R", user]).arg(folder).status().context("running chown")?;
        ensure!(done.success(), "there is no user {user}; Debian's package makes one");
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn sleeper(folder: &Path) -> anyhow::Result<Server> {
        let sleep = program("sleep")?;
        let how = How { name: "sleep", program: &sleep, core: 0, user: None, signal: "TERM", log: &folder.join("log") };
        Server::start(&how, |command| {
            command.arg("100");
        })
    }

    fn runs(pid: u32) -> bool {
        Path::new(&format!("/proc/{pid}")).exists()
    }

    #[test]
    fn a_server_ends_with_who_holds_it_even_in_a_panic() {
        let folder = tempfile::tempdir().unwrap();
        let server = sleeper(folder.path()).unwrap();
        let pid = server.pid();
        assert!(runs(pid));
        drop(server);
        assert!(!runs(pid));
        let (tell, told) = std::sync::mpsc::channel();
        let panicked = std::thread::spawn({
            let server = sleeper(folder.path()).unwrap();
            move || {
                tell.send(server.pid()).unwrap();
                assert!(!runs(server.pid()), "on purpose");
            }
        });
        assert!(panicked.join().is_err() && !runs(told.recv().unwrap()));
    }

    #[test]
    fn a_server_that_ends_at_once_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let shell = program("sh").unwrap();
        let how = How { name: "sh", program: &shell, core: 0, user: None, signal: "TERM", log: &log };
        let mut server = Server::start(&how, |command| {
            command.args(["-c", "echo no room; exit 3"]);
        })
        .unwrap();
        let error = server.wait(&log, || bail!("nobody there")).unwrap_err().to_string();
        assert_eq!(error, "sh ended at once (exit status: 3); it says:\nno room");
    }
}
