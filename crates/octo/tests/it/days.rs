//! Bad days at the start: one sentence that names the place and what to do, and nothing damaged.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use expect_test::{Expect, expect};
use sqlx::Connection as _;
use tempfile::TempDir;

use crate::process::{Server, is_root, octo};

/// Starts a server that must not come up: exit code 2, and one sentence.
fn refused(data: &Path, more: &[&str], expected: Expect) {
    let mut args = vec!["serve", "--no-browser", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    args.extend(more);
    let ended = octo(&args);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
    let shown = ended.err.replace(&data.display().to_string(), "FOLDER");
    expected.assert_eq(&shown);
}

/// A folder in which Octo has lived: a record and a key.
fn lived_in() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    Server::start(data.path(), &[]).kill();
    data
}

#[test]
fn a_port_in_use_is_named() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let ended = octo(&["--no-browser", "--listen", &listen, "--data", data.path().to_str().unwrap()]);
    assert_eq!(ended.code, Some(2));
    expect![
        "octo: The address 127.0.0.1:PORT is in use, perhaps by another Octo; stop that one, or choose another with --listen 127.0.0.1:0.\n"
    ]
    .assert_eq(&ended.err.replace(&port.to_string(), "PORT"));
}

#[test]
fn a_data_folder_in_use_is_named_and_free_after_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let first = Server::start(data.path(), &[]);
    refused(
        data.path(),
        &[],
        expect!["octo: Another Octo is using the data folder FOLDER; stop that one, or give this one a folder of its own.\n"],
    );
    first.kill();
    Server::start(data.path(), &[]).kill();
}

#[test]
fn a_database_of_a_newer_octo_is_left_alone() {
    let data = lived_in();
    let file = data.path().join("octo.db");
    let later =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'later', true, x'', 0)";
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        sqlx::query(later).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
    let before = fs::read(&file).unwrap();
    refused(
        data.path(),
        &[],
        expect![
            "octo: The database was written by a newer Octo (migration 9999); start that version, or restore a backup from before it.\n"
        ],
    );
    assert!(fs::read(&file).unwrap() == before, "nothing was written");
}

#[test]
fn a_database_that_is_none_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("octo.db"), "this is a letter to my aunt, not a database".repeat(100)).unwrap();
    refused(
        data.path(),
        &[],
        expect![[r#"
        octo: The database is damaged (file is not a database); stop Octo, keep a copy of the database, and restore a backup.
    "#]],
    );
    assert!(fs::read_to_string(data.path().join("octo.db")).unwrap().starts_with("this is a letter"));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let data = lived_in();
    let key = data.path().join("keys.toml");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600, "the key belongs to its owner alone");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    refused(
        data.path(),
        &[],
        expect![[r#"
        octo: The key file FOLDER/keys.toml can be read by others (mode 644); run chmod 600 on it.
    "#]],
    );
}

#[test]
fn a_damaged_key_is_named_and_never_quoted() {
    let data = lived_in();
    let key = data.path().join("keys.toml");
    for (damage, expected) in [
        (
            "active = \"first\"\nsecret-word\n",
            expect![[r#"
            octo: reading FOLDER/keys.toml: The key file cannot be read at line 2. Restore it from the backup; its shape is: active = "KID", then for each key [[key]] with kid, secret and (unless active) not_after.
        "#]],
        ),
        (
            "active = \"first\"\n[[key]]\nkid = \"first\"\nsecret = \"secret-word\"\n",
            expect![[r#"
            octo: reading FOLDER/keys.toml: The secret of key "first" is not 32 bytes in base64url (43 characters). Restore the key file from the backup.
        "#]],
        ),
    ] {
        fs::write(&key, damage).unwrap();
        refused(data.path(), &[], expected);
        let ended = octo(&["certificate", "rotate", "--data", data.path().to_str().unwrap()]);
        assert!(ended.code == Some(2) && !ended.err.contains("secret-word"), "{ended:?}");
        assert_eq!(fs::read_to_string(&key).unwrap(), damage, "the file stays as it was");
    }
    fs::write(&key, [0xff, 0xfe, 0x00]).unwrap();
    refused(
        data.path(),
        &[],
        expect![[r#"
            octo: The key file FOLDER/keys.toml is not text; restore it from the backup.
        "#]],
    );
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let data = tempfile::tempdir().unwrap();
    if is_root(data.path()) {
        // Root may write anywhere, so a file stands in the way instead.
        let file = data.path().join("file");
        fs::write(&file, "").unwrap();
        refused(
            &file.join("octo"),
            &[],
            expect![[r#"
            octo: making the data folder FOLDER; choose another with --data: Not a directory (os error 20)
        "#]],
        );
        return;
    }
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o500)).unwrap();
    refused(
        data.path(),
        &[],
        expect![
            "octo: The database may not be written while opening it; give Octo's user the right to write its file and folder, or its tables.\n"
        ],
    );
}

#[test]
fn a_store_address_that_leads_nowhere_says_so_without_the_password() {
    let data = tempfile::tempdir().unwrap();
    refused(
        data.path(),
        &["--store", "mysql://localhost/octo"],
        expect![[r#"
        octo: The database address cannot be used because it starts with neither sqlite: nor postgres:; give sqlite:PATH or postgres://USER@HOST/NAME.
    "#]],
    );
    refused(
        data.path(),
        &["--store", "postgres://octo:secret-word@127.0.0.1:1/octo"],
        expect![[r#"
            octo: The database could not be reached while opening it; check that it runs and can be opened by Octo's user, then try again.
        "#]],
    );
}

#[test]
fn a_pack_that_cannot_be_taught_is_refused_before_anything_is_made() {
    let data = tempfile::tempdir().unwrap();
    let pack = tempfile::tempdir().unwrap();
    let folder = data.path().join("fresh");
    let skills = "[[skills]]\nid = \"a.b\"\ntitle = \"A\"\nchapter = \"a\"\nneeds = [\"a.c\"]\ndifficulty = 0\nminutes = 1\nrun = \"\"\ntrap = \"\"\n[[skills]]\nid = \"a.c\"\ntitle = \"B\"\nchapter = \"a\"\nneeds = [\"a.b\"]\ndifficulty = 0\nminutes = 1\nrun = \"\"\ntrap = \"\"\n";
    fs::write(pack.path().join("skills.toml"), skills).unwrap();
    let ended = octo(&["serve", "--no-browser", "--pack", pack.path().to_str().unwrap(), "--data", folder.to_str().unwrap()]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("This pack cannot be taught: ") && ended.err.contains("a.b"), "{}", ended.err);
    assert!(!folder.exists());
}
