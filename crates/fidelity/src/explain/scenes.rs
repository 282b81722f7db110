//! The weaknesses that are planted, each by a function that writes a design around it. What is right
//! to say of it stands beside it, and was written before the explanations were.

mod faults;
mod limits;
mod policies;
mod shapes;
mod stores;
mod ways;
mod well;

use super::Planted;
use super::draft::Draft;

/// Writes a design and says what is wrong with it.
pub(super) type Make = fn(&mut Draft) -> Planted;

/// All of them, by name.
pub(super) const SCENES: &[(&str, Make)] = &[
    ("database too small, caller fuller than it", limits::database),
    ("service too small", limits::service),
    ("close to the limit", limits::close),
    ("slow callee holds the caller's workers", limits::slow_callee),
    ("slow callee two hops away", limits::far_callee),
    ("workers slow each other down", limits::contention),
    ("users of a closed loop", limits::closed_loop),
    ("slow class blocks a fast one", limits::head_of_line),
    ("urgent class starves another", limits::starved),
    ("quota of a third party", limits::third_party),
    ("limiter below the load", limits::limiter),
    ("batches of arrivals", shapes::batches),
    ("bursts and a short queue", shapes::bursts),
    ("nightly batch job beside users", shapes::job),
    ("uneven work", shapes::uneven),
    ("flash crowd", shapes::flash),
    ("steps of load", shapes::steps),
    ("autoscaler too late", shapes::autoscaler),
    ("cold starts", shapes::cold),
    ("sticky sessions", shapes::sticky),
    ("hash of hot keys", shapes::hashed),
    ("hot key on one shard", stores::hot_key),
    ("key becomes hot", stores::becomes_hot),
    ("row lock", stores::row_lock),
    ("cache emptied", stores::flushed),
    ("herd on an expiring entry", stores::herd),
    ("cache too small", stores::small_cache),
    ("cache crashes", stores::lost_cache),
    ("quorum not reached", stores::quorum),
    ("failover gap", stores::failover),
    ("too few partitions", stores::partitions),
    ("consumers too slow", stores::consumers),
    ("poison messages", stores::poison),
    ("visibility shorter than work", stores::visibility),
    ("rebalance of a log", stores::rebalance),
    ("writes wait for far copies", stores::far_copies),
    ("hot key in a log", stores::partition_of_keys),
    ("retries at two places", policies::nested),
    ("ramp of load", shapes::ramp),
    ("one slow replica", faults::slow_replica),
    ("one slow replica from the start", faults::always_slow),
    ("slow database", faults::slow_database),
    ("pauses of one replica", faults::pauses),
    ("cut between two", faults::cut),
    ("replica crashes, the others are too few", faults::crash),
    ("zone lost", faults::zone),
    ("dependency down", faults::down),
    ("bad deploy, errors", faults::deploy_errors),
    ("bad deploy, slow", faults::deploy_slow),
    ("quota lowered", faults::quota),
    ("messages lost for a while", faults::loss),
    ("retries keep it down after a spike", policies::spike),
    ("retries keep it down after a slow time", policies::slow_time),
    ("retries of errors overload", policies::amplified),
    ("timeout shorter than the work", policies::timeout),
    ("deadline shorter than the work", policies::deadline),
    ("bulkhead too small", policies::bulkhead),
    ("breaker opens again and again", policies::breaker),
    ("errors of a dependency", policies::errors),
    ("many calls over a distance", ways::distance),
    ("slowest of many calls", ways::fan_out),
    ("large answers on a narrow link", ways::bandwidth),
    ("new connection each time", ways::connections),
    ("messages lost", ways::loss),
    ("well: a chain", well::chain),
    ("well: a cache before a database", well::cached),
    ("well: a crash that nobody feels", well::survives),
    ("well: a log and its consumers", well::log),
    ("well: rare errors, tried again", well::retries),
    ("well: users who think", well::closed),
];

pub(super) fn planted(components: &[&str], words: &'static [&'static str]) -> Planted {
    Planted::Cause { components: components.iter().map(|&name| name.to_owned()).collect(), words, also: None }
}
