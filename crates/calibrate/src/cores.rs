//! Which core is whose, and what Linux says went on there: processor time of processes, what the
//! core did, what the machine is. Nothing here changes anything but which core we run on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

/// Two cores: one for all servers of a case, one for the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cores {
    pub(crate) servers: u32,
    pub(crate) generator: u32,
}

impl Cores {
    /// The first two that we may run on and that are not two threads of one core, if there are
    /// such; the generator's is ours from now on.
    pub(crate) fn take() -> anyhow::Result<Self> {
        let status = fs::read_to_string("/proc/self/status").context("this needs Linux: it asks /proc which cores there are")?;
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).context("Linux does not say which cores")?;
        let siblings = |core: u32| {
            let file = format!("/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list");
            fs::read_to_string(file).map(|list| numbers(&list)).unwrap_or_default()
        };
        let cores = choose(&numbers(allowed), siblings)?;
        let pinned = Command::new("taskset")
            .args(["--cpu-list", "--pid", &cores.generator.to_string(), &std::process::id().to_string()])
            .stdout(Stdio::null())
            .status()
            .context("taskset is not here; on Debian: apt-get install util-linux")?;
        ensure!(pinned.success(), "taskset could not put the generator on core {}", cores.generator);
        Ok(cores)
    }
}

fn choose(allowed: &[u32], siblings: impl Fn(u32) -> Vec<u32>) -> anyhow::Result<Cores> {
    let [first, rest @ ..] = allowed else { bail!("Linux names no core") };
    let apart = rest.iter().find(|core| !siblings(**core).contains(first));
    match apart.or(rest.first()) {
        Some(&second) => Ok(Cores { servers: second, generator: *first }),
        None => bail!("only core {first} may be used; this needs two, one for the server and one for the generator"),
    }
}

/// "0-2,5"
fn numbers(list: &str) -> Vec<u32> {
    let ranges = list.trim().split(',').filter_map(|range| {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        Some(from.trim().parse::<u32>().ok()?..=to.trim().parse().ok()?)
    });
    ranges.flatten().collect()
}

impl Cores {
    /// The greatest share of either core that others have while we do nothing for a moment.
    pub(crate) fn taken_by_others(&self) -> anyhow::Result<f64> {
        let look = || -> anyhow::Result<[Spent; 2]> { Ok([Spent::so_far(&[], self.servers)?, Spent::so_far(&[], self.generator)?]) };
        let before = look()?;
        std::thread::sleep(MOMENT);
        let shares = look()?
            .iter()
            .zip(&before)
            .map(|(now, before)| now.since(before))
            .map(|spent| spent.others() + spent.stolen())
            .collect::<Vec<_>>();
        Ok(shares.into_iter().fold(0.0, f64::max))
    }
}

/// How long to look whether the machine is quiet.
const MOMENT: std::time::Duration = std::time::Duration::from_secs(2);

/// Processor time so far [ns]: of each part of a case, and of the core it runs on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Spent {
    /// By name of the part, all its processes and threads together.
    pub(crate) parts: BTreeMap<String, u64>,
    pub(crate) core: Core,
}

/// What one core has done so far [ns], in steps of 10 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Core {
    pub(crate) busy: u64,
    pub(crate) idle: u64,
    /// Taken by the host of a virtual machine.
    pub(crate) stolen: u64,
}

impl Spent {
    /// Of the processes that were started with these numbers, and their children.
    pub(crate) fn so_far(parts: &[(String, u32)], core: u32) -> anyhow::Result<Self> {
        let parents = parents()?;
        let own = |pid: u32| -> u64 { family(pid, &parents).into_iter().map(process).sum() };
        let stat = fs::read_to_string("/proc/stat").context("reading /proc/stat")?;
        Ok(Self {
            parts: parts.iter().map(|(name, pid)| (name.clone(), own(*pid))).collect(),
            core: core_line(&stat, core).with_context(|| format!("/proc/stat says nothing of core {core}"))?,
        })
    }

    pub(crate) fn since(&self, before: &Self) -> Self {
        let parts = self.parts.iter().map(|(name, &now)| (name.clone(), now.saturating_sub(before.parts.get(name).copied().unwrap_or(0))));
        let core = Core {
            busy: self.core.busy.saturating_sub(before.core.busy),
            idle: self.core.idle.saturating_sub(before.core.idle),
            stolen: self.core.stolen.saturating_sub(before.core.stolen),
        };
        Self { parts: parts.collect(), core }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (name, more) in &other.parts {
            *self.parts.entry(name.clone()).or_default() += more;
        }
        self.core.busy += other.core.busy;
        self.core.idle += other.core.idle;
        self.core.stolen += other.core.stolen;
    }

