//! Whether the world fits the design: classes and their arrivals, traces, distances, faults.

use units::{Duration, Share};

use super::{Check, count};
use crate::notation::{YEAR, shown};
use crate::path::join;
use crate::resolve::{LASTS, population};
use crate::{Arrivals, Class, Distribution, Fault, Keys, Setting, Target, What, catalogue};

impl<'a> Check<'a> {
    pub(super) fn workload(&mut self) {
        let workload = &self.document.workload;
        if workload.lasts.is_some_and(|lasts| lasts == Duration::ZERO || lasts > YEAR) {
            self.error("workload.lasts", "A run lasts more than nothing and at most a year.", "Write it as in \"60 s\".");
        }
        if workload.warmup.is_some_and(|warmup| warmup >= Share::ONE) {
            self.error("workload.warmup", "Nothing would be measured: the warm-up is the whole run.", "Write a share such as \"5 %\".");
        }
        self.shares();
        for (name, class) in &workload.classes {
            let path = join("workload", name);
            self.settings(&path, &class.settings, &|key| catalogue::find(catalogue::CLASS.iter(), key));
            self.arrivals(name, &path, class);
            self.from(name, &path, class);
            self.hot_keys(name, &path, class);
        }
        let classes = &workload.classes;
        for name in self.document.calls.keys().filter(|name| !classes.is_empty() && !classes.contains_key(*name)) {
            let suggestion = self
                .near(name, classes.keys().map(String::as_str))
                .unwrap_or_else(|| "Add the class under [workload], or leave it for another workload.".into());
            self.note(join("calls", name), format!("No class of the workload is called “{name}”."), suggestion);
        }
    }

    /// Classes with a share divide up the arrivals of the workload.
    fn shares(&mut self) {
        let workload = &self.document.workload;
        let total = workload.classes.values().filter_map(|class| class.share).fold(0u64, |total, share| total.saturating_add(share.0));
        if total > Share::ONE.0 {
            self.error(
                "workload",
                format!("The shares of the classes are {} in all.", Share(total)),
                "Write shares that are at most 100 % in all.",
            );
        }
        let shared = workload.classes.values().any(|class| class.share.is_some());
        match &workload.arrivals {
            None if shared => {
                let name = workload.classes.iter().find(|(_, class)| class.share.is_some()).map_or("", |(name, _)| name);
                self.error(
                    join(&join("workload", name), "share"),
                    "The workload has no arrivals that could be shared.",
                    "Write arrivals = \"poisson 90/s\" under [workload], or arrivals in the class instead.",
                );
            }
            Some(arrivals) if !shared => {
                self.trace_name("workload.arrivals", arrivals);
                if !workload.classes.is_empty() {
                    self.note("workload.arrivals", "No class has a share of these arrivals.", "Write share = \"100 %\" in a class.");
                }
            }
            Some(arrivals) => self.trace_name("workload.arrivals", arrivals),
            None => {}
        }
    }

    fn arrivals(&mut self, name: &str, path: &str, class: &Class) {
        match (&class.arrivals, class.share) {
            (None, None) => {
                self.error(path, format!("Class “{name}” does not say how its requests arrive."), "Write arrivals = \"poisson 90/s\".");
            }
            (Some(_), Some(_)) => self.error(
                join(path, "share"),
                format!("Class “{name}” has arrivals of its own and a share of others."),
                "Take one of them out.",
            ),
            (Some(arrivals), None) => self.trace_name(&join(path, "arrivals"), arrivals),
            (None, Some(_)) => {}
        }
    }

    fn trace_name(&mut self, path: &str, arrivals: &Arrivals) {
        let Arrivals::Trace { name } = arrivals else { return };
        let known = self.document.traces.keys().map(String::as_str);
        if !self.document.traces.contains_key(name) {
            let suggestion = self.near(name, known).unwrap_or_else(|| format!("Add {name} = \"\"\"...\"\"\" under [traces]."));
            self.error(path, format!("No trace is called “{}”.", shown(name)), suggestion);
        }
    }

