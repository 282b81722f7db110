//! The contract of the store, told once and lived through on SQLite and on PostgreSQL.

use expect_test::expect;
use record::{TextId, What};

use super::postgres::Cluster;
use super::{hint, learner, open, run};
use crate::{Certificate, Engine, Options, Revocation, Store, StoreError};

#[test]
fn the_story_holds_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    run(async {
        let store = open(folder.path()).await;
        assert_eq!((store.engine(), store.warnings()), (Engine::Sqlite, [].as_slice()));
        story(&store).await;
        crowd(&[store.clone(), store.clone()]).await;
        let instance = store.instance_id().await.unwrap();
        store.close().await;
        kept(&open(folder.path()).await, &instance).await;
    });
}

#[test]
fn the_story_holds_on_postgresql() {
    let Some(cluster) = Cluster::unless_without() else { return };
    let url = cluster.database("story");
    run(async {
        let refused = Store::open(&url, &Options::default()).await.unwrap_err().to_string();
        let sentence = "The database could lose what it acknowledged because fsync is off where on is needed; \
            set it in postgresql.conf and reload the server.";
        assert_eq!(refused, sentence);
        let options = Options { allow_unsafe_durability: true, ..Options::default() };
        // Two that open a new database at once stand for two processes.
        let (store, other) = tokio::join!(Store::open(&url, &options), Store::open(&url, &options));
        let (store, other) = (store.unwrap(), other.unwrap());
        assert_eq!((store.engine(), store.warnings().len()), (Engine::Postgres, 3));
        assert_eq!(store.warnings()[0], sentence);
        let instance = store.instance_id().await.unwrap();
        assert_eq!(other.instance_id().await.unwrap(), instance);
        story(&store).await;
        crowd(&[store.clone(), other]).await;
        store.close().await;
        kept(&Store::open(&url, &options).await.unwrap(), &instance).await;

        let absent = cluster.url("absent");
        let error = Store::open(&absent, &options).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        cluster.newer("story");
        let error = Store::open(&url, &options).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { version: 9999 }), "{error:?}");
    });
    let gone = cluster.url("story");
    drop(cluster);
    let error = run(Store::open(&gone, &Options::default())).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
}

async fn story(store: &Store) {
    store.ping().await.unwrap();
    record(store).await;
    texts(store).await;
    certificates(store).await;
    facts(store).await;
    unfit(store).await;
}

async fn record(store: &Store) {
    let ada = learner("ada");
    assert_eq!(store.last_seq(&ada).await.unwrap(), 0);
    assert_eq!(store.entries(&ada).await.unwrap(), []);
    assert_eq!(store.append(&ada, 0, Vec::new()).await.unwrap(), []);
    assert_eq!(store.learners().await.unwrap(), []);

    let first = store.append(&ada, 0, vec![hint(1), hint(2)]).await.unwrap();
    assert_eq!(first.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
    let third = store.append(&ada, 2, vec![hint(3)]).await.unwrap();
    let all = [first, third.clone()].concat();
    assert_eq!(store.entries(&ada).await.unwrap(), all);
    assert_eq!(store.entries_since(&ada, 2).await.unwrap(), third);
    assert_eq!(store.entries_since(&ada, 3).await.unwrap(), []);
    assert_eq!(store.entries_since(&ada, u64::MAX).await.unwrap(), []);

    for wrong in [0, 2, 4] {
        let error = store.append(&ada, wrong, vec![hint(9)]).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { expected, found: 3, .. } if expected == wrong), "{error:?}");
    }
    let error = store.append(&learner("bob"), 1, vec![hint(9)]).await.unwrap_err();
    expect!["The record of bob ends at entry 0, not 1; read the entries since 1 and decide again."].assert_eq(&error.to_string());
    assert_eq!(store.entries(&ada).await.unwrap(), all);

    let strange = learner("Zoë 'or' \"1\"=1; --");
    let said = What::Wrote { skill: "a\0b".to_string(), prompt: "\u{1F419}'\"\\".to_string(), text: TextId("t-1".to_string()) };
    let kept = store.append(&strange, 0, vec![(record::Moment(i64::MIN), said)]).await.unwrap();
    assert_eq!(store.entries(&strange).await.unwrap(), kept);
    assert_eq!(store.learners().await.unwrap(), [strange, ada]);
}

