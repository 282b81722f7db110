//! What can be said on the command line, and how help reads. Nothing is done here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// An open, self-hosted course in system design whose examples run.
///
/// Without a command, octo serves the course on this machine and opens it in the browser.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = "Exit codes: 0 fine, 1 the answer is no, 2 you asked wrongly.")]
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
    /// Print a published schema
    Schema(SchemaArgs),
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
pub(crate) struct SimArgs {
    /// A design, TOML or JSON
    pub(crate) design: PathBuf,
    /// The seed of all random streams
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How long the workload lasts, as in "10 min"
    #[arg(long, value_name = "D")]
    pub(crate) duration: Option<String>,
    /// Change a setting before the run, as in web.replicas=4 (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
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
}

#[derive(Debug, Args)]
pub(crate) struct PackCheckArgs {
    /// The folder of the pack [default: the pack inside this program]
    pub(crate) dir: Option<PathBuf>,
    /// Check only files whose path contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
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
pub(crate) struct SchemaArgs {
    /// Which schema: design
    pub(crate) name: String,
}
