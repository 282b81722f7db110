//! `octo export` and `octo import`: a learner's whole record as a file.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;

use ::record::file::{FILE_MOST, Fault, LINE_MOST, Reader, Whole};
use anyhow::Context as _;
use certificate::Utc;
use desk::{Brought, Desk, DeskError, World};

use crate::Answer;
use crate::cli::{DataArgs, ExportArgs, ImportArgs};
use crate::{data, serve};

/// Where statements say that they come from, if nobody says otherwise.
const HOME: &str = "http://localhost/";

/// Opens the instance for one use.
fn with_desk<T>(args: &DataArgs, work: impl AsyncFnOnce(&Desk) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let shelf = serve::shelf(None)?;
    let folder = args.folder()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = args.store(&folder).await?;
        let keys = data::keys(&folder)?;
        let desk = Desk::new(store.clone(), keys, String::new(), shelf, World { now: data::now, entropy: data::entropy });
        let done = work(&desk).await;
        store.close().await;
        done
    })
}

pub(crate) fn export(args: &ExportArgs) -> anyhow::Result<Answer> {
    let home = args.home.as_deref().unwrap_or(HOME);
    let text = with_desk(&args.data, async |desk| Ok(if args.xapi { desk.export_xapi(home).await? } else { desk.export().await? }))?;
    match &args.output {
        // It may hold words of the learner's own, so it is theirs alone, like the data folder.
        Some(file) => data::write_private(file, &text).with_context(|| format!("writing {}", file.display()))?,
        None => std::io::stdout().write_all(text.as_bytes()).context("writing the record")?,
    }
    Ok(Answer::Fine)
}

pub(crate) fn import(args: &ImportArgs) -> anyhow::Result<Answer> {
    let read = if args.file == Path::new("-") {
        whole(std::io::stdin().lock())?
    } else {
        let file = File::open(&args.file).with_context(|| format!("reading {}", args.file.display()))?;
        whole(BufReader::new(file)).with_context(|| format!("reading {}", args.file.display()))?
    };
    let brought =
        with_desk(&args.data, async |desk| Ok(if args.check { desk.check_import(&read).await } else { desk.import(read).await }))?;
    match brought {
        Ok(brought) => {
            println!(
                "{} {}",
                told(&brought),
                if args.check { "It can be read in; nothing was changed." } else { "All of it was read in." }
            );
            Ok(Answer::Fine)
        }
        Err(DeskError::Question(says)) => anyhow::bail!(says),
        Err(error) => Err(error.into()),
    }
}

/// "412 entries from 2026-09-03 to 2026-11-23, and 3 texts."
fn told(brought: &Brought) -> String {
    let date = |at: Option<::record::Moment>| at.map_or_else(String::new, |at| Utc::from_unix_ms(at.0).date().to_owned());
    let counted = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let course = brought.other_course.as_ref().map_or_else(String::new, |course| {
        format!(" It was made with another course ({course}); what this one does not have is kept and plays no part.")
    });
    format!(
        "{} from {} to {}, and {}.{course}",
        counted(brought.entries, "entry", "entries"),
        date(brought.from),
        date(brought.to),
        counted(brought.texts, "text", "texts")
    )
}

/// Reads line by line, so that no file fills the memory; the inner error is about what it says.
fn whole(mut file: impl BufRead) -> anyhow::Result<Result<Whole, Fault>> {
    let mut reader = Reader::default();
    let (mut line, mut number, mut size) = (Vec::new(), 0, 0);
    loop {
        line.clear();
        let read = (&mut file).take(LINE_MOST as u64 + 2).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(reader.end());
        }
        number += 1;
        size += read;
        let fault = |says: String| Ok(Err(Fault { line: number, says }));
        if size > FILE_MOST {
            return fault(format!(
                "The file is larger than {} MiB, which no record is. This is not a file that Octo wrote.",
                FILE_MOST >> 20
            ));
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            return fault("It is no text in UTF-8. Choose the file that Octo wrote, unchanged.".into());
        };
        if let Err(fault) = reader.line(text.trim_end_matches(['\n', '\r'])) {
            return Ok(Err(fault));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> String {
        whole(bytes).unwrap().unwrap_err().to_string()
    }

    #[test]
    fn a_file_without_an_end_is_given_up_soon() {
        struct Endless(usize);
        impl std::io::Read for Endless {
            fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
                self.0 += into.len();
                assert!(self.0 < 1 << 20, "it is still being read");
                into.fill(b'x');
                Ok(into.len())
            }
        }
        let said = whole(BufReader::new(Endless(0))).unwrap().unwrap_err().to_string();
        assert!(said.starts_with("Line 1: It is 2621"), "{said}");
        assert!(fault(b"\xff\xfe{\n").contains("UTF-8"));
        assert!(fault(b"").starts_with("Line 1: The file is empty."));
    }
}
