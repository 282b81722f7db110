//! What a browser fetches for a page, compressed as it is sent, without fonts: the page, its
//! style and mark and scripts at once; what a figure brings when it comes near, later.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use crate::bench::http;

/// Scripts of another page begin with this.
const STUDIO: &str = "studio-";

/// Compressed bytes.
#[derive(Debug, Default)]
pub(super) struct Weight {
    pub(super) page: usize,
    pub(super) figure: usize,
}

pub(super) fn of(at: SocketAddr, path: &str) -> anyhow::Result<Weight> {
    let html = http::get(at, path, "identity")?.text();
    let mut weight = Weight { page: http::get(at, path, "br")?.body.len(), figure: 0 };
    let mut seen = BTreeSet::new();
    for file in after(&html, "\"/assets/").into_iter().filter(|file| seen.insert(file.clone())) {
        weight.page += size(at, &file)?;
    }
    // Scripts name others: those they need at once weigh on the page, those they ask for later on the figure.
    let mut open: Vec<(String, bool)> = seen.iter().filter(|file| file.ends_with(".js")).map(|file| (file.clone(), false)).collect();
    while let Some((script, late)) = open.pop() {
        let code = http::get(at, &format!("/assets/{script}"), "identity")?.text();
        for (file, asked_later) in named(&code) {
            // The first script of every page names the studio too, and asks for it on its page only.
            if file.starts_with(STUDIO) || !seen.insert(file.clone()) {
                continue;
            }
            let late = late || asked_later;
            *(if late { &mut weight.figure } else { &mut weight.page }) += size(at, &file)?;
            if file.ends_with(".js") {
                open.push((file, late));
            }
        }
    }
    Ok(weight)
}

fn size(at: SocketAddr, file: &str) -> anyhow::Result<usize> {
    Ok(http::get(at, &format!("/assets/{file}"), "br")?.body.len())
}

/// What follows each mark, up to the closing quote.
fn after(text: &str, mark: &str) -> Vec<String> {
    text.match_indices(mark).filter_map(|(at, _)| text[at + mark.len()..].split(['"', '\'', '`']).next()).map(str::to_owned).collect()
}

/// Files that a bundled script names, and whether it asks for them later (`import(...)`, a worker,
/// the engine) or at once (`import ... from`).
fn named(code: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let quoted = code.char_indices().filter(|(_, c)| matches!(c, '"' | '\'' | '`'));
    for (at, quote) in quoted {
        let Some(inside) = code[at + 1..].split(quote).next().filter(|inside| inside.len() < 100) else { continue };
        let name = inside.rsplit('/').next().unwrap_or(inside);
        // "figure-0123456789.js": ten hexadecimal digits before the ending.
        let Some((stem, ending)) = name.rsplit_once('.') else { continue };
        let hashed = stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() == 10 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if hashed && matches!(ending, "js" | "wasm" | "css") {
            let before = code[..at].trim_end();
            found.push((name.to_owned(), !before.ends_with("from") && !before.ends_with("import")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_at_once_is_told_from_what_comes_later() {
        let code = r#"import{a}from"./dom-0123456789.js";const b=()=>import("./figure-abcdef0123.js");new Worker(new URL("/assets/sim.worker-0000000000.js",x));let c="plain.js""#;
        let expected = [("dom-0123456789.js", false), ("figure-abcdef0123.js", true), ("sim.worker-0000000000.js", true)];
        assert_eq!(named(code), expected.map(|(name, late)| (name.to_owned(), late)));
    }
}
