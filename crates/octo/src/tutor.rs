//! `octo tutor`: the tutor driven from outside, one learner to a process. It moves lines; what they
//! mean is in `tutor::session`.

use std::io::{BufRead as _, Write as _};

use anyhow::Context as _;
use tutor::session::Session;
use tutor::session::wire::{Start, refusal};

use crate::Answer;

/// `Answer::Refused` after a line that was not understood or came out of turn: it has been answered.
pub(crate) fn run() -> anyhow::Result<Answer> {
    let mut lines = std::io::stdin().lock().lines();
    let mut next = || lines.next().transpose().context("reading standard input");
    let Some(first) = next()? else { return Ok(Answer::Fine) };
    let start = match Start::read(&first) {
        Ok(start) => start,
        Err(error) => return refuse(&error),
    };
    let mut session = Session::begin(&start.setup);
    tell(&session.told(&start))?;
    while let Some(line) = next()? {
        match session.line(&start, &line) {
            Ok(told) => tell(&told)?,
            Err(error) => return refuse(&error),
        }
    }
    Ok(Answer::Fine)
}

fn refuse(error: &str) -> anyhow::Result<Answer> {
    tell(&refusal(error))?;
    Ok(Answer::Refused)
}

/// Each line goes out at once: the other side waits for it.
fn tell(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("writing to standard output")
}
