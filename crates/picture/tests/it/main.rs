//! What a picture must hold whatever it shows, and the words that stand for it. How it looks is
//! for eyes to judge; coordinates are not blessed here.

use std::collections::BTreeMap;

use design::{Call, Component, Document, Format, Link, LinkName, Setting, read};
use expect_test::expect;
use picture::{
    Axis, Bars, Chart, Danger, Direction, Load, MAX_COMPONENTS, Options, Point, Role, Scale, Series, Span, bars, chart, chart_table,
    chart_with, sheet, svg, text,
};
use proptest::prelude::*;
use units::Count;

const SHORT_LINKS: &str = r#"
octo = 1
title = "Short links on launch day"
[components]
users  = { kind = "clients", region = "us-east" }
lb     = { kind = "balancer", policy = "two choices" }
web    = { kind = "service", replicas = 3, workers = 16, queue = 200, time = "exp 4 ms" }
cache  = { kind = "cache", time = "0.4 ms", hits = "92 %" }
db     = { kind = "relational", pool = 40, time = "lognormal 6 ms scv 2" }
clicks = { kind = "log" }
[links]
"users -> lb" = { rtt = "40 ms", reuse = "80 %" }
"web -> db"   = { rtt = "1 ms" }
[data]
link = { key = "code", rows = "50e6", row = "220 B", home = "db" }
[calls]
follow = """
lb > web
  cache get link
    miss: db read link; cache put link
  async: clicks append link
"""
[workload]
lasts  = "30 min"
follow = { from = "users", arrivals = "poisson 400/s" }
[require]
fast = "follow p99 < 100 ms"
"#;

fn short_links() -> Document {
    read(SHORT_LINKS, Format::Toml).document
}

/// The names of the tags if the text is well-formed XML, with every attribute in quotes.
fn tags(xml: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut seen = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, content) = part.split_once('>').expect("every < begins a tag");
        assert!(!content.contains('>'), "an unescaped > in {content:?}");
        assert!(
            content
                .split('&')
                .skip(1)
                .all(|entity| entity.split(';').next().is_some_and(|name| ["amp", "lt", "gt", "quot", "#39"].contains(&name)))
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag:?}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_alphabetic()), "{tag:?}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            seen.push(name.to_owned());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    seen
}

