//! `octo completions` and `octo manual`: what the command line says of itself, for shells and for
//! man. The words are those of `cli`.

use std::io::Write as _;

use anyhow::bail;
use clap::CommandFactory as _;

use crate::Answer;
use crate::cli::{Cli, CompletionsArgs, ManualArgs};

pub(crate) fn completions(args: &CompletionsArgs) -> anyhow::Result<Answer> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "octo", &mut text);
    print(&text)
}

/// One page: of the program, or of one command.
pub(crate) fn manual(args: &ManualArgs) -> anyhow::Result<Answer> {
    let mut command = Cli::command();
    command.build();
    for name in &args.command {
        command = match command.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
                bail!("There is no command “{name}” here; there is: {}.", if known.is_empty() { "none".into() } else { known.join(", ") });
            }
        };
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    print(&text)
}

fn print(text: &[u8]) -> anyhow::Result<Answer> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        // Whoever reads may stop early, as `head` does.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Answer::Fine),
    }
}
