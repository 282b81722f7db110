//! The published schema follows the catalogue.

use design::catalogue::KINDS;
use expect_test::expect_file;

#[test]
fn the_published_schema_is_fresh() {
    let text = format!("{}\n", serde_json::to_string_pretty(&design::schema()).unwrap());
    expect_file!["../../../../docs/design.schema.json"].assert_eq(&text);
}

#[test]
fn the_schema_knows_every_word_of_every_kind() {
    let schema = design::schema();
    for kind in KINDS {
        for word in kind.words() {
            let property = &schema["$defs"][kind.name]["properties"][word.key];
            assert_eq!(property["description"], word.doc, "{}.{}", kind.name, word.key);
        }
    }
}
