//! Balancers: D29 to D34. Service takes 1 s, so every time is in units of it.

use crate::check::{balanced, check, pooled};

#[test]
fn d29_random_is_as_many_separate_queues() {
    check(&balanced("random", 10, "poisson 8/s", "16500 s"), &[("mean", 5.0, 0.044)]);
    check(&balanced("random", 10, "poisson 9/s", "14700 s"), &[("mean", 10.0, 0.08)]);
}

#[test]
fn d30_round_robin_smooths_the_arrivals_of_each_replica() {
    check(&balanced("round robin", 4, "poisson 3.2/s", "41000 s"), &[("mean", 3.2674, 0.044), ("p99", 3.2674 * 4.605, 0.088)]);
    check(&balanced("round robin", 10, "poisson 8/s", "16500 s"), &[("mean", 2.9223, 0.044), ("p99", 2.9223 * 4.605, 0.088)]);
    check(&balanced("round robin", 10, "poisson 9/s", "14700 s"), &[("mean", 5.6603, 0.08)]);
}

#[test]
fn d31_the_shorter_of_two_queues() {
    check(&balanced("least connections", 2, "poisson 1/s", "132000 s"), &[("mean", 1.4263, 0.04)]);
    check(&balanced("least connections", 2, "poisson 1.6/s", "82000 s"), &[("mean", 2.9557, 0.044)]);
    check(&balanced("least connections", 2, "poisson 1.8/s", "73000 s"), &[("mean", 5.4749, 0.08)]);
}

#[test]
fn d32_the_shortest_of_many_queues() {
    check(&balanced("least connections", 10, "poisson 9/s", "14700 s"), &[("mean", 1.914, 0.06)]);
    check(&balanced("least connections", 100, "poisson 90/s", "1470 s"), &[("mean", 1.064, 0.06)]);
}

#[test]
fn d34_two_choices_are_nearly_as_good_as_all() {
    check(&balanced("two choices", 10, "poisson 7/s", "18900 s"), &[("mean", 1.675, 0.06)]);
    check(&balanced("two choices", 10, "poisson 9/s", "14700 s"), &[("mean", 2.985, 0.06)]);
    check(&balanced("two choices", 100, "poisson 70/s", "1890 s"), &[("mean", 1.619, 0.06)]);
    check(&balanced("two choices", 100, "poisson 90/s", "1470 s"), &[("mean", 2.646, 0.06)]);
}

#[test]
fn without_a_balancer_replicas_take_turns() {
    let text = balanced("random", 4, "poisson 3.2/s", "41000 s").replace("lb > web", "web");
    check(&text, &[("mean", 3.2674, 0.044)]);
}

#[test]
fn a_balancer_in_front_of_a_single_replica_changes_nothing() {
    for policy in ["random", "round robin", "least connections", "two choices"] {
        let report = pooled(&balanced(policy, 1, "poisson 0.5/s", "2000 s"));
        let alone = pooled(&balanced(policy, 1, "poisson 0.5/s", "2000 s").replace("lb > web", "web"));
        assert_eq!(report.measure("mean"), alone.measure("mean"), "{policy}");
    }
}
