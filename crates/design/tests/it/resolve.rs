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
            .map(|(name, kind)| (name, kind, if kind == "limiter" { ", rate = \"1/s\"" } else { "" }))
            .map(|(name, kind, more)| format!("{name} = {{ kind = \"{kind}\"{more} }}\n"))
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
            cache = { kind = "cache", replicas = 1, hits = "80 %", evict = "lru", renew = false, coalesce = false, workers = "unlimited", time = "500 us", queue = "unlimited", order = "fifo", holds = true, failures = "0 %" }
            db    = { kind = "relational", replicas = 1, workers = 40, time = "exp 5 ms", commit = "0 s", locks = false, queue = "unlimited", order = "fifo", holds = true, failures = "0 %" }
            lb    = { kind = "balancer", replicas = 1, policy = "two choices", vnodes = 100, bound = "25 %", stale = "0 s", sticky = false, workers = "unlimited", time = "0 s", queue = "unlimited", order = "fifo", holds = true, failures = "0 %" }
            users = { kind = "clients" }
            web   = { kind = "service", replicas = 3, workers = 16, time = "exp 4 ms", serial = "0 %", coherency = "0 %", idle = "0 s", queue = 200, order = "fifo", holds = true, failures = "0 %" }

            [links]
            "lb -> web"    = { rtt = "0 s", jitter = "0 s", reuse = "100 %", tls = "none", dns = "0 s", bandwidth = "unlimited", slow_start = false, packet_loss = "0 %", loss = "0 %", cancel = false, hedges = 1 }
            "users -> lb"  = { rtt = "40 ms", jitter = "0 s", reuse = "80 %", tls = "1.3", dns = "0 s", bandwidth = "unlimited", slow_start = false, packet_loss = "0 %", loss = "0 %", cancel = false, hedges = 1 }
            "web -> cache" = { rtt = "0 s", jitter = "0 s", reuse = "100 %", tls = "none", dns = "0 s", bandwidth = "unlimited", slow_start = false, packet_loss = "0 %", loss = "0 %", cancel = false, hedges = 1 }
            "web -> db"    = { rtt = "500 us", jitter = "0 s", reuse = "100 %", tls = "none", dns = "0 s", bandwidth = "unlimited", slow_start = false, packet_loss = "0 %", loss = "0 %", cancel = false, hedges = 1 }

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
fn what_stands_before_the_services_forwards() {
    check_plan(
        "names:dns edge:cdn door:gateway limit:limiter lb:balancer web:service",
        &["users -> edge", "edge -> door", "door -> limit", "limit -> lb", "lb -> web"],
        expect![[r#"
            x = "edge > door > limit > lb > web"
        "#]],
    );
}

#[test]
fn a_cache_with_an_arrow_of_its_own_asks_by_itself() {
    check_plan(
        "web:service cache:cache db:relational",
        &["users -> web", "web -> cache", "cache -> db"],
        expect![[r#"
        x = "web > cache > db"
    "#]],
    );
    check_plan(
        "web:service near:cache far:cache db:relational",
        &["users -> web", "web -> near", "web -> far", "near -> db", "web -> db"],
        expect![[r#"
            x = """
            web
              far
                miss: db
              near > db
            """
        "#]],
    );
}

#[test]
fn an_arrow_out_of_a_log_or_a_queue_leads_to_its_consumer() {
    check_plan(
        "web:service clicks:log jobs:queue worker:service sums:columnar",
        &["users -> web", "web -> clicks", "web -> jobs", "jobs -> worker", "clicks -> sums"],
        expect![[r#"
            x = """
            web
              clicks > sums
              jobs > worker
            """
        "#]],
    );
    check_plan(
        "clicks:log a:service b:service",
        &["users -> clicks", "clicks -> a", "clicks -> b"],
        expect![[r#"
        Error workload.x: “clicks” forwards to a and b, and the arrows do not say when to which. Write under [calls] what class “x” does, as in x = "lb > web > db".
    "#]],
    );
}

#[test]
fn a_scheduler_sends_like_clients() {
    let text = SHOP.replace("users = { kind = \"clients\" }", "users = { kind = \"scheduler\" }");
    let resolved = resolve(&document(&text)).unwrap();
    assert_eq!(resolved.calls, resolve(&shop()).unwrap().calls);
}

#[test]
fn how_many_keys_there_are_is_always_said() {
    let text = |keys: &str, plan: &str| {
        SHOP.replace("90/s\" }", &format!("90/s\"{keys} }}"))
            .replace("[workload]", &format!("[data]\nlink = {{ rows = 5000 }}\nother = {{}}\n[calls]\nbuy = \"{plan}\"\n[workload]"))
    };
    let mut out = String::new();
    for (keys, plan) in [
        ("", "lb > web"),
        ("", "lb > web > db read link"),
        ("", "lb > web > db read other"),
        (", keys = \"zipf 1\"", "lb > web > db read link"),
        (", keys = \"zipf 1 of 70; hot 5 %\"", "lb > web > db read link"),
        (", keys = \"fresh\"", "lb > web"),
    ] {
        let resolved = resolve(&document(&text(keys, plan))).unwrap();
        let found = resolved.workload.classes["buy"].settings.get("keys");
        out.push_str(&format!("{keys} | {plan} | {found:?}\n"));
    }
    expect![[r#"
         | lb > web | None
         | lb > web > db read link | Some(Word("uniform of 5000"))
         | lb > web > db read other | Some(Word("uniform of 1000000"))
        , keys = "zipf 1" | lb > web > db read link | Some(Word("zipf 1 of 5000"))
        , keys = "zipf 1 of 70; hot 5 %" | lb > web > db read link | Some(Word("zipf 1 of 70; hot 5 %"))
        , keys = "fresh" | lb > web | Some(Word("fresh of 1000000"))
    "#]]
    .assert_eq(&out);
}

#[test]
fn hits_are_assumed_only_where_nothing_else_says_what_is_remembered() {
    let mut out = String::new();
    for cache in ["hits = \"80 %\"", "ttl = \"1 min\"", "entries = 100", "memory = \"1 GiB\""] {
        let text = SHOP.replace("hits = \"80 %\"", cache);
        let resolved = resolve(&document(&text)).unwrap();
        out.push_str(&format!("{cache}: {:?}\n", resolved.components["cache"].settings.get("hits")));
    }
    expect![[r#"
        hits = "80 %": Some(Share(Share(800000000)))
        ttl = "1 min": Some(Share(Share(900000000)))
        entries = 100: None
        memory = "1 GiB": None
    "#]]
    .assert_eq(&out);
}

#[test]
fn a_trace_that_nobody_replays_does_not_reach_a_run() {
    let text = format!("{SHOP}\n[traces]\nlaunch = \"1\"\n");
    assert_eq!(resolve(&document(&text)), resolve(&shop()));
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
    use design::catalogue::{CLASS, DATA, KINDS, LINK};
    for described in KINDS {
        let mut document = shop();
        let mut thing = design::Component { kind: described.name.into(), ..Default::default() };
        if described.name == "limiter" {
            thing.settings.insert("rate".into(), design::Setting::Rate(units::Rate::per_second(1)));
        }
        document.components.insert("thing".into(), thing.clone());
        for (word, default) in described.words().filter_map(|word| word.default.map(|default| (word, default))) {
            design::set(&mut document, &format!("thing.{}", word.key), default).unwrap();
        }
        let written = resolve(&document).unwrap();
        document.components.insert("thing".into(), thing);
        assert_eq!(written, resolve(&document).unwrap(), "{}", described.name);
    }
    let plain = document(&format!("{SHOP}[data]\nrow = {{}}\n"));
    let mut document = plain.clone();
    for (path, words) in [("web -> cache", LINK), ("workload.buy", CLASS), ("data.row", DATA)] {
        for (word, default) in words.iter().filter_map(|word| word.default.map(|default| (word, default))) {
            design::set(&mut document, &format!("{path}.{}", word.key), default).unwrap();
        }
    }
    assert_eq!(resolve(&document), resolve(&plain));
}

#[test]
fn every_default_inside_a_table_can_be_written_and_changes_nothing() {
    use design::catalogue::{KINDS, LINK, Takes};
    let kinds = KINDS.iter().flat_map(|kind| kind.words().map(|word| (kind.name, "thing", word)));
    for (kind, place, word) in kinds.chain(LINK.iter().map(|word| ("external", "web -> db", word))) {
        let Takes::Table(inner) = word.takes else { continue };
        let mut document = shop();
        document.components.insert("thing".into(), design::Component { kind: kind.into(), ..Default::default() });
        let path = format!("{place}.{}", word.key);
        design::set(&mut document, &path, "{}").unwrap();
        let unwritten = resolve(&document).unwrap();
        for (inner, default) in inner.iter().filter_map(|inner| inner.default.map(|default| (inner, default))) {
            design::set(&mut document, &format!("{path}.{}", inner.key), default).unwrap();
        }
        assert_eq!(resolve(&document).unwrap(), unwritten, "{kind} {path}");
    }
}

#[test]
fn every_kind_says_what_its_model_ignores() {
    for kind in design::catalogue::KINDS {
        assert!(!kind.ignores.is_empty(), "{}", kind.name);
    }
}
