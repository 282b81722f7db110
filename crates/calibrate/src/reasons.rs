//! Why a prediction is off, in sentences that are computed from what was seen. A sentence is only
//! said where its number is large enough to matter.

use crate::case::Kind;
use crate::level::{Latency, Rounds};

/// What was seen at a level that stands.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Of the capacity.
    pub(crate) share: f64,
    pub(crate) measured: Rounds,
    /// What the design says for the arrivals that were sent, and for a Poisson process.
    pub(crate) sent: Option<Latency>,
    pub(crate) poisson: Option<Latency>,
    /// The mean service while somebody waited, by the answers of this level [ns].
    pub(crate) service: Option<f64>,
    /// The same as `sent` with services of that mean.
    pub(crate) with_its_service: Option<Latency>,
    /// How much the kinds of requests that chance sent add to the mean, as a factor.
    pub(crate) sizes: Option<f64>,
    /// How much answering all at once adds: factors of mean, p50 and p99.
    pub(crate) at_once: Option<[f64; 3]>,
    /// Processor time per request [ns].
    pub(crate) processor: f64,
    /// Shares of the servers' core that went to other programs, and to the host.
    pub(crate) others: f64,
    pub(crate) stolen: f64,
    /// Share of those who had waited that were answered less than half a service of their kind
    /// after the one before.
    pub(crate) together: f64,
    /// Of the chain: as boxes with a core each, and as one core that all share.
    pub(crate) drawn: Option<Latency>,
    pub(crate) shared: Option<Latency>,
}

/// Below these shares nothing is said.
const SERVICE: f64 = 0.02;
const CHANCE: f64 = 0.03;
const TAKEN: f64 = 0.01;
const DRIFT: f64 = 0.03;
const WAY: f64 = 0.02;
const AT_ONCE: f64 = 0.01;
const TOGETHER: f64 = 0.05;

/// Of the levels that stand, the lowest first.
pub(crate) fn sentences(kind: Kind, way: f64, capacity: f64, capacity_after: f64, seen: &[Seen]) -> Vec<String> {
    let [base, ..] = seen else { return Vec::new() };
    let Some(top) = seen.last() else { return Vec::new() };
    let chain = (kind == Kind::Chain).then(|| chain(top)).flatten();
    let said = [
        chain,
        service(base, top),
        at_once(top),
        chance(top),
        sizes(top),
        taken(seen),
        drift(capacity, capacity_after),
        spent_on_the_way(way, top),
        Some(noise(top)),
    ];
    said.into_iter().flatten().collect()
}

fn service(base: &Seen, top: &Seen) -> Option<String> {
    let (Some(low), Some(high), true) = (base.service, top.service, base.share != top.share) else { return None };
    let change = high / low - 1.0;
    let [at_low, at_high] = [base, top].map(|seen| percent(seen.share));
    let processor = format!("{} and {} of processor time", time(base.processor), time(top.processor));
    if change.abs() < SERVICE {
        return Some(format!(
            "While others waited a service took {} at {at_low} and {} at {at_high}: the same. (All in all a request took {processor}.)",
            time(low),
            time(high)
        ));
    }
    let (shorter, why) = if change < 0.0 {
        (
            "shorter",
            "A busy server sleeps and wakes less often, handles several requests in one go, and keeps its data in the processor’s caches",
        )
    } else {
        ("longer", "Something slowed it down: other programs, or the processor’s caches")
    };
    let with = top.with_its_service.map_or(String::new(), |with| {
        let off = off(with.mean, top.measured.middle.mean);
        format!(
            " With services that are {shorter} by as much, the design says a mean of {} ({off}) for the arrivals sent at {at_high}.",
            time(with.mean)
        )
    });
    Some(format!(
        "While others waited a service took {} at {at_low} and {} at {at_high} ({}); all in all a request took {processor}. {why}; a design has the same services at every load.{with}",
        time(low),
        time(high),
        signed(change),
    ))
}

