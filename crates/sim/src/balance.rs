//! Which replica gets the next call. What is known of them may be old, and some may be gone.

use crate::keys::hash;
use crate::random::Stream;
use crate::station::{DOWN, Station};
use crate::time::Ns;
use crate::words::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// In turn, counted by the component: no balancer stands before it.
    Turns,
    RoundRobin,
    Weighted,
    Random,
    LeastConnections,
    TwoChoices,
    Hash,
    BoundedHash,
}

/// How one caller chooses.
pub(crate) struct Choice {
    pub(crate) policy: Policy,
    /// One per replica, for the weighted turn, with what each has saved up.
    weights: Vec<(i64, i64)>,
    ring: Option<Ring>,
    /// How far above the mean a replica may be filled [billionths].
    bound: u64,
    /// A session stays where it was.
    pub(crate) sticky: bool,
    /// How often the load is looked at [ns]; 0: it is always known.
    pub(crate) stale: Ns,
    /// What was seen then.
    seen: Vec<u32>,
    /// When replicas are tried, and after how many misses one counts as gone.
    pub(crate) health: Option<(Ns, u64)>,
    /// By replica: believed to be gone. Empty while the truth is known at once.
    pub(crate) believed_gone: Vec<bool>,
    /// Misses in a row, and whether replicas are being tried because something has changed.
    pub(crate) missed: Vec<u64>,
    pub(crate) probing: bool,
}

/// What a choice is made for.
pub(crate) struct Wanted<'a> {
    pub(crate) key: u64,
    pub(crate) session: u32,
    /// Replicas that already have this call.
    pub(crate) not: &'a [u32],
    /// No replica is down.
    pub(crate) all_up: bool,
}

impl Choice {
    pub(crate) fn turns() -> Self {
        Self {
            policy: Policy::Turns,
            weights: Vec::new(),
            ring: None,
            bound: 0,
            sticky: false,
            stale: 0,
            seen: Vec::new(),
            health: None,
            believed_gone: Vec::new(),
            missed: Vec::new(),
            probing: false,
        }
    }

    pub(crate) fn of_balancer(words: Words, ring: impl Fn() -> Ring) -> Self {
        let policy = match words.word("policy") {
            "random" => Policy::Random,
            "weighted" => Policy::Weighted,
            "least connections" => Policy::LeastConnections,
            "two choices" => Policy::TwoChoices,
            "hash" => Policy::Hash,
            "bounded hash" => Policy::BoundedHash,
            _ => Policy::RoundRobin,
        };
        let health = words.table("health");
        Self {
            policy,
            weights: words.counts("weights").into_iter().map(|weight| (weight.min(1 << 30) as i64, 0)).collect(),
            ring: matches!(policy, Policy::Hash | Policy::BoundedHash).then(ring),
            bound: words.share("bound").unwrap_or(250_000_000),
            sticky: words.flag("sticky").unwrap_or(false),
            stale: words.time("stale").unwrap_or(0),
            seen: Vec::new(),
            health: health.map(|health| (health.time("every").unwrap_or(5_000_000_000).max(1), health.count("misses").unwrap_or(3))),
            believed_gone: Vec::new(),
            missed: Vec::new(),
            probing: false,
        }
    }

