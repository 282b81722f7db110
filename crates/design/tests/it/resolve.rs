//! What a run is made of: every default, every link, every plan.

use design::{resolve, to_toml};
use expect_test::{Expect, expect};

use crate::{SHOP, document, shop, told};

fn check(text: &str, expected: Expect) {
    let out = match resolve(&document(text)) {
        Ok(resolved) => to_toml(&resolved),
        Err(problems) => told(&problems),
    };
    expected.assert_eq(&out);
}

/// Only the plan that the arrows give.
fn check_plan(components: &str, links: &[&str], expected: Expect) {
    let links: String = links.iter().map(|link| format!("\"{link}\" = {{}}\n")).collect();
    let text = format!(
        "octo = 1\n[workload]\nx = {{ from = \"users\", arrivals = \"poisson 1/s\" }}\n[links]\n{links}[components]\nusers = {{ kind = \"clients\" }}\n{}",
        components
            .split_whitespace()
            .map(|part| part.split_once(':').unwrap())
            .map(|(name, kind)| format!("{name} = {{ kind = \"{kind}\" }}\n"))
            .collect::<String>()
    );
    let resolved = resolve(&design::read(&text, design::Format::Toml).document);
    let out = match resolved {
        Ok(resolved) => to_toml(&resolved).split("[calls]\n").nth(1).unwrap().split("\n[workload]").next().unwrap().to_owned(),
        Err(problems) => told(&problems),
    };
    expected.assert_eq(&out);
}

