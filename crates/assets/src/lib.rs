//! What a browser downloads from Octo besides pages: style, fonts, pictures, scripts and the
//! engine as WebAssembly, made by the build script and held in the binary. How they are served
//! (headers, negotiation) is the business of `web`.

/// One file, as it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its name under `/assets/`, with the hash of its contents where it has one.
    pub path: &'static str,
    pub bytes: &'static [u8],
    /// The same bytes in brotli, where that is worth it.
    pub br: Option<&'static [u8]>,
    /// The same bytes in gzip, where that is worth it.
    pub gz: Option<&'static [u8]>,
    /// The value of `Content-Type`.
    pub mime: &'static str,
    /// The value of `ETag`: weak, because it stands for all three encodings.
    pub etag: &'static str,
    /// The name changes with the contents, so a browser may keep it for ever.
    pub immutable: bool,
}

// ASSETS: &[Asset] sorted by path; NAMES: &[(name, url)] sorted by name; FIGURE and STUDIO: Option<Engine>.
include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// The file that `/assets/{path}` names, or nothing.
pub fn find(path: &str) -> Option<Asset> {
    let at = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    Some(ASSETS[at])
}

/// Every file, ordered by path.
pub fn all() -> &'static [Asset] {
    ASSETS
}

/// Where a page finds the file it knows by a plain name: `url("style.css")` is
/// "/assets/style-<hash>.css". The names are `style.css`, `mark.svg`, and `main.js`, which is
/// missing when the binary was built without its islands.
pub fn url(name: &str) -> Option<&'static str> {
    let at = NAMES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(NAMES[at].1)
}

/// An engine as a browser gets it, and the JavaScript module that belongs to it before it is bundled:
/// for tests that compare it with the native one.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    pub wasm: &'static [u8],
    pub glue: &'static str,
}

/// The engine of the figures in lessons. Nothing when the islands were skipped.
pub fn figure_engine() -> Option<Engine> {
    FIGURE
}

/// The engine of the studio, which can do more. Nothing when the islands were skipped.
pub fn studio_engine() -> Option<Engine> {
    STUDIO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_found_by_its_path_and_nothing_else_is() {
        for asset in all() {
            assert_eq!(find(asset.path).map(|found| found.bytes), Some(asset.bytes));
        }
        for path in ["", "/", "..", "../Cargo.toml", "style", "STYLE.CSS"] {
            assert!(find(path).is_none(), "{path:?} must not be an asset");
        }
    }

    #[test]
    fn a_page_always_has_its_style() {
        let url = url("style.css").expect("style.css is in every build");
        let style = find(url.strip_prefix("/assets/").unwrap()).expect("the address leads to a file");
        assert_eq!(style.mime, "text/css; charset=utf-8");
        assert!(!style.bytes.is_empty());
    }

    #[test]
    fn nothing_is_compressed_into_something_larger() {
        for asset in all() {
            for packed in [asset.br, asset.gz].into_iter().flatten() {
                assert!(packed.len() < asset.bytes.len(), "{} grew", asset.path);
            }
        }
    }

    #[test]
    fn names_that_may_be_kept_for_ever_carry_a_hash() {
        for asset in all().iter().filter(|asset| asset.immutable) {
            let stem = asset.path.rsplit_once('.').map_or(asset.path, |(stem, _)| stem);
            assert!(
                stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() == 10 && hash.bytes().all(|c| c.is_ascii_hexdigit())),
                "{} has no hash",
                asset.path
            );
        }
    }

    /// What a slow line can bear, in bytes of brotli: every page has the loader and the style, the
    /// first figure of a lesson adds the engine and the scripts that are not the studio's, and the
    /// studio all of its own.
    #[test]
    fn the_islands_keep_their_budgets() {
        let Some(loader) = url("main.js") else {
            println!("skipped: built without islands");
            return;
        };
        let packed = |asset: &Asset| asset.br.unwrap_or(asset.bytes).len();
        let size_of = |url: &str| packed(&find(url.strip_prefix("/assets/").unwrap()).unwrap());
        let sum_of = |wanted: &dyn Fn(&str) -> bool| all().iter().filter(|asset| wanted(asset.path)).map(packed).sum::<usize>();
        let of_studio = |path: &str| path.starts_with("studio");
        let page = size_of(loader) + size_of(url("style.css").unwrap());
        // Figures and runs have the smaller one; what judges in the studio is fetched when it is asked.
        let mut engines: Vec<usize> = all().iter().filter(|asset| asset.path.ends_with(".wasm")).map(packed).collect();
        engines.sort_unstable();
        let (engine, judgement) = (engines[0], engines[1..].iter().sum::<usize>());
        let scripts = sum_of(&|path| path.ends_with(".js") && !of_studio(path));
        let studio = page + sum_of(&|path| of_studio(path));
        // Its page has these at once; its panels, charts and other forms are fetched when somebody asks for them.
        let at_once = size_of(url("studio.js").unwrap()) + size_of(url("studio-style.css").unwrap());
        let at_once = page + at_once + sum_of(&|path| ["studio-base-", "shared-", "fetch-"].iter().any(|name| path.starts_with(name)));
        let figure = engine + scripts - size_of(loader);
        println!(
            "page {page} B, figure {figure} B, of it engine {engine} B, its scripts {scripts} B, studio {studio} B, of it at once {at_once} B, its judgement {judgement} B, in brotli"
        );
        assert!(page <= 30_000, "style and loader take {page} B of a reading page");
        assert!(engine <= 300_000, "the engine takes {engine} B");
        assert!(figure <= 310_000, "a figure adds {figure} B to a page, {engine} B of them the engine");
        assert!(scripts <= 10_000, "the scripts of figures take {scripts} B");
        assert!(at_once <= 145_000, "the page of the studio takes {at_once} B beside its engines before anything is opened");
        assert!(studio <= 200_000, "the studio takes {studio} B beside its engines, with everything that can be opened");
        assert!(judgement <= 540_000, "what judges in the studio takes {judgement} B");
    }
}
