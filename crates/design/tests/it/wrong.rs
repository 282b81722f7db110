//! Wrong documents and what their author is told. One test per way of being wrong.

use design::{Format, read};
use expect_test::{Expect, expect};

use crate::{SHOP, told};

/// The shop with one text in place of another.
fn check(right: &str, wrong: &str, expected: Expect) {
    assert!(SHOP.contains(right), "the shop has no {right}");
    check_text(&SHOP.replacen(right, wrong, 1), expected);
}

fn check_text(text: &str, expected: Expect) {
    expected.assert_eq(&told(&read(text, Format::Guess).problems));
}

const WEB: &str = r#"replicas = 3, workers = 16, queue = 200, time = "exp 4 ms""#;
const BUY: &str = r#"from = "users", arrivals = "poisson 90/s""#;
const END: &str = "lasts = \"30 s\"\n";

macro_rules! wrong {
    ($($name:ident: $right:expr => $wrong:expr, $expected:expr;)*) => {
        $(#[test] fn $name() { check($right, $wrong, $expected); })*
    };
}

wrong! {
    a_right_document_has_no_problems: "A shop" => "A shop", expect![[r#""#]];
    a_document_without_octo: "octo  = 1" => "", expect![[r#"
        1:1 Note octo: The meaning of the words is not stated. Begin with octo = 1.
    "#]];
    a_document_from_the_future: "octo  = 1" => "octo = 2", expect![[r#"
        2:1 Error octo: This document is written for octo = 2; this version reads octo = 1. Use a newer Octo, or write octo = 1.
    "#]];
    octo_is_a_text: "octo  = 1" => "octo = \"1\"", expect![[r#"
        2:8 Error octo: octo is a text, but a whole number is needed. Write octo = 1.
    "#]];
    a_title_with_control_characters: "\"A shop\"" => r#""A\u0007shop""#, expect![[r#"
        3:9 Error title: This text is too long, or has control characters. Write one line of at most 200 characters.
    "#]];
    a_section_that_is_misspelt: "[workload]" => "[worklod]", expect![[r#"
        18:2 Note worklod: “worklod” is not a key that is known here. Did you mean “workload”?
    "#]];
    a_section_that_is_not_a_table: "octo  = 1" => "octo = 1\ndata = 3", expect![[r#"
        3:8 Error data: This is a number, but a table is needed. Write it as in { key = "value" }.
    "#]];
    a_component_without_a_kind: "kind = \"service\", " => "", expect![[r#"
        10:1 Error components.web.kind: This component does not say what kind it is. Write kind = "service", or another kind of the catalogue.
    "#]];
    a_kind_that_is_misspelt: "\"service\"" => "\"servise\"", expect![[r#"
        10:18 Error components.web.kind: “servise” is not a kind of component. Did you mean “service”?
    "#]];
    a_kind_that_is_a_product: "\"relational\"" => "\"postgresql\"", expect![[r#"
        7:18 Error components.db.kind: “postgresql” is not a kind of component. Write kind = "relational".
    "#]];
    a_name_with_html: "users = {" => "\"<b>users</b>\" = {", expect![[r#"
        9:1 Error components."<b>users</b>": “<b>users</b>” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
        14:1 Error links.users -> lb: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
        20:18 Error workload.buy.from: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
    "#]];
    a_name_with_sql: "users = {" => "\"users'; DROP TABLE runs; --\" = {", expect![[r#"
        9:1 Error components."users'; DROP TABLE runs; --": “users'; DROP TABLE runs; --” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
        14:1 Error links.users -> lb: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
        20:18 Error workload.buy.from: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
    "#]];
    a_name_that_is_a_path: "users = {" => "\"../../etc/passwd\" = {", expect![[r#"
        9:1 Error components."../../etc/passwd": “../../etc/passwd” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
        14:1 Error links.users -> lb: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
        20:18 Error workload.buy.from: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
    "#]];
    a_name_of_65_letters: "users = {" => &format!("{} = {{", "u".repeat(65)), expect![[r#"
        9:1 Error components.uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu: “uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu…” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
        14:1 Error links.users -> lb: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
        20:18 Error workload.buy.from: No component is called “users”. Add users = { kind = "service" } under [components], or correct the name.
    "#]];
    a_setting_that_is_misspelt: "replicas = 3" => "replcias = 3", expect![[r#"
        10:29 Error components.web.replcias: “replcias” is not a key that is known here. Did you mean “replicas”?
    "#]];
    a_setting_of_another_kind: "replicas = 3" => "pool = 3", expect![[r#"
        10:29 Error components.web.pool: “pool” is not a key that is known here. Correct it, or take it out; it is kept, but nothing heeds it.
    "#]];
    a_setting_written_twice_in_two_words: "pool = 40" => "pool = 40, workers = 40", expect![[r#"
        7:43 Error components.db.workers: “workers” and “pool” say the same here. Take one of them out.
    "#]];
    no_replicas: "replicas = 3" => "replicas = 0", expect![[r#"
        10:40 Error components.web.replicas: 0 is out of range. Write a whole number from 1 to 10000.
    "#]];
    half_a_replica: "replicas = 3" => "replicas = 2.5", expect![[r#"
        10:40 Error components.web.replicas: “2.5” should be a whole number without a unit. Write it as in “200”.
    "#]];
    more_replicas_than_a_system_has: "replicas = 3" => "replicas = 1e9", expect![[r#"
        10:40 Error components.web.replicas: 1000000000 is out of range. Write a whole number from 1 to 10000.
    "#]];
    no_workers: "workers = 16" => "workers = 0", expect![[r#"
        10:53 Error components.web.workers: 0 is out of range. Write a whole number from 1 to 1000000.
    "#]];
    a_negative_queue: "queue = 200" => "queue = -1", expect![[r#"
        10:65 Error components.web.queue: “-1” is negative; only zero or more makes sense here.
    "#]];
    an_unlimited_queue_misspelt: "queue = 200" => "queue = \"infinite\"", expect![[r#"
        10:65 Error components.web.queue: “infinite” is not understood here. Write a whole number from 0 to 1000000000, or "unlimited".
    "#]];
    a_list_for_a_number: "queue = 200" => "queue = [200]", expect![[r#"
        10:65 Error components.web.queue: This is a list. Write a whole number from 0 to 1000000000, or "unlimited".
    "#]];
    a_time_without_a_unit: "\"exp 4 ms\"" => "4", expect![[r#"
        10:77 Error components.web.time: “4” has no unit. Write it as in “5 ms”.
    "#]];
    a_time_that_is_negative: "\"exp 4 ms\"" => "\"-4 ms\"", expect![[r#"
        10:77 Error components.web.time: “-4 ms” is negative; only zero or more makes sense here.
    "#]];
    a_time_in_an_unknown_unit: "\"exp 4 ms\"" => "\"exp 4 MS\"", expect![[r#"
        10:77 Error components.web.time: “MS” is not a unit known here. Did you mean “ms”?
    "#]];
    a_time_that_is_a_rate: "\"exp 4 ms\"" => "\"4 kB\"", expect![[r#"
        10:77 Error components.web.time: “4 kB” is an amount of data, but a time is needed. Write it as in “5 ms”.
    "#]];
    a_time_longer_than_a_day: "\"exp 4 ms\"" => "\"exp 3 weeks\"", expect![[r#"
        10:77 Error components.web.time: 21 d is longer than a day. Check the unit.
    "#]];
    a_distribution_that_is_misspelt: "\"exp 4 ms\"" => "\"lognorml 4 ms scv 2\"", expect![[r#"
        10:77 Error components.web.time: “lognorml” is not a distribution known here. Did you mean “lognormal”?
    "#]];
    a_distribution_by_its_long_name: "\"exp 4 ms\"" => "\"exponential 4 ms\"", expect![[r#"
        10:77 Error components.web.time: “exponential” is not a distribution known here. Write “exp”.
    "#]];
    a_distribution_that_is_not_complete: "\"exp 4 ms\"" => "\"lognormal 4 ms\"", expect![[r#"
        10:77 Error components.web.time: “lognormal 4 ms” is not complete. Write it as in “lognormal 6 ms scv 2”.
    "#]];
    a_mean_of_nothing: "\"exp 4 ms\"" => "\"exp 0 s\"", expect![[r#"
        10:77 Error components.web.time: A mean of 0 s leaves nothing to draw. Write “0 s” alone for no time at all.
    "#]];
    a_hyperexponential_that_varies_too_little: "\"exp 4 ms\"" => "\"hyper 4 ms scv 0.5\"", expect![[r#"
        10:77 Error components.web.time: An scv of 0.5 is out of range for hyper. Write at least 1 and at most 1000; exp has 1.
    "#]];
    a_uniform_the_wrong_way_round: "\"exp 4 ms\"" => "\"uniform 9 ms..4 ms\"", expect![[r#"
        10:77 Error components.web.time: “uniform 9 ms..4 ms” begins after its end. Write “uniform 4 ms..9 ms”.
    "#]];
    an_object_form_with_a_field_too_few: "\"exp 4 ms\"" => "{ dist = \"exp\" }", expect![[r#"
        10:77 Error components.web.time: “mean” is missing here. Add it: a time such as "5 ms".
    "#]];
    an_object_form_with_a_field_too_many: "\"exp 4 ms\"" => "{ dist = \"exp\", mean = \"4 ms\", maen = 1 }", expect![[r#"
        10:108 Error components.web.time.maen: “maen” is not a key that is known here. Did you mean “mean”?
    "#]];
    a_share_above_the_whole: "\"80 %\" }\ndb" => "\"180 %\" }\ndb", expect![[r#"
        6:34 Error components.cache.hits: 180 % is more than the whole. Write 0 % to 100 %.
    "#]];
    a_share_written_as_a_percentage_without_the_sign: "\"80 %\" }\ndb" => "80 }\ndb", expect![[r#"
        6:34 Error components.cache.hits: 8000 % is more than the whole. Write 0 % to 100 %.
    "#]];
    a_policy_that_is_misspelt: "two choices" => "two choises", expect![[r#"
        8:39 Error components.lb.policy: “two choises” is not one of the words for this key. Did you mean “two choices”?
    "#]];
    a_thousands_separator: "\"poisson 90/s\"" => "\"poisson 1,200/s\"", expect![[r#"
        20:38 Error workload.buy.arrivals: Did you mean 1200 or 1.200 by “1,200”? Write the digits without separators and with a point.
    "#]];
    a_link_that_is_not_one: "\"lb -> web\"    = {}" => "\"lb to web\" = {}", expect![[r#"
        13:1 Error links.lb to web: “lb to web” is not a link. Write it as in “web -> db”, with two names of components.
    "#]];
    a_link_to_nowhere: "\"lb -> web\"    = {}" => "\"lb -> webb\" = {}", expect![[r#"
        13:1 Error links.lb -> webb: No component is called “webb”. Did you mean “web”?
    "#]];
    a_link_to_itself: "\"lb -> web\"    = {}" => "\"lb -> lb\" = {}", expect![[r#"
        13:1 Error links.lb -> lb: “lb -> lb” leads back to where it began. Take it out; what a component does with itself is its `time`.
    "#]];
    a_link_written_twice: "\"lb -> web\"    = {}" => "\"lb -> web\" = {}\n\"lb->web\" = {}", expect![[r#"
        14:1 Error links.lb -> web: This link is written twice. Take one of them out.
    "#]];
    a_link_to_clients: "\"lb -> web\"    = {}" => "\"lb -> web\" = {}\n\"web -> users\" = {}", expect![[r#"
        14:1 Error links.web -> users: An arrow leads to “users”, but clients only send. Turn the arrow round.
        21:1 Error workload.buy: The arrows run in a circle: users -> lb -> web -> users. Write under [calls] what class “buy” does, as in buy = "lb > web > db".
    "#]];
    a_round_trip_in_bytes: "rtt = \"0.5 ms\"" => "rtt = \"5 kB\"", expect![[r#"
        16:26 Error links.web -> db.rtt: “5 kB” is an amount of data, but a time is needed. Write it as in “5 ms”.
    "#]];
    a_bandwidth_without_a_time: "rtt = \"0.5 ms\"" => "bandwidth = \"1 Gbit\"", expect![[r#"
        16:32 Error links.web -> db.bandwidth: “1 Gbit” is not data per time. Write it as in “1 Gbit/s” or “125 MB/s”.
    "#]];
    a_class_from_nobody: BUY => "arrivals = \"poisson 90/s\"", expect![[r#"
        20:1 Error workload.buy: Class “buy” does not say who sends it. Write from = "users", the name of a component of kind clients.
    "#]];
    a_class_from_a_service: BUY => "from = \"web\", arrivals = \"poisson 90/s\"", expect![[r#"
        20:18 Error workload.buy.from: “web” is of kind service, but only clients and schedulers send requests of their own. Name a component of kind clients.
    "#]];
    a_class_from_a_misspelt_component: BUY => "from = \"user\", arrivals = \"poisson 90/s\"", expect![[r#"
        20:18 Error workload.buy.from: No component is called “user”. Did you mean “users”?
    "#]];
    a_class_without_arrivals: BUY => "from = \"users\"", expect![[r#"
        20:1 Error workload.buy: Class “buy” does not say how its requests arrive. Write arrivals = "poisson 90/s".
    "#]];
    a_class_that_is_a_number: END => "lasts = \"30 s\"\nlats = 5\n", expect![[r#"
        20:1 Error workload.lats: “lats” is not a key that is known here. Did you mean “lasts”?
    "#]];
    arrivals_without_a_kind: "poisson 90/s" => "90/s", expect![[r#"
        20:38 Error workload.buy.arrivals: “90/s” does not say how requests arrive. Write “poisson 90/s” or “constant 90/s”.
    "#]];
    arrivals_of_an_unknown_kind: "poisson 90/s" => "poison 90/s", expect![[r#"
        20:38 Error workload.buy.arrivals: “poison” is not a way of arriving known here. Did you mean “poisson”?
    "#]];
    arrivals_at_no_rate: "poisson 90/s" => "poisson 0/s", expect![[r#"
        20:38 Error workload.buy.arrivals: A rate of 0/s sends nothing. Write a rate, or take the class out.
    "#]];
    arrivals_beyond_the_earth: "poisson 90/s" => "poisson 5e9/s", expect![[r#"
        20:38 Error workload.buy.arrivals: 5000000000/s is more than 1000000000/s, the most that is accepted. Check the power of ten.
    "#]];
    arrivals_beyond_any_number: "poisson 90/s" => "poisson 1e18/s", expect![[r#"
        20:38 Error workload.buy.arrivals: “1e18/s” is larger than can be held. Check the power of ten.
    "#]];
    a_closed_loop_of_nobody: "poisson 90/s" => "closed 0 users think 1 s", expect![[r#"
        20:38 Error workload.buy.arrivals: A closed loop of 0 users is not run. Write 1 to 1000000 users.
    "#]];
    a_run_of_no_time: END => "lasts = \"0 s\"\n", expect![[r#"
        19:1 Error workload.lasts: A run lasts more than nothing and at most a year. Write it as in "60 s".
    "#]];
    a_run_of_centuries: END => "lasts = \"300 years\"\n", expect![[r#"
        19:1 Error workload.lasts: A run lasts more than nothing and at most a year. Write it as in "60 s".
    "#]];
    a_warm_up_that_is_all: END => "warmup = \"100 %\"\n", expect![[r#"
        19:1 Error workload.warmup: Nothing would be measured: the warm-up is the whole run. Write a share such as "5 %".
    "#]];
    a_fault_without_a_time: "[workload]" => "[[faults]]\nwhat = \"crash web\"\nwhen = 3\n[workload]", expect![[r#"
        18:1 Error faults.0: This fault does not say “at”. Write it as in at = "6 min", what = "flush cache".
        20:1 Error faults.0.when: “when” is not a key that is known here. Correct it, or take it out; it is kept, but nothing heeds it.
    "#]];
    arrows_in_a_circle: "\"lb -> web\"    = {}" => "\"lb -> web\" = {}\n\"web -> lb\" = {}", expect![[r#"
        21:1 Error workload.buy: The arrows run in a circle: lb -> web -> lb. Write under [calls] what class “buy” does, as in buy = "lb > web > db".
    "#]];
    a_balancer_with_two_targets: "\"lb -> web\"    = {}" => "\"lb -> web\" = {}\n\"lb -> db\" = {}", expect![[r#"
        21:1 Error workload.buy: “lb” forwards to db and web, and the arrows do not say when to which. Write under [calls] what class “buy” does, as in buy = "lb > web > db".
    "#]];
    an_arrow_out_of_a_database: "\"lb -> web\"    = {}" => "\"lb -> web\" = {}\n\"db -> cache\" = {}", expect![[r#"
        21:1 Error workload.buy: An arrow leaves “db”, but a component of kind relational makes no calls of its own. Write under [calls] what class “buy” does, as in buy = "lb > web > db".
    "#]];
    clients_without_an_arrow: "\"users -> lb\"  = { rtt = \"40 ms\", reuse = \"80 %\", tls = \"1.3\" }" => "", expect![[r#"
        20:1 Error workload.buy: No arrow leaves “users”, so class “buy” calls nothing. Add a link such as "users -> web" under [links], or a plan under [calls].
    "#]];
    a_component_that_nothing_calls: "\"web -> db\"    = { rtt = \"0.5 ms\" }" => "", expect![[r#"
        7:1 Note components.db: Nothing calls “db”, so it stays idle. Draw an arrow to it, or take it out.
    "#]];
    a_plan_for_no_class: "[workload]" => "[calls]\nbye = \"lb > web\"\n[workload]", expect![[r#"
        19:1 Note calls.bye: No class of the workload is called “bye”. Add the class under [workload], or leave it for another workload.
    "#]];
    a_plan_that_calls_nobody: "[workload]" => "[calls]\nbuy = \"\"\n[workload]", expect![[r#"
        19:1 Error calls.buy: This plan makes no call. Write it as in "lb > web > db", or take it out to follow the arrows.
    "#]];
    a_plan_that_calls_a_stranger: "[workload]" => "[calls]\nbuy = \"\"\"\nlb > web\n  cahce\n\"\"\"\n[workload]", expect![[r#"
        21:3 Error calls.buy.0.then.0.then.0: No component is called “cahce”. Did you mean “cache”?
    "#]];
    a_plan_that_calls_clients: "[workload]" => "[calls]\nbuy = \"lb > users\"\n[workload]", expect![[r#"
        19:13 Error calls.buy.0.then.0: This plan calls “users”, but clients only send. Call a component that answers.
    "#]];
    a_plan_that_calls_itself: "[workload]" => "[calls]\nbuy = \"lb > web > web\"\n[workload]", expect![[r#"
        19:19 Error calls.buy.0.then.0.then.0: “web” calls itself. Take the call out; what a component does with itself is its `time`.
    "#]];
    a_plan_with_unknown_data: "[workload]" => "[calls]\nbuy = \"lb > web > db read stock\"\n[workload]", expect![[r#"
        19:19 Error calls.buy.0.then.0.then.0: No data is called “stock”. Add stock = {} under [data].
    "#]];
    a_database_that_misses: "[workload]" => "[calls]\nbuy = \"\"\"\nlb > web > db\n  miss: cache\n\"\"\"\n[workload]", expect![[r#"
        20:12 Error calls.buy.0.then.0.then.0: “db” is of kind relational, and only a cache can miss. Write “miss:” below the call of a cache.
    "#]];
    more_calls_than_can_be_made: "[workload]" => "[calls]\nbuy = \"lb > web x1000 > db x100000\"\n[workload]", expect![[r#"
        19:1 Error calls.buy: One request of this class leads to more than 1000000 calls. Make fewer calls at some level of the plan.
    "#]];
    a_plan_in_objects_with_a_misspelt_mode: "[workload]" => "[calls]\nbuy = [{ call = \"lb\", mode = \"paralel\", tims = 3 }, { op = \"x\" }]\n[workload]", expect![[r#"
        19:30 Error calls.buy.0.mode: “paralel” is not a way of calling. Did you mean “parallel”?
        19:41 Error calls.buy.0.tims: “tims” is not a key that is known here. Did you mean “times”?
        19:53 Error calls.buy.1: This call does not say what is called. Add "call": "name of a component".
    "#]];
    a_price_without_a_time: "[workload]" => "[prices]\nlist = \"aws us-east-1 2026-10\"\nown = { web = \"0.1 USD\" }\n[workload]", expect![[r#"
        20:15 Error prices.own.web: “0.1 USD” is not a price. Write it as in “0.1 USD/h”; it may be per h, month, GB, GB-month or M requests.
    "#]];
    a_price_list_that_does_not_exist: "[workload]" => "[prices]\nlist = \"aws us-east-1 2026-11\"\n[workload]", expect![[r#"
        19:1 Note prices.list: No price list is called “aws us-east-1 2026-11”, so nothing is priced by it. Did you mean “aws us-east-1 2026-10”?
    "#]];
    a_size_without_a_price: WEB => "size = \"m7i.larg\" }\n[prices]\nlist = \"aws us-east-1 2026-10\"\n[data]\nx = { home = \"dbb\"", expect![[r#"
        10:29 Note components.web.size: “m7i.larg” has no price in “aws us-east-1 2026-10”. Did you mean “m7i.large”?
        14:7 Error data.x.home: No component is called “dbb”. Did you mean “db”?
    "#]];
}

#[test]
fn a_text_that_is_not_toml_is_still_read_as_far_as_it_goes() {
    check_text(
        &SHOP.replacen("\"A shop\"", "\"A shop", 1),
        expect![[r#"
        3:16 Error This is not TOML: invalid basic string, expected `"`.
    "#]],
    );
}

#[test]
fn a_text_that_is_not_json_is_told_where() {
    check_text(
        "{\"octo\": 1,\n \"components\": {\"web\": {\"kind\": \"service\",}}}",
        expect![[r#"
            2:42 Error This is not JSON: Trailing commas are not allowed.
        "#]],
    );
}

#[test]
fn json_with_null_a_double_key_and_a_huge_number() {
    check_text(
        "{\"octo\": 1, \"title\": null,\n \"components\": {\"web\": {\"kind\": \"service\", \"queue\": 99999999999999999999, \"queue\": 1}},\n \"components\": {}}",
        expect![[r#"
            1:22 Error null says nothing here. Leave the key out.
            2:53 Error This number is larger than can be held. Check it, or write it as a text.
            3:2 Error This key is written twice in the same object. Take one of them out.
        "#]],
    );
}

#[test]
fn nothing_at_all() {
    check_text(
        "",
        expect![[r#"
        Note octo: The meaning of the words is not stated. Begin with octo = 1.
        Error components: There are no components. Add [components] and a line such as web = { kind = "service" }.
    "#]],
    );
}

#[test]
fn many_problems_are_all_told_in_the_order_of_the_text() {
    let text = SHOP
        .replace("replicas = 3", "replicas = 0")
        .replace("two choices", "three")
        .replace("poisson 90/s", "90")
        .replace("-> cache", "-> cach");
    check_text(
        &text,
        expect![[r#"
            8:39 Error components.lb.policy: “three” is not one of the words for this key. Write one of "round robin", "random", "weighted", "least connections", "two choices", "hash", "bounded hash".
            10:40 Error components.web.replicas: 0 is out of range. Write a whole number from 1 to 10000.
            15:1 Error links.web -> cach: No component is called “cach”. Did you mean “cache”?
            20:38 Error workload.buy.arrivals: “90” is not a way of arriving known here. Write it as in “poisson 90/s”, “constant 90/s” or “closed 50 users think exp 1 s”.
        "#]],
    );
}
