//! Running the binary: to its end with a time limit, or as a server on a free port.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// No command takes longer, whatever it is given.
const MOST: Duration = Duration::from_secs(60);

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `octo` to its end. Its own data folder is always named, so nothing touches the user's.
pub(crate) fn octo(args: &[&str]) -> Ended {
    run(args, "", |_| ())
}

/// The same, with something to read on its standard input.
pub(crate) fn octo_told(args: &[&str], input: &str) -> Ended {
    run(args, input, |_| ())
}

/// The same, with Ctrl-C as soon as the process is ready for it.
pub(crate) fn interrupted_octo(args: &[&str]) -> Ended {
    run(args, "", |process| {
        // Until its handler is there, the signal would end it like any other program.
        while !catches_interrupts(process) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(300));
        let status = Command::new("kill").args(["-INT", &process.to_string()]).status().unwrap();
        assert!(status.success());
    })
}

/// Whether a process has a handler of its own for SIGINT, signal 2. Where that cannot be asked, a
/// second is enough to have one.
fn catches_interrupts(process: u32) -> bool {
    let Ok(status) = fs::read_to_string(format!("/proc/{process}/status")) else {
        std::thread::sleep(Duration::from_secs(1));
        return true;
    };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("the system tells which signals are caught");
    u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0
}

fn run(args: &[&str], input: &str, meanwhile: impl FnOnce(u32)) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("in"), input).unwrap();
    let mut child = command()
        .args(args)
        .stdin(File::open(path("in")).unwrap())
        .stdout(File::create(path("out")).unwrap())
        .stderr(File::create(path("err")).unwrap())
        .spawn()
        .unwrap();
    meanwhile(child.id());
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > MOST {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("octo {args:?} was still running after {MOST:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let said = |name: &str| fs::read_to_string(path(name)).unwrap();
    Ended { code: status.code(), out: said("out"), err: said("err") }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octo"));
    // Colours and backtraces of whoever runs the tests do not belong into the sentences.
    command.env("NO_COLOR", "1").env_remove("RUST_BACKTRACE").env("COLUMNS", "100");
    command
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Held open: a server whose output nobody reads any more would end at its next line.
    _out: Lines<BufReader<ChildStdout>>,
    pub(crate) at: SocketAddr,
}

impl Server {
    /// Starts on a free port and waits until it says where it is.
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = command()
            .args(["serve", "--no-browser", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let at = lines.by_ref().map_while(Result::ok).find_map(|line| line.split_once("http://")?.1.trim_end_matches('/').parse().ok());
        let Some(at) = at else {
            let status = child.wait().unwrap();
            panic!("octo ended ({status}) before it said where it listens");
        };
        Self { child, _out: lines, at }
    }

    /// SIGKILL: nothing of the process runs afterwards.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed before.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The status of a posted form; `None` when no whole answer came.
pub(crate) fn post(at: SocketAddr, path: &str, form: &str) -> Option<u16> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect_timeout(&at, Duration::from_secs(5)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    // What came before a reset still counts: an acknowledgement was received or it was not.
    let ended = stream.read_to_end(&mut answer);
    let whole = answer.windows(4).any(|four| four == b"\r\n\r\n");
    match (whole, ended) {
        (true, _) => String::from_utf8_lossy(&answer).split_whitespace().nth(1)?.parse().ok(),
        (false, _) => None,
    }
}

/// Whether files of mode 000 can be read anyway.
pub(crate) fn is_root(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(folder).unwrap().uid() == 0
}
