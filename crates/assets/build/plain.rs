//! The style without Vite: the files that `style/index.css` imports, one after the other, and the
//! mark. Pages look right but for the fonts, which come from npm.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::table::File;

pub(crate) fn build(source: &Path, out: &Path) -> Result<Vec<File>> {
    let folder = out.join("plain");
    fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    let mut files = vec![save(&folder, "style.css", &concatenate(&source.join("style"))?)?];
    let mark = source.join("mark.svg");
    if mark.exists() {
        files.push(save(&folder, "mark.svg", &read(&mark)?)?);
    }
    Ok(files)
}

fn save(folder: &Path, name: &str, text: &str) -> Result<File> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(|error| format!("{} cannot be written: {error}.", path.display()))?;
    Ok(File { name: name.into(), path, br: None, gz: None, known_as: Some(name.into()), immutable: false })
}

fn concatenate(folder: &Path) -> Result<String> {
    let mut style = String::new();
    for line in read(&folder.join("index.css"))?.lines() {
        match imported(line) {
            Some("fonts.css") => {}
            Some(name) => style.push_str(&read(&folder.join(name))?),
            None => style.push_str(line),
        }
        style.push('\n');
    }
    Ok(style)
}

/// "base.css" of `@import "./base.css";`
fn imported(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?;
    let quote = rest.find(['"', '\''])?;
    let name = rest[quote + 1..].split(['"', '\'']).next()?;
    Some(name.strip_prefix("./").unwrap_or(name))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}
