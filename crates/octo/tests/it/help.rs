//! What the command line says about itself, and the three exit codes.

use expect_test::{Expect, expect_file};

use crate::process::octo;

fn check(commands: &[&str], expected: expect_test::ExpectFile) {
    let mut text = String::new();
    for command in commands {
        let mut words: Vec<&str> = command.split_whitespace().collect();
        words.push("--help");
        let ended = octo(&words);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "octo {command} --help");
        text.push_str(&format!("$ octo {}\n", words.join(" ")));
        text.extend(ended.out.lines().map(|line| format!("{}\n", line.trim_end())));
        text.push('\n');
    }
    expected.assert_eq(&text);
}

#[test]
fn help_reads_as_it_was_last_read() {
    check(
        &[
            "",
            "serve",
            "sim",
            "napkin",
            "pack check",
            "pack item",
            "pack stats",
            "certificate verify",
            "certificate revoke",
            "certificate rotate",
            "tutor",
            "schema",
            "completions",
            "manual",
        ],
        expect_file!["help.txt"],
    );
}

fn said(args: &[&str], code: i32, expected: Expect) {
    let ended = octo(args);
    assert_eq!(ended.code, Some(code), "octo {args:?}: {ended:?}");
    expected.assert_eq(&format!("{}{}", ended.out, ended.err).replace(env!("CARGO_MANIFEST_DIR"), "CRATE"));
}

#[test]
fn an_estimate_ends_with_0_and_a_wrong_one_with_2() {
    use expect_test::expect;
    said(
        &["napkin", "40 million users * 20 reads/user/day -> reads/s"],
        0,
        expect![[r#"
        9,260 reads/s
    "#]],
    );
    said(
        &["napkin", "1 ms + 1 MB"],
        2,
        expect![[r#"
        octo: line 1, column 6: This adds an amount of data to a time. Bring both into one unit first, or multiply.
        octo: nothing was computed
    "#]],
    );
}

#[test]
fn asking_wrongly_ends_with_2_and_says_what_there_is() {
    use expect_test::expect;
    said(
        &["schema", "world"],
        2,
        expect![[r#"
        octo: There is no schema “world”; there is: design.
    "#]],
    );
    said(
        &["pack", "check", "no/such/folder"],
        2,
        expect![[r#"
        octo: There is no folder no/such/folder; name the folder that holds course.toml.
    "#]],
    );
    said(
        &["sim", "no-such-design.toml"],
        2,
        expect![[r#"
        octo: reading no-such-design.toml: No such file or directory (os error 2)
    "#]],
    );
    said(
        &["serve", "--public-url", "octo.example.org"],
        2,
        expect![[r#"
        octo: “octo.example.org” is not an address such as https://octo.example.org; paths are not supported.
    "#]],
    );
    for args in [["--listen", "nowhere"], ["--frobnicate", ""], ["fly", ""], ["sim", ""]] {
        let ended = octo(&args.iter().copied().filter(|word| !word.is_empty()).collect::<Vec<_>>());
        assert_eq!(ended.code, Some(2), "{args:?}");
        assert!(ended.err.contains("Usage:") || ended.err.contains("--help"), "{args:?}: {}", ended.err);
    }
}

#[test]
fn shells_get_completions_and_man_gets_pages() {
    for (shell, part) in [
        ("bash", "complete -F _octo"),
        ("zsh", "#compdef octo"),
        ("fish", "complete -c octo"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let ended = octo(&["completions", shell]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
        assert!(ended.out.contains(part) && ended.out.contains("replications"), "{shell}");
    }
    for (page, part) in
        [(vec![], ".TH octo 1"), (vec!["sim"], ".TH octo-sim 1"), (vec!["certificate", "verify"], ".TH octo-certificate-verify 1")]
    {
        let args: Vec<&str> = std::iter::once("manual").chain(page).collect();
        let ended = octo(&args);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
        assert!(ended.out.contains(part), "{args:?}: {}", ended.out);
    }
    use expect_test::expect;
    said(
        &["manual", "certificate", "fly"],
        2,
        expect![[r#"
        octo: There is no command “fly” here; there is: verify, revoke, rotate, help.
    "#]],
    );
}

#[test]
fn a_pack_with_a_problem_ends_with_1() {
    let empty = tempfile::tempdir().unwrap();
    let ended = octo(&["pack", "check", empty.path().to_str().unwrap()]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("course.toml: This file is missing."), "{}", ended.out);
}

#[test]
fn the_published_schema_is_the_one_in_the_documents() {
    let ended = octo(&["schema", "design"]);
    assert_eq!(ended.code, Some(0));
    expect_file!["../../../../docs/design.schema.json"].assert_eq(&ended.out);
}
