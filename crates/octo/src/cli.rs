//! What can be said on the command line, and how help reads. Nothing is done here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// An open, self-hosted course in system design whose examples run.
///
/// Without a command, octo serves the course on this machine and opens it in the browser.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 fine, 1 the answer is no, 2 you asked wrongly, 130 you pressed Ctrl-C."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the course (what octo does without a command)
    Serve(ServeArgs),
    /// Run a design and print its report
    Sim(SimArgs),
    /// Evaluate an estimate: octo napkin "40 million users * 20 reads/user/day -> reads/s"
    Napkin(NapkinArgs),
    /// Work on a pack
    #[command(subcommand)]
    Pack(PackCommand),
    /// Check, revoke, and look after the keys of certificates
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Take a learner's whole record along: octo export > record.jsonl
    Export(ExportArgs),
    /// Read such a file into a record that is still empty, all of it or nothing
    Import(ImportArgs),
    /// Teach one learner over JSON lines on standard input and output: docs/tutor-protocol.md
    Tutor,
    /// Print a published schema
    Schema(SchemaArgs),
    /// Print what makes a shell complete this command line: octo completions bash > FILE
    Completions(CompletionsArgs),
    /// Print a page of the manual: octo manual sim | man -l -
    Manual(ManualArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8017")]
    pub(crate) listen: SocketAddr,
    /// Under which address strangers reach this instance (for certificates behind a proxy)
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A pack to serve instead of the one inside; it is reread when a file changes, and its problems are shown
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,
    /// Do not open a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// Where records and keys are kept.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// The data folder [default: the platform's place for application data]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The database: postgres://USER@HOST/NAME [default: SQLite in the data folder]
    #[arg(long, value_name = "URL")]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = SIM_EXAMPLES)]
pub(crate) struct SimArgs {
    /// A design, TOML or JSON
    pub(crate) design: PathBuf,
    /// The seed of all random streams
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Run it so often, from this seed on, and say how sure each number is [default: 1; up to 20
    /// while a requirement is undecided]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) replications: Option<u32>,
    /// How long the workload lasts, as in "10 min"
    #[arg(long, value_name = "D")]
    pub(crate) duration: Option<String>,
    /// Take workload, traces, faults and requirements from this document instead
    #[arg(long, value_name = "FILE")]
    pub(crate) workload: Option<PathBuf>,
    /// Change a setting before the run, as in web.replicas=4 (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Let something go wrong, as in "crash db at 2 min for 30 s" (repeatable)
    #[arg(long, value_name = "WHAT [at T] [for T]")]
    pub(crate) fault: Vec<String>,
    /// Send so many times as much of everything, or of a class: x2, buy=x3 (repeatable)
    #[arg(long, value_name = "xN", value_parser = load)]
    pub(crate) load: Vec<Load>,
    /// Look inside the envelope of the design for something that breaks what it requires
    #[arg(long, conflicts_with_all = ["sweep", "trace", "svg", "ablate", "capacity"])]
    pub(crate) find_break: bool,
    /// Take each component away, or half of it, and say what it is needed for
    #[arg(long, conflicts_with_all = ["sweep", "trace", "svg", "capacity"])]
    pub(crate) ablate: bool,
    /// Find the highest load that meets what the design requires, and the fewest replicas that do
    #[arg(long, conflicts_with_all = ["sweep", "trace", "svg"])]
    pub(crate) capacity: bool,
    /// The most runs of --find-break, --ablate or --capacity [default: 200, and 1000 for the last two]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) budget_runs: Option<u32>,
    /// The longest that these may take, as in "30 s"
    #[arg(long, value_name = "D", default_value = "5 min", value_parser = time)]
    pub(crate) budget_time: units::Duration,
    /// Write what --find-break found as a design of its own
    #[arg(long, value_name = "FILE", requires = "find_break")]
    pub(crate) counterexample: Option<PathBuf>,
    /// Run it for each of N values (10 if not said), as in rate=100..5000
    #[arg(long, value_name = "PATH=FROM..TO[ in N]")]
    pub(crate) sweep: Option<String>,
    /// Of replicas that are alike run only some, where they tell the same as all
    #[arg(long, conflicts_with = "sweep")]
    pub(crate) sample: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw the design, the latencies and what happened over time
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Show the slowest of some requests looked at closely, call by call
    #[arg(long, conflicts_with = "sweep")]
    pub(crate) trace: bool,
    /// Say all about what happened and why, with the figures behind each sentence
    #[arg(long, conflicts_with = "sweep")]
    pub(crate) explain: bool,
    /// Say at once, without a run, what formulas tell of it, and how sure they are
    #[arg(long, conflicts_with_all = ["sweep", "trace", "explain", "svg", "replications"])]
    pub(crate) instant: bool,
    /// Say in full what the model leaves out
    #[arg(long)]
    pub(crate) ignores: bool,
    /// The most steps that one run may take; a request takes about four for each call
    #[arg(long, value_name = "N", default_value_t = sim::Budget::default().events)]
    pub(crate) budget_events: u64,
}

const SIM_EXAMPLES: &str = "\
Examples:
  octo sim shop.toml --replications 10
  octo sim shop.toml --trace
  octo sim shop.toml --set web.replicas=4 --fault \"crash db at 2 min for 30 s\"
  octo sim shop.toml --sweep rate=100..5000 --svg sweep.svg
  octo sim shop.toml --sweep \"web.workers=1..32 in 6\"
  octo sim shop.toml --sweep load=x0.5..x3
  octo sim shop.toml --find-break
  octo sim shop.toml --ablate
  octo sim shop.toml --capacity

What the design requires ([require]) is judged: met, missed by how much, or
undecided. If something is missed, the exit code is 1.

--find-break tries what the envelope of the design allows ([envelope]): loads and
faults. What breaks a requirement is confirmed with other seeds, made as small as
can be, and printed with the command that shows it again (exit code 1).

A sweep may change any setting; `rate` is that of the only class, `load` is how
many times as much of everything is sent. Ctrl-C ends a run and prints the report
of what was measured until then (exit code 130); a second one ends at once.";

/// So many times as much of a class, or of everything.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) class: Option<String>,
    pub(crate) factor: units::Share,
}

fn load(text: &str) -> Result<Load, String> {
    let (class, factor) = match text.split_once('=') {
        Some((class, factor)) => (Some(class.trim().to_owned()), factor),
        None => (None, text),
    };
    let number = factor.trim().strip_prefix('x').and_then(|number| number.parse::<f64>().ok());
    match number.filter(|number| *number > 0.0 && *number <= 1_000.0) {
        Some(number) => Ok(Load { class, factor: units::Share((number * 1e9).round() as u64) }),
        None => Err(format!("“{text}” does not say how many times as much. Write x2, or buy=x2 for one class; at most x1000.")),
    }
}

fn time(text: &str) -> Result<units::Duration, String> {
    units::Duration::parse(text).map_err(|problem| problem.to_string())
}

#[derive(Debug, Args)]
pub(crate) struct NapkinArgs {
    /// Steps separated by ";" or line breaks
    #[arg(required = true, value_name = "EXPR")]
    pub(crate) expression: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Read a pack, execute every claim, and say what is wrong with file, line and both numbers
    Check(PackCheckArgs),
    /// Show one variation of an item as a learner meets it, with its answer
    Item(PackItemArgs),
    /// How items have done with learners: answers, share right, correlation, and what to look at
    Stats(PackStatsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PackCheckArgs {
    /// The folder of the pack [default: the pack inside this program]
    pub(crate) dir: Option<PathBuf>,
    /// Check only files whose path contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PackItemArgs {
    /// The item, as in read.queueing.16
    pub(crate) id: String,
    /// Which of its variations
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The folder of the pack [default: the pack inside this program]
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,
    /// Print JSON, with the answer as the fields of its form
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PackStatsArgs {
    /// Records as JSON lines, one entry a line; several learners may share a file
    #[arg(required = true, value_name = "RECORDS")]
    pub(crate) records: Vec<PathBuf>,
    /// The folder of the pack [default: the pack inside this program]
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CertificateCommand {
    /// Check a certificate file with this machine's keys
    Verify(VerifyArgs),
    /// Withdraw a certificate; it stays kept and shows as revoked
    Revoke(RevokeArgs),
    /// Make a new signing key; the old ones only verify from now on
    Rotate(RotateArgs),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The certificate file
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The number of the certificate
    pub(crate) id: String,
    /// Why, in a sentence that its page will show
    #[arg(long)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    /// How long the old key still verifies [years]
    #[arg(long, default_value_t = 10)]
    pub(crate) years: u32,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Write xAPI statements instead; they can be sent elsewhere, but not be read in again
    #[arg(long)]
    pub(crate) xapi: bool,
    /// Under which address the statements know this instance [default: http://localhost/]
    #[arg(long, value_name = "URL", requires = "xapi")]
    pub(crate) home: Option<String>,
    /// The file to write, readable by its owner alone [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file that octo export wrote; - for standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Say whether it could be read in, and change nothing
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which schema: design
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Of which shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManualArgs {
    /// Of which command, as in sim, or certificate verify [default: the whole program]
    pub(crate) command: Vec<String>,
}
