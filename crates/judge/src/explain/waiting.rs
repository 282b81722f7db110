//! Why calls waited at a component: what there was too little of, and why.

use units::Dimension;

use super::facts::{Facts, Part};
use super::{Finding, Kind, caches, failures, held, load, messages, say};
use crate::instant::time::Time;

/// From here on the workers of a component are what is short [share].
const SHORT: f64 = 0.85;
/// A service that varies more makes others wait by itself (its squared coefficient of variation).
const WILD: f64 = 6.0;

/// The cause of waiting at a component, as requests of a class felt it.
pub(super) fn waiting(facts: &Facts<'_>, at: &str, class: &str) -> Option<Finding> {
    let part = facts.part(at)?;
    if facts.is_broker(at) {
        return messages::of(facts, part);
    }
    if part.kind == "limiter" {
        return Some(held_back(part));
    }
    let (peak, _) = facts.peak(part.number);
    let measures = [format!("{at}.utilisation"), format!("{at}.wait"), format!("{at}.queue")];
    let found = lock(part)
        .or_else(|| uneven_replicas(facts, part))
        .or_else(|| cold_start(facts, part, class))
        .or_else(|| load::priority(facts, part, class))
        .or_else(|| {
            let holds = part.own_part() < 0.55 && peak > SHORT && part.workers.is_finite();
            if holds { held::cause(facts, part, class) } else { None }
        })
        .or_else(|| contention(part))
        .or_else(|| if part.own < SHORT { load::bursts(facts, part) } else { None })
        .or_else(|| caches::misses(facts, part))
        .or_else(|| if part.own >= SHORT { failures::amplified(facts, class, at, failures_of(part)) } else { None })
        .or_else(|| settles(facts, part, class))
        .or_else(|| if part.own < SHORT { uneven_work(part) } else { None })
        .or_else(|| load::users(facts, part, class))
        .or_else(|| if part.own_part() < 0.55 { held::cause(facts, part, class) } else { None })
        .unwrap_or_else(|| overload(facts, part));
    Some(found.shown(facts, &measures))
}

fn failures_of(part: &Part<'_>) -> f64 {
    part.words.share("failures").unwrap_or(0.0)
}

/// More work than workers.
pub(super) fn overload(facts: &Facts<'_>, part: &Part<'_>) -> Finding {
    let (peak, at_peak) = facts.peak(part.number);
    let (name, can) = (part.name, part.capacity());
    if !can.is_finite() {
        let sentence = format!("Calls wait {} at {name} in the mean, though it has no limit of its own.", say::time(part.wait));
        return say::cause(Kind::Waiting, name, sentence);
    }
    let most = at_peak.max(part.offered);
    let crew = format!("{}, {} for each call", part.crew(), say::time(part.service));
    let offered = |value: f64| value > 0.98 * can;
    if offered(most) || (peak > 0.97 && part.own_part() > 0.7) {
        let asked = if offered(part.offered) { part.offered } else { most };
        let sentence = match asked > 1.005 * can {
            true => format!("{name} cannot keep up: it is asked for {} and can do {} ({crew}).", say::rate(asked), say::rate(can)),
            false => format!("{name} cannot keep up: it does all that it can, {} ({crew}), and more is waiting.", say::rate(can)),
        };
        let finding = say::cause(Kind::Overload, name, sentence).shown(facts, &[format!("{name}.visit rate"), format!("{name}.service")]);
        return finding.with(format!("most that {name} can do"), can, Dimension::RATE);
    }
    let sentence = format!(
        "{name} is close to its limit: {} busy, it is asked for {} and can do {} ({crew}), and near the limit waiting grows much faster \
         than load.",
        say::share(part.own.max(part.busy)),
        say::rate(part.offered),
        say::rate(can)
    );
    say::cause(Kind::Close, name, sentence).with(format!("most that {name} can do"), can, Dimension::RATE)
}

