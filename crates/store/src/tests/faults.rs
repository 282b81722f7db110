//! Each way in which a SQLite data folder can fail, by name.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use record::TextId;

use super::{hint, learner, open, run, url};
use crate::{Options, Store, StoreError, Switches};

/// The sentence that opening gives, with the folder's name taken out.
fn check(address: &str, folder: &Path, expected: Expect) {
    let error = run(Store::open(address, &Options::default())).unwrap_err();
    expected.assert_eq(&error.to_string().replace(&folder.display().to_string(), "FOLDER"));
}

#[test]
fn an_address_that_cannot_be_meant_says_what_to_give() {
    let folder = tempfile::tempdir().unwrap();
    for address in
        ["", "octo.db", "mysql://localhost/octo", "sqlite:", "sqlite::memory:", "sqlite:a?mode=memory", "sqlite:a/", "postgres://[/octo"]
    {
        let error = run(Store::open(address, &Options::default())).unwrap_err();
        assert!(matches!(error, StoreError::BadUrl { .. }), "{address}: {error:?}");
    }
    check(
        "sqlite::memory:",
        folder.path(),
        expect![
            "The database address cannot be used because a database in memory keeps nothing; give sqlite:PATH or postgres://USER@HOST/NAME."
        ],
    );
}

#[test]
fn a_folder_with_a_strange_name_is_made_and_opened() {
    let folder = tempfile::tempdir().unwrap();
    let strange = folder.path().join("a b%20#'é").join("deeper");
    run(async {
        open(&strange).await.append(&learner("ada"), 0, vec![hint(1)]).await.unwrap();
    });
    assert!(strange.join("octo.db").is_file() && strange.join("octo.lock").is_file());
}

#[test]
fn a_folder_is_held_until_the_last_clone_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let store = run(open(folder.path()));
    let clone = store.clone();
    drop(store);
    check(
        &url(folder.path()),
        folder.path(),
        expect!["Another Octo is using the data folder FOLDER; stop that one, or give this one a folder of its own."],
    );
    drop(clone);
    run(open(folder.path()));
}

#[test]
fn a_database_of_a_newer_octo_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    run(async {
        let store = open(folder.path()).await;
        let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (9999, 'later', true, x'00', 0)";
        sqlx::query(newer).execute(&store.pool).await.unwrap();
        store.close().await;
    });
    check(
        &url(folder.path()),
        folder.path(),
        expect!["The database was written by a newer Octo (migration 9999); start that version, or restore a backup from before it."],
    );
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("octo.db");
    let text = "This is a letter, not a database. ".repeat(100);
    fs::write(&file, &text).unwrap();
    check(
        &url(folder.path()),
        folder.path(),
        expect!["The database is damaged (file is not a database); stop Octo, keep a copy of the database, and restore a backup."],
    );
    assert_eq!(fs::read_to_string(file).unwrap(), text);
}

#[test]
fn a_folder_in_the_place_of_the_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("octo.db")).unwrap();
    check(
        &url(folder.path()),
        folder.path(),
        expect!["The database could not be reached while opening it; check that it runs and can be opened by Octo's user, then try again."],
    );
}

#[test]
fn an_entry_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    run(async {
        let store = open(folder.path()).await;
        let ada = learner("ada");
        store.append(&ada, 0, vec![hint(1), hint(2), hint(3)]).await.unwrap();
        sqlx::query("update entry set what = '{\"kind\":\"unheard-of\"}' where seq = 3").execute(&store.pool).await.unwrap();
        let said = store.entries(&ada).await.unwrap_err().to_string();
        assert!(said.contains("entry 3 of learner ada: unknown variant `unheard-of`"), "{said}");
        sqlx::query("delete from entry where seq = 2").execute(&store.pool).await.unwrap();
        let said = store.entries(&ada).await.unwrap_err();
        expect![
            "The database is damaged (entry 2 of learner ada: it is missing); stop Octo, keep a copy of the database, and restore a backup."
        ]
        .assert_eq(&said.to_string());
    });
}

#[test]
fn a_full_disk_keeps_what_was_kept_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let ada = learner("ada");
    run(async {
        open(folder.path()).await.close().await;
        let switches = Switches { max_pages: Some(40), ..Switches::default() };
        let store = Store::open(&url(folder.path()), &Options { switches, ..Options::default() }).await.unwrap();
        let mut last = 0;
        let error = loop {
            match store.append(&ada, last, vec![hint(last), hint(last)]).await {
                Ok(entries) => last = entries.last().unwrap().seq,
                Err(error) => break error,
            }
            assert!(last < 10_000, "the disk is full before this");
        };
        expect!["The database's disk is full, so nothing was kept while appending to a record; free some space, then try again."]
            .assert_eq(&error.to_string());
        assert!(last > 0);
        assert_eq!(store.entries(&ada).await.unwrap().len(), usize::try_from(last).unwrap());
        store.close().await;
    });
    run(async {
        let store = open(folder.path()).await;
        let last = store.last_seq(&ada).await.unwrap();
        store.append(&ada, last, vec![hint(last)]).await.unwrap();
    });
}

#[test]
fn every_connection_of_the_pool_is_durable() {
    let folder = tempfile::tempdir().unwrap();
    run(async {
        let store = open(folder.path()).await;
        let mut connections = Vec::new();
        for _ in 0..3 {
            let mut connection = store.pool.acquire().await.unwrap();
            let (synchronous,): (i64,) = sqlx::query_as("pragma synchronous").fetch_one(&mut *connection).await.unwrap();
            let (mode,): (String,) = sqlx::query_as("pragma journal_mode").fetch_one(&mut *connection).await.unwrap();
            assert_eq!((synchronous, mode.as_str()), (2, "wal"));
            connections.push(connection);
        }
    });
}

#[test]
fn deleted_words_are_gone_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "the words that must go";
    run(async {
        let store = open(folder.path()).await;
        let (ada, id) = (learner("ada"), TextId("t-1".to_string()));
        store.put_text(&ada, &id, &secret.repeat(50)).await.unwrap();
        store.delete_text(&ada, &id).await.unwrap();
        store.close().await;
    });
    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}