    fn from(&mut self, name: &str, path: &str, class: &Class) {
        if class.from.is_empty() {
            return self.error(
                path,
                format!("Class “{name}” does not say who sends it."),
                "Write from = \"users\", the name of a component of kind clients.",
            );
        }
        let path = join(path, "from");
        if !self.component_name(&path, &class.from) {
            return;
        }
        if self.sends(&class.from) {
            return self.plan(name);
        }
        let message =
            format!("“{}” is of kind {}, but only clients and schedulers send requests of their own.", class.from, self.kind(&class.from));
        self.error(path, message, "Name a component of kind clients.");
    }

    fn hot_keys(&mut self, name: &str, path: &str, class: &Class) {
        let Some(Setting::Word(text)) = class.settings.get("keys") else { return };
        let Ok(Keys { of, hot: Some(hot), .. }) = text.parse::<Keys>() else { return };
        let of = of.unwrap_or_else(|| population(self.document, self.document.calls.get(name).map_or(&[], Vec::as_slice)));
        if hot.keys > of {
            self.error(
                join(path, "keys"),
                format!("{} keys cannot be hot where there are {of}.", hot.keys),
                format!("Write at most {of}, or more keys in all."),
            );
        }
    }

    pub(super) fn traces(&mut self) {
        let workload = &self.document.workload;
        let all = workload.classes.values().filter_map(|class| class.arrivals.as_ref()).chain(&workload.arrivals);
        for name in self.document.traces.keys() {
            if !all.clone().any(|arrivals| matches!(arrivals, Arrivals::Trace { name: used } if used == name)) {
                self.note(join("traces", name), "No class replays this trace.", format!("Write arrivals = \"trace {name}\" in a class."));
            }
        }
    }

