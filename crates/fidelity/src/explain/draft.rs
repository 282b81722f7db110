//! A design in the making: parts with names that say nothing, calls between them, a load. Which
//! weakness is planted in it is said in `scenes`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Names that tell nobody what a component does.
const NAMES: [&str; 40] = [
    "alder", "amber", "basalt", "birch", "cedar", "cobalt", "coral", "delta", "ember", "fern", "flint", "granite", "harbor", "hazel",
    "indigo", "iris", "juniper", "kelp", "lark", "lotus", "maple", "marsh", "nectar", "oak", "onyx", "opal", "pebble", "quartz", "reed",
    "river", "sable", "sage", "slate", "spruce", "tulip", "umber", "violet", "willow", "yarrow", "zephyr",
];
const CLASSES: [&str; 8] = ["visit", "order", "glance", "submit", "peruse", "fetching", "booking", "quote"];

/// Draws that are the same everywhere (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between the two, the greater one left out.
    pub(super) fn real(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Both may come.
    pub(super) fn whole(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from + 1)
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.real(0.0, 1.0) < share
    }

    pub(super) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.whole(0, of.len() as u64 - 1) as usize]
    }
}

/// How long a run lasts [s].
const LASTS: f64 = 60.0;

/// The sections of a document. One service (`web`) stands in the middle of most designs; before it may
/// be a gateway or a balancer, beside it something that is well.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) dice: Dice,
    names: Vec<&'static str>,
    pub(super) class: String,
    /// The class of others, where there are two.
    pub(super) other: String,
    pub(super) users: String,
    pub(super) web: String,
    /// Requests of the class [per second].
    pub(super) rate: f64,
    components: String,
    links: BTreeMap<String, Vec<String>>,
    plans: String,
    workload: String,
    faults: String,
    data: String,
    require: String,
    side: Option<String>,
    before: Vec<String>,
}

