//! One design that uses every part of the language, as a person would write it.

use std::collections::BTreeSet;

use design::catalogue::{self, CLASS, DATA, KINDS, LINK};
use design::{Document, Format, read, resolve, to_json, to_toml};
use expect_test::expect;

use crate::told;

const TEXT: &str = include_str!("everything.toml");

pub(crate) fn everything() -> Document {
    read(TEXT, Format::Toml).document
}

#[test]
fn it_is_right_and_can_be_run() {
    let loaded = read(TEXT, Format::Toml);
    expect![""].assert_eq(&told(&loaded.problems));
    assert!(resolve(&loaded.document).is_ok());
}

#[test]
fn it_uses_every_kind_and_every_word() {
    let document = everything();
    let mut missing = BTreeSet::new();
    for kind in KINDS {
        let written: Vec<_> = document.components.values().filter(|component| component.kind == kind.name).collect();
        if written.is_empty() {
            missing.insert(kind.name.to_owned());
        }
    }
    let components: BTreeSet<&str> =
        document.components.values().flat_map(|component| component.settings.keys().map(String::as_str)).collect();
    let all = KINDS.iter().flat_map(catalogue::Kind::words).filter(|word| !components.contains(word.key));
    missing.extend(all.map(|word| word.key.to_owned()));
    let links: BTreeSet<&str> = document.links.values().flat_map(|link| link.settings.keys().map(String::as_str)).collect();
    let classes: BTreeSet<&str> = document.workload.classes.values().flat_map(|class| class.settings.keys().map(String::as_str)).collect();
    let data: BTreeSet<&str> = document.data.values().flat_map(|data| data.settings.keys().map(String::as_str)).collect();
    for (words, written) in [(LINK, &links), (CLASS, &classes), (DATA, &data)] {
        missing.extend(words.iter().filter(|word| !written.contains(word.key)).map(|word| word.key.to_owned()));
    }
    expect![""].assert_eq(&missing.into_iter().collect::<Vec<_>>().join(", "));
}

#[test]
fn it_is_the_same_in_every_form() {
    let document = everything();
    assert_eq!(read(&to_toml(&document), Format::Toml).document, document);
    assert_eq!(read(&to_json(&document).to_string(), Format::Json).document, document);
    let resolved = resolve(&document).unwrap();
    assert_eq!(resolve(resolved.document()).unwrap(), resolved);
    assert_eq!(read(&to_json(resolved.document()).to_string(), Format::Json).document, resolved.into_document());
}

#[test]
fn its_canonical_form_has_objects_and_base_units() {
    let json = to_json(&everything());
    let parts = [
        &json["components"]["web"]["time"],
        &json["components"]["web"]["shed"],
        &json["components"]["db"]["time"],
        &json["components"]["lb"]["weights"],
        &json["links"]["web -> db"]["retry"],
        &json["workload"]["arrivals"],
        &json["workload"]["follow"]["keys"],
        &json["network"],
        &json["traces"],
        &json["faults"],
    ];
    let shown: String = parts.iter().map(|part| format!("{part}\n")).collect();
    expect![[r#"
        {"dist":"mixture","first":{"dist":"exp","mean":"2000000 ns"},"second":{"dist":"plus","fixed":"5000000 ns","random":{"dist":"pareto","least":"1000000 ns","shape":"2500000000e-9"}},"share":"900000000e-9"}
        {"interval":"100000000 ns","shed":"codel","target":"5000000 ns"}
        {"dist":"quantiles","points":[["0e-9","1000000 ns"],["500000000e-9","2000000 ns"],["990000000e-9","10000000 ns"],["1000000000e-9","40000000 ns"]]}
        [3,1]
        {"attempts":3,"backoff":{"backoff":"full jitter","base":"20000000 ns","cap":"1000000000 ns"},"budget":"100000000e-9"}
        {"arrivals":"flash","at":"300000000000 ns","base":"200000000000e-9/s","half_life":"1200000000000 ns","peak":"600000000000e-9/s","rise":"180000000000 ns"}
        {"exponent":"990000000e-9","hot":{"hot":"keys","keys":100,"moves":"60000000000 ns","share":"300000000e-9"},"keys":"zipf"}
        {"eu-west -- us-east":"78000000 ns","regions":"80000000 ns","zones":"1000000 ns"}
        {"launch":[["500000000 ns",7],["750000000 ns"],["2000000000 ns",9]]}
        [{"at":"360000000000 ns","lasts":"10000000000 ns","what":{"component":"edge","fault":"flush"}},{"at":"0 ns","every":{"dist":"exp","mean":"600000000000 ns"},"lasts":{"dist":"exp","mean":"60000000000 ns"},"what":{"fault":"crash","target":"web.2"}},{"at":"600000000000 ns","lasts":"60000000000 ns","what":{"fault":"cut both","from":"web","to":"db"}},{"at":"720000000000 ns","what":{"class":"follow","factor":"2000000000e-9","fault":"load"}}]
    "#]].assert_eq(&shown);
}

#[test]
fn what_is_resolved_is_said_for_every_class() {
    let resolved = to_toml(&resolve(&everything()).unwrap());
    let workload = resolved.split("[workload]\n").nth(1).unwrap().split("\n\n[[faults]]").next().unwrap();
    expect![[r#"
        arrivals = "flash 200/s..600/s in 3 min, half-life 20 min, at 5 min"
        lasts    = "30 min"
        warmup   = "5 %"
        create   = { from = "users", share = "10 %", keys = "fresh of 50000000", priority = 1, request = "0 B", response = "0 B" }
        follow   = { from = "users", share = "90 %", keys = "zipf 0.99 of 50000000; hot 30 % on 100 keys, moves every 1 min", priority = 0, deadline = "2 s", sessions = 1000, request = "1 kB", response = "20 kB" }
        replay   = { from = "users", arrivals = "trace launch", request = "0 B", response = "0 B" }
        tidy     = { from = "cron", arrivals = "constant 0.016666667/s", keys = "uniform of 50000000", operation = "sweep", request = "0 B", response = "0 B" }

        [traces]
        launch = """
        0.5,7
        0.75
        2,9
        """"#]].assert_eq(workload);
}
