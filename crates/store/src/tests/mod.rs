//! One story on both databases; what happens when the process dies, the disk is full or the
//! folder is taken; and the throwaway PostgreSQL that this needs.

mod crash;
mod faults;
mod postgres;
mod story;

use std::path::Path;

use record::{LearnerId, Moment, What};

use crate::{Options, Store};

fn learner(id: &str) -> LearnerId {
    LearnerId(id.to_string())
}

/// An entry that can be told from its neighbours.
fn hint(seed: u64) -> (Moment, What) {
    let (skill, item) = ("caches".to_string(), "cache-07".to_string());
    (Moment(1_700_000_000_000 + seed.cast_signed()), What::Hinted { skill, item, seed, rung: 1 })
}

fn url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("octo.db").display())
}

async fn open(folder: &Path) -> Store {
    Store::open(&url(folder), &Options::default()).await.unwrap()
}

/// A runtime for one test: sqlx's own threads end with the store, so a small one will do.
fn run<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(story)
}