    /// Whether a choice needs more than the common path of a few lines.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.policy, Policy::Turns | Policy::RoundRobin | Policy::Random) && !self.sticky && self.health.is_none()
    }

    /// Looks at the load of all replicas, for as long as it is believed.
    pub(crate) fn look(&mut self, stations: &[Station]) {
        self.seen.clear();
        self.seen.extend(stations.iter().map(|station| station.open));
    }

    fn load(&self, stations: &[Station], replica: u32) -> u32 {
        match self.stale {
            0 => stations[replica as usize].open,
            _ => self.seen.get(replica as usize).copied().unwrap_or(0),
        }
    }

    fn is_gone(&self, stations: &[Station], replica: u32) -> bool {
        match self.believed_gone.get(replica as usize) {
            Some(gone) => *gone,
            None => stations[replica as usize].state & DOWN != 0,
        }
    }

    /// The number of a replica among `stations`, of which there is at least one.
    pub(crate) fn choose(&mut self, stations: &[Station], turn: &mut u32, wanted: &Wanted, choices: &mut Stream) -> u32 {
        let n = stations.len() as u32;
        let all = wanted.not.is_empty() && self.believed_gone.is_empty() && wanted.all_up;
        let fits = |choice: &Self, replica: u32| all || !choice.is_gone(stations, replica) && !wanted.not.contains(&replica);
        let count = if all { n } else { (0..n).filter(|&replica| fits(self, replica)).count() as u32 };
        if count == 0 {
            // All are gone, or only the one that has the call is left.
            return in_turn(turn, n);
        }
        let nth = |choice: &Self, nth: u32| {
            if all { nth } else { (0..n).filter(|&replica| fits(choice, replica)).nth(nth as usize).unwrap_or(0) }
        };
        if self.sticky {
            return nth(self, (hash(u64::from(wanted.session), 7) % u64::from(count)) as u32);
        }
        match self.policy {
            Policy::Turns | Policy::RoundRobin => {
                let start = in_turn(turn, n);
                (start..n).chain(0..start).find(|&replica| fits(self, replica)).map_or(start, |replica| {
                    *turn = (replica + 1) % n;
                    replica
                })
            }
            Policy::Random => nth(self, choices.below(count.into()) as u32),
            Policy::Weighted => self.weighted(n, |choice, replica| fits(choice, replica)),
            Policy::LeastConnections if self.stale > 0 => {
                // All who choose before the next look see the same picture: only luck keeps them apart.
                let least = (0..n).filter(|&replica| fits(self, replica)).map(|replica| self.load(stations, replica)).min();
                let alike = |choice: &Self, replica: u32| fits(choice, replica) && Some(choice.load(stations, replica)) == least;
                let ties = (0..n).filter(|&replica| alike(self, replica)).count() as u64;
                let lucky = choices.below(ties) as usize;
                (0..n).filter(|&replica| alike(self, replica)).nth(lucky).unwrap_or(0)
            }
            Policy::LeastConnections => {
                // Looking from a moving start, so that ties do not all fall on the first.
                let start = in_turn(turn, n);
                let least = (start..n).chain(0..start).filter(|&replica| fits(self, replica));
                least.min_by_key(|&replica| self.load(stations, replica)).unwrap_or(start)
            }
            Policy::TwoChoices => {
                let one = choices.below(count.into()) as u32;
                let other = choices.below(u64::from(count.max(2)) - 1) as u32;
                let other = if count == 1 { one } else { other + u32::from(other >= one) };
                let (one, other) = if count == n { (one, other) } else { (nth(self, one), nth(self, other)) };
                if self.load(stations, other) < self.load(stations, one) { other } else { one }
            }
            Policy::Hash => self.along_the_ring(n, wanted.key, |choice, replica| fits(choice, replica)),
            Policy::BoundedHash => {
                let open: u64 = stations.iter().map(|station| u64::from(station.open)).sum();
                // No replica above (1 + bound) of the mean, this call counted (Mirrokni, Thorup and
                // Zadimoghaddam, "Consistent hashing with bounded loads", 2018).
                let fair = u128::from(open + 1) * u128::from(1_000_000_000 + self.bound);
                let most = fair.div_ceil(u128::from(count) * 1_000_000_000) as u64;
                self.along_the_ring(n, wanted.key, |choice, replica| {
                    fits(choice, replica) && u64::from(stations[replica as usize].open) < most
                })
            }
        }
    }

    /// An autoscaler has places on the ring for replicas that are not in use.
    fn along_the_ring(&self, n: u32, key: u64, fits: impl Fn(&Self, u32) -> bool) -> u32 {
        self.ring.as_ref().and_then(|ring| ring.walk(key).find(|&replica| replica < n && fits(self, replica))).unwrap_or(0)
    }

    /// The smooth weighted turn: each saves its weight, the richest pays for all.
    fn weighted(&mut self, n: u32, fits: impl Fn(&Self, u32) -> bool) -> u32 {
        if self.weights.len() < n as usize {
            self.weights.resize(n as usize, (1, 0));
        }
        let those: Vec<u32> = (0..n).filter(|&replica| fits(self, replica)).collect();
        let total: i64 = those.iter().map(|&replica| self.weights[replica as usize].0).sum();
        for &replica in &those {
            let (weight, saved) = &mut self.weights[replica as usize];
            *saved += *weight;
        }
        let richest = those.iter().copied().rev().max_by_key(|&replica| self.weights[replica as usize].1).unwrap_or(0);
        self.weights[richest as usize].1 -= total;
        richest
    }
}

#[inline]
pub(crate) fn in_turn(turn: &mut u32, n: u32) -> u32 {
    let now = if *turn >= n { 0 } else { *turn };
    *turn = now + 1;
    now
}