/// A limiter that lets requests wait.
fn held_back(part: &Part<'_>) -> Finding {
    let rate = part.words.rate("rate").unwrap_or(0.0);
    let sentence = format!(
        "{} holds requests back: it lets through {} and is asked for {}, so they wait {} there.",
        part.name,
        say::rate(rate),
        say::rate(part.offered),
        say::time(part.time)
    );
    say::cause(Kind::Limiter, part.name, sentence)
}

/// Writes to one row that wait for each other keep their connections.
fn lock(part: &Part<'_>) -> Option<Finding> {
    let name = part.name;
    if !part.words.flag("locks") || part.own_part() > 0.6 {
        return None;
    }
    let sentence = format!(
        "Writes to {name} wait for each other's row lock: a connection is held for {} by a call whose work takes {}, so all are taken \
         ({} busy) while little is done.",
        say::time(part.taken()),
        say::time(part.service),
        say::share(part.busy)
    );
    Some(say::cause(Kind::Lock, name, sentence).with("held for a lock", part.taken() - part.service, Dimension::TIME))
}

/// One replica gets so much more than its part that it is full while others idle.
pub(super) fn uneven_replicas(facts: &Facts<'_>, part: &Part<'_>) -> Option<Finding> {
    let name = part.name;
    let got = &part.report.by_replica;
    let all: u64 = got.iter().sum();
    let (replica, most) = got.iter().enumerate().max_by_key(|(_, calls)| **calls).map(|(at, calls)| (at + 1, *calls as f64))?;
    let share = most / all.max(1) as f64;
    let fair = 1.0 / got.len().max(1) as f64;
    let each = part.workers / part.replicas.max(1.0);
    let load = |share: f64| part.offered * share * part.service / each;
    if got.len() < 2 || share < 1.3 * fair || load(share) < SHORT || load(fair) > 0.93 || part.words.has("autoscale") {
        return None;
    }
    let (kind, why) = uneven_because(facts, part, share);
    let sentence = format!(
        "Replica {replica} of {name} gets {} of its calls, where an even share is {}: it is full while the others have room, because {why}.",
        say::share(share),
        say::share(fair)
    );
    let finding = say::cause(kind, name, sentence).shown(facts, &[format!("{name}.max share"), format!("{name}.min share")]);
    Some(finding.with("load of the fullest replica", load(share), Dimension::NONE))
}

fn uneven_because(facts: &Facts<'_>, part: &Part<'_>, share: f64) -> (Kind, String) {
    let name = part.name;
    let keys = facts.classes_at(name).into_iter().find_map(|class| {
        let word = facts.class_words(class)?.word("keys");
        word.parse::<design::Keys>().ok().map(|keys| (class, keys))
    });
    let hot = keys.as_ref().and_then(|(class, keys)| keys.hot.as_ref().map(|hot| (*class, hot)));
    let keyed = matches!(part.kind, "keyvalue" | "document" | "search");
    let balancer = facts.callers(name).into_iter().find_map(|from| facts.part(from).filter(|from| from.kind == "balancer"));
    let policy = balancer.map_or("", |balancer| balancer.words.word("policy"));
    if let Some(balancer) = balancer.filter(|balancer| balancer.words.flag("sticky")) {
        return (
            Kind::Imbalance,
            format!("{} keeps each session on its replica (sticky) and a few sessions make most requests", balancer.name),
        );
    }
    if keyed || policy.contains("hash") {
        let by = balancer.filter(|_| !keyed).map_or_else(String::new, |balancer| format!(" that {} goes by (hash)", balancer.name));
        return match hot {
            Some((class, hot)) if hot.share.as_f64() > 0.3 * share => {
                let keys = if hot.keys.base() == 1 { "one key".to_owned() } else { format!("{} keys", hot.keys) };
                (Kind::HotKey, format!("{} of {class} ask for {keys} (hot){by}", say::share(hot.share.as_f64())))
            }
            _ => (Kind::HotKey, format!("a few keys{by} are asked for far more often than others (hot keys)")),
        };
    }
    if policy == "weighted" {
        return (Kind::Imbalance, "the weights of its balancer say so".into());
    }
    if part.kind == "relational" {
        return (Kind::Imbalance, "the leader takes all writes, and the reads that go to it".into());
    }
    (Kind::Imbalance, "its callers do not spread their calls evenly".into())
}

