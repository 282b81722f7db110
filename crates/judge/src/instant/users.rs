//! Which part of a design closed classes make a network of, and what keeps it from being one. The
//! analysis itself is in `closed`.

use design::CallMode;

use super::Effect;
use super::arrivals::Coming;
use super::closed::{self, Centre, Closed, Population};
use super::guard::is_guarded;
use super::part::Part;
use super::plan::{Below, Flow, Plans};
use super::station::{Order, Routing};
use super::tell::{Teller, waited};
use super::time::mixture;

/// The closed classes solved together.
pub(super) struct ClosedPart {
    pub(super) classes: Vec<usize>,
    /// By component: its centre.
    pub(super) at: Vec<Option<usize>>,
    pub(super) solved: Closed,
    /// By closed class: the part of its response in which nobody waits for anybody [s].
    pub(super) passing: Vec<f64>,
}

impl Teller<'_> {
    pub(super) fn is_closed(&self, class: usize) -> bool {
        matches!(self.coming[class], Coming::Closed { .. })
    }

    /// The closed classes as one network, or the reasons why they are none.
    pub(super) fn closed(&mut self) -> Option<ClosedPart> {
        let classes: Vec<usize> = (0..self.coming.len()).filter(|&class| self.is_closed(class)).collect();
        let users: f64 = self.coming.iter().map(|coming| if let Coming::Closed { users, .. } = coming { *users } else { 0.0 }).sum();
        if classes.is_empty() {
            return None;
        }
        let refusals = self.refusals(&classes, users);
        for (subject, why) in &refusals {
            self.reason(subject, *why, Effect::Untold);
        }
        let silent = classes.iter().any(|&class| self.class_silent[class]);
        if !refusals.is_empty() || silent {
            self.give_up(&classes);
            return None;
        }
        Some(self.network(&classes, users))
    }

    /// Nothing is told of closed classes, nor of what they call.
    fn give_up(&mut self, classes: &[usize]) {
        for site in self.plans.sites.iter().filter(|site| classes.contains(&site.class)) {
            self.class_silent[site.class] = true;
            self.rate_silent[site.to] = true;
            self.stay_silent[site.to] |= self.parts[site.to].shape.workers.is_finite();
        }
    }

    fn refusals(&self, classes: &[usize], users: f64) -> Vec<(String, &'static str)> {
        let mut refusals = Vec::new();
        for site in &self.plans.sites {
            let part = &self.parts[site.to];
            let mut refuse = |why: &'static str| {
                let refusal = (part.name.to_owned(), why);
                if !refusals.contains(&refusal) {
                    refusals.push(refusal);
                }
            };
            let queues = part.shape.workers < users;
            if !classes.contains(&site.class) {
                let both = queues && self.plans.sites.iter().any(|other| other.to == site.to && classes.contains(&other.class));
                if both {
                    refuse("users who wait for their answers share it with requests that do not");
                }
                continue;
            }
            if site.link.is_some_and(|link| is_guarded(self.plans.links[link].1)) {
                refuse("users in a closed loop call it with time-outs, retries or hedges");
            }
            if site.mode == CallMode::Parallel {
                refuse("users in a closed loop make several calls at once there");
            }
            if queues && site.mode == CallMode::Async {
                refuse("users in a closed loop leave work there that they do not wait for");
            }
            if queues && (site.below == Below::Later || self.parts[site.from].broker) {
                refuse("it takes messages when it is ready");
            }
            if let Some(why) = part.silent {
                refuse(why);
            }
            if part.shape.workers + part.shape.queue < users {
                refuse("its queue may be full, so users in a closed loop are refused");
            }
            if queues && part.holds && site.below != Below::Later && site.then.1 > 0 {
                refuse(
                    "its workers are held while they wait for others, in a closed loop; write `holds = false`, or as many workers as users",
                );
            }
            let clever = matches!(site.routing, None | Some(Routing::TwoChoices | Routing::Least));
            if queues && part.shape.replicas > 1.0 && clever {
                refuse("its replicas are chosen by load or keys, in a closed loop");
            }
        }
        refusals
    }

    fn network(&mut self, classes: &[usize], users: f64) -> ClosedPart {
        let fails: Vec<f64> = self.parts.iter().map(|part| part.failures).collect();
        let flow = Flow::new(&self.plans, &self.parts, &fails);
        let mut part = ClosedPart {
            classes: classes.to_vec(),
            at: vec![None; self.parts.len()],
            solved: closed::solve(&[], &[], &mut self.steps),
            passing: vec![0.0; classes.len()],
        };
        let mut centres: Vec<Centre> = Vec::new();
        for (place, &class) in classes.iter().enumerate() {
            for call in waited(&self.plans, self.plans.roots[class]) {
                let site = &self.plans.sites[call];
                let callee = &self.parts[site.to];
                let own = if site.write { callee.write.mean } else { callee.read.mean };
                part.passing[place] += flow.visits[call] * site.messages.mean;
                if callee.shape.workers >= users {
                    part.passing[place] += flow.visits[call] * own;
                    continue;
                }
                let number = *part.at[site.to].get_or_insert_with(|| {
                    centres.push(centre(callee, classes.len()));
                    centres.len() - 1
                });
                centres[number].demands[place] += flow.visits[call] * own;
            }
        }
        for (component, number) in part.at.iter().enumerate() {
            if let Some(number) = number {
                self.differ(component, &mut centres[*number], &flow);
            }
        }
        let populations: Vec<Population> = classes
            .iter()
            .zip(&part.passing)
            .map(|(&class, passing)| match &self.coming[class] {
                Coming::Closed { users, think } => Population { users: *users, delay: think.mean + passing },
                _ => Population { users: 0.0, delay: *passing },
            })
            .collect();
        part.solved = closed::solve(&centres, &populations, &mut self.steps);
        part
    }

    /// Reads and writes that take differently long are no product form, and vary together.
    fn differ(&self, component: usize, centre: &mut Centre, flow: &Flow) {
        let part = &self.parts[component];
        if part.read == part.write || part.shape.order == Order::Shared {
            return;
        }
        let own = |site: &super::plan::Site| if site.write { part.write } else { part.read };
        let calls = || self.plans.sites.iter().enumerate().filter(|(_, site)| site.to == component);
        let all: f64 = calls().map(|(call, _)| flow.visits[call]).sum();
        let mixed: Vec<_> = calls().map(|(call, site)| (flow.visits[call] / all, own(site))).collect();
        centre.variation = mixture(&mixed).scv();
        centre.product = false;
    }
}

fn centre(part: &Part, classes: usize) -> Centre {
    let shared = part.shape.order == Order::Shared;
    Centre {
        workers: part.shape.workers,
        replicas: part.shape.replicas,
        demands: vec![0.0; classes],
        variation: if shared { 1.0 } else { part.read.scv() },
        product: shared || part.exponential,
    }
}

/// Components where a closed class may wait.
pub(super) fn closed_components(teller: &Teller, parts: &[Part], plans: &Plans) -> Vec<bool> {
    let mut closed = vec![false; parts.len()];
    for site in plans.sites.iter().filter(|site| teller.is_closed(site.class)) {
        closed[site.to] = true;
    }
    closed
}