    /// The zones or regions that components stand in.
    fn places(&self, key: &str) -> Vec<&'a str> {
        let mut places = Vec::new();
        for component in self.document.components.values() {
            match component.settings.get(key) {
                Some(Setting::Word(place)) => places.push(place.as_str()),
                Some(Setting::Words(names)) => places.extend(names.iter().map(String::as_str)),
                _ => {}
            }
        }
        places
    }

    pub(super) fn network(&mut self) {
        let mut places = self.places("zones");
        places.extend(self.places("region"));
        for pair in self.document.network.keys() {
            for end in pair.split(" -- ").filter(|end| pair.contains(" -- ") && !places.contains(end)) {
                let suggestion = self.near(end, places.iter().copied()).unwrap_or_else(|| "Write it as the components do.".into());
                self.note(join("network", pair), format!("No component stands in “{}”.", shown(end)), suggestion);
            }
        }
    }

    pub(super) fn faults(&mut self) {
        let lasts = self.document.workload.lasts.unwrap_or(LASTS);
        let (zones, regions) = (self.places("zones"), self.places("region"));
        for (i, fault) in self.document.faults.iter().enumerate() {
            let path = join("faults", &i.to_string());
            self.fault_times(&path, fault);
            if fault.at >= lasts && !self.document.workload.classes.is_empty() {
                self.note(
                    join(&path, "at"),
                    format!("The run ends at {lasts}, before this begins."),
                    "Let it begin earlier, or the run last longer.",
                );
            }
            let path = join(&path, "what");
            match &fault.what {
                What::LoseZone { zone } => self.place(&path, zone, &zones, "zones"),
                What::LoseRegion { region } => self.place(&path, region, &regions, "a region"),
                what => self.what(&path, what),
            }
        }
    }

    fn fault_times(&mut self, path: &str, fault: &Fault) {
        let is_instant = matches!(fault.what, What::Flush { .. });
        match (&fault.lasts, &fault.every) {
            (Some(Distribution::Constant { .. }) | None, None) => {}
            (Some(lasts), None) => self.error(
                join(path, "lasts"),
                format!("“{}” is drawn anew for each of many faults, but this one comes once.", shown(&lasts.to_string())),
                "Write a plain time, or “every” too.",
            ),
            (None, Some(_)) if !is_instant => {
                self.error(path, "This fault never ends, so it cannot come again.", "Write how long it lasts.");
            }
            (_, Some(every)) if every.longest() == Duration::ZERO => {
                self.error(join(path, "every"), "This fault comes again at once.", "Write a time between two of them, as in “exp 10 min”.");
            }
            _ => {}
        }
    }

    fn what(&mut self, path: &str, what: &What) {
        match what {
            What::Crash { target } | What::Freeze { target } | What::Slow { target, .. } | What::Skew { target, .. } => {
                self.target(path, target)
            }
            What::Cut { from, to, .. } | What::Loss { from, to, .. } => {
                self.component_name(path, from);
                self.component_name(path, to);
            }
            What::Flush { component } => self.of_kind(path, component, &["cache", "cdn"], "has nothing to flush"),
            What::Rebalance { component } => self.of_kind(path, component, &["log", "keyvalue"], "has nothing to rebalance"),
            What::DeployErrors { component, .. }
            | What::DeploySlow { component, .. }
            | What::Down { component }
            | What::Quota { component, .. } => {
                self.target(path, &Target { component: component.clone(), replica: None });
            }
            What::LoseZone { .. } | What::LoseRegion { .. } => {}
            What::Hot { class, .. } => self.class_name(path, class),
            What::Load { class, .. } => class.iter().for_each(|class| self.class_name(path, class)),
        }
    }

    fn target(&mut self, path: &str, target: &Target) {
        let name = &target.component;
        if !self.component_name(path, name) {
            return;
        }
        if self.sends(name) {
            let message = format!("Nothing of “{name}” can fail: {}.", self.only_sends(name));
            return self.error(path, message, "Name what it calls, or write “load x0” for no requests.");
        }
        let settings = &self.document.components[name].settings;
        let inner = |table: &str, key: &str, default: u64| match settings.get(table) {
            Some(Setting::Table(table)) => count(table, key, default),
            _ => 0,
        };
        // A leader is the first, its followers come next; a key-value store has a node for each copy.
        let replicas = (count(settings, "replicas", 1) + inner("followers", "count", 1)).max(inner("autoscale", "max", 10));
        let replicas = if self.kind(name) == "keyvalue" { replicas.max(count(settings, "copies", 1)) } else { replicas };
        if let Some(replica) = target.replica.filter(|replica| replica.0 > replicas) {
            let suggestion = match replicas {
                1 => format!("Write {name}: there is one."),
                _ => format!("Write {name}.1 to {name}.{replicas}, or {name} for all."),
            };
            self.error(path, format!("“{name}” has no replica {replica}."), suggestion);
        }
    }

    fn place(&mut self, path: &str, place: &str, known: &[&str], what: &str) {
        if !known.contains(&place) {
            let suggestion = self.near(place, known.iter().copied());
            let suggestion = suggestion.unwrap_or_else(|| format!("Write {what} in the components that stand there."));
            self.error(path, format!("No component stands in “{}”.", shown(place)), suggestion);
        }
    }

    fn of_kind(&mut self, path: &str, name: &str, kinds: &[&str], why: &str) {
        if self.component_name(path, name) && !kinds.contains(&self.kind(name)) && catalogue::kind(self.kind(name)).is_some() {
            let message = format!("“{name}” is of kind {} and {why}.", self.kind(name));
            self.error(path, message, format!("Name a component of kind {}.", kinds.join(" or ")));
        }
    }

    fn class_name(&mut self, path: &str, name: &str) {
        let classes = &self.document.workload.classes;
        if !classes.contains_key(name) && !classes.is_empty() {
            let known = classes.keys().map(String::as_str);
            let suggestion = self.near(name, known).unwrap_or_else(|| "Name a class of the workload.".into());
            self.error(path, format!("No class is called “{}”.", shown(name)), suggestion);
        }
    }
}