fn at_once(top: &Seen) -> Option<String> {
    let factors = top.at_once?;
    if top.together < TOGETHER || factors.iter().all(|factor| (factor - 1.0).abs() < AT_ONCE) {
        return None;
    }
    let [mean, p50, p99] = factors.map(|factor| signed(factor - 1.0));
    Some(format!(
        "This server answers all that it found waiting when it is done with the last of them, and a design answers each when it is done: of those that had waited, {} were answered less than half a service of their kind after the one before. By its services at {} and the arrivals that were sent, that makes the mean {mean}, the p50 {p50} and the p99 {p99}{}.",
        percent(top.together),
        percent(top.share),
        top.with_its_service.map_or(String::new(), |with| {
            let off = off(with.mean * factors[0], top.measured.middle.mean);
            format!("; with these services and answers the design would be off by {off}")
        }),
    ))
}

fn chance(top: &Seen) -> Option<String> {
    let (sent, poisson) = (top.sent?.mean, top.poisson?.mean);
    let high = percent(top.share);
    ((sent / poisson - 1.0).abs() >= CHANCE).then(|| {
        format!(
            "In a few seconds chance makes arrivals unlike those of a long run: at {high} the design says a mean of {} for Poisson arrivals and {} for those that were sent.",
            time(poisson),
            time(sent),
        )
    })
}

fn sizes(top: &Seen) -> Option<String> {
    let change = top.sizes? - 1.0;
    (change.abs() >= CHANCE).then(|| {
        format!(
            "Chance chose the sizes of the requests too: in the order in which they were sent at {}, an ideal worker has a mean {} off that of sizes drawn anew.",
            percent(top.share),
            signed(change),
        )
    })
}

fn taken(seen: &[Seen]) -> Option<String> {
    let most = |share: fn(&Seen) -> f64| seen.iter().map(share).fold(0.0, f64::max);
    let (others, stolen) = (most(|one| one.others), most(|one| one.stolen));
    let told: Vec<String> =
        [(others, "other programs, the kernel's own work among them, had"), (stolen, "the host of this virtual machine took")]
            .into_iter()
            .filter(|(share, _)| *share >= TAKEN)
            .map(|(share, who)| format!("{who} up to {} of the servers' core", percent(share)))
            .collect();
    (!told.is_empty()).then(|| {
        format!("{}: services were interrupted and their caches taken, which a design does not know.", capital(&told.join(", and ")))
    })
}

fn drift(before: f64, after: f64) -> Option<String> {
    let change = after / before - 1.0;
    (change.abs() >= DRIFT).then(|| {
        format!(
            "The capacity was {before:.0}/s before the rounds and {after:.0}/s after them ({}): the machine itself was not the same.",
            signed(change)
        )
    })
}

fn spent_on_the_way(way: f64, top: &Seen) -> Option<String> {
    let share = way / top.measured.middle.mean;
    (share >= WAY).then(|| {
        format!(
            "The way of {} holds the waking of a sleeping server. In the design everybody pays it; in a queue nobody sleeps, so at {} it is too long by up to {} of the mean.",
            time(way),
            percent(top.share),
            percent(share),
        )
    })
}

fn noise(top: &Seen) -> String {
    format!(
        "From round to round the measured mean at {} went from {} to {}, and the p99 from {} to {}.",
        percent(top.share),
        time(top.measured.least.mean),
        time(top.measured.most.mean),
        time(top.measured.least.p99),
        time(top.measured.most.p99),
    )
}

fn chain(top: &Seen) -> Option<String> {
    let measured = top.measured.middle.mean;
    let said = |latency: Option<Latency>| latency.map_or("overload".to_owned(), |latency| off(latency.mean, measured));
    Some(format!(
        "A design has no word for components that share a core. The mean at {} is off by this much: drawn as boxes, each with a core of its own, {}; as one core that serves all requests at once, {}; as one core that serves them in turn, {}. In truth the service does one request after the other, and only nginx comes between.",
        percent(top.share),
        said(top.drawn),
        said(top.shared),
        said(top.poisson),
    ))
}

/// "+3.2 %": how far the first is from the second.
pub(crate) fn off(predicted: f64, measured: f64) -> String {
    signed(predicted / measured - 1.0)
}

fn signed(share: f64) -> String {
    let percent = share * 100.0;
    if percent.abs() < 9.95 { format!("{percent:+.1} %") } else { format!("{percent:+.0} %") }
}

pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 9.95 && percent.fract() != 0.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// Three digits: "209 us", "1.61 ms".
pub(crate) fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 999.5e3 => (ns / 1e3, "us"),
        ns if ns < 999.5e6 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = match value {
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latency(mean: f64) -> Latency {
        Latency { mean, p50: mean * 0.7, p99: mean * 4.0 }
    }

    fn seen(share: f64, mean: f64) -> Seen {
        let rounds = Rounds { middle: latency(mean), least: latency(mean * 0.9), most: latency(mean * 1.2) };
        Seen {
            share,
            measured: rounds,
            sent: Some(latency(mean)),
            poisson: Some(latency(mean)),
            service: Some(195e3),
            with_its_service: Some(latency(mean)),
            sizes: Some(1.0),
            at_once: None,
            processor: 200e3,
            others: 0.002,
            stolen: 0.0,
            together: 0.01,
            drawn: None,
            shared: None,
        }
    }

    #[test]
    fn where_nothing_happened_only_the_noise_is_told() {
        expect_test::expect![[r#"
            While others waited a service took 195 us at 30 % and 195 us at 90 %: the same. (All in all a request took 200 us and 200 us of processor time.)
            From round to round the measured mean at 90 % went from 1.80 ms to 2.40 ms, and the p99 from 7.20 ms to 9.60 ms.
        "#]]
        .assert_eq(&(sentences(Kind::InTurn, 30e3, 1000.0, 1010.0, &[seen(0.3, 300e3), seen(0.9, 2e6)]).join("\n") + "\n"));
        assert!(sentences(Kind::InTurn, 30e3, 1000.0, 1010.0, &[]).is_empty());
    }

    #[test]
    fn each_reason_is_told_with_its_number() {
        let top = Seen {
            sent: Some(latency(2.5e6)),
            poisson: Some(latency(2.2e6)),
            service: Some(180e3),
            with_its_service: Some(latency(2.1e6)),
            sizes: Some(1.07),
            at_once: Some([1.12, 1.2, 1.004]),
            together: 0.4,
            processor: 185e3,
            others: 0.031,
            stolen: 0.012,
            drawn: Some(latency(1e6)),
            shared: None,
            ..seen(0.9, 2e6)
        };
        expect_test::expect![[r#"
            A design has no word for components that share a core. The mean at 90 % is off by this much: drawn as boxes, each with a core of its own, -50 %; as one core that serves all requests at once, overload; as one core that serves them in turn, +10 %. In truth the service does one request after the other, and only nginx comes between.
            While others waited a service took 195 us at 30 % and 180 us at 90 % (-7.7 %); all in all a request took 200 us and 185 us of processor time. A busy server sleeps and wakes less often, handles several requests in one go, and keeps its data in the processor’s caches; a design has the same services at every load. With services that are shorter by as much, the design says a mean of 2.10 ms (+5.0 %) for the arrivals sent at 90 %.
            This server answers all that it found waiting when it is done with the last of them, and a design answers each when it is done: of those that had waited, 40 % were answered less than half a service of their kind after the one before. By its services at 90 % and the arrivals that were sent, that makes the mean +12 %, the p50 +20 % and the p99 +0.4 %; with these services and answers the design would be off by +18 %.
            In a few seconds chance makes arrivals unlike those of a long run: at 90 % the design says a mean of 2.20 ms for Poisson arrivals and 2.50 ms for those that were sent.
            Chance chose the sizes of the requests too: in the order in which they were sent at 90 %, an ideal worker has a mean +7.0 % off that of sizes drawn anew.
            Other programs, the kernel's own work among them, had up to 3.1 % of the servers' core, and the host of this virtual machine took up to 1.2 % of the servers' core: services were interrupted and their caches taken, which a design does not know.
            The capacity was 1000/s before the rounds and 940/s after them (-6.0 %): the machine itself was not the same.
            The way of 50.0 us holds the waking of a sleeping server. In the design everybody pays it; in a queue nobody sleeps, so at 90 % it is too long by up to 2.5 % of the mean.
            From round to round the measured mean at 90 % went from 1.80 ms to 2.40 ms, and the p99 from 7.20 ms to 9.60 ms.
        "#]].assert_eq(&(sentences(Kind::Chain, 50e3, 1000.0, 940.0, &[seen(0.3, 300e3), top]).join("\n") + "\n"));
    }

    #[test]
    fn times_have_three_digits() {
        let told = [980.0, 9_994.0, 99_940.0, 999_400.0, 999_600.0, 1_614_000.0, 2.5e9].map(time);
        assert_eq!(told, ["0.98 us", "9.99 us", "99.9 us", "999 us", "1.00 ms", "1.61 ms", "2.50 s"]);
    }
}