/// A circle of points, some for each replica; a key belongs to the next point (Karger et al.,
/// "Consistent hashing and random trees", 1997).
#[derive(Debug, Clone)]
pub(crate) struct Ring {
    points: Vec<(u64, u32)>,
}

impl Ring {
    /// The salt sets one ring apart from others of the same size.
    pub(crate) fn new(replicas: u32, points: u64, salt: u64) -> Self {
        let mut all: Vec<(u64, u32)> = (0..replicas)
            .flat_map(|replica| (0..points).map(move |point| (hash(point, salt ^ (u64::from(replica) + 1000)), replica)))
            .collect();
        sorted::sort(&mut all);
        Self { points: all }
    }

    /// All replicas in the order in which they stand behind a key, some of them again and again.
    pub(crate) fn walk(&self, key: u64) -> impl Iterator<Item = u32> {
        let place = hash(key, 3);
        let from = self.points.partition_point(|(point, _)| *point < place);
        self.points[from..].iter().chain(&self.points[..from]).map(|(_, replica)| *replica)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stations(n: u32) -> Vec<Station> {
        (0..n).map(|_| Station::new(0, 0)).collect()
    }

    #[test]
    fn a_ring_spreads_keys_with_the_variation_that_theory_says() {
        // D54: the coefficient of variation of the shares is sqrt((N-1)/(N V + 1)).
        let ring = Ring::new(10, 100, 0);
        let mut counts = [0u32; 10];
        for key in 0..200_000 {
            counts[ring.walk(key).next().expect("a replica") as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (14_000..26_500).contains(&count)), "{counts:?}");
    }

    #[test]
    fn a_replica_more_takes_its_share_and_moves_no_other_key() {
        let (before, after) = (Ring::new(10, 100, 0), Ring::new(11, 100, 0));
        let owner = |ring: &Ring, key| ring.walk(key).next();
        let moved: Vec<_> = (0..100_000).filter(|&key| owner(&before, key) != owner(&after, key)).collect();
        assert!(moved.iter().all(|&key| owner(&after, key) == Some(10)));
        assert!((7_000..11_500).contains(&moved.len()), "{}", moved.len());
    }

    #[test]
    fn bounded_hashing_never_fills_a_replica_beyond_its_bound() {
        let mut stations = stations(8);
        let mut choice = Choice { policy: Policy::BoundedHash, ring: Some(Ring::new(8, 50, 0)), bound: 250_000_000, ..Choice::turns() };
        let mut stream = Stream::new(1, "a", "b");
        for open in 1..=1000u32 {
            // Two keys only: plain hashing would fill two replicas.
            let wanted = Wanted { key: u64::from(open % 2), session: 0, not: &[], all_up: false };
            let replica = choice.choose(&stations, &mut 0, &wanted, &mut stream);
            stations[replica as usize].open += 1;
            let most = (f64::from(open) * 1.25 / 8.0).ceil() as u32;
            assert!(stations.iter().all(|station| station.open <= most), "{open}");
        }
    }

    #[test]
    fn weights_share_the_turns() {
        let mut choice = Choice { policy: Policy::Weighted, weights: vec![(5, 0), (1, 0), (1, 0)], ..Choice::turns() };
        let mut stream = Stream::new(1, "a", "b");
        let turns: Vec<u32> = (0..7)
            .map(|_| choice.choose(&stations(3), &mut 0, &Wanted { key: 0, session: 0, not: &[], all_up: false }, &mut stream))
            .collect();
        assert_eq!(turns, [0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn whoever_is_gone_is_passed_over() {
        let mut stations = stations(4);
        stations[1].state = DOWN;
        let mut stream = Stream::new(1, "a", "b");
        for policy in [Policy::Turns, Policy::Random, Policy::LeastConnections, Policy::TwoChoices, Policy::Weighted, Policy::Hash] {
            let mut choice = Choice { policy, ring: Some(Ring::new(4, 10, 0)), ..Choice::turns() };
            let mut turn = 0;
            for key in 0..100 {
                assert_ne!(
                    choice.choose(&stations, &mut turn, &Wanted { key, session: 0, not: &[2], all_up: false }, &mut stream),
                    1,
                    "{policy:?}"
                );
                assert_ne!(
                    choice.choose(&stations, &mut turn, &Wanted { key, session: 0, not: &[2], all_up: false }, &mut stream),
                    2,
                    "{policy:?}"
                );
            }
        }
    }
}
