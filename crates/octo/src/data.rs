//! The data folder: where records and keys live on this machine.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use certificate::Keys;
use etcetera::BaseStrategy as _;
use store::{Options, Store};

use crate::cli::DataArgs;

impl DataArgs {
    /// The folder, made if it is not there, readable by its owner alone.
    pub(crate) fn folder(&self) -> anyhow::Result<PathBuf> {
        let folder = match &self.data {
            Some(folder) => folder.clone(),
            None => etcetera::choose_base_strategy()
                .context("finding your home folder; name a data folder with --data")?
                .data_dir()
                .join("octo"),
        };
        make_private_folder(&folder).with_context(|| format!("making the data folder {}; choose another with --data", folder.display()))?;
        Ok(folder)
    }

    pub(crate) async fn store(&self, folder: &Path) -> anyhow::Result<Store> {
        let url = match &self.store {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", folder.join("octo.db").display()),
        };
        Ok(Store::open(&url, &Options::default()).await?)
    }
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The signing keys of this instance; made on first start, readable by their owner alone.
pub(crate) fn keys(folder: &Path) -> anyhow::Result<Keys> {
    let file = keys_file(folder);
    match fs::read_to_string(&file) {
        Ok(text) => {
            check_private(&file)?;
            Keys::parse(&text).with_context(|| format!("reading {}", file.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let keys = Keys::generate(entropy(), "first")?;
            write_private(&file, &keys.to_text()).with_context(|| format!("writing {}", file.display()))?;
            Ok(keys)
        }
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            bail!("The key file {} is not text; restore it from the backup.", file.display())
        }
        Err(error) => Err(error).with_context(|| format!("reading {}; it must belong to the user who runs Octo", file.display())),
    }
}

pub(crate) fn keys_file(folder: &Path) -> PathBuf {
    folder.join("keys.toml")
}

/// Writes beside the old file and moves over it, so that a full disk never leaves half a key.
pub(crate) fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&fresh)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    fs::rename(&fresh, file)
}

/// Refuses a key that others on this machine can read.
fn check_private(file: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("The key file {} can be read by others (mode {:o}); run chmod 600 on it.", file.display(), mode & 0o777);
        }
    }
    Ok(())
}

/// 32 bytes from the system's random source.
pub(crate) fn entropy() -> [u8; 32] {
    let mut bytes = [0; 32];
    // Without randomness no key and no id can be made; there is nothing sensible to go on with.
    getrandom::fill(&mut bytes).expect("the system's random source answers");
    bytes
}

/// Now [ms since 1970 UTC].
pub(crate) fn now() -> ::record::Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    ::record::Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
