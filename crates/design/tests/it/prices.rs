//! What things cost, and that nothing is priced without a source.

use design::{catalogue::prices::LISTS, price_of};
use expect_test::{Expect, expect};

use crate::{SHOP, document};

fn check(web: &str, prices: &str, expected: Expect) {
    let text = SHOP.replace("replicas = 3", web).replace("[workload]", &format!("[prices]\n{prices}\n[workload]"));
    let price = price_of(&document(&text), "web");
    expected.assert_eq(&price.map_or("not priced".into(), |price| format!("{price} ({})", price.source.as_deref().unwrap_or("no source"))));
}

const LIST: &str = "list = \"aws us-east-1 2026-10\"";

#[test]
fn a_size_of_the_list_has_its_price_with_source_and_date() {
    check("size = \"m7i.xlarge\"", LIST, expect!["0.2016 USD/h (AWS EC2 on-demand list, us-east-1, 2026-10)"]);
}

#[test]
fn without_a_list_or_a_size_nothing_is_priced() {
    check("size = \"m7i.xlarge\"", "", expect!["not priced"]);
    check("replicas = 3", LIST, expect!["not priced"]);
    check("size = \"m7i.huge\"", LIST, expect!["not priced"]);
}

#[test]
fn an_own_price_comes_before_the_list() {
    check(
        "size = \"m7i.xlarge\"",
        &format!("{LIST}\nown = {{ web = {{ price = \"0.15 USD/h\", source = \"our contract\" }} }}"),
        expect!["0.15 USD/h (our contract)"],
    );
}

#[test]
fn three_m7i_xlarge_for_a_month_cost_441_dollars_and_a_half() {
    let price = price_of(
        &document(&SHOP.replace("replicas = 3", "size = \"m7i.xlarge\"").replace("[workload]", &format!("[prices]\n{LIST}\n[workload]"))),
        "web",
    )
    .unwrap();
    assert_eq!(units::Money(price.amount.0 * 3 * 730).to_string(), "441.504 USD");
}

#[test]
fn every_listed_price_has_a_name_a_source_and_a_date_of_its_own() {
    for list in LISTS {
        let names: std::collections::BTreeSet<_> = list.items.iter().map(|item| item.name).collect();
        assert_eq!(names.len(), list.items.len());
        assert!(list.items.iter().all(|item| item.amount > units::Money::ZERO && !item.source.is_empty() && !item.as_of.is_empty()));
    }
}