    /// All parts together [ns].
    pub(crate) fn servers(&self) -> u64 {
        self.parts.values().sum()
    }

    /// Share of the core's time that went to programs that are not of the case.
    pub(crate) fn others(&self) -> f64 {
        self.core.busy.saturating_sub(self.servers()) as f64 / self.whole()
    }

    pub(crate) fn stolen(&self) -> f64 {
        self.core.stolen as f64 / self.whole()
    }

    fn whole(&self) -> f64 {
        (self.core.busy + self.core.idle + self.core.stolen).max(1) as f64
    }
}

/// "cpu1 user nice system idle iowait irq softirq steal ...", in hundredths of a second.
fn core_line(stat: &str, core: u32) -> Option<Core> {
    let line = stat.lines().find_map(|line| line.strip_prefix(&format!("cpu{core} ")))?;
    let ticks: Vec<u64> = line.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [user, nice, system, idle, waiting, irq, softirq, stolen, ..] = ticks[..] else { return None };
    const TICK: u64 = 10_000_000;
    Some(Core { busy: (user + nice + system + irq + softirq) * TICK, idle: (idle + waiting) * TICK, stolen: stolen * TICK })
}

/// The parent of each process there is.
fn parents() -> anyhow::Result<BTreeMap<u32, u32>> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").context("reading /proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // One that has ended meanwhile is nobody's child.
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name, in parentheses, may hold anything; the parent is the second word after it.
        if let Some(parent) = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok()) {
            parents.insert(pid, parent);
        }
    }
    Ok(parents)
}

fn family(pid: u32, parents: &BTreeMap<u32, u32>) -> BTreeSet<u32> {
    let mut family = BTreeSet::from([pid]);
    loop {
        let children = parents.iter().filter(|(child, parent)| family.contains(parent) && !family.contains(child));
        let children: Vec<u32> = children.map(|(&child, _)| child).collect();
        if children.is_empty() {
            return family;
        }
        family.extend(children);
    }
}

/// Time on a core of all threads of a process [ns]; nothing if it has ended.
fn process(pid: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let spent = threads.filter_map(|thread| {
        let said = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        said.split(' ').next()?.parse::<u64>().ok()
    });
    spent.sum()
}

/// "AMD EPYC, 2 cores, a virtual machine, Linux 6.1.0"
pub(crate) fn machine() -> String {
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("an unknown processor", |pair| pair.1);
    let count = about.lines().filter(|line| line.starts_with("processor")).count();
    let place = if about.contains(" hypervisor") { ", a virtual machine" } else { "" };
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel = kernel.split('-').next().unwrap_or("").trim();
    format!("{model}, {count} cores{place}, Linux {kernel}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cores_are_chosen_and_not_two_threads_of_one() {
        let pairs = |core: u32| vec![core & !1, core | 1];
        assert_eq!(choose(&numbers("0-3"), pairs).unwrap(), Cores { servers: 2, generator: 0 });
        assert_eq!(choose(&numbers("0-1\n"), pairs).unwrap(), Cores { servers: 1, generator: 0 });
        assert_eq!(choose(&numbers("3,7"), |_| vec![]).unwrap(), Cores { servers: 7, generator: 3 });
        assert!(choose(&numbers("5"), pairs).unwrap_err().to_string().contains("only core 5"));
        assert_eq!(numbers("0-2,5"), [0, 1, 2, 5]);
    }

    #[test]
    fn what_others_took_is_what_the_core_did_for_nobody_of_ours() {
        let stat = "cpu  9 9 9 9 9 9 9 9\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 100 20 30 800 10 1 9 30 0 0\n";
        let core = core_line(stat, 1).unwrap();
        assert_eq!(core, Core { busy: 1_600_000_000, idle: 8_100_000_000, stolen: 300_000_000 });
        assert_eq!(core_line(stat, 2), None);
        let spent = Spent { parts: [("nginx".to_owned(), 1_100_000_000)].into(), core };
        assert_eq!((spent.others(), spent.stolen()), (0.05, 0.03));
        let mut twice = spent.clone();
        twice.add(&spent);
        assert_eq!(twice.since(&spent), spent);
    }

    #[test]
    fn children_and_their_children_belong_to_a_server() {
        let parents = BTreeMap::from([(2, 1), (3, 2), (4, 3), (5, 1)]);
        assert_eq!(family(2, &parents), BTreeSet::from([2, 3, 4]));
    }
}
