//! Whether call plans can be made as they are written.

use units::Share;

use super::Check;
use crate::arrows::default_plan;
use crate::path::join;
use crate::plan::{CALLS_MAX, DEPTH_MAX, FAN_OUT_MAX, TIMES_MAX};
use crate::{Call, CallMode, LinkName};

impl<'a> Check<'a> {
    /// What class `class` does, as it is written or as the arrows say.
    pub(super) fn plan(&mut self, class: &str) {
        let Some(calls) = self.document.calls.get(class) else {
            if let Err(problem) = default_plan(self.document, class) {
                self.problems.push(problem);
            }
            return;
        };
        let path = join("calls", class);
        if calls.is_empty() {
            return self.error(&path, "This plan makes no call.", "Write it as in \"lb > web > db\", or take it out to follow the arrows.");
        }
        let mut made = Made { calls: 0, fan_out: 0 };
        let from = self.document.workload.classes.get(class).map_or("", |class| class.from.as_str());
        self.calls(&path, from, calls, 1, 1, &mut made);
        if made.calls > CALLS_MAX {
            self.error(&path, format!("This plan makes more than {CALLS_MAX} calls."), "Write repeated calls as “leaf x100”.");
        }
        if made.fan_out > FAN_OUT_MAX {
            self.error(
                &path,
                format!("One request of this class leads to more than {FAN_OUT_MAX} calls."),
                "Make fewer calls at some level of the plan.",
            );
        }
    }

    /// `visits` is how often the caller is visited per request.
    fn calls(&mut self, path: &str, caller: &str, calls: &'a [Call], depth: usize, visits: u64, made: &mut Made) {
        let is_inside = path.ends_with(".transaction");
        if depth > DEPTH_MAX {
            return self.error(path, format!("Calls are nested deeper than {DEPTH_MAX}."), "Make the chain shorter.");
        }
        self.groups(path, calls);
        for (i, call) in calls.iter().enumerate() {
            let path = join(path, &i.to_string());
            made.calls += 1;
            let visits = visits.saturating_mul(call.times.0);
            made.fan_out = made.fan_out.saturating_add(visits);
            if made.calls > CALLS_MAX {
                return;
            }
            self.call(&path, caller, call);
            if !is_inside {
                self.lock_alone(&path, call);
            }
            self.calls(&join(&path, "then"), &call.to, &call.then, depth + 1, visits, made);
            self.calls(&join(&path, "miss"), caller, &call.miss, depth + 1, visits, made);
            if !call.statements.is_empty() {
                self.transaction(&path, call);
                self.calls(&join(&path, "transaction"), caller, &call.statements, depth + 1, visits, made);
            }
        }
    }

    /// Calls that go out together may wait for a part of the answers; others wait for theirs.
    fn groups(&mut self, path: &str, calls: &[Call]) {
        let mut at = 0;
        while let Some(first) = calls.get(at) {
            let path = join(path, &at.to_string());
            let parallel = calls[at..].iter().take_while(|call| call.mode == CallMode::Parallel).count();
            let group = &calls[at..at + parallel.max(1)];
            let total = group.iter().fold(0u64, |total, call| total.saturating_add(call.times.0));
            let wrong = if parallel == 0 && (first.wait.is_some() || first.cancel) {
                Some((
                    "Only calls that go out together can wait for a part of them.".to_owned(),
                    "Write it as in “leaf x5 wait 3”.".to_owned(),
                ))
            } else if group.iter().any(|call| (call.wait, call.cancel) != (first.wait, first.cancel)) {
                let suggestion = "Write it once before all, as in “together wait 2: a; b; c”.".to_owned();
                Some(("Calls that go out together wait for different numbers.".to_owned(), suggestion))
            } else if first.cancel && first.wait.is_none() {
                Some((
                    "All answers are waited for, so none is left to be called back.".to_owned(),
                    "Write “wait” with a number too.".to_owned(),
                ))
            } else {
                let wait = first.wait.filter(|wait| wait.0 == 0 || wait.0 > total);
                wait.map(|wait| (format!("{wait} answers are waited for, but {total} calls go out."), format!("Write 1 to {total}.")))
            };
            if let Some((message, suggestion)) = wrong {
                self.error(path, message, suggestion);
            }
            at += group.len();
        }
    }

    fn call(&mut self, path: &str, caller: &str, call: &Call) {
        if self.component_name(path, &call.to) && self.sends(&call.to) {
            let message = format!("This plan calls “{}”, but {}.", call.to, self.only_sends(&call.to));
            self.error(path, message, "Call a component that answers.");
        }
        // Arrows that are written are looked at as such.
        let link = LinkName { from: caller.to_owned(), to: call.to.clone() };
        if !self.document.links.contains_key(&link) {
            self.weights(caller, &call.to);
        }
        if call.to == caller {
            self.error(path, format!("“{caller}” calls itself."), "Take the call out; what a component does with itself is its `time`.");
        }
        if !(1..=TIMES_MAX).contains(&call.times.0) {
            self.error(path, format!("A call cannot be made {} times.", call.times), format!("Write 1 to {TIMES_MAX}."));
        }
        if call.probability > Share::ONE {
            self.error(path, format!("A probability of {} is more than the whole.", call.probability), "Write 0 % to 100 %.");
        }
        if !call.miss.is_empty() && !matches!(self.kind(&call.to), "cache" | "cdn" | "") {
            self.error(
                path,
                format!("“{}” is of kind {}, and only a cache can miss.", call.to, self.kind(&call.to)),
                "Write “miss:” below the call of a cache.",
            );
        }
        if call.says("outbox") {
            self.outbox(path, call);
        }
        self.values(path, call);
        if let Some(data) = call.data.as_ref().filter(|data| !self.document.data.contains_key(*data)) {
            let known = self.document.data.keys().map(String::as_str);
            let suggestion = self.near(data, known).unwrap_or_else(|| format!("Add {data} = {{}} under [data]."));
            self.error(path, format!("No data is called “{data}”."), suggestion);
        }
    }
}

impl Check<'_> {
    /// A message that is committed with a write, to be sent later.
    fn outbox(&mut self, path: &str, call: &Call) {
        let kind = self.kind(&call.to);
        if !matches!(kind, "relational" | "") {
            let message = format!("“{}” is of kind {kind}, and an outbox needs a transaction.", call.to);
            self.error(path, message, "Write “outbox” after an insert into a relational component.");
        } else if call.reads() || call.data.is_none() {
            self.error(path, "Only a write of some data can leave a message in an outbox.", "Write it as in “db insert order outbox”.");
        } else if call.then.is_empty() {
            self.error(
                path,
                "Nothing is below this outbox, so it sends nothing.",
                "Indent below it what is to be sent, as in “events append order”.",
            );
        }
    }
}

struct Made {
    calls: usize,
    fan_out: u64,
}
