//! What a line of `any` may mean in a design: "crash 1" is one replica of any component, "slow x10 of
//! db" one component, "cut web -> db" that fault alone.

use sorted::BTreeSet;

use design::{Component, Document, Fault, Setting, Target, What, did_you_mean};
use units::{Count, Duration, Rate, Share, quoted};

use super::{Kind, Trouble};

/// A message and a way out.
type Slip = (String, String);

const WORDS: [&str; 15] = [
    "crash",
    "freeze",
    "slow",
    "flush",
    "cut",
    "loss",
    "lose zone",
    "lose region",
    "hot",
    "deploy errors",
    "deploy slow",
    "down",
    "quota",
    "load",
    "rebalance",
];
const EXAMPLE: &str = "Write it as in “crash 1”, “slow x10 of db”, “flush” or “cut web -> db”.";
/// No more options for one line than this are tried.
const OPTIONS_MAX: usize = 200;

pub(super) fn kind(document: &Document, text: &str) -> Result<Kind, Slip> {
    let text = text.trim();
    let troubles = match text.parse::<What>() {
        Ok(what) => vec![named(document, what)?],
        Err(_) => Line::read(document, text)?.troubles()?,
    };
    let options: Vec<Trouble> = troubles.into_iter().take(OPTIONS_MAX).collect();
    if options.is_empty() {
        return Err((format!("Nothing in this design can be struck by {}.", quoted(text)), "Leave it out, or name what is meant.".into()));
    }
    Ok(Kind { written: text.to_owned(), options })
}

/// A fault with all its names, if they exist.
fn named(document: &Document, what: What) -> Result<Trouble, Slip> {
    let mut struck = document.clone();
    struck.faults = vec![Fault { at: Duration::ZERO, lasts: None, every: None, what: what.clone() }];
    let wrong = design::resolve(&struck).err().into_iter().flatten().find(|problem| problem.path.starts_with("faults"));
    match wrong {
        Some(problem) => Err((problem.message, problem.suggestion.unwrap_or_else(|| EXAMPLE.into()))),
        None => Ok(Trouble { milder: milder(std::slice::from_ref(&what)), whats: vec![what] }),
    }
}

/// A line that does not name everything.
struct Line<'a> {
    document: &'a Document,
    text: &'a str,
    word: &'static str,
    /// How many replicas; none: all of them.
    count: Option<u64>,
    /// What is left after word and count: "x10", "5 %".
    amount: &'a str,
    /// Named after "of".
    of: Option<BTreeSet<&'a str>>,
}

impl<'a> Line<'a> {
    fn read(document: &'a Document, text: &'a str) -> Result<Self, Slip> {
        let (head, of) = match text.split_once(" of ") {
            Some((head, of)) => (head.trim(), Some(of.split(',').map(str::trim).collect::<BTreeSet<_>>())),
            None => (text, None),
        };
        let is_word = |word: &&str| head.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let Some(word) = WORDS.into_iter().find(is_word) else {
            let first = text.split_whitespace().next().unwrap_or("");
            let way = did_you_mean(first, WORDS).unwrap_or_else(|| EXAMPLE.into());
            return Err((format!("{} is not a fault known here.", quoted(text)), way));
        };
        let rest = head[word.len()..].trim();
        let first = rest.split(' ').next().unwrap_or("");
        let (count, amount) = match first.parse::<u64>() {
            Ok(count) if matches!(word, "crash" | "freeze" | "slow") => (Some(count), rest[first.len()..].trim()),
            _ => (None, rest),
        };
        if count == Some(0) {
            return Err((format!("{} strikes nothing.", quoted(text)), "Write at least 1.".into()));
        }
        let line = Self { document, text, word, count, amount, of };
        line.check_names()?;
        Ok(line)
    }

