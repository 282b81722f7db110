//! `octo certificate`: checking, withdrawing, and new keys.

use std::fs;

use anyhow::Context as _;
use certificate::{Keys, Utc, Verdict};

use crate::Answer;
use crate::cli::{DataArgs, RevokeArgs, RotateArgs, VerifyArgs};
use crate::data;

/// Opens what a short command needs of the instance.
fn with_store<T>(args: &DataArgs, work: impl AsyncFnOnce(store::Store) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let folder = args.folder()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = args.store(&folder).await?;
        work(store).await
    })
}

pub(crate) fn verify(args: &VerifyArgs) -> anyhow::Result<Answer> {
    let text = read_file(&args.file)?;
    let keys = data::keys(&args.data.folder()?)?;
    let verdict = certificate::verify(&text, &keys, &Utc::from_unix_ms(data::now().0));
    // The signature alone cannot tell whether it was withdrawn; a running server holds the folder,
    // and then its page has the last word.
    let verdict = match verdict.statement().map(|statement| statement.id.to_string()) {
        Some(id) => match with_store(&args.data, async |store| Ok(store.revocation(&id).await?)) {
            Ok(revocation) => verdict.with_revocation(revocation.map(|revocation| certificate::Revocation {
                reason: revocation.reason,
                at: Utc::from_unix_ms(revocation.at.0),
                superseded_by: revocation.superseded_by.and_then(|id| id.parse().ok()),
            })),
            Err(error) => {
                eprintln!("octo: whether it was revoked could not be looked up: {error:#}");
                verdict
            }
        },
        None => verdict,
    };
    println!("{verdict}");
    if let Verdict::Genuine(statement) = &verdict {
        println!("{}\n{}: {}", statement.issuer_note, statement.subject.name, statement.course.title);
        for module in statement.chapters.iter().flat_map(|chapter| &chapter.modules) {
            println!("  {} {} ({:.1} %)", if module.passed { "passed" } else { "open  " }, module.title, f64::from(module.score) / 1e4);
        }
    }
    Ok(if verdict.is_genuine() { Answer::Fine } else { Answer::No })
}

fn read_file(file: &std::path::Path) -> anyhow::Result<String> {
    let size = fs::metadata(file).with_context(|| format!("reading {}", file.display()))?.len();
    anyhow::ensure!(
        size <= certificate::MAX_BYTES as u64,
        "{} has {size} bytes; a certificate has at most {}.",
        file.display(),
        certificate::MAX_BYTES
    );
    // Bytes that are no text make a certificate that is not genuine, not an error of ours.
    Ok(String::from_utf8_lossy(&fs::read(file)?).into_owned())
}

pub(crate) fn revoke(args: &RevokeArgs) -> anyhow::Result<Answer> {
    let revocation = store::Revocation { certificate: args.id.clone(), reason: args.reason.clone(), at: data::now(), superseded_by: None };
    with_store(&args.data, async |store| Ok(store.revoke(&revocation).await?))?;
    println!("Revoked {}.", args.id);
    Ok(Answer::Fine)
}

pub(crate) fn rotate(args: &RotateArgs) -> anyhow::Result<Answer> {
    const YEAR_MS: i64 = 365 * 86_400_000;
    let folder = args.data.folder()?;
    let keys: Keys = data::keys(&folder)?;
    let now = data::now().0;
    let kid = format!("k{}", now / 1000);
    let not_after = Utc::from_unix_ms(now + i64::from(args.years) * YEAR_MS);
    let keys = keys.rotate(data::entropy(), &kid, not_after)?;
    data::write_private(&data::keys_file(&folder), &keys.to_text())?;
    println!("The key {kid} signs from the next start on; older ones verify for {} years.", args.years);
    Ok(Answer::Fine)
}
