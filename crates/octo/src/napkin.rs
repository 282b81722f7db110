//! `octo napkin`: an estimate, step by step.

use crate::Answer;
use crate::cli::NapkinArgs;

pub(crate) fn run(args: &NapkinArgs) -> anyhow::Result<Answer> {
    match napkin::evaluate(&args.expression.join(" ")) {
        Ok(sheet) => {
            print!("{sheet}");
            Ok(Answer::Fine)
        }
        Err(problems) => {
            for problem in problems {
                eprintln!("octo: {problem}");
            }
            anyhow::bail!("nothing was computed")
        }
    }
}