    fn check_names(&self) -> Result<(), Slip> {
        let known: Vec<&str> = match self.word {
            "hot" | "load" => self.document.workload.classes.keys().map(String::as_str).collect(),
            "lose zone" => self.places("zones").into_iter().collect(),
            "lose region" => self.places("region").into_iter().collect(),
            _ => self.document.components.keys().map(String::as_str).collect(),
        };
        let unknown = self.of.iter().flatten().find(|name| !known.contains(*name) && !name.contains("->"));
        match unknown {
            None => Ok(()),
            Some(name) => {
                let way = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("There are: {}.", known.join(", ")));
                Err((format!("There is nothing here that is called {}.", quoted(name)), way))
            }
        }
    }

    fn is_meant(&self, name: &str) -> bool {
        self.of.as_ref().is_none_or(|of| of.contains(name))
    }

    /// Components of which the test holds, or those that are named.
    fn parts(&self, holds: impl Fn(&Component) -> bool) -> impl Iterator<Item = (&'a String, &'a Component)> {
        let all = self.document.components.iter();
        all.filter(move |(name, part)| !is_outside(part) && self.is_meant(name) && (self.of.is_some() || holds(part)))
    }

    fn places(&self, key: &str) -> BTreeSet<&'a str> {
        let mut places = BTreeSet::new();
        for part in self.document.components.values().filter(|part| !is_outside(part)) {
            match part.settings.get(key) {
                Some(Setting::Word(name)) => drop(places.insert(name.as_str())),
                Some(Setting::Words(names)) => places.extend(names.iter().map(String::as_str)),
                _ => {}
            }
        }
        places
    }

    fn troubles(&self) -> Result<Vec<Trouble>, Slip> {
        let strike = |whats: Vec<What>| Trouble { milder: milder(&whats), whats };
        Ok(match self.word {
            "crash" | "freeze" | "slow" => {
                let factor = if self.word == "slow" { self.factor()? } else { Share::ONE };
                self.nothing_more(self.word != "slow")?;
                self.parts(|part| part.kind != "external" || self.word == "slow")
                    .flat_map(|(name, part)| self.replicas(name, part, factor))
                    .collect()
            }
            "flush" => self
                .parts(|part| matches!(part.kind.as_str(), "cache" | "cdn"))
                .map(|(name, _)| strike(vec![What::Flush { component: name.clone() }]))
                .collect(),
            "down" => self.parts(|_| true).map(|(name, _)| strike(vec![What::Down { component: name.clone() }])).collect(),
            "rebalance" => {
                self.parts(|part| part.kind == "log").map(|(name, _)| strike(vec![What::Rebalance { component: name.clone() }])).collect()
            }
            "deploy slow" => {
                let factor = self.factor()?;
                self.parts(|part| part.kind == "service")
                    .map(|(name, _)| strike(vec![What::DeploySlow { component: name.clone(), factor }]))
                    .collect()
            }
            "deploy errors" => {
                let share = self.share()?;
                self.parts(|part| part.kind == "service")
                    .map(|(name, _)| strike(vec![What::DeployErrors { component: name.clone(), share }]))
                    .collect()
            }
            "quota" => {
                let rate =
                    Rate::parse(self.amount).map_err(|problem| (problem.message, "Write it as in “quota 10/s of pay”.".to_owned()))?;
                self.parts(|part| part.kind == "external")
                    .map(|(name, _)| strike(vec![What::Quota { component: name.clone(), rate }]))
                    .collect()
            }
            "lose zone" => self
                .places("zones")
                .into_iter()
                .filter(|zone| self.is_meant(zone))
                .map(|zone| strike(vec![What::LoseZone { zone: zone.into() }]))
                .collect(),
            "lose region" => self
                .places("region")
                .into_iter()
                .filter(|region| self.is_meant(region))
                .map(|region| strike(vec![What::LoseRegion { region: region.into() }]))
                .collect(),
            "hot" => {
                let share = self.share()?;
                self.classes().map(|class| strike(vec![What::Hot { class, share }])).collect()
            }
            "load" => {
                let factor = self.factor()?;
                self.classes().map(|class| strike(vec![What::Load { class: Some(class), factor }])).collect()
            }
            "cut" => self.arrows().into_iter().map(|(from, to)| strike(vec![What::Cut { from, to, both: true }])).collect(),
            _ => {
                let share = self.share()?;
                self.arrows().into_iter().map(|(from, to)| strike(vec![What::Loss { from, to, share }])).collect()
            }
        })
    }

    /// The first replica, which may lead, and the last, which does not; alike ones need no other.
    fn replicas(&self, name: &str, part: &Component, factor: Share) -> Vec<Trouble> {
        let all = replicas(part);
        let what = |target: Target| match self.word {
            "crash" => What::Crash { target },
            "freeze" => What::Freeze { target },
            _ => What::Slow { target, factor },
        };
        let Some(some) = self.count else {
            let whole = vec![what(Target { component: name.into(), replica: None })];
            return vec![Trouble { milder: milder(&whole), whats: whole }];
        };
        if some > all {
            return Vec::new();
        }
        let struck = |from: u64| -> Vec<What> {
            (from..from + some).map(|replica| what(Target { component: name.into(), replica: Some(Count(replica)) })).collect()
        };
        let mut firsts = vec![1, all - some + 1];
        firsts.dedup();
        firsts.into_iter().map(struck).map(|whats| Trouble { milder: milder(&whats), whats }).collect()
    }

    fn classes(&self) -> impl Iterator<Item = String> {
        self.document.workload.classes.keys().filter(|class| self.is_meant(class)).cloned()
    }

    /// The arrows in use between parts of the design; those of clients only if they are named.
    fn arrows(&self) -> Vec<(String, String)> {
        let Ok(resolved) = design::resolve(self.document) else { return Vec::new() };
        let is_meant = |from: &str, to: &str| match &self.of {
            Some(of) => of.contains(format!("{from} -> {to}").as_str()) || of.contains(to) || of.contains(from),
            None => self.document.components.get(from).is_some_and(|part| !is_outside(part)),
        };
        resolved.links.keys().filter(|link| is_meant(&link.from, &link.to)).map(|link| (link.from.clone(), link.to.clone())).collect()
    }

    fn factor(&self) -> Result<Share, Slip> {
        let number = self.amount.strip_prefix('x').and_then(units::float).filter(|number| (1.0..=1_000.0).contains(number));
        number.map(|number| Share(libm::round(number * 1e9) as u64)).ok_or_else(|| {
            (
                format!("{} does not say how many times.", quoted(self.text)),
                format!("Write it as in “{} x10”, from x1 to x1000.", self.word),
            )
        })
    }

    fn share(&self) -> Result<Share, Slip> {
        Share::parse(self.amount)
            .ok()
            .filter(|share| *share > Share::ZERO && *share <= Share::ONE)
            .ok_or_else(|| (format!("{} does not say which share.", quoted(self.text)), format!("Write it as in “{} 5 %”.", self.word)))
    }

    fn nothing_more(&self, is_wanted: bool) -> Result<(), Slip> {
        if is_wanted && !self.amount.is_empty() {
            return Err((format!("{} is not understood in {}.", quoted(self.amount), quoted(self.text)), EXAMPLE.into()));
        }
        Ok(())
    }
}