fn ids(xml: &str) -> Vec<&str> {
    xml.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_text_of_a_design_is_enough_to_draw_it_again() {
    expect![[r#"
        Short links on launch day

        Components
        - cache: cache, hits 92 %, time 400 us
        - clicks: log
        - db: relational, time lognormal 6 ms scv 2, workers 40
        - lb: balancer, policy two choices
        - users: clients, region us-east
        - web: service, queue 200, replicas 3, time exp 4 ms, workers 16

        Links
        - users to lb, reuse 80 %, rtt 40 ms
        - web to db, rtt 1 ms

        Data
        - link, home db, key code, row 220 B, rows 50000000

        Calls
        - follow:
          - users calls lb
            - lb calls web
              - web calls cache, get link
                - on a miss web calls db, read link
                - on a miss web calls cache, put link
              - web calls clicks, append link, not waited for

        Workload
        - follow: from users, poisson 400/s
        - lasts 30 min

        Required
        - fast: follow p99 < 100 ms
    "#]]
    .assert_eq(&text(&short_links()));
}

#[test]
fn a_picture_describes_itself_and_names_every_component() {
    let drawn = svg(&short_links(), &Options::new("a"));
    let tags = tags(&drawn);
    assert_eq!(&tags[..3], ["svg", "title", "desc"]);
    assert!(drawn.contains("role=\"img\" aria-labelledby=\"a-title a-desc\""));
    for shown in ["3 × 16 workers", "exp 4 ms", "rtt 40 ms", "follow: poisson 400/s", "async", "on a miss", "two choices", "40 connections"]
    {
        assert!(drawn.contains(&format!("{shown}</text>")), "{shown} is missing");
    }
    let description = drawn.split("<desc id=\"a-desc\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    expect!["Components: cache (cache), clicks (log), db (relational), lb (balancer), users (clients), web (service). Arrows: lb to web, users to lb, web to cache, web to clicks, web to db."].assert_eq(description);
}

#[test]
fn a_stack_has_as_many_sheets_as_there_are_replicas_up_to_three() {
    let boxes = |replicas: u64| {
        let mut document = short_links();
        document.components.get_mut("web").unwrap().settings.insert("replicas".into(), Setting::Count(Count(replicas)));
        svg(&document, &Options::new("a")).matches("class=\"box\"").count() - 5
    };
    assert_eq!([1, 2, 3, 100].map(boxes), [1, 2, 3, 3]);
}

#[test]
fn load_over_eighty_per_cent_is_told_by_hatch_and_words() {
    let with = |busy: f64| svg(&short_links(), &Options { loads: BTreeMap::from([("db".to_owned(), Load { busy })]), ..Options::new("a") });
    assert!(with(0.8).contains("80 % busy<") && !with(0.8).contains("80%+") && !with(0.8).contains("hatch"));
    assert!(with(0.93).contains("93 % busy: 80%+<") && with(0.93).contains("fill=\"url(#a-hatch)\""));
    assert!(with(4e9).contains("over 999 % busy: 80%+<"));
    assert!(!with(f64::NAN).contains("busy"));
}

#[test]
fn ids_begin_as_asked_so_that_pictures_can_share_a_page() {
    let loads = BTreeMap::from([("db".to_owned(), Load { busy: 0.9 })]);
    let first = svg(&short_links(), &Options { loads: loads.clone(), ..Options::new("one") });
    let second = svg(&short_links(), &Options { loads, ..Options::new("2\"><script>") });
    assert!(ids(&first).iter().all(|id| id.starts_with("one-")));
    assert_eq!(ids(&second), ["picture2script-title", "picture2script-desc", "picture2script-hatch"]);
}

#[test]
fn nothing_in_a_design_becomes_markup() {
    let nasty = "</title><script>alert(1)</script>\u{0}\"'&";
    let mut document = Document { title: nasty.into(), ..Document::default() };
    let settings = BTreeMap::from([("policy".to_owned(), Setting::Word(nasty.into()))]);
    document.components.insert(nasty.into(), Component { kind: nasty.into(), settings });
    document.components.insert("b".into(), Component { kind: "clients".into(), ..Component::default() });
    document.links.insert(
        LinkName { from: "b".into(), to: nasty.into() },
        Link { settings: BTreeMap::from([("rtt".to_owned(), Setting::Word(nasty.into()))]) },
    );
    let drawn = svg(&document, &Options::new("a"));
    assert!(!tags(&drawn).iter().any(|tag| tag == "script") && !drawn.contains('\u{0}'));
}

#[test]
fn a_picture_carries_no_script_no_style_and_no_colour_without_a_name() {
    let drawn = svg(&short_links(), &Options::new("a")) + &chart(&lesson_chart()) + &bars(&some_bars());
    assert!(!drawn.contains("style=") && !drawn.contains("<style") && !drawn.contains("href"));
    for colour in ["fill=\"#", "stroke=\"#"] {
        assert!(!drawn.contains(colour));
    }
}

#[test]
fn a_design_too_large_to_draw_says_so_and_comes_in_words() {
    let components = (0..=MAX_COMPONENTS).map(|i| (format!("web{i}"), Component { kind: "service".into(), ..Component::default() }));
    let document = Document { components: components.collect(), ..Document::default() };
    let drawn = svg(&document, &Options::new("a"));
    assert!(drawn.contains("201 components and 0 arrows are too many for a picture.") && drawn.contains("- web200: service"));
    assert!(!tags(&drawn).contains(&"g".to_owned()));
}

#[test]
fn links_to_nothing_circles_and_endless_plans_are_drawn_as_far_as_they_make_sense() {
    let mut document = short_links();
    for (from, to) in [("db", "web"), ("web", "web"), ("web", "nowhere"), ("clicks", "users")] {
        document.links.insert(LinkName { from: from.into(), to: to.into() }, Link::default());
    }
    let mut call = plain_call();
    for _ in 0..1000 {
        call = Call { then: vec![call], ..plain_call() };
    }
    document.calls.insert("follow".into(), vec![call]);
    tags(&svg(&document, &Options::new("a")));
    assert!(text(&document).contains("and so on"));
}

fn plain_call() -> Call {
    Call { to: "web".into(), ..Call::default() }
}

fn lesson_chart() -> Chart {
    let run = [(50.0, 20.0), (80.0, 50.0), (90.0, 100.0), (95.0, 200.0)].map(|(x, y)| Point::marked(x, y)).to_vec();
    Chart {
        id: "q1".into(),
        title: "Mean time against load".into(),
        summary: String::new(),
        x: Axis { range: Some((50.0, 100.0)), ..Axis::new("load", "requests/s") },
        y: Axis::new("mean time in system", "ms"),
        series: vec![
            Series { name: "in step".into(), role: Role::Trap, points: vec![Point::new(50.0, 20.0), Point::new(95.0, 38.0)] },
            Series { name: "run".into(), role: Role::Result, points: run },
            Series { name: "yours".into(), role: Role::Guess, points: vec![Point::marked(80.0, 32.0), Point::marked(95.0, 70.0)] },
        ],
        danger: Some(Danger { above: 150.0, label: "over 150 ms".into() }),
        width: 640.0,
    }
}

fn some_bars() -> Bars {
    Bars {
        id: "b".into(),
        title: "Busy".into(),
        rows: vec![("web".into(), 0.62), ("db".into(), 0.934), ("lb".into(), f64::NAN)],
        width: 640.0,
    }
}

#[test]
fn a_chart_names_its_lines_and_axes_on_the_marks() {
    let drawn = chart(&lesson_chart());
    tags(&drawn);
    for shown in ["in step", "run", "yours", "mean time in system (ms)", "load (requests/s)", "over 150 ms", "200", "50"] {
        assert!(drawn.contains(&format!(">{shown}</text>")), "{shown} is missing");
    }
    for form in ["class=\"result-line\"", "class=\"guess-line\"", "class=\"trap-line\"", "stroke-dasharray=\"7 5\"", "class=\"guess-dot\""]
    {
        assert!(drawn.contains(form), "{form} is missing");
    }
    let description = drawn.split("<desc id=\"q1-desc\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    expect!["mean time in system (ms) against load (requests/s). in step (ms): . run (ms): 20 at 50, 50 at 80, 100 at 90, 200 at 95. yours (ms): 32 at 80, 70 at 95."].assert_eq(description);
}

#[test]
fn a_chart_tells_where_its_axes_lie() {
    let drawn = chart(&lesson_chart());
    let data = drawn.split('>').next().unwrap();
    for told in [
        "data-chart=\"\"",
        "data-xmin=\"50\"",
        "data-xmax=\"100\"",
        "data-ymin=\"0\"",
        "data-ymax=\"200\"",
        "data-yscale=\"linear\"",
        "data-y1=\"40\"",
    ] {
        assert!(data.contains(told), "{told} is missing in {data}");
    }
    let logarithmic = Chart { y: Axis { scale: Scale::Log, ..Axis::new("time", "ms") }, ..lesson_chart() };
    assert!(chart(&logarithmic).contains("data-ymin=\"10\" data-ymax=\"1000\""));
    assert!(chart(&logarithmic).contains("time (ms), logarithmic</text>"));
}

#[test]
fn the_table_of_a_chart_holds_its_marked_points() {
    let table = chart_table(&lesson_chart());
    let lines: Vec<_> = std::iter::once(&table.head).chain(&table.rows).map(|row| row.join(" | ")).collect();
    expect![[r#"
        load (requests/s) | in step (ms) | run (ms) | yours (ms)
        50 |  | 20 | 
        80 |  | 50 | 32
        90 |  | 100 | 
        95 |  | 200 | 70"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn a_stretch_of_time_is_marked_and_named_within_the_plot() {
    let span = |from, to, label: &str| Span { from, to, label: label.into() };
    let spans = [span(60.0, 70.0, "crash db"), span(61.0, 62.0, "slow <web>"), span(98.0, 1e9, "load x2"), span(f64::NAN, 70.0, "never")];
    let drawn = chart_with(&lesson_chart(), &spans);
    tags(&drawn);
    assert_eq!(drawn.matches("class=\"span\"").count(), 3);
    for shown in ["crash db", "slow &lt;web&gt;", "load x2"] {
        assert!(drawn.contains(&format!(">{shown}</text>")), "{shown} is missing");
    }
    assert_eq!(chart(&lesson_chart()), chart_with(&lesson_chart(), &[]));
}

#[test]
fn several_results_differ_in_dashes() {
    let series = |number| Series {
        name: format!("c{number}"),
        role: Role::Among(number),
        points: vec![Point::new(50.0, 1.0), Point::new(99.0, 2.0)],
    };
    let drawn = chart(&Chart { series: (0..7).map(series).collect(), ..lesson_chart() });
    tags(&drawn);
    for dashes in ["9 4", "2 4", "9 4 2 4", "16 5"] {
        assert!(drawn.contains(&format!("stroke-dasharray=\"{dashes}\"")), "{dashes}");
    }
}

#[test]
fn a_sheet_holds_its_drawings_one_below_the_other() {
    let drawn = sheet("all", "Two & more", &[chart(&lesson_chart()), bars(&some_bars()), "no drawing".into()]);
    let tags = tags(&drawn);
    assert_eq!(tags.iter().filter(|tag| *tag == "svg").count(), 3);
    assert!(drawn.contains("<title id=\"all-title\">Two &amp; more</title>") && !drawn.contains("no drawing"));
    let tops: Vec<f64> = drawn.split("<svg x=\"24\" y=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect();
    assert_eq!(tops, [74.0, 438.0]);
}

#[test]
fn every_kind_and_every_word_of_the_catalogue_is_told_and_drawn() {
    let everything = read(include_str!("../../../design/tests/it/everything.toml"), Format::Toml);
    assert!(everything.is_runnable(), "{:#?}", everything.problems);
    let told = text(&everything.document);
    for line in [
        "lb: balancer, bound 30 %, health (every 5 s, misses 3), policy weighted, stale 100 ms, sticky yes, vnodes 200, weights 3, 1",
        "between eu-west and us-east: 78 ms",
        "follow: from users, 90 % of all, deadline 2 s",
        "all: flash 200/s..600/s in 3 min, half-life 20 min, at 5 min",
        "trace launch: 3 requests, the last after 2 s",
        "at 0 s: crash web.2, for exp 1 min, again exp 10 min after its end",
        "web calls kv, read link, in parallel, 2 answers are enough",
        "web calls pay, may fail",
        "5 at once, 3 answers are enough, the others are called back",
    ] {
        assert!(told.contains(line), "{line} is missing in\n{told}");
    }
    let drawn = svg(&everything.document, &Options::new("all"));
    tags(&drawn);
    for shown in
        ["scales from 2 to 8", "2 followers", "3 copies, read 2, write 2", "sliding window", "rate 500/s", "visibility 10 s", "90 % of all"]
    {
        assert!(drawn.contains(&format!("{shown}</text>")), "{shown} is missing");
    }
}

#[test]
fn bars_say_what_they_show() {
    let drawn = bars(&some_bars());
    tags(&drawn);
    assert!(drawn.contains("Busy: web 62 %, db 93.4 % 80%+, lb not known.") && drawn.contains("url(#b-hatch)"));
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![-1e3..1e6, Just(0.0), Just(f64::NAN), Just(f64::INFINITY), any::<f64>()]
}

proptest! {
    #[test]
    fn any_chart_is_well_formed(
        points in prop::collection::vec((numbers(), numbers(), any::<bool>()), 0..12),
        log in any::<(bool, bool)>(),
        range in prop::option::of((numbers(), numbers())),
        width in numbers(),
        name in "\\PC{0,30}",
    ) {
        let scale = |log| if log { Scale::Log } else { Scale::Linear };
        let points = points.into_iter().map(|(x, y, marked)| Point { marked, spread: Some((y, y * 2.0)), ..Point::new(x, y) }).collect();
        let drawn = chart(&Chart {
            x: Axis { scale: scale(log.0), range, ..Axis::new(name.clone(), "") },
            y: Axis { scale: scale(log.1), ..Axis::new("y", name.clone()) },
            series: vec![Series { name, role: Role::Result, points }],
            width,
            ..lesson_chart()
        });
        tags(&drawn);
        prop_assert!(!drawn.contains("NaN") && !drawn.contains("inf "), "{}", drawn);
    }

    #[test]
    fn any_design_gives_the_same_picture_twice(
        // Without an i, so that no name is itself the "inf" that is looked for below.
        kinds in prop::collection::vec("clients|service|cache|relational|log|[a-hj-z]{1,9}", 1..12),
        links in prop::collection::vec((0usize..12, 0usize..12), 0..20),
        down in any::<bool>(),
    ) {
        let name = |i: usize| format!("c{i}");
        let components = kinds.into_iter().enumerate().map(|(i, kind)| (name(i), Component { kind, ..Component::default() })).collect();
        let links = links.into_iter().map(|(a, b)| (LinkName { from: name(a), to: name(b) }, Link::default())).collect();
        let document = Document { components, links, ..Document::default() };
        let options = Options { direction: if down { Direction::Down } else { Direction::Right }, ..Options::new("a") };
        let drawn = svg(&document, &options);
        tags(&drawn);
        prop_assert_eq!(&drawn, &svg(&document, &options));
        prop_assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
    }
}
