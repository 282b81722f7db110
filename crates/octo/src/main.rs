//! The command line. Each command is a file here; what it does is in the crates below.
//!
//! Exit codes: 0 fine, 1 the answer is no, 2 you asked wrongly, 130 interrupted.

mod certificate;
mod cli;
mod data;
mod manual;
mod napkin;
mod pack;
mod pack_item;
mod pack_stats;
mod record;
mod schema;
mod serve;
mod sim;
mod tutor;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{CertificateCommand, Cli, Command, PackCommand};

/// What a command answers; errors are questions asked wrongly.
pub(crate) enum Answer {
    Fine,
    No,
    /// A question asked wrongly, which has been answered where the asker reads.
    Refused,
    /// Cut short by Ctrl-C; what there was has been printed.
    Interrupted,
}

/// What shells expect of a command that ended by Ctrl-C: 128 and the number of the signal.
pub(crate) const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let answer = match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(args)) => serve::run(args),
        Some(Command::Sim(args)) => sim::run(&args),
        Some(Command::Napkin(args)) => napkin::run(&args),
        Some(Command::Pack(PackCommand::Check(args))) => pack::check(&args),
        Some(Command::Pack(PackCommand::Item(args))) => pack_item::show(&args),
        Some(Command::Pack(PackCommand::Stats(args))) => pack_stats::stats(&args),
        Some(Command::Certificate(CertificateCommand::Verify(args))) => certificate::verify(&args),
        Some(Command::Certificate(CertificateCommand::Revoke(args))) => certificate::revoke(&args),
        Some(Command::Certificate(CertificateCommand::Rotate(args))) => certificate::rotate(&args),
        Some(Command::Export(args)) => record::export(&args),
        Some(Command::Import(args)) => record::import(&args),
        Some(Command::Tutor) => tutor::run(),
        Some(Command::Schema(args)) => schema::run(&args),
        Some(Command::Completions(args)) => manual::completions(&args),
        Some(Command::Manual(args)) => manual::manual(&args),
    };
    match answer {
        Ok(Answer::Fine) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Ok(Answer::Refused) => ExitCode::from(2),
        Ok(Answer::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(error) => {
            // A sentence from the crate that knows, with what we were doing before it.
            eprintln!("octo: {}", told(&error));
            ExitCode::from(2)
        }
    }
}

/// The message with its causes; a cause that only repeats what was said is left out, and so are the
/// causes behind a whole sentence, which already says what to do.
fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.contains(&cause) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause);
        if cause.ends_with('.') {
            break;
        }
    }
    text
}