async fn texts(store: &Store) {
    let (ada, bob) = (learner("ada"), learner("bob"));
    let id = TextId("t-1".to_string());
    let words = "It \"broke\" because — 'retries'.\n\u{1F419}";
    assert_eq!(store.text(&ada, &id).await.unwrap(), None);
    store.put_text(&ada, &id, words).await.unwrap();
    assert_eq!(store.text(&ada, &id).await.unwrap().as_deref(), Some(words));
    assert_eq!(store.text(&bob, &id).await.unwrap(), None);
    let error = store.put_text(&bob, &id, "mine").await.unwrap_err();
    expect!["There is a text with the id t-1 already; choose another id."].assert_eq(&error.to_string());
    assert!(!store.delete_text(&bob, &id).await.unwrap());
    assert!(store.delete_text(&ada, &id).await.unwrap());
    assert!(!store.delete_text(&ada, &id).await.unwrap());
    assert_eq!(store.text(&ada, &id).await.unwrap(), None);
}

fn certificate(id: &str, at: i64) -> Certificate {
    Certificate {
        id: id.to_string(),
        learner: learner("ada"),
        statement: "{\"subject\":{\"name\":\"Ada Løvelace\"}}".to_string(),
        kid: "2026-a".to_string(),
        tag: "c2VjcmV0".to_string(),
        issued_at: record::Moment(at),
    }
}

async fn certificates(store: &Store) {
    let (old, new) = (certificate("ff", 1000), certificate("00", 2000));
    assert_eq!(store.certificate("ff").await.unwrap(), None);
    store.put_certificate(&new).await.unwrap();
    store.put_certificate(&old).await.unwrap();
    let error = store.put_certificate(&certificate("ff", 3000)).await.unwrap_err();
    expect!["There is a certificate with the id ff already; choose another id."].assert_eq(&error.to_string());
    assert_eq!(store.certificate("ff").await.unwrap(), Some(old.clone()));
    assert_eq!(store.certificates(&learner("ada")).await.unwrap(), [old, new]);
    assert_eq!(store.certificates(&learner("bob")).await.unwrap(), []);
    assert_eq!(store.certificate("\0").await.unwrap(), None);

    let revocation = Revocation {
        certificate: "ff".to_string(),
        reason: "The name was misspelt.".to_string(),
        at: record::Moment(4000),
        superseded_by: Some("00".to_string()),
    };
    assert_eq!(store.revocation("ff").await.unwrap(), None);
    store.revoke(&revocation).await.unwrap();
    assert_eq!(store.revocation("ff").await.unwrap(), Some(revocation.clone()));
    let error = store.revoke(&Revocation { reason: "Another.".to_string(), ..revocation.clone() }).await.unwrap_err();
    expect!["There is a revocation with the id ff already; choose another id."].assert_eq(&error.to_string());
    let plain = Revocation { certificate: "00".to_string(), superseded_by: None, ..revocation.clone() };
    store.revoke(&plain).await.unwrap();
    assert_eq!(store.revocation("00").await.unwrap(), Some(plain));
    let error = store.revoke(&Revocation { certificate: "11".to_string(), ..revocation }).await.unwrap_err();
    expect!["There is no certificate with the id 11; check the id."].assert_eq(&error.to_string());
}

async fn facts(store: &Store) {
    assert_eq!(store.schema_version(), 1);
    assert_eq!(store.meta("colour").await.unwrap(), None);
    store.put_meta("colour", "ink").await.unwrap();
    store.put_meta("colour", "paper").await.unwrap();
    assert_eq!(store.meta("colour").await.unwrap().as_deref(), Some("paper"));
}

