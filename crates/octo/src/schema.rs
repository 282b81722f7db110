//! `octo schema`: published schemas.

use anyhow::bail;

use crate::Answer;
use crate::cli::SchemaArgs;

pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Answer> {
    match args.name.as_str() {
        "design" => println!("{}", serde_json::to_string_pretty(&design::schema())?),
        other => bail!("There is no schema “{other}”; there is: design."),
    }
    Ok(Answer::Fine)
}
