//! The call plan that follows from the arrows, for a class whose author wrote none.
//!
//! Whatever cannot be read off the arrows without guessing is a problem that asks for a plan.

use crate::catalogue::{self, Arrows};
use crate::check::error;
use crate::path::join;
use crate::plan::{CALLS_MAX, DEPTH_MAX};
use crate::{Call, Document, Problem};

/// A balancer and all in front of the services forward; clients, schedulers and services call
/// every target in name order, one after the other; of a cache beside stores the stores are asked
/// only on a miss, unless it has arrows of its own and asks by itself; an arrow out of a log or
/// queue leads to its consumer.
pub(crate) fn default_plan(document: &Document, class: &str) -> Result<Vec<Call>, Problem> {
    let from = document.workload.classes.get(class).map_or("", |class| class.from.as_str());
    let mut follow = Follow { document, class, way: vec![from], made: 0 };
    let calls = follow.from(from)?;
    if calls.is_empty() {
        let path = join("workload", class);
        return Err(error(
            path,
            format!("No arrow leaves “{from}”, so class “{class}” calls nothing."),
            format!("Add a link such as \"{from} -> web\" under [links], or a plan under [calls]."),
        ));
    }
    Ok(calls)
}

struct Follow<'a> {
    document: &'a Document,
    class: &'a str,
    /// The components between the clients and here.
    way: Vec<&'a str>,
    made: usize,
}

impl<'a> Follow<'a> {
    fn from(&mut self, name: &'a str) -> Result<Vec<Call>, Problem> {
        let targets: Vec<&'a str> = self.targets(name);
        let arrows = self.arrows(name);
        match arrows {
            Arrows::Forward if targets.len() > 1 => {
                let message = format!("“{name}” forwards to {}, and the arrows do not say when to which.", targets.join(" and "));
                Err(self.ask(message))
            }
            Arrows::Forward | Arrows::Call | Arrows::Cache => self.call_all(&targets),
            Arrows::Store | Arrows::End if targets.is_empty() => Ok(Vec::new()),
            Arrows::Store | Arrows::End => {
                let message = format!("An arrow leaves “{name}”, but a component of kind {} makes no calls of its own.", self.kind(name));
                Err(self.ask(message))
            }
        }
    }

    fn call_all(&mut self, targets: &[&'a str]) -> Result<Vec<Call>, Problem> {
        let of = |wanted: Arrows| targets.iter().copied().filter(|target| self.arrows(target) == wanted).collect::<Vec<_>>();
        let (mut caches, stores) = (of(Arrows::Cache), of(Arrows::Store));
        caches.retain(|cache| self.targets(cache).is_empty());
        let (Some((first, others)), false) = (caches.split_first(), stores.is_empty()) else {
            return targets.iter().map(|target| self.call(target)).collect();
        };
        // Asked from the last: each cache's miss leads to the next cache, the last one's to the stores.
        let mut miss: Vec<Call> = stores.iter().map(|store| self.call(store)).collect::<Result<_, _>>()?;
        for cache in others.iter().rev() {
            miss = vec![Call { miss, ..self.call(cache)? }];
        }
        let asked = targets.iter().filter(|target| *target == first || !(stores.contains(target) || caches.contains(target)));
        let mut calls = asked.map(|target| self.call(target)).collect::<Result<Vec<_>, _>>()?;
        if let Some(cache) = calls.iter_mut().find(|call| call.to == *first) {
            cache.miss = miss;
        }
        Ok(calls)
    }

    fn call(&mut self, to: &'a str) -> Result<Call, Problem> {
        if let Some(at) = self.way.iter().position(|name| *name == to) {
            let circle: Vec<&str> = self.way[at..].iter().copied().chain([to]).collect();
            return Err(self.ask(format!("The arrows run in a circle: {}.", circle.join(" -> "))));
        }
        self.made += 1;
        if self.made > CALLS_MAX {
            return Err(self.ask(format!("Following the arrows makes more than {CALLS_MAX} calls.")));
        }
        if self.way.len() > DEPTH_MAX {
            return Err(self.ask(format!("Following the arrows nests calls deeper than {DEPTH_MAX}.")));
        }
        self.way.push(to);
        let then = self.from(to)?;
        self.way.pop();
        Ok(Call { to: to.to_owned(), then, ..Call::default() })
    }

    fn targets(&self, name: &str) -> Vec<&'a str> {
        let names = self.document.links.keys().filter(|link| link.from == name).map(|link| link.to.as_str());
        // An arrow to nowhere is reported where it is written.
        names.filter(|to| self.document.components.contains_key(*to)).collect()
    }

    fn kind(&self, name: &str) -> &'a str {
        self.document.components.get(name).map_or("", |component| component.kind.as_str())
    }

    fn arrows(&self, name: &str) -> Arrows {
        // A kind that is not known is reported where it is written.
        catalogue::kind(self.kind(name)).map_or(Arrows::Call, |kind| kind.arrows)
    }

    fn ask(&self, message: String) -> Problem {
        let class = self.class;
        error(
            join("workload", class),
            message,
            format!("Write under [calls] what class “{class}” does, as in {class} = \"lb > web > db\"."),
        )
    }
}