fn is_outside(part: &Component) -> bool {
    matches!(part.kind.as_str(), "clients" | "scheduler")
}

/// How many there are all the time: those of an autoscaler come and go.
pub(crate) fn replicas(part: &Component) -> u64 {
    let count = |setting: Option<&Setting>| if let Some(Setting::Count(count)) = setting { Some(count.0) } else { None };
    let inner = |table: &str, key: &str| match part.settings.get(table) {
        Some(Setting::Table(table)) => count(table.get(key)).or(Some(1)),
        _ => None,
    };
    let own = count(part.settings.get("replicas")).unwrap_or(1).max(inner("autoscale", "min").unwrap_or(1));
    let own = own + inner("followers", "count").unwrap_or(0);
    if part.kind == "keyvalue" { own.max(count(part.settings.get("copies")).unwrap_or(1)) } else { own }
}

const FACTORS: [u64; 7] = [2, 3, 5, 10, 20, 50, 100];
const PER_CENT: [u64; 6] = [1, 2, 5, 10, 20, 50];

/// Milder forms: fewer replicas, a smaller factor or share.
fn milder(whats: &[What]) -> Vec<Vec<What>> {
    if whats.len() > 1 {
        return (1..whats.len()).map(|some| whats[..some].to_vec()).collect();
    }
    let Some(what) = whats.first() else { return Vec::new() };
    let factors = |most: Share| FACTORS.into_iter().map(|times| Share(times * Share::ONE.0)).filter(move |share| *share < most);
    let shares = |most: Share| PER_CENT.into_iter().map(|part| Share(part * Share::ONE.0 / 100)).filter(move |share| *share < most);
    let one = |what: What| vec![what];
    match what.clone() {
        What::Slow { target, factor } => factors(factor).map(|factor| one(What::Slow { target: target.clone(), factor })).collect(),
        What::DeploySlow { component, factor } => {
            factors(factor).map(|factor| one(What::DeploySlow { component: component.clone(), factor })).collect()
        }
        What::Load { class, factor } => factors(factor).map(|factor| one(What::Load { class: class.clone(), factor })).collect(),
        What::Loss { from, to, share } => {
            shares(share).map(|share| one(What::Loss { from: from.clone(), to: to.clone(), share })).collect()
        }
        What::Hot { class, share } => shares(share).map(|share| one(What::Hot { class: class.clone(), share })).collect(),
        What::DeployErrors { component, share } => {
            shares(share).map(|share| one(What::DeployErrors { component: component.clone(), share })).collect()
        }
        _ => Vec::new(),
    }
}