impl Draft {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut names = NAMES.to_vec();
        for at in (1..names.len()).rev() {
            names.swap(at, dice.whole(0, at as u64) as usize);
        }
        let first = dice.whole(0, 7) as usize;
        let class = CLASSES[first].to_owned();
        let other = CLASSES[(first + 1 + dice.whole(0, 6) as usize) % 8].to_owned();
        let rate = dice.real(80.0, 320.0).round();
        let mut draft = Self {
            dice,
            names,
            class,
            other,
            users: String::new(),
            web: String::new(),
            rate,
            components: String::new(),
            links: BTreeMap::new(),
            plans: String::new(),
            workload: String::new(),
            faults: String::new(),
            data: String::new(),
            require: String::new(),
            side: None,
            before: Vec::new(),
        };
        draft.users = draft.part("kind = \"clients\"");
        draft.web = draft.name();
        draft
    }

    pub(super) fn name(&mut self) -> String {
        self.names.pop().unwrap_or("spare").to_owned()
    }

    /// A component with a new name.
    pub(super) fn part(&mut self, settings: &str) -> String {
        let name = self.name();
        self.named(&name, settings);
        name
    }

    pub(super) fn named(&mut self, name: &str, settings: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.components, "{name} = {{ {settings} }}");
    }

    /// The service in the middle.
    pub(super) fn web(&mut self, settings: &str) {
        let name = self.web.clone();
        self.named(&name, &format!("kind = \"service\", {settings}"));
    }

    /// The service in the middle with more than enough of everything.
    pub(super) fn ample_web(&mut self) {
        let (replicas, time) = (self.dice.whole(1, 3), self.dice.real(0.5, 3.0));
        let text = format!("replicas = {replicas}, workers = 400, time = \"exp {time:.2} ms\"");
        self.web(&text);
    }

    /// Settings of an arrow, beside those that it has.
    pub(super) fn link(&mut self, from: &str, to: &str, settings: &str) {
        self.links.entry(format!("{from} -> {to}")).or_default().push(settings.to_owned());
    }

    pub(super) fn fault(&mut self, at: f64, lasts: Option<f64>, what: &str) {
        let lasts = lasts.map_or_else(String::new, |lasts| format!("lasts = \"{lasts:.2} s\"\n"));
        let _ = writeln!(self.faults, "[[faults]]\nat = \"{at:.2} s\"\n{lasts}what = \"{what}\"");
    }

    /// A fault that comes again and again.
    pub(super) fn faults(&mut self, at: f64, every: &str, lasts: &str, what: &str) {
        let _ = writeln!(self.faults, "[[faults]]\nat = \"{at:.2} s\"\nevery = \"{every}\"\nlasts = \"{lasts}\"\nwhat = \"{what}\"");
    }

    pub(super) fn data(&mut self, text: &str) {
        let _ = writeln!(self.data, "{text}");
    }

    pub(super) fn require(&mut self, text: &str) {
        let _ = writeln!(self.require, "wish = \"{text}\"");
    }

    /// Perhaps a gateway or a balancer before the service, something beside what it calls, and users who
    /// give up.
    pub(super) fn surround(&mut self) {
        if self.dice.chance(0.4) {
            let gateway = self.part("kind = \"gateway\", time = \"0.4 ms\"");
            self.before.push(gateway);
        }
        if self.dice.chance(0.3) {
            let balancer = self.part("kind = \"balancer\"");
            self.before.push(balancer);
        }
        if self.dice.chance(0.6) {
            let time = self.dice.real(0.3, 3.0);
            let kind = self.dice.one(&["external", "objects", "search", "document"]).to_owned();
            let side = self.part(&format!("kind = \"{kind}\", workers = 200, time = \"exp {time:.2} ms\""));
            if self.dice.chance(0.5) {
                // A decoy: something happens to it that nobody feels.
                let (at, lasts) = (self.dice.real(10.0, 40.0), self.dice.real(2.0, 10.0));
                self.fault(at, Some(lasts), &format!("slow {side} x1.2"));
            }
            self.side = Some(side);
        }
        if self.dice.chance(0.3) {
            // People do not wait for ever.
            let (users, first, patience) = (self.users.clone(), self.first(), self.dice.real(8.0, 20.0));
            self.link(&users, &first, &format!("timeout = \"{patience:.1} s\""));
        }
    }

    /// What a class makes the service do; the calls of the service, indented as they are made.
    pub(super) fn plan(&mut self, class: &str, calls: &[String]) {
        let mut text = self.before.join(" > ");
        if !text.is_empty() {
            text.push_str(" > ");
        }
        text.push_str(&self.web);
        text.push('\n');
        if let Some(side) = &self.side {
            let _ = writeln!(text, "  {side}");
        }
        for call in calls {
            for line in call.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        let _ = write!(self.plans, "{class} = \"\"\"\n{text}\"\"\"\n");
    }

    /// A plan as it stands.
    pub(super) fn whole_plan(&mut self, class: &str, text: &str) {
        let _ = write!(self.plans, "{class} = \"\"\"\n{text}\n\"\"\"\n");
    }

    /// The caller of the service: its balancer, its gateway, or the users.
    pub(super) fn caller(&self) -> String {
        self.before.last().unwrap_or(&self.users).clone()
    }

    /// Whom the users call.
    pub(super) fn first(&self) -> String {
        self.before.first().unwrap_or(&self.web).clone()
    }

    /// A balancer right before the service.
    pub(super) fn balancer(&mut self, settings: &str) -> String {
        let name = self.part(&format!("kind = \"balancer\", {settings}"));
        self.before.push(name.clone());
        name
    }

    pub(super) fn load(&mut self, class: &str, arrivals: &str, more: &str) {
        let more = if more.is_empty() { String::new() } else { format!(", {more}") };
        let _ = writeln!(self.workload, "{class} = {{ from = \"{}\", arrivals = \"{arrivals}\"{more} }}", self.users);
    }

    /// The class comes by chance at the rate of the draft.
    pub(super) fn poisson(&mut self, more: &str) {
        let (class, rate) = (self.class.clone(), self.rate);
        self.load(&class, &format!("poisson {rate}/s"), more);
    }

    pub(super) fn text(&self) -> String {
        let link = |(name, settings): (&String, &Vec<String>)| format!("\"{name}\" = {{ {} }}\n", settings.join(", "));
        let links: String = self.links.iter().map(link).collect();
        let section = |name: &str, text: &str| if text.is_empty() { String::new() } else { format!("[{name}]\n{text}") };
        format!(
            "octo = 1\n[components]\n{}{}{}{}[workload]\nlasts = \"{LASTS} s\"\nwarmup = \"5 %\"\n{}{}{}",
            self.components,
            section("links", &links),
            section("data", &self.data),
            section("calls", &self.plans),
            self.workload,
            section("require", &self.require),
            self.faults,
        )
    }
}
