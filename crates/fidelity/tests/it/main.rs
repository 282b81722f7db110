//! The checks in their quick form, one test each, and what the files and their bands may say.

mod bands;
mod breaks;
mod explain;
mod files;
mod pages;
mod rows;

use fidelity::{Form, folder, read, read_folder};

/// Fails with what is off and how to see it again.
fn holds(id: &str) {
    let file = format!("{id}.toml");
    let text = std::fs::read_to_string(folder().join(&file)).expect("a file for each check");
    let (check, problems) = read(&file, &text);
    assert!(problems.is_empty(), "\n{}\n", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    let check = check.expect("a check without problems");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let rows = fidelity::run(&check, Form::Quick, threads);
    let off: Vec<String> =
        rows.iter().filter(|row| !row.verdict.is_good()).map(|row| format!("{}: {}", row.verdict.name(), row.sentence())).collect();
    assert!(
        off.is_empty(),
        "\n{id}: {}\n{}\nTo see it again: cargo run --release -p fidelity -- --only {id}\n",
        check.title,
        off.join("\n")
    );
}

macro_rules! checks {
    ($($id:ident)*) => {
        const IDS: &[&str] = &[$(stringify!($id)),*];

        #[allow(non_snake_case)]
        mod quick {
            $(#[test]
            fn $id() {
                super::holds(stringify!($id));
            })*
        }
    };
}

checks! {
    D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11 D12 D13 D14 D15 D16 D17 D18 D19 D20 D21 D22 D23 D24 D25 D26 D27 D28 D29 D30
    D31 D32 D33 D34 D35 D36 D37 D38 D39 D40 D41 D42 D43 D44 D45 D46 D47 D48 D49 D50 D51 D52 D53 D54 D55 D56 D57 D58 D59 D60
    D61 D62 D63 D64 D65 D66 D67 D68 D69 D70 D71 D72 D73 D74 D75 D76 D77 D78 D79 D80 D81 D82 D83 D84 D85 D86 D87 D88 D89 D90
    D91 D92 D93 D94 D95 D96 D97 D98 D99 D100 D101 D102 D103 D104
}

#[test]
fn every_file_of_the_folder_has_a_test() {
    let (checks, _) = read_folder(&folder()).expect("the folder can be read");
    let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids, IDS);
}
