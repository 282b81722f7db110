//! `octo sim` from the question to the report: what a person reads of a good day and of a bad one,
//! of several runs, of a sweep, of another workload, and of a run that was cut short. The designs
//! here leave nothing to chance, so that the numbers are those of anybody with pencil and paper.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use tempfile::TempDir;

use crate::process::{Ended, interrupted_octo, octo};

/// 100 requests a second for two workers that need 10 ms each: half busy, nobody waits.
const CALM: &str = r#"octo  = 1
title = "Two workers"

[components]
users  = { kind = "clients" }
web    = { kind = "service", workers = 2, queue = 50, time = "10 ms" }

[links]
"users -> web" = { rtt = "30 ms" }

[workload]
lasts = "100 s"
buy   = { from = "users", arrivals = "constant 100/s", deadline = "1 s" }
"#;

/// A folder with a design and whatever lies beside it.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn with(design: &str) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.put("shop.toml", design);
        desk
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// `octo sim shop.toml ...`; arguments that name a file here begin with "@".
    pub(crate) fn sim(&self, args: &[&str]) -> Ended {
        self.run(args, octo)
    }

    pub(crate) fn run(&self, args: &[&str], octo: impl FnOnce(&[&str]) -> Ended) -> Ended {
        let args: Vec<String> = ["sim", "@shop.toml"]
            .iter()
            .chain(args)
            .map(|word| word.strip_prefix('@').map_or_else(|| (*word).to_owned(), |name| self.path(name)))
            .collect();
        octo(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What was said, without what differs from one machine or engine to the next.
    fn plain(&self, text: &str) -> String {
        let folder = self.0.path().display().to_string();
        let is_run = |word: &str| word.strip_prefix("r-").is_some_and(|id| id.len() == 32);
        let line = |line: &str| {
            let line: Vec<&str> = line.split(' ').map(|word| if is_run(word.trim_end()) { "r-ID\n" } else { word }).collect();
            match line.iter().position(|word| word.starts_with("steps")) {
                Some(at) if at > 0 && line[at - 1].ends_with(|c: char| c.is_ascii_digit()) => {
                    [&line[..at - 1], &["N"], &line[at..]].concat().join(" ")
                }
                _ => line.join(" "),
            }
        };
        text.replace(&folder, "FOLDER").split_inclusive('\n').map(line).collect()
    }

    fn prints(&self, args: &[&str], expected: Expect) {
        let ended = self.sim(args);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{args:?}");
        assert!(ended.out.lines().all(|line| line.chars().count() <= 80), "wider than 80: {}", ended.out);
        assert!(!ended.out.contains('\x1b'), "a file gets no colour: {}", ended.out);
        expected.assert_eq(&self.plain(&ended.out));
    }

    fn refuses(&self, args: &[&str], expected: Expect) {
        let ended = self.sim(args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{args:?}: {}", ended.err);
        expected.assert_eq(&self.plain(&ended.err));
    }
}

#[test]
fn a_report_reads_like_this() {
    Desk::with(CALM).prints(
        &[],
        expect![[r#"
            Two workers
            100 s, the first 5 s not measured; seed 1, engine 2, N steps.
            Run r-ID

            Requests
            class   sent  answered   good  errors  throughput  goodput
            buy    9,500     9,500  100 %     0 %       100/s    100/s

            class   mean    p50    p90    p99  p99.9    max
            buy    40 ms  40 ms  40 ms  40 ms  40 ms  40 ms
            p99.9 of buy rests on fewer than 10 requests.
            By formula: buy mean 43.3 ms (M/M/c/K, approximation).

            Components
            component  kind     replicas  busy  queue  longest  wait   time   rate
            web        service         1  50 %      0        0   0 s  10 ms  100/s

            Where the slow requests spent their time
            class  where                               mean time  share
            buy    all of them, as they differ little      40 ms
                   network to web                          30 ms   75 %
                   work at web                             10 ms   25 %

            Verdict
            load  Nothing is saturated; the busiest is web, 50 % busy.
            cost  Nothing has a price here; name a price list under [prices], and the size
                  of each component.

            What this model leaves out (--ignores says what follows from it)
            clients  nobody leaves for good or comes back later because it was slow
            service  memory, garbage collection and noisy neighbours; a new replica is as
                     fast as the others from its first request
        "#]],
    );
}

#[test]
fn a_bad_day_is_told_with_its_causes_and_its_course() {
    let design = CALM
        .replace("rtt = \"30 ms\"", "rtt = \"30 ms\", timeout = \"2 s\", retry = { attempts = 2, backoff = \"full jitter 20 ms..1 s\" }");
    Desk::with(&design).prints(
        &["--fault", "crash web at 40 s for 10 s", "--set", "web.workers=4"],
        expect![[r#"
            Two workers
            100 s, the first 5 s not measured; seed 1, engine 2, N steps.
            With web.workers = 4, crash web at 40 s for 10 s.
            Run r-ID

            What happened
            web crashed and was down from 40 s to 50 s: meanwhile 89 % of buy failed.
            Of buy, 11 % failed: web: down (11 %). The slow requests of buy took 87 ms in
            the mean: 69 % on the way to web, 19 % in attempts at web that came to nothing.
            When it had ended, the goodput of buy was back after 417 ms.

            Requests
            class   sent  answered    good  errors  throughput  goodput
            buy    9,500     8,502  89.5 %  10.5 %      89.5/s   89.5/s

            class   mean    p50    p90    p99  p99.9      max  retries
            buy    40 ms  40 ms  40 ms  40 ms  40 ms  89.8 ms    1,001
            p99.9 of buy rests on fewer than 10 requests.
            By formula, without faults: buy mean 40.1 ms (M/M/c/K, approximation).

            Failures
            class  failed because  requests  of all sent
            buy    web: down            998       10.5 %

            Over 100 s
            buy     goodput  ██████████████████▁▁▁▁▁███████████████████████  0 to 101/s
                    p99        ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄    █▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄  0 to 89.8 ms
            faults                             ^^^^^^

            Components
            component  kind     replicas    busy  queue  longest
            web        service         1  22.4 %      0        0

            component  wait   time    rate  rejected  left
            web         0 s  10 ms  89.5/s     1,998     1

            Links with trouble
            link           calls  made again
            users -> web  11,000       1,001

            Faults
            crash web  At 40 s for 10 s. Goodput was back: buy after 417 ms.

            Where the slow requests spent their time
            class  where                                mean time  share
            buy    the slowest 0.0353 % (from 81.8 ms)    86.6 ms
                   network to web                           60 ms   69 %
                   failed attempts at web                 16.6 ms   19 %
                   work at web                              10 ms   12 %

            Verdict
            cost  Nothing has a price here; name a price list under [prices], and the size
                  of each component.

            What this model leaves out (--ignores says what follows from it)
            clients  nobody leaves for good or comes back later because it was slow
            service  memory, garbage collection and noisy neighbours; a new replica is as
                     fast as the others from its first request
        "#]],
    );
}

#[test]
fn caches_queues_and_prices_have_tables_of_their_own() {
    let design = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 4, time = "1 ms", size = "m7i.large" }
near  = { kind = "cache", entries = 10 }
db    = { kind = "relational", time = "5 ms" }
jobs  = { kind = "queue" }
mail  = { kind = "service", workers = 4, time = "10 ms" }
[data]
item = { rows = 1 }
[calls]
look = """
web
  near get item
    miss: db read item; near put item
  async: jobs put item > mail
"""
[workload]
lasts = "100 s"
look  = { from = "users", arrivals = "constant 50/s" }
[prices]
list = "aws us-east-1 2026-10"
"#;
    Desk::with(design).prints(
        &["--ignores"],
        expect![[r#"
        shop.toml
        100 s, the first 5 s not measured; seed 1, engine 2, N steps.
        Run r-ID

        Requests
        class   sent  answered   good  errors  throughput  goodput
        look   4,750     4,750  100 %     0 %        50/s     50/s

        class    mean     p50     p90     p99   p99.9     max
        look   1.5 ms  1.5 ms  1.5 ms  1.5 ms  1.5 ms  1.5 ms
        p99.9 of look rests on fewer than 10 requests.

        Components
        component  kind        replicas    busy  queue  longest  wait    time  rate
        db         relational         1     0 %      0        0                 0/s
        jobs       queue              1              0        0   0 s   10 ms  50/s
        mail       service            1  12.5 %      0        0   0 s   10 ms  50/s
        near       cache              1              0        0   0 s  500 µs  50/s
        web        service            1  1.88 %      0        0   0 s  1.5 ms  50/s

        Caches and stores
        component   hits  entries held
        near       100 %             1

        Messages
        component   sent  delivered   done  left over
        jobs       4,750      4,750  4,750          1

        Where the slow requests spent their time
        class  where                               mean time  share
        look   all of them, as they differ little     1.5 ms
               work at web                              1 ms   67 %
               work at near                           500 µs   33 %

        Verdict
        load  Nothing is saturated; the busiest is mail, 12.5 % busy.
        cost  73.58 USD a month, 0.00056 USD per thousand answered requests. Prices: AWS
              EC2 on-demand list, us-east-1, 2026-10. Without a price: db, jobs, mail,
              near.

        What this model leaves out
        cache       What an entry takes beside its row, and memory in pieces too small
                    to use: a real cache holds fewer entries than here.
                    Making room takes no time: a real cache that is full answers more
                    slowly.
        clients     Nobody leaves for good or comes back later because it was slow:
                    after an outage, real load returns higher than here.
        queue       Limits of a provider on messages that are taken and not
                    acknowledged: under a backlog, real delivery is slower.
        relational  Disk, buffer cache and scans: the first query after a start, and one
                    over many rows, are slower in reality.
                    Deadlocks and clean-up of old versions: under many writes, real
                    waiting is longer.
                    What a connection costs: a real database with thousands of them is
                    slower, here a larger pool is only better.
        service     Memory, garbage collection and noisy neighbours: real slow requests
                    are slower than here.
                    A new replica is as fast as the others from its first request: real
                    ones fill their caches and compile first, and are slower.
    "#]],
    );
}

#[test]
fn several_runs_say_how_sure_they_are() {
    let desk = Desk::with(CALM);
    let ended = desk.sim(&["--replications", "4", "--seed", "7", "--set", "web.time=exp 10 ms", "--json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["seeds"], serde_json::json!(["7", "8", "9", "10"]));
    let interval = &report["intervals"]["buy.mean"];
    let (mean, half) = (interval["mean_e9"].as_i64().unwrap(), interval["half_e9"].as_i64().unwrap());
    assert!(interval["unit"] == "s" && half > 0 && half < mean / 10, "{interval}");
    // The pooled mean of runs of the same length is their mean, near enough.
    let pooled = report["classes"]["buy"]["mean_ns"].as_i64().unwrap();
    assert!((pooled - mean).abs() < half, "{pooled} {mean} {half}");
    let text = desk.sim(&["--replications", "4", "--seed", "7", "--set", "web.time=exp 10 ms"]).out;
    assert!(text.contains("4 runs of 100 s") && text.contains("seeds 7 to 10") && text.contains(" ± "), "{text}");
    let one = desk.sim(&["--set", "web.time=exp 10 ms"]).out;
    assert!(!one.contains('±'), "one run says nothing of its own error: {one}");
}

#[test]
fn a_sweep_has_a_row_for_each_value() {
    let desk = Desk::with(CALM);
    desk.prints(
        &["--sweep", "rate=50..250 in 5", "--duration", "20 s"],
        expect![[r#"
        Two workers
        One run for each value.

         rate    goodput     errors        p50        p99  busiest
         50/s       50/s        0 %      40 ms      40 ms  web 25 %
        100/s      100/s        0 %      40 ms      40 ms  web 50 %
        150/s      150/s        0 %      40 ms      40 ms  web 75 %
        200/s      200/s        0 %      40 ms      40 ms  web 100 %
        250/s      200/s       20 %     286 ms     288 ms  web 100 %
    "#]],
    );
    desk.prints(
        &["--sweep", "web.workers=1..2", "--duration", "20 s"],
        expect![[r#"
        Two workers
        One run for each value.

        web.workers    goodput     errors        p50        p99  busiest
                  1      100/s        0 %      40 ms      40 ms  web 100 %
                  2      100/s        0 %      40 ms      40 ms  web 50 %
    "#]],
    );
    desk.prints(
        &["--sweep", "load=x0.5..x1 in 2", "--duration", "20 s", "--replications", "2"],
        expect![[r#"
        Two workers
        2 runs for each value; ± is the 95 % interval of their mean.

        load          goodput           errors              p99  busiest
        x0.5             50/s              0 %            40 ms  web 25 %
          x1            100/s              0 %            40 ms  web 50 %
    "#]],
    );
}

#[test]
fn a_sweep_is_a_list_for_programs() {
    let ended = Desk::with(CALM).sim(&["--sweep", "rate=50..100 in 3", "--duration", "10 s", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let sent: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["set"]["workload.buy.rate"].clone(), row["report"]["classes"]["buy"]["sent"].clone()))
        .collect();
    assert_eq!(serde_json::json!(sent), serde_json::json!([["50/s", 475], ["75/s", 712], ["100/s", 950]]));
}

#[test]
fn a_sweep_that_cannot_be_is_refused_before_anything_runs() {
    let desk = Desk::with(CALM);
    desk.refuses(
        &["--sweep", "web.workers=0..4"],
        expect![[r#"
        octo: --sweep "web.workers=0..4": web.workers: 0 is out of range. Write a whole number from 1 to 1000000.
    "#]],
    );
    desk.refuses(&["--sweep", "web.colour=1..4"], expect![[r#"
        octo: --sweep "web.colour=1..4": web.colour: “colour” is not a key that can be set here. Known here: replicas, zones, region, size, workers, time, serial, coherency, start, idle, autoscale, queue, order, holds, patience, shed, failures.
    "#]]);
    desk.refuses(
        &["--sweep", "rate=50"],
        expect![[r#"
        octo: --sweep "rate=50": “50” is no range. Write it as in rate=100..5000, web.replicas=1..8 or "db.time=1 ms..10 ms in 5".
    "#]],
    );
    let two = CALM.replace("buy   =", "see   = { from = \"users\", arrivals = \"closed 3 users think 1 s\" }\nbuy   =");
    let desk = Desk::with(&two);
    desk.refuses(
        &["--sweep", "rate=50..100"],
        expect![[r#"
        octo: --sweep "rate=50..100": There are several classes. Write one of buy.rate, see.rate, or sweep `load` for all of them.
    "#]],
    );
    desk.refuses(&["--sweep", "see.rate=50..100"], expect![[r#"
        octo: --sweep "see.rate=50..100": workload.see.rate: “closed 3 users think 1 s” has no single rate. Set `arrivals` as a whole, as in “poisson 90/s”. Or sweep all that is sent, as in load=x0.5..x3.
    "#]]);
}

#[test]
fn another_workload_takes_the_place_of_the_own_one() {
    let desk = Desk::with(CALM);
    desk.put("launch.toml", "octo = 1\n[workload]\nlasts = \"10 s\"\nwarmup = \"0 %\"\nbuy = { from = \"users\", arrivals = \"trace launch\" }\n[traces]\nlaunch = { file = \"launch.csv\" }\n[[faults]]\nat = \"5 s\"\nlasts = \"1 s\"\nwhat = \"freeze web\"\n");
    let rows: String = (0..100).map(|row| format!("{}\n", f64::from(row) / 10.0)).collect();
    desk.put("launch.csv", &format!("seconds\n{rows}"));
    desk.prints(
        &["--workload", "@launch.toml"],
        expect![[r#"
            Two workers
            10 s; seed 1, engine 2, N steps.
            With the workload of FOLDER/launch.toml.
            Run r-ID

            What happened
            web stood still from 5 s to 6 s (freeze), and all that was under way there
            waited: meanwhile buy took 550 ms in the mean, and 40 ms before.
            When it had ended, the goodput of buy was back after 41.7 ms.

            Requests
            class  sent  answered   good  errors  throughput  goodput
            buy     100       100  100 %     0 %        10/s     10/s

            class     mean    p50    p90     p99   p99.9     max
            buy    95.9 ms  40 ms  75 ms  925 ms  1.02 s  1.02 s
            p99 of buy rests on fewer than 10 requests.

            Over 10 s
            buy     goodput  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 to 168/s
                    p99      ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁    █▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 to 1.02 s
            faults                                  ^^^^^

            Components
            component  kind     replicas  busy  queue  longest     wait     time  rate
            web        service         1   5 %  0.558       10  55.8 ms  65.9 ms  10/s

            Faults
            freeze web  At 5 s for 1 s. Goodput was back: buy after 41.7 ms.

            Where the slow requests spent their time
            class  where                          mean time  share
            buy    the slowest 5 % (from 638 ms)     833 ms
                   waiting at web                    793 ms   95 %
                   network to web                     30 ms    4 %
                   work at web                        10 ms    1 %

            Verdict
            cost  Nothing has a price here; name a price list under [prices], and the size
                  of each component.

            What this model leaves out (--ignores says what follows from it)
            clients  nobody leaves for good or comes back later because it was slow
            service  memory, garbage collection and noisy neighbours; a new replica is as
                     fast as the others from its first request
        "#]],
    );
}

#[test]
fn a_design_may_name_the_file_of_a_trace_in_toml_and_in_json() {
    let desk =
        Desk::with(&CALM.replace("constant 100/s", "trace day").replace("[workload]", "[traces.day]\nfile = \"day.csv\"\n[workload]"));
    desk.put("day.csv", "10\n20\n30.5\n");
    let json = r#"{ "octo": 1, "components": { "users": { "kind": "clients" }, "web": { "kind": "service" } },
        "links": { "users -> web": {} }, "traces": { "day": { "file": "day.csv" } },
        "workload": { "lasts": "60 s", "buy": { "from": "users", "arrivals": "trace day" } } }"#;
    desk.put("shop.json", json);
    for design in ["shop.toml", "shop.json"] {
        let ended = octo(&["sim", &desk.path(design), "--json"]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{design}");
        let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!(report["classes"]["buy"]["answered"], 3, "{design}");
    }
}

#[test]
fn slips_are_placed_where_they_were_made() {
    let desk = Desk::with(CALM);
    let world = "octo = 1\n[workload]\nlasts = \"10 s\"\nbuy = { from = \"users\", arrivals = \"trace launch\" }\n[traces.launch]\nfile = \"launch.csv\"\n";
    desk.put("launch.csv", "0.5\n0.25\n");
    for (text, expected) in [
        (
            world.to_owned(),
            expect![[r#"
            octo: FOLDER/launch.csv: In this trace 250 ms comes after 500 ms. Put the lines in the order of time.
        "#]],
        ),
        (
            world.replace("launch.csv", "lunch.csv"),
            expect![[r#"
            octo: FOLDER/world.toml: the trace “launch”: reading FOLDER/lunch.csv: No such file or directory (os error 2)
        "#]],
        ),
        (
            world.replace("file = ", "fill = "),
            expect![[r#"
            octo: this design cannot be run
            FOLDER/world.toml:5:1: traces.launch: This is a table, but a text is needed. Put it in quotation marks. Or name a file of such lines: { file = "launch.csv" }.
        "#]],
        ),
        (
            world.replace("trace launch", "trace lunch").replace("launch.csv", "fine.csv"),
            expect![[r#"
            octo: this design cannot be run
            FOLDER/world.toml:4:25: workload.buy.arrivals: No trace is called “lunch”. Did you mean “launch”?
        "#]],
        ),
        (
            world.replace("\"users\"", "\"user\"").replace("launch.csv", "fine.csv"),
            expect![[r#"
            octo: this design cannot be run
            FOLDER/world.toml:4:9: workload.buy.from: No component is called “user”. Did you mean “users”?
        "#]],
        ),
        (
            world.replace("buy =", "by =").replace("launch.csv", "fine.csv"),
            expect![[r#"
            octo: this design cannot be run
            FOLDER/world.toml:4:1: workload.by: The design does not say what class “by” does. Call it as the design does: buy.
        "#]],
        ),
        (
            "octo = 1\n".to_owned(),
            expect![[r#"
            octo: FOLDER/world.toml: There is no workload here. Add [workload] and a class, as in buy = { from = "users", arrivals = "poisson 90/s" }.
        "#]],
        ),
    ] {
        desk.put("fine.csv", "0.5\n");
        desk.put("world.toml", &text);
        desk.refuses(&["--workload", "@world.toml"], expected);
    }
    desk.refuses(
        &["--workload", "@nowhere.toml"],
        expect![[r#"
        octo: reading FOLDER/nowhere.toml: No such file or directory (os error 2)
    "#]],
    );
    desk.refuses(
        &["--fault", "crash wbe at 5 s"],
        expect![[r#"
        octo: this design cannot be run
        --fault "crash wbe at 5 s": No component is called “wbe”. Did you mean “web”?
    "#]],
    );
    desk.refuses(
        &["--fault", "crash web at noon"],
        expect![[r#"
        octo: --fault "crash web at noon": “noon” does not begin with a number. Write it as in “5 ms”.
    "#]],
    );
    desk.refuses(
        &["--set", "web.workers=0"],
        expect![[r#"
        octo: --set web.workers=0: web.workers: 0 is out of range. Write a whole number from 1 to 1000000.
    "#]],
    );
    desk.refuses(
        &["--set", "workload.warmup=100 %"],
        expect![[r#"
        octo: this design cannot be run
        --set workload.warmup=100 %: workload.warmup: Nothing would be measured: the warm-up is the whole run. Write a share such as "5 %".
    "#]],
    );
    desk.refuses(
        &["--set", "web.workers"],
        expect![[r#"
        octo: “web.workers” sets nothing; write PATH=VALUE, as in web.replicas=4
    "#]],
    );
    desk.refuses(
        &["--duration", "a while"],
        expect![[r#"
        octo: --duration: workload.lasts: “a while” does not begin with a number. Write it as in “5 ms”.
    "#]],
    );
}

/// The cautions of a report, each on a line of its own.
fn cautions_of(ended: &Ended) -> String {
    let lines = ended.out.lines().skip_while(|line| !line.starts_with('!')).take_while(|line| !line.is_empty());
    let text = lines.fold(String::new(), |text, line| text + line + " ");
    text.trim_end().replace(" ! ", "\n! ")
}

/// How many steps a run takes, and so how far it comes, is the business of the engine.
fn without_numbers(text: &str) -> String {
    let word = |word: &str| match word.trim_end_matches(|c: char| !c.is_ascii_digit()) {
        number if number.starts_with(|c: char| c.is_ascii_digit()) => format!("N{}", &word[number.len()..]),
        _ => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_run_beyond_its_budget_says_which_and_what_to_do() {
    let desk = Desk::with(&CALM.replace("queue = 50", "queue = \"unlimited\""));
    let circle = CALM.replace("[workload]", "[calls]\nbuy = \"web > db > web\"\n[workload]");
    let circle = circle.replace("[links]", "db = { kind = \"service\", workers = 1, time = \"10 ms\" }\n[links]");
    desk.put("circle.toml", &circle);
    let cautions = |args: &[&str]| {
        let ended = match args {
            ["circle"] => octo(&["sim", &desk.path("circle.toml")]),
            args => desk.sim(args),
        };
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        without_numbers(&cautions_of(&ended))
    };
    expect![[r#"
        ! Cut off by its budget of N steps after about N s of simulated time: this is what was measured until then. Let it run shorter (--duration), send less, or allow more steps (--budget-events).
        ! Unanswered when the run ended, and in no percentile: N of buy. The true latencies are longer."#]]
    .assert_eq(&cautions(&["--budget-events", "10000"]));
    expect![[r#"
        ! Cut off by its budget of N steps at the very beginning: this is what was measured until then. Let it run shorter (--duration), send less, or allow more steps (--budget-events).
        ! Nothing was measured: the beginning, which is thrown away (workload.warmup), was not over."#]]
    .assert_eq(&cautions(&["--budget-events", "100"]));
    expect![[r#"
        ! Requests were still under way when as much time again had passed as was asked for: more was sent than could be answered. Send less, give what is busiest more workers, or bound its queue.
        ! Unanswered when the run ended, and in no percentile: N of buy. The true latencies are longer."#]]
    .assert_eq(&cautions(&["--set", "rate=1000/s"]));
    expect![[r#"
        ! Cut off by its budget of N requests and calls under way after about N s of simulated time: more is sent than is answered, and web is busiest, so they only pile up. Send less, give what is busiest more workers, or bound its queue.
        ! Unanswered when the run ended, and in no percentile: N of buy. The true latencies are longer."#]]
    .assert_eq(&cautions(&["--set", "rate=200000/s"]));
    expect!["! Requests hold workers and wait for each other in a circle, so nothing could happen any more. Give one of the services in the circle more workers, a timeout, or holds = false."].assert_eq(&cautions(&["circle"]));
}

#[test]
fn a_run_that_had_not_settled_says_so() {
    let desk = Desk::with(&CALM.replace("queue = 50", "queue = \"unlimited\""));
    let ended = desk.sim(&["--set", "rate=201/s", "--duration", "1000 s"]);
    expect!["! Not settled in this time: at its end the mean latency of buy was 5.2 times that at the beginning, and web is saturated. Send less, or give it more capacity."].assert_eq(&cautions_of(&ended));
    assert!(!desk.sim(&["--duration", "1000 s"]).out.contains('!'));
}

#[test]
fn ctrl_c_prints_what_was_measured_until_then() {
    let desk = Desk::with(CALM);
    let ended = desk.run(&["--duration", "300 d", "--set", "workload.warmup=0 %"], interrupted_octo);
    assert_eq!(ended.code, Some(130), "{}", ended.err);
    assert!(ended.out.contains("! Interrupted by Ctrl-C after about ") && ended.out.contains("40 ms"), "{}", ended.out);
    let several = desk.run(&["--duration", "300 d", "--replications", "3", "--json"], interrupted_octo);
    assert_eq!(several.code, Some(130), "{}", several.err);
    let report: serde_json::Value = serde_json::from_str(&several.out).unwrap();
    assert!(report["ended_by"] == "caller" && report["cautions"][0].as_str().unwrap().starts_with("Interrupted"), "{report}");
    let sweep = desk.run(&["--duration", "300 d", "--sweep", "rate=1..100"], interrupted_octo);
    assert_eq!(sweep.code, Some(130), "{}", sweep.err);
    expect![[r#"
        Interrupted by Ctrl-C: 0 of 10 values were done.
    "#]]
    .assert_eq(&sweep.err);
}

#[test]
fn a_picture_has_the_design_the_latencies_and_the_course() {
    let desk = Desk::with(CALM);
    let drawn = |name: &str, args: &[&str]| {
        let ended = desk.sim(&[&["--svg", &format!("@{name}")], args].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let svg = fs::read_to_string(Path::new(&desk.path(name))).unwrap();
        assert_eq!(svg.matches("<svg ").count(), svg.matches("</svg>").count());
        svg
    };
    let report = drawn("report.svg", &["--fault", "freeze web at 20 s for 1 s"]);
    for shown in ["Two workers", "50.3 % busy", "latency (ms)", "goodput (requests/s)", "freeze web"] {
        assert!(report.contains(&format!(">{shown}</")), "{shown} is missing");
    }
    let sweep = drawn("sweep.svg", &["--sweep", "rate=10..400 in 3", "--duration", "10 s"]);
    assert!(sweep.contains(">rate, logarithmic</text>") && sweep.contains(">p99 (ms)</text>"), "{sweep}");
    let nowhere = desk.sim(&["--svg", "@no/such/folder/a.svg"]);
    assert!(nowhere.code == Some(2) && nowhere.err.contains("a.svg"), "{}", nowhere.err);
}

/// A part of a large design is run in place of the whole, and where none stands for it all of it.
#[test]
fn a_large_design_is_sampled_where_its_parts_are_alike() {
    let large = CALM.replace("workers = 2, queue = 50,", "replicas = 500, workers = 2,").replace("constant 100/s", "poisson 50000/s");
    let desk = Desk::with(&large.replace("lasts = \"100 s\"", "lasts = \"10 s\""));
    let ended = desk.sim(&["--sample"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let said = ended.out.lines().filter(|line| line.contains("is run") || line.contains("are run") || line.contains("service"));
    expect![[r#"
        One request in 4 is run, and told as 4. Of the 500 replicas of web, 125 are run.
        web        service       500  49.9 %      0        0   0 s  10 ms  49,900/s
        service  memory, garbage collection and noisy neighbours; a new replica is as"#]]
    .assert_eq(&said.collect::<Vec<_>>().join("\n"));
    let ended = Desk::with(CALM).sim(&["--sample", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    expect![[r#"[
  "All of it is run, since no part stands for the whole.",
  "web: it is one pool, and a pool is never cut into smaller ones."
]"#]]
    .assert_eq(&serde_json::to_string_pretty(&told["sample"]).unwrap());
}