#[test]
fn a_resolved_shop_says_everything() {
    check(
        SHOP,
        expect![[r#"
        octo  = 1
        title = "A shop"

        [components]
        cache = { kind = "cache", replicas = 1, hits = "80 %", workers = "unlimited", time = "500 us", queue = "unlimited", order = "fifo", holds = true }
        db    = { kind = "relational", replicas = 1, workers = 40, time = "exp 5 ms", queue = "unlimited", order = "fifo", holds = true }
        lb    = { kind = "balancer", replicas = 1, policy = "two choices", workers = "unlimited", time = "0 s", queue = "unlimited", order = "fifo", holds = true }
        users = { kind = "clients" }
        web   = { kind = "service", replicas = 3, workers = 16, time = "exp 4 ms", queue = 200, order = "fifo", holds = true }

        [links]
        "lb -> web"    = { rtt = "0 s", jitter = "0 s", reuse = "100 %", tls = "none", dns = "0 s", bandwidth = "unlimited", loss = "0 %" }
        "users -> lb"  = { rtt = "40 ms", jitter = "0 s", reuse = "80 %", tls = "1.3", dns = "0 s", bandwidth = "unlimited", loss = "0 %" }
        "web -> cache" = { rtt = "0 s", jitter = "0 s", reuse = "100 %", tls = "none", dns = "0 s", bandwidth = "unlimited", loss = "0 %" }
        "web -> db"    = { rtt = "500 us", jitter = "0 s", reuse = "100 %", tls = "none", dns = "0 s", bandwidth = "unlimited", loss = "0 %" }

        [calls]
        buy = """
        lb > web > cache
          miss: db
        """

        [workload]
        lasts  = "30 s"
        warmup = "5 %"
        buy    = { from = "users", arrivals = "poisson 90/s", request = "0 B", response = "0 B" }
    "#]],
    );
}

#[test]
fn resolving_twice_changes_nothing() {
    let once = resolve(&shop()).unwrap();
    assert_eq!(resolve(once.document()).unwrap(), once);
}

#[test]
fn layout_and_unknown_keys_do_not_reach_a_run() {
    let text = format!("{SHOP}\n[layout]\nweb = [1, 2]\n[mood]\ngood = true\n");
    assert_eq!(resolve(&document(&text)), resolve(&shop()));
}

#[test]
fn a_plan_for_a_class_that_is_not_sent_does_not_reach_a_run() {
    let text = SHOP.replace("[workload]", "[calls]\nsell = \"lb > web\"\n[workload]");
    assert_eq!(resolve(&document(&text)), resolve(&shop()));
}

#[test]
fn a_design_without_a_workload_can_be_read_and_not_run() {
    check(
        SHOP.split("[workload]").next().unwrap(),
        expect![[r#"
        Error workload: Nothing is sent: the workload has no class. Add one under [workload], as in buy = { from = "users", arrivals = "poisson 90/s" }.
    "#]],
    );
}

#[test]
fn a_call_without_an_arrow_gets_one() {
    let text = SHOP.replace("\"lb -> web\"    = {}\n", "").replace("[workload]", "[calls]\nbuy = \"lb > web > cache\"\n[workload]");
    let resolved = resolve(&document(&text)).unwrap();
    let links: Vec<String> = resolved.links.keys().map(ToString::to_string).collect();
    expect![[r#"
        lb -> web
        users -> lb
        web -> cache
        web -> db"#]]
    .assert_eq(&links.join("\n"));
}

#[test]
fn a_service_calls_its_targets_in_name_order() {
    check_plan(
        "web:service b:external a:service d:relational",
        &["users -> web", "web -> b", "web -> d", "web -> a"],
        expect![[r#"
        x = """
        web
          a
          b
          d
        """
    "#]],
    );
}

#[test]
fn a_store_is_asked_when_the_cache_misses() {
    check_plan(
        "web:service cache:cache db:relational kv:keyvalue",
        &["users -> web", "web -> db", "web -> kv", "web -> cache"],
        expect![[r#"
        x = """
        web > cache
          miss: db; kv
        """
    "#]],
    );
}

#[test]
fn a_second_cache_is_asked_when_the_first_misses() {
    check_plan(
        "web:service near:cache far:cache db:relational",
        &["users -> web", "web -> db", "web -> near", "web -> far"],
        expect![[r#"
        x = """
        web > far
          miss:
            near
              miss: db
        """
    "#]],
    );
}

#[test]
fn caches_without_a_store_are_all_asked() {
    check_plan(
        "web:service near:cache far:cache",
        &["users -> web", "web -> near", "web -> far"],
        expect![[r#"
        x = """
        web
          far
          near
        """
    "#]],
    );
}

#[test]
fn two_ways_to_one_component_are_two_calls() {
    check_plan(
        "web:service a:service b:service db:relational",
        &["users -> web", "web -> a", "web -> b", "a -> db", "b -> db"],
        expect![[r#"
        x = """
        web
          a > db
          b > db
        """
    "#]],
    );
}

#[test]
fn every_default_of_the_catalogue_can_be_written_and_changes_nothing() {
    use design::catalogue::{CLASS, KINDS, LINK, kind};
    for described in KINDS {
        let mut document = shop();
        document.components.insert("thing".into(), design::Component { kind: described.name.into(), ..Default::default() });
        for (word, default) in described.words().filter_map(|word| word.default.map(|default| (word, default))) {
            design::set(&mut document, &format!("thing.{}", word.key), default).unwrap();
        }
        let unwritten = design::Component { kind: described.name.into(), ..Default::default() };
        let written = resolve(&document);
        document.components.insert("thing".into(), unwritten);
        assert_eq!(written.is_ok(), kind(described.name).unwrap().runs, "{}", described.name);
        assert_eq!(written.ok(), resolve(&document).ok(), "{}", described.name);
    }
    let mut document = shop();
    for (path, words) in [("web -> cache", LINK), ("workload.buy", CLASS)] {
        for (word, default) in words.iter().filter_map(|word| word.default.map(|default| (word, default))) {
            design::set(&mut document, &format!("{path}.{}", word.key), default).unwrap();
        }
    }
    assert_eq!(resolve(&document), resolve(&shop()));
}

#[test]
fn every_kind_that_runs_says_what_its_model_ignores() {
    for kind in design::catalogue::KINDS {
        assert_eq!(kind.runs, !kind.ignores.is_empty(), "{}", kind.name);
    }
}
