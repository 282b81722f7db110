//! The command line. Each command is a file here; what it does is in the crates below.
//!
//! Exit codes: 0 fine, 1 the answer is no, 2 you asked wrongly.

mod certificate;
mod cli;
mod data;
mod napkin;
mod pack;
mod schema;
mod serve;
mod sim;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{CertificateCommand, Cli, Command, PackCommand};

/// What a command answers; errors are questions asked wrongly.
pub(crate) enum Answer {
    Fine,
    No,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let answer = match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(args)) => serve::run(args),
        Some(Command::Sim(args)) => sim::run(&args),
        Some(Command::Napkin(args)) => napkin::run(&args),
        Some(Command::Pack(PackCommand::Check(args))) => pack::check(&args),
        Some(Command::Certificate(CertificateCommand::Verify(args))) => certificate::verify(&args),
        Some(Command::Certificate(CertificateCommand::Revoke(args))) => certificate::revoke(&args),
        Some(Command::Certificate(CertificateCommand::Rotate(args))) => certificate::rotate(&args),
        Some(Command::Schema(args)) => schema::run(&args),
    };
    match answer {
        Ok(Answer::Fine) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
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
