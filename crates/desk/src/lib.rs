//! The use cases: start, place, answer, predict, practise, doubt, overrule, certify, verify, take along.
//!
//! The desk holds a store handle, the course, the signing keys and the clock it was given; it
//! knows no HTTP and draws no page. Each use case reads the record, computes, and appends. What
//! is derived from the record (mastery, plan) is never kept, only cached by its length.

mod beliefs;
mod certify;
mod error;
mod foresee;
mod learner;
mod lesson;
mod placement;
mod practice;
mod review;
mod runs;
mod shelf;
mod start;
mod whole;
mod xapi;

use std::sync::{Arc, Mutex, RwLock};

use certificate::Keys;
use record::{LearnerId, Moment, What};
use store::{Engine, Store, StoreError};

pub use beliefs::Testing;
pub use certify::{Checked, Issued, Standing};
pub use error::DeskError;
pub use learner::Learner;
pub use lesson::{Answered, FigureView, ItemView, LastAnswer};
pub use placement::{Placement, Placing};
pub use practice::Practice;
pub use runs::Runs;
pub use shelf::Shelf;
pub use start::{Correction, StartForm};
pub use whole::Brought;

/// Where the desk gets what a pure house may not take by itself.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Now [ms since 1970 UTC].
    pub now: fn() -> Moment,
    /// Unguessable bytes.
    pub entropy: fn() -> [u8; 32],
}

/// One instance: its course, its records, its keys.
pub struct Desk {
    store: Store,
    keys: Keys,
    /// The name that a certificate gives as its issuer.
    issuer: String,
    shelf: RwLock<Arc<Shelf>>,
    runs: Arc<Runs>,
    world: World,
    /// There is one learner now; every record names theirs all the same.
    learner: LearnerId,
    /// The last snapshot of the learner, valid while the record has not grown.
    snapshot: Mutex<Option<Arc<Learner>>>,
    /// How long the record is, where no other process can make it grow: SQLite's folder is locked
    /// by this one. A shared PostgreSQL is asked each time.
    length: Option<Mutex<Option<u64>>>,
    /// One at a time reads and appends in this process, so that several tabs wait for each other
    /// instead of sending one of them away.
    appending: tokio::sync::Mutex<()>,
}

/// Held from reading the record to appending to it.
struct Turn<'a>(#[allow(dead_code, reason = "holding it is the point")] tokio::sync::MutexGuard<'a, ()>);

impl Desk {
    pub fn new(store: Store, keys: Keys, issuer: String, shelf: Shelf, world: World) -> Self {
        Self {
            length: (store.engine() == Engine::Sqlite).then(|| Mutex::new(None)),
            store,
            keys,
            issuer,
            shelf: RwLock::new(Arc::new(shelf)),
            runs: Arc::new(Runs::default()),
            world,
            learner: LearnerId("me".into()),
            snapshot: Mutex::new(None),
            appending: tokio::sync::Mutex::new(()),
        }
    }

    /// The course as it is now; a reload does not disturb who holds the old one.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts another version of the course on the shelf; records stay as they are.
    pub fn reshelve(&self, shelf: Shelf) {
        *self.shelf.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(shelf);
        *self.snapshot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    /// The hour, for what depends on it.
    pub fn now(&self) -> Moment {
        (self.world.now)()
    }

    pub fn runs(&self) -> &Arc<Runs> {
        &self.runs
    }

    /// How long the record is now: the one question to the store that every page needs.
    pub async fn last_seq(&self) -> Result<u64, DeskError> {
        if let Some(seq) = self.length.as_ref().and_then(|length| *length.lock().unwrap_or_else(std::sync::PoisonError::into_inner)) {
            return Ok(seq);
        }
        let seq = self.store.last_seq(&self.learner).await?;
        self.remember_length(seq);
        Ok(seq)
    }

    /// The record only grows, so a late answer never takes the place of a later length.
    fn remember_length(&self, seq: u64) {
        if let Some(length) = &self.length {
            let mut length = length.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *length = Some(length.map_or(seq, |known| known.max(seq)));
        }
    }

    /// The learner as the record has them now.
    pub async fn learner(&self) -> Result<Arc<Learner>, DeskError> {
        let shelf = self.shelf();
        let held = self.snapshot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let held = held.filter(|held| held.shelf.course.digest == shelf.course.digest);
        let known = held.as_ref().map_or(0, |held| held.seq());
        if let Some(held) = &held
            && self.length.is_some()
            && self.last_seq().await? == known
        {
            return Ok(Arc::clone(held));
        }
        let fresh = self.store.entries_since(&self.learner, known).await?;
        if let (Some(held), true) = (&held, fresh.is_empty()) {
            return Ok(Arc::clone(held));
        }
        let mut entries = held.map(|held| held.entries.clone()).unwrap_or_default();
        entries.extend(fresh);
        let learner = Arc::new(Learner::new(shelf, entries, (self.world.now)()));
        *self.snapshot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Arc::clone(&learner));
        Ok(learner)
    }

    /// This process's turn to read the record and append to it: what is decided from the record
    /// within a turn is still true when it is appended (a double click is one answer).
    async fn turn(&self) -> Turn<'_> {
        Turn(self.appending.lock().await)
    }

    async fn append(&self, what: Vec<What>) -> Result<u64, DeskError> {
        self.append_in(&self.turn().await, what).await
    }

    /// Appends to the record; when another process was faster, reads again and appends after it.
    ///
    /// Entries here say what the learner did, which does not depend on what came just before, so
    /// appending later is right. Returns the sequence number of the last entry.
    async fn append_in(&self, _turn: &Turn<'_>, what: Vec<What>) -> Result<u64, DeskError> {
        const TRIES: usize = 5;
        let now = (self.world.now)();
        for _ in 0..TRIES {
            let after = self.last_seq().await?;
            match self.store.append(&self.learner, after, what.iter().map(|what| (now, what.clone())).collect()).await {
                Ok(entries) => {
                    let seq = entries.last().map_or(after, |entry| entry.seq);
                    self.remember_length(seq);
                    return Ok(seq);
                }
                Err(StoreError::Conflict { found, .. }) => self.remember_length(found),
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Busy)
    }

    /// An id that sorts by time and cannot be guessed.
    fn fresh_id(&self) -> String {
        let entropy = (self.world.entropy)();
        let mut random = [0; 10];
        random.copy_from_slice(&entropy[..10]);
        let ms = u64::try_from((self.world.now)().0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid().to_string()
    }
}
