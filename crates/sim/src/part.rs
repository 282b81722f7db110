//! What a kind of component does beside waiting and serving: caches, limits, copies, messages.
//! Each kind keeps its state in a file of its own; `run::special` asks them.

pub(crate) mod broker;
pub(crate) mod cache;
pub(crate) mod keyvalue;
pub(crate) mod limiter;
pub(crate) mod names;
pub(crate) mod relational;
pub(crate) mod rows;
pub(crate) mod scaler;
pub(crate) mod transactions;
pub(crate) mod versions;

use crate::keys::Places;
use crate::table::Build;
use crate::words::Words;

pub(crate) enum Part {
    Plain,
    /// What each replica keeps.
    Cache(Vec<cache::Cache>),
    Names(Box<names::Names>),
    Limiter(Box<limiter::Limiter>),
    /// Keys belong to replicas.
    Sharded(Places),
    Relational(Box<relational::Relational>),
    KeyValue(Box<keyvalue::KeyValue>),
    Broker(Box<broker::Broker>),
    Scaled(Box<scaler::Scaler>),
}

impl Part {
    pub(crate) fn new(build: &mut Build, name: &str, kind: &str, words: Words) -> Self {
        match kind {
            "cache" | "cdn" => {
                let replicas = words.count("replicas").unwrap_or(1).min(10_000);
                Self::Cache((0..replicas).map(|_| cache::Cache::new(build, words)).collect())
            }
            "dns" => Self::Names(Box::new(names::Names::new(words))),
            "limiter" => Self::Limiter(Box::new(limiter::Limiter::new(words))),
            "external" => match words.rate("limit") {
                Some(rate) => Self::Limiter(Box::new(limiter::Limiter::quota(rate))),
                None => Self::Plain,
            },
            "relational" => relational::Relational::new(build, name, words).map_or(Self::Plain, |part| Self::Relational(Box::new(part))),
            "keyvalue" => keyvalue::KeyValue::new(build, name, words).map_or(Self::Plain, |part| Self::KeyValue(Box::new(part))),
            "document" | "search" if words.count("shards").unwrap_or(1) > 1 => Self::Sharded(Places::new(build.seed, name)),
            "queue" => Self::Broker(Box::new(broker::Broker::queue(words))),
            "log" => Self::Broker(Box::new(broker::Broker::log(words))),
            "service" => match words.table("autoscale") {
                Some(autoscale) => Self::Scaled(Box::new(scaler::Scaler::new(autoscale, words.count("replicas").unwrap_or(1)))),
                None => Self::Plain,
            },
            _ => Self::Plain,
        }
    }

    /// What it remembers of keys, clients and messages takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        match self {
            Self::Plain | Self::Sharded(_) | Self::Scaled(_) => 0,
            Self::Cache(caches) => caches.iter().map(cache::Cache::held).sum(),
            Self::Names(names) => names.held(),
            Self::Limiter(limiter) => limiter.held(),
            Self::Relational(part) => part.held(),
            Self::KeyValue(part) => part.held(),
            Self::Broker(broker) => broker.held(),
        }
    }

    /// Whether the replica that a call goes to is decided by the component.
    pub(crate) fn is_picky(&self) -> bool {
        matches!(self, Self::Sharded(_) | Self::Relational(_) | Self::KeyValue(_))
    }
}

/// How many replicas a component has at the start, and how many are made for it.
pub(crate) fn replicas(kind: &str, words: Words) -> (u64, u64) {
    let replicas = words.count("replicas").unwrap_or(1);
    let all = match kind {
        "relational" => replicas + words.table("followers").map_or(0, |followers| followers.count("count").unwrap_or(1)),
        "keyvalue" => replicas.max(words.count("shards").unwrap_or(1)).max(words.count("copies").unwrap_or(1)),
        "document" | "search" => replicas.max(words.count("shards").unwrap_or(1)),
        "service" => {
            let Some(autoscale) = words.table("autoscale") else { return (replicas, replicas) };
            let (min, max) = (autoscale.count("min").unwrap_or(1).max(1), autoscale.count("max").unwrap_or(10).max(1));
            return (replicas.clamp(min, max.max(min)), max.max(min).max(replicas));
        }
        _ => replicas,
    };
    (all, all)
}