/// Both databases refuse the same things, in the same words.
async fn unfit(store: &Store) {
    let ada = learner("ada");
    let id = TextId("t-2".to_string());
    let long = "x".repeat(1024 * 1024 + 1);
    let refused = [
        store.append(&learner(""), 0, vec![hint(1)]).await.unwrap_err(),
        store.append(&learner(&"x".repeat(201)), 0, vec![hint(1)]).await.unwrap_err(),
        store.append(&ada, u64::MAX, vec![hint(1)]).await.unwrap_err(),
        store.append(&ada, 3, vec![hint(1); 1001]).await.unwrap_err(),
        store.append(&ada, 3, vec![(record::Moment(0), What::Claimed { skills: vec![long.clone()] })]).await.unwrap_err(),
        store.put_text(&ada, &id, "a\0b").await.unwrap_err(),
        store.put_text(&ada, &id, &long).await.unwrap_err(),
        store.put_text(&ada, &TextId("a\nb".to_string()), "words").await.unwrap_err(),
        store.put_meta("", "x").await.unwrap_err(),
        store.put_certificate(&Certificate { statement: long, ..certificate("22", 0) }).await.unwrap_err(),
    ];
    let said: Vec<_> = refused.iter().map(ToString::to_string).collect();
    expect![[r#"
        The learner's id cannot be kept because it is empty or not printable; shorten or correct it.
        The learner's id cannot be kept because it has 201 bytes and may have 200; shorten or correct it.
        The group of entries cannot be kept because no record is that long; shorten or correct it.
        The group of entries cannot be kept because it has more than 1000 entries; shorten or correct it.
        The entry cannot be kept because it has 1048609 bytes and may have 262144; shorten or correct it.
        The text cannot be kept because it holds the character NUL; shorten or correct it.
        The text cannot be kept because it has 1048577 bytes and may have 1048576; shorten or correct it.
        The text's id cannot be kept because it is empty or not printable; shorten or correct it.
        The fact's name cannot be kept because it is empty or not printable; shorten or correct it.
        The statement cannot be kept because it has 1048577 bytes and may have 65536; shorten or correct it."#]]
    .assert_eq(&said.join("\n"));
    assert_eq!(store.last_seq(&ada).await.unwrap(), 3);
}

/// Many writers of one record: each reads its end and appends after it until it succeeds.
async fn crowd(stores: &[Store]) {
    const WRITERS: u64 = 6;
    const EACH: u64 = 15;
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let store = stores[usize::try_from(writer).unwrap() % stores.len()].clone();
        tasks.push(tokio::spawn(async move {
            let crowd = learner("crowd");
            for round in 0..EACH {
                loop {
                    let last = store.last_seq(&crowd).await.unwrap();
                    match store.append(&crowd, last, vec![hint(writer * EACH + round)]).await {
                        Ok(_) => break,
                        Err(StoreError::Conflict { .. } | StoreError::Busy { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let entries = stores[0].entries(&learner("crowd")).await.unwrap();
    let mut seeds: Vec<u64> = entries.iter().map(|entry| seed(&entry.what)).collect();
    seeds.sort_unstable();
    assert_eq!(seeds, (0..WRITERS * EACH).collect::<Vec<_>>());
}

pub(super) fn seed(what: &What) -> u64 {
    match what {
        What::Hinted { seed, .. } => *seed,
        other => panic!("{other:?} is not a hint"),
    }
}

/// What a store that is opened again must still know.
async fn kept(store: &Store, instance: &str) {
    assert_eq!(store.instance_id().await.unwrap(), instance);
    assert_eq!(store.last_seq(&learner("ada")).await.unwrap(), 3);
    assert_eq!(store.entries(&learner("ada")).await.unwrap().len(), 3);
    assert_eq!(store.meta("colour").await.unwrap().as_deref(), Some("paper"));
    assert!(store.revocation("ff").await.unwrap().is_some());
}