/// Replicas that are switched off when nothing is to be done, and take long to begin.
fn cold_start(facts: &Facts<'_>, part: &Part<'_>, class: &str) -> Option<Finding> {
    let start = Time::of(part.words.distribution("start")?).mean;
    let idle = part.words.time("idle").unwrap_or(0.0);
    let slow = facts.slow.get(class).and_then(|slow| slow.components.get(part.name)).map_or(0.0, |spent| spent.waiting as f64 / 1e9);
    if idle == 0.0 || slow < 0.3 * start || part.own > 0.7 {
        return None;
    }
    let sentence = format!(
        "{} starts from cold: a replica without work for {} is switched off, and a request that finds none running waits for a start of {}.",
        part.name,
        say::time(idle),
        say::time(start)
    );
    Some(say::cause(Kind::ColdStart, part.name, sentence).set(format!("components.{}.start", part.name), start, Dimension::TIME))
}

/// Workers that cost each other time.
fn contention(part: &Part<'_>) -> Option<Finding> {
    let costs = part.words.share("serial").unwrap_or(0.0) + part.words.share("coherency").unwrap_or(0.0);
    let alone = Time::of(part.distribution()?).mean;
    if costs <= 0.0 || alone <= 0.0 || part.service < 1.5 * alone {
        return None;
    }
    let sentence = format!(
        "The workers of {} slow each other down: a call takes {} where it takes {} alone, so more workers at once do not do more.",
        part.name,
        say::time(part.service),
        say::time(alone)
    );
    Some(say::cause(Kind::Contention, part.name, sentence).set(format!("components.{}.time", part.name), alone, Dimension::TIME))
}

/// Time after the service in which a store waits for its copies or for the next commit.
fn settles(facts: &Facts<'_>, part: &Part<'_>, class: &str) -> Option<Finding> {
    let waiting = facts.spent_at(class, part.name).waiting as f64 / 1e9;
    if part.busy > 0.8 || waiting < 3.0 * part.wait || waiting < part.service {
        return None;
    }
    let words = part.words;
    let commit = words.time("commit").unwrap_or(0.0);
    let why = match part.kind {
        "keyvalue" => format!(
            "for answers of its copies (it writes to {} and reads from {} of {})",
            say::count(words.count("write").unwrap_or(1.0)),
            say::count(words.count("read").unwrap_or(1.0)),
            say::count(words.count("copies").unwrap_or(1.0))
        ),
        "relational" if words.table("followers").is_some_and(|followers| followers.flag("sync")) => "for its followers (sync)".into(),
        "relational" if commit > 0.0 => format!("for the next group commit, which comes every {}", say::time(commit)),
        _ => return None,
    };
    let sentence =
        format!("{class} waits {} at {} {why}, and not for a worker ({} busy).", say::time(waiting), part.name, say::share(part.busy));
    Some(say::cause(Kind::Waiting, part.name, sentence))
}

/// A few long calls hold the workers, and many short ones wait behind them.
fn uneven_work(part: &Part<'_>) -> Option<Finding> {
    let time = Time::of(part.distribution()?);
    if time.scv() < WILD && time.scv().is_finite() {
        return None;
    }
    let sentence = format!(
        "The work at {} is very uneven: a few calls take far longer than the mean of {}, and short ones wait behind them though its workers \
         are only {} busy.",
        part.name,
        say::time(part.service),
        say::share(part.busy)
    );
    Some(say::cause(Kind::Uneven, part.name, sentence).with("squared coefficient of variation", time.scv(), Dimension::NONE))
}
