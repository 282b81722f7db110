//! The toy course as files, for every crate that is tested on it.

use std::path::Path;

use course::Files;

pub(crate) fn files() -> Files {
    let mut files = Files::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../course/tests/toy")), "", &mut files);
    files
}

fn read(dir: &Path, prefix: &str, files: &mut Files) {
    for entry in std::fs::read_dir(dir).expect("the toy course is there") {
        let entry = entry.expect("its entries can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read_to_string(entry.path()).expect("its files are text"));
        }
    }
}
