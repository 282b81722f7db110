//! A throwaway PostgreSQL: made for one test, reached through a socket in its own folder, gone
//! when dropped. Unsafe on purpose (no fsync), for speed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What to do about a missing PostgreSQL.
#[derive(Debug)]
pub(super) struct PostgresMissing(pub(super) String);

pub(super) struct Cluster {
    bin: PathBuf,
    folder: TempDir,
    as_root: bool,
}

impl Cluster {
    pub(super) fn start() -> Result<Self, PostgresMissing> {
        let bin = find_binaries().ok_or_else(|| {
            PostgresMissing(
                "No PostgreSQL server programs (initdb) were found, and half of the store's promises are about them. \
                 Install them (Debian: apt install postgresql; macOS: brew install postgresql), \
                 or set OCTO_TESTS_ALLOW_NO_POSTGRES=1 to go without."
                    .to_string(),
            )
        })?;
        // A socket's path has about 107 bytes, so not below a long temporary folder.
        let folder = tempfile::Builder::new().prefix("octo-pg").tempdir_in(short_folder()).unwrap();
        let as_root = output(Command::new("id").arg("-u")).stdout == b"0\n";
        let cluster = Self { bin, folder, as_root };
        if as_root {
            succeed(Command::new("chown").arg("postgres").arg(cluster.path()));
        }
        let data = cluster.path().join("data");
        succeed(cluster.command("initdb").arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        let settings = format!(
            "-c listen_addresses='' -k {} -c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            cluster.path().display()
        );
        // The server would inherit a pipe and keep it open, so it gets none.
        let started = cluster
            .command("pg_ctl")
            .arg("-D")
            .arg(&data)
            .args(["-w", "-s", "-o", &settings, "-l"])
            .arg(cluster.path().join("log"))
            .arg("start")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let log = fs::read_to_string(cluster.path().join("log")).unwrap_or_default();
        assert!(started.success(), "PostgreSQL starts:\n{log}");
        Ok(cluster)
    }

    /// One for a test; `None`, said aloud, where whoever runs it wants to go without.
    pub(super) fn unless_without() -> Option<Self> {
        match Self::start() {
            Ok(cluster) => Some(cluster),
            Err(PostgresMissing(said)) if std::env::var("OCTO_TESTS_ALLOW_NO_POSTGRES").as_deref() == Ok("1") => {
                eprintln!("\n*** NOT TESTED on PostgreSQL: {said} ***\n");
                None
            }
            Err(PostgresMissing(said)) => panic!("{said}"),
        }
    }

    /// A new database's address.
    pub(super) fn database(&self, name: &str) -> String {
        self.psql("postgres", &format!("create database {name}"));
        self.url(name)
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("postgres:///{name}?host={}&user=postgres", self.path().display())
    }

    /// As if a later version had been at work.
    pub(super) fn newer(&self, name: &str) {
        self.psql(
            name,
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (9999, 'later', true, '', 0)",
        );
    }

    fn psql(&self, database: &str, query: &str) {
        let mut command = self.command("psql");
        succeed(command.arg("-h").arg(self.path()).args(["-U", "postgres", "-d", database, "-q", "-c", query]));
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = if self.as_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.path().join("data");
        let stopped = self.command("pg_ctl").arg("-D").arg(data).args(["-m", "immediate", "-s", "stop"]).output();
        if !stopped.is_ok_and(|output| output.status.success()) {
            eprintln!("The throwaway PostgreSQL in {} could not be stopped.", self.path().display());
        }
    }
}

/// The newest version where Debian, Fedora and Homebrew put them, or what is on the path.
fn find_binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            Some((folder.file_name()?.to_str()?.parse().ok()?, folder.join("bin")))
        })
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).collect::<Vec<_>>();
    versions.into_iter().rev().map(|(_, bin)| bin).chain(others).find(|bin| bin.join("initdb").is_file())
}

fn short_folder() -> PathBuf {
    let tmp = PathBuf::from("/tmp");
    if tmp.is_dir() { tmp } else { std::env::temp_dir() }
}

fn succeed(command: &mut Command) {
    let output = output(command);
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

fn output(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}
