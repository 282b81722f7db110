//! The sketch of the whole language: all of it is understood, and runs.

use design::{Format, read, resolve, to_json, to_toml};
use expect_test::expect;

use crate::told;

#[test]
fn the_sketch_is_understood() {
    let loaded = read(include_str!("sketch.toml"), Format::Guess);
    expect![[r#"
        42:1 Note prices.list: No price list is called “a dated list”, so nothing is priced by it. Known: aws us-east-1 2026-10.
    "#]]
    .assert_eq(&told(&loaded.problems));
    assert!(resolve(&loaded.document).is_ok());
}

#[test]
fn the_sketch_is_printed_as_it_might_have_been_written() {
    let document = read(include_str!("sketch.toml"), Format::Toml).document;
    expect![[r#"
        octo  = 1
        title = "Short links on launch day"

        [components]
        cache  = { kind = "cache", memory = "2 GiB", evict = "lru", ttl = "10 min", time = "400 us" }
        clicks = { kind = "log", partitions = 6 }
        db     = { kind = "relational", workers = 40, time = "lognormal 6 ms scv 2", followers = { count = 1, lag = "exp 80 ms" } }
        lb     = { kind = "balancer", policy = "two choices" }
        users  = { kind = "clients", region = "us-east" }
        web    = { kind = "service", replicas = 3, zones = ["us-east-a", "us-east-b"], workers = 16, time = "exp 4 ms", queue = 200 }

        [links]
        "users -> lb" = { rtt = "40 ms", jitter = "5 ms", reuse = "80 %" }
        "web -> db"   = { timeout = "200 ms", retry = { attempts = 2, backoff = "full jitter 20 ms..1 s", budget = "10 %" } }

        [data]
        link = { key = "code", rows = 50000000, row = "220 B", home = "db" }

        [calls]
        create = "lb > web > db insert link once"
        follow = """
        lb > web
          cache get link
            miss: db read link; cache put link
          async: clicks append link
        """

        [workload]
        lasts  = "30 min"
        create = { from = "users", arrivals = "poisson 5/s", keys = "fresh" }
        follow = { from = "users", arrivals = "flash 200/s..600/s in 3 min, half-life 20 min", keys = "zipf 1; hot 30 %" }

        [[faults]]
        at    = "6 min"
        lasts = "10 s"
        what  = "flush cache"

        [require]
        budget = "cost < 400 USD/month"
        fast   = "follow p99 < 100 ms"
        kept   = "link: no lost write"
        up     = "follow good >= 99.9 %"

        [envelope]
        rate   = "x0.1..x3"
        faults = { lasts = "..2 min", any = ["crash 1", "flush", "slow x10"], at_once = 1 }

        [prices]
        list = "a dated list"

        [layout]
        web = [420, 160]
    "#]]
    .assert_eq(&to_toml(&document));
}

#[test]
fn the_sketch_is_the_same_document_in_toml_and_in_json() {
    let document = read(include_str!("sketch.toml"), Format::Toml).document;
    assert_eq!(read(&to_toml(&document), Format::Toml).document, document);
    assert_eq!(read(&to_json(&document).to_string(), Format::Guess).document, document);
}
