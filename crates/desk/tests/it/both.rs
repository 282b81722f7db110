//! Stories that are told on SQLite and on PostgreSQL, with the course of the pack and a clock that can
//! be moved: desks come and go, the record stays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use certificate::Keys;
use course::{Files, Form, Item, load};
use desk::{Desk, Shelf, StartForm, World};
use record::Moment;
use store::{Options, Store};
use tempfile::TempDir;

use crate::postgres::Cluster;

pub(crate) const DAY: i64 = 86_400_000;
static NOW: AtomicI64 = AtomicI64::new(1_790_000_000_000);

fn world() -> World {
    static DRAWN: AtomicU8 = AtomicU8::new(1);
    World {
        now: || Moment(NOW.fetch_add(1000, Ordering::Relaxed)),
        entropy: || std::array::from_fn(|at| DRAWN.fetch_add(1, Ordering::Relaxed).wrapping_mul(31).wrapping_add(at as u8)),
    }
}

/// Lets so many days pass, for every story that runs in this process.
pub(crate) fn days_pass(days: i64) {
    NOW.fetch_add(days * DAY, Ordering::Relaxed);
}

/// Where one learner's record is kept.
pub(crate) struct Place {
    url: String,
    options: Options,
}

impl Place {
    /// A desk on what is kept there, as after a new start of the process.
    pub(crate) async fn desk(&self) -> Desk {
        let store = Store::open(&self.url, &self.options).await.expect("the database opens");
        let keys = Keys::generate([7; 32], "test").expect("a key");
        Desk::new(store, keys, "a test".into(), Shelf::new(load(pack())).expect("the pack can be taught"), world())
    }

    /// Somebody who says that they can read a system.
    pub(crate) async fn started(&self, goal: &str) -> Desk {
        let desk = self.desk().await;
        let form = StartForm {
            role: "backend".into(),
            years: "3".into(),
            goal: goal.into(),
            hours: "5".into(),
            claims: vec!["read".into()],
            ..StartForm::default()
        };
        desk.start(form).await.expect("the form is read");
        desk
    }
}

/// Tells a story on a new database of each kind.
pub(crate) fn on_both<T: Future<Output = ()>>(name: &str, story: impl Fn(Place) -> T) {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("octo.db").display());
    run(story(Place { url, options: Options::default() }));
    if let Some(cluster) = Cluster::unless_without() {
        let options = Options { allow_unsafe_durability: true };
        run(story(Place { url: cluster.database(name), options }));
    }
}

fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime").block_on(story);
}

/// The course of the repository.
fn pack() -> &'static Files {
    static PACK: OnceLock<Files> = OnceLock::new();
    PACK.get_or_init(|| {
        let mut files = Files::new();
        read(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../pack")), "", &mut files);
        files
    })
}

fn read(dir: &Path, prefix: &str, files: &mut Files) {
    for entry in std::fs::read_dir(dir).expect("the pack is there") {
        let entry = entry.expect("its entries can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match std::fs::read_to_string(entry.path()) {
            Ok(text) if name.ends_with(".md") || name.ends_with(".toml") => drop(files.insert(name, text)),
            Ok(_) => {}
            Err(_) => read(&entry.path(), &format!("{name}/"), files),
        }
    }
}

/// The right answer to a question, where the form of it allows to write one down; else "I don't know".
pub(crate) fn right(item: &Item, seed: u64) -> Vec<(String, String)> {
    let fields: BTreeMap<String, String> = match &item.form {
        Form::Choice { options } | Form::Several { options } => {
            let right = options.iter().enumerate().filter(|(_, option)| option.right);
            return right.map(|(at, _)| ("option".to_owned(), at.to_string())).collect();
        }
        Form::Numeric(_) => [("number".to_owned(), grade::key(item, seed).expect("a number").replace(',', ""))].into(),
        Form::Order { lines, .. } => (0..lines.len()).map(|at| (format!("place{at}"), (at + 1).to_string())).collect(),
        _ => return unknown(),
    };
    fields.into_iter().collect()
}

pub(crate) fn unknown() -> Vec<(String, String)> {
    vec![("unknown".into(), "1".into())]
}
