//! Slips in keys, arrivals, traces, distances and faults.

use expect_test::expect;

use super::check;

const CLASS: &str = r#"arrivals = "poisson 90/s""#;

#[test]
fn keys() {
    check(
        CLASS,
        &[
            "arrivals = \"poisson 90/s\", keys = \"zipff 1\"",
            "arrivals = \"poisson 90/s\", keys = \"zipf\"",
            "arrivals = \"poisson 90/s\", keys = \"zipf 0\"",
            "arrivals = \"poisson 90/s\", keys = \"zipf 1 of 0\"",
            "arrivals = \"poisson 90/s\", keys = \"uniform of 10; hot 30 % on 11 keys\"",
            "arrivals = \"poisson 90/s\", keys = \"uniform; hot 30 % on 2e6 keys\"",
            "arrivals = \"poisson 90/s\", keys = \"uniform; hot 130 %\"",
            "arrivals = \"poisson 90/s\", keys = \"uniform; cold 30 %\"",
            "arrivals = \"poisson 90/s\", keys = \"uniform; hot 30 %, moves every 0 s\"",
            "arrivals = \"poisson 90/s\", keys = { keys = \"zipf\" }",
            "arrivals = \"poisson 90/s\", keys = { keys = \"fresh\", exponent = 1 }",
            "arrivals = \"poisson 90/s\", keys = { keys = \"fresh\", hot = { hot = \"key\" } }",
        ],
        expect![[r#"
            arrivals = "poisson 90/s", keys = "zipff 1"
              22:61 Error workload.buy.keys: “zipff 1” does not say which keys are asked for. Did you mean “zipf”?
            arrivals = "poisson 90/s", keys = "zipf"
              22:61 Error workload.buy.keys: “zipf” is not complete. Write it as in “zipf 0.99 of 10000”.
            arrivals = "poisson 90/s", keys = "zipf 0"
              22:61 Error workload.buy.keys: An exponent of 0 is out of range for zipf. Write more than 0 and at most 10; web requests are near 1, and “uniform” has none.
            arrivals = "poisson 90/s", keys = "zipf 1 of 0"
              22:61 Error workload.buy.keys: 0 keys cannot be asked for. Write 1 to 1000000000000000.
            arrivals = "poisson 90/s", keys = "uniform of 10; hot 30 % on 11 keys"
              22:61 Error workload.buy.keys: 11 keys cannot be hot where there are 10. Write at most 10, or more keys in all.
            arrivals = "poisson 90/s", keys = "uniform; hot 30 % on 2e6 keys"
              22:54 Error workload.buy.keys: 2000000 keys cannot be hot where there are 1000000. Write at most 1000000, or more keys in all.
            arrivals = "poisson 90/s", keys = "uniform; hot 130 %"
              22:61 Error workload.buy.keys: 130 % is more than the whole. Write 0 % to 100 %.
            arrivals = "poisson 90/s", keys = "uniform; cold 30 %"
              22:61 Error workload.buy.keys: “cold 30 %” does not say which keys are hot. Write it as in “zipf 0.99; hot 30 % on 100 keys, moves every 1 min”.
            arrivals = "poisson 90/s", keys = "uniform; hot 30 %, moves every 0 s"
              22:61 Error workload.buy.keys: Hot keys move after more than nothing and at most a year. Write it as in “1 min”.
            arrivals = "poisson 90/s", keys = { keys = "zipf" }
              22:61 Error workload.buy.keys: “exponent” is missing here. Add it: a number such as 2.
            arrivals = "poisson 90/s", keys = { keys = "fresh", exponent = 1 }
              22:79 Error workload.buy.keys.exponent: “exponent” is not a key that is known here. Correct it, or take it out; it is kept, but nothing heeds it.
            arrivals = "poisson 90/s", keys = { keys = "fresh", hot = { hot = "key" } }
              22:85 Error workload.buy.keys.hot: “share” is missing here. Add it: a share such as "80 %".
        "#]],
    );
}

#[test]
fn arrivals() {
    check(
        CLASS,
        &[
            "share = \"50 %\"",
            "arrivals = \"poisson 90/s\", share = \"50 %\"",
            "arrivals = \"every 0 s\"",
            "arrivals = \"every\"",
            "arrivals = \"bursty 0/s for 1 s, 0/s for 1 s\"",
            "arrivals = \"bursty 1/s for 0 s, 9/s for 1 s\"",
            "arrivals = \"bursty 1/s for 1 s\"",
            "arrivals = \"batches of 0, poisson 9/s\"",
            "arrivals = \"ramp 0/s..0/s in 5 min\"",
            "arrivals = \"ramp 0/s..9/s\"",
            "arrivals = \"steps 5/s, 9/s\"",
            "arrivals = \"steps 5/s, 9/s from 2 min, 0/s from 1 min\"",
            "arrivals = \"steps 5/s from 1 min\"",
            "arrivals = \"diurnal 9/s..5/s every 10 min\"",
            "arrivals = \"diurnal 5/s..9/s every 0 s\"",
            "arrivals = \"flash 9/s..5/s in 3 min, half-life 20 min\"",
            "arrivals = \"flash 5/s..9/s in 3 min\"",
            "arrivals = \"trace lunch\"",
            "arrivals = \"trace\"",
            "arrivals = { arrivals = \"steps\", steps = [[\"0 s\", \"9/s\", 1]] }",
            "arrivals = { arrivals = \"flash\", base = \"1/s\", peak = \"9/s\", rise = \"1 s\", at = \"1 s\" }",
            "arrivals = { arrivals = \"other\", text = \"flash\" }",
        ],
        expect![[r#"
            share = "50 %"
              22:35 Error workload.buy.share: The workload has no arrivals that could be shared. Write arrivals = "poisson 90/s" under [workload], or arrivals in the class instead.
            arrivals = "poisson 90/s", share = "50 %"
              22:62 Error workload.buy.share: The workload has no arrivals that could be shared. Write arrivals = "poisson 90/s" under [workload], or arrivals in the class instead.
              22:62 Error workload.buy.share: Class “buy” has arrivals of its own and a share of others. Take one of them out.
            arrivals = "every 0 s"
              22:38 Error workload.buy.arrivals: Gaps of 0 s send everything at once. Write a time between two requests, as in “every exp 10 ms”.
            arrivals = "every"
              22:38 Error workload.buy.arrivals: “every” is not complete. Write it as in “every erlang 2 12.5 ms”.
            arrivals = "bursty 0/s for 1 s, 0/s for 1 s"
              22:38 Error workload.buy.arrivals: A rate of 0/s sends nothing. Write a rate, or take the class out.
            arrivals = "bursty 1/s for 0 s, 9/s for 1 s"
              22:38 Error workload.buy.arrivals: A burst of 0 s is none. Write how long each rate stays, as in “bursty 20/s for 1 s, 180/s for 1 s”.
            arrivals = "bursty 1/s for 1 s"
              22:38 Error workload.buy.arrivals: “bursty 1/s for 1 s” is not complete. Write it as in “bursty 20/s for 1 s, 180/s for 1 s”.
            arrivals = "batches of 0, poisson 9/s"
              22:38 Error workload.buy.arrivals: A batch of 0 is not sent. Write 1 to 100000.
            arrivals = "ramp 0/s..0/s in 5 min"
              22:38 Error workload.buy.arrivals: A rate of 0/s sends nothing. Write a rate, or take the class out.
            arrivals = "ramp 0/s..9/s"
              22:38 Error workload.buy.arrivals: “ramp 0/s..9/s” is not complete. Write it as in “ramp 100/s..3100/s in 5 min”.
            arrivals = "steps 5/s, 9/s"
              22:38 Error workload.buy.arrivals: “9/s” is not complete. Write it as in “1000/s from 2 min”.
            arrivals = "steps 5/s, 9/s from 2 min, 0/s from 1 min"
              22:38 Error workload.buy.arrivals: The step from 1 min comes after the one from 2 min. Write it as in “steps 500/s, 1000/s from 2 min, 0/s from 4 min”.
            arrivals = "steps 5/s from 1 min"
              22:38 Error workload.buy.arrivals: Nothing says what arrives before 1 min. Write it as in “steps 500/s, 1000/s from 2 min, 0/s from 4 min”.
            arrivals = "diurnal 9/s..5/s every 10 min"
              22:38 Error workload.buy.arrivals: “diurnal 9/s..5/s every 10 min” begins after its end. Write the lower rate first.
            arrivals = "diurnal 5/s..9/s every 0 s"
              22:38 Error workload.buy.arrivals: “diurnal 5/s..9/s every 0 s” takes no time. Write a time that is more than nothing.
            arrivals = "flash 9/s..5/s in 3 min, half-life 20 min"
              22:38 Error workload.buy.arrivals: “flash 9/s..5/s in 3 min, half-life 20 min” falls instead of rising. Write the lower rate first; “steps” can fall.
            arrivals = "flash 5/s..9/s in 3 min"
              22:38 Error workload.buy.arrivals: “flash 5/s..9/s in 3 min” is not complete. Write it as in “flash 200/s..600/s in 3 min, half-life 20 min”.
            arrivals = "trace lunch"
              22:38 Error workload.buy.arrivals: No trace is called “lunch”. Add lunch = """...""" under [traces].
            arrivals = "trace"
              22:38 Error workload.buy.arrivals: “trace” is not complete. Write it as in “trace launch”.
            arrivals = { arrivals = "steps", steps = [["0 s", "9/s", 1]] }
              22:69 Error workload.buy.arrivals.steps: This list has something other than pairs in it. Write a list such as [["0 s", "500/s"], ["2 min", "1000/s"]].
            arrivals = { arrivals = "flash", base = "1/s", peak = "9/s", rise = "1 s", at = "1 s" }
              22:38 Error workload.buy.arrivals: “half_life” is missing here. Add it: a time such as "5 ms".
            arrivals = { arrivals = "other", text = "flash" }
              22:51 Error workload.buy.arrivals.arrivals: “other” is not one of the words for this key. Write one of "poisson", "constant", "closed", "renewal", "bursty", "geometric batches", "batches", "ramp", "steps", "diurnal", "flash", "trace".
        "#]],
    );
}

#[test]
fn shares_traces_and_distances() {
    check(
        "",
        &[
            "arrivals = \"poisson 9/s\"",
            "arrivals = \"poisson 9/s\"\na = { from = \"users\", share = \"60 %\" }\nb = { from = \"users\", share = \"60 %\" }",
            "arrivals = \"trace lunch\"\na = { from = \"users\", share = \"60 %\" }",
            "[traces]\nlaunch = \"1\\n2,x\"",
            "[traces]\nlaunch = \"2\\n1\"",
            "[traces]\nlaunch = \"seconds,key\"",
            "[traces]\nlaunch = [[\"1 s\"], [\"2 s\", -1]]",
            "[traces]\nlaunch = \"1\\n2\"",
            "[network]\nzone = \"1 ms\"",
            "[network]\nzones = \"2 min\"",
            "[network]\n\"eu -- us\" = \"1 ms\"",
            "[network]\n\"eu-a -- eu-b\" = \"1 ms\"\n\"eu-b -- eu-a\" = \"2 ms\"",
        ],
        expect![[r#"
            arrivals = "poisson 9/s"
              23:1 Note workload.arrivals: No class has a share of these arrivals. Write share = "100 %" in a class.
            arrivals = "poisson 9/s"
            a = { from = "users", share = "60 %" }
            b = { from = "users", share = "60 %" }
              20:2 Error workload: The shares of the classes are 120 % in all. Write shares that are at most 100 % in all.
            arrivals = "trace lunch"
            a = { from = "users", share = "60 %" }
              23:1 Error workload.arrivals: No trace is called “lunch”. Add lunch = """...""" under [traces].
            [traces]
            launch = "1\n2,x"
              24:10 Error traces.launch: Line 2 of this trace, “2,x”, is not a time and a key. Write seconds, and after a comma a whole number if keys matter, as in “1.5” or “1.5,7”.
            [traces]
            launch = "2\n1"
              24:10 Error traces.launch: In this trace 1 s comes after 2 s. Put the lines in the order of time.
            [traces]
            launch = "seconds,key"
              24:10 Error traces.launch: This trace has no line. Write a line of seconds for each request.
            [traces]
            launch = [["1 s"], ["2 s", -1]]
              24:20 Error traces.launch: This row is not a time, or a time and a key. Write it as in ["1500 ms", 7], or the whole trace as lines of seconds.
            [traces]
            launch = "1\n2"
              24:1 Note traces.launch: No class replays this trace. Write arrivals = "trace launch" in a class.
            [network]
            zone = "1 ms"
              24:1 Error network.zone: “zone” is not a distance between two places. Write zones, regions, or two names as in "us-east -- eu-west".
            [network]
            zones = "2 min"
              24:9 Error network.zones: 2 min is more than 1 min, the most that is accepted. Check the unit and the power of ten.
            [network]
            "eu -- us" = "1 ms"
              24:1 Note network.eu -- us: No component stands in “us”. Write it as the components do.
            [network]
            "eu-a -- eu-b" = "1 ms"
            "eu-b -- eu-a" = "2 ms"
              25:1 Error network.eu-a -- eu-b: This distance is written twice. Take one of them out.
        "#]],
    );
}

#[test]
fn faults() {
    let what = [
        "crash wbe",
        "crash web.3",
        "crash web.0",
        "crash db.2",
        "crash kv.3",
        "crash kv.4",
        "crash users",
        "crsh web",
        "freeze",
        "slow web 10",
        "slow web x0.5",
        "slow web x2000",
        "cut web db",
        "cut web -> web",
        "cut web -> dbb",
        "loss web -> db 500 %",
        "lose zone eu-c",
        "lose region us",
        "lose web",
        "flush db",
        "hot by 30 %",
        "deploy web",
        "deploy web errors",
        "down nobody",
        "quota pay",
        "skew db by 5 s",
        "load by x2",
        "load 2",
        "rebalance web",
    ];
    let lines: Vec<String> = what.iter().map(|what| format!("[[faults]]\nat = \"1 min\"\nwhat = \"{what}\"")).collect();
    check(
        "",
        &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        expect![[r#"
            [[faults]]
            at = "1 min"
            what = "crash wbe"
              25:1 Error faults.0.what: No component is called “wbe”. Did you mean “web”?
            [[faults]]
            at = "1 min"
            what = "crash web.3"
              25:1 Error faults.0.what: “web” has no replica 3. Write web.1 to web.2, or web for all.
            [[faults]]
            at = "1 min"
            what = "crash web.0"
              25:8 Error faults.0.what: “web.0” is not a component or one of its replicas. Write it as in “web”, or “web.1” for the first replica.
            [[faults]]
            at = "1 min"
            what = "crash db.2"
              25:1 Error faults.0.what: “db” has no replica 2. Write db: there is one.
            [[faults]]
            at = "1 min"
            what = "crash kv.3"
            [[faults]]
            at = "1 min"
            what = "crash kv.4"
              25:1 Error faults.0.what: “kv” has no replica 4. Write kv.1 to kv.3, or kv for all.
            [[faults]]
            at = "1 min"
            what = "crash users"
              25:1 Error faults.0.what: Nothing of “users” can fail: clients only send. Name what it calls, or write “load x0” for no requests.
            [[faults]]
            at = "1 min"
            what = "crsh web"
              25:8 Error faults.0.what: “crsh web” is not a fault known here. Did you mean “crash”?
            [[faults]]
            at = "1 min"
            what = "freeze"
              25:8 Error faults.0.what: “freeze” is not complete. Write it as in “freeze web”.
            [[faults]]
            at = "1 min"
            what = "slow web 10"
              25:8 Error faults.0.what: “slow web 10” is not complete. Write it as in “slow web x10”.
            [[faults]]
            at = "1 min"
            what = "slow web x0.5"
              25:8 Error faults.0.what: x0.5 is out of range. Write x1 to x1000.
            [[faults]]
            at = "1 min"
            what = "slow web x2000"
              25:8 Error faults.0.what: x2000 is out of range. Write x1 to x1000.
            [[faults]]
            at = "1 min"
            what = "cut web db"
              25:8 Error faults.0.what: “cut web db” is not complete. Write it as in “cut web -> db”.
            [[faults]]
            at = "1 min"
            what = "cut web -> web"
              25:8 Error faults.0.what: “cut web -> web” leads back to where it began. Name two components.
            [[faults]]
            at = "1 min"
            what = "cut web -> dbb"
              25:1 Error faults.0.what: No component is called “dbb”. Did you mean “db”?
            [[faults]]
            at = "1 min"
            what = "loss web -> db 500 %"
              25:8 Error faults.0.what: 500 % is more than the whole. Write 0 % to 100 %.
            [[faults]]
            at = "1 min"
            what = "lose zone eu-c"
              25:1 Error faults.0.what: No component stands in “eu-c”. Did you mean “eu-a”?
            [[faults]]
            at = "1 min"
            what = "lose region us"
              25:1 Error faults.0.what: No component stands in “us”. Write a region in the components that stand there.
            [[faults]]
            at = "1 min"
            what = "lose web"
              25:8 Error faults.0.what: “lose web” is not complete. Write it as in “lose zone us-east-a”.
            [[faults]]
            at = "1 min"
            what = "flush db"
              25:1 Error faults.0.what: “db” is of kind relational and has nothing to flush. Name a component of kind cache or cdn.
            [[faults]]
            at = "1 min"
            what = "hot by 30 %"
              25:1 Error faults.0.what: No class is called “by”. Did you mean “buy”?
            [[faults]]
            at = "1 min"
            what = "deploy web"
              25:8 Error faults.0.what: “deploy web” is not complete. Write it as in “deploy web errors 20 %”.
            [[faults]]
            at = "1 min"
            what = "deploy web errors"
              25:8 Error faults.0.what: “deploy web errors” is not complete. Write it as in “deploy web errors 20 %”.
            [[faults]]
            at = "1 min"
            what = "down nobody"
              25:1 Error faults.0.what: No component is called “nobody”. Add nobody = { kind = "service" } under [components], or correct the name.
            [[faults]]
            at = "1 min"
            what = "quota pay"
              25:8 Error faults.0.what: “quota pay” is not complete. Write it as in “quota pay 10/s”.
            [[faults]]
            at = "1 min"
            what = "skew db by 5 s"
              25:8 Error faults.0.what: “skew db by 5 s” is not complete. Write it as in “skew db.2 500 ms”.
            [[faults]]
            at = "1 min"
            what = "load by x2"
              25:1 Error faults.0.what: No class is called “by”. Did you mean “buy”?
            [[faults]]
            at = "1 min"
            what = "load 2"
              25:8 Error faults.0.what: “load 2” is not complete. Write it as in “load x2”.
            [[faults]]
            at = "1 min"
            what = "rebalance web"
              25:1 Error faults.0.what: “web” is of kind service and has nothing to rebalance. Name a component of kind log or keyvalue.
        "#]],
    );
}

#[test]
fn times_of_faults() {
    check(
        "",
        &[
            "[[faults]]\nat = \"1 min\"",
            "[[faults]]\nwhat = \"crash web\"",
            "[[faults]]\nat = \"10 min\"\nwhat = \"crash web\"",
            "[[faults]]\nat = \"1 min\"\nlasts = \"exp 1 min\"\nwhat = \"crash web\"",
            "[[faults]]\nevery = \"exp 1 min\"\nwhat = \"crash web\"",
            "[[faults]]\nevery = \"0 s\"\nlasts = \"1 s\"\nwhat = \"crash web\"",
            "[[faults]]\nevery = \"exp 1 min\"\nwhat = \"flush cache\"",
            "[[faults]]\nevery = \"exp 400 d\"\nlasts = \"1 s\"\nwhat = \"crash web\"",
            "[[faults]]\nat = \"1 min\"\nwhat = { fault = \"slow\", target = \"web\" }",
            "[[faults]]\nat = \"1 min\"\nwhat = \"crsh web\"\nwhen = 1\n[[faults]]\nat = \"2 min\"\nwhat = \"crash wbe\"",
        ],
        expect![[r#"
            [[faults]]
            at = "1 min"
              23:1 Error faults.0: This fault does not say “what”. Write it as in at = "6 min", what = "flush cache".
            [[faults]]
            what = "crash web"
              23:1 Error faults.0: This fault does not say “at”. Write it as in at = "6 min", what = "flush cache".
            [[faults]]
            at = "10 min"
            what = "crash web"
              24:1 Note faults.0.at: The run ends at 10 min, before this begins. Let it begin earlier, or the run last longer.
            [[faults]]
            at = "1 min"
            lasts = "exp 1 min"
            what = "crash web"
              25:1 Error faults.0.lasts: “exp 1 min” is drawn anew for each of many faults, but this one comes once. Write a plain time, or “every” too.
            [[faults]]
            every = "exp 1 min"
            what = "crash web"
              23:1 Error faults.0: This fault never ends, so it cannot come again. Write how long it lasts.
            [[faults]]
            every = "0 s"
            lasts = "1 s"
            what = "crash web"
              24:1 Error faults.0.every: This fault comes again at once. Write a time between two of them, as in “exp 10 min”.
            [[faults]]
            every = "exp 1 min"
            what = "flush cache"
            [[faults]]
            every = "exp 400 d"
            lasts = "1 s"
            what = "crash web"
              24:9 Error faults.0.every: 400 d is longer than a year. Check the unit.
            [[faults]]
            at = "1 min"
            what = { fault = "slow", target = "web" }
              25:8 Error faults.0.what: “factor” is missing here. Add it: a number such as 2.
            [[faults]]
            at = "1 min"
            what = "crsh web"
            when = 1
            [[faults]]
            at = "2 min"
            what = "crash wbe"
              25:8 Error faults.0.what: “crsh web” is not a fault known here. Did you mean “crash”?
              26:1 Error faults.0.when: “when” is not a key that is known here. Correct it, or take it out; it is kept, but nothing heeds it.
        "#]],
    );
}
