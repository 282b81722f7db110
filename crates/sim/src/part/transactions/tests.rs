//! Schedules of statements, beside what PostgreSQL made of them: `fidelity/postgresql` has both,
//! and `cargo xtask isolation` asks PostgreSQL again.

use super::*;

const SCHEDULES: &str = include_str!("../../../../../fidelity/postgresql/schedules.txt");
const OUTCOMES: &str = include_str!("../../../../../fidelity/postgresql/outcomes.txt");

#[test]
fn every_schedule_comes_out_as_in_postgresql() {
    let mut told = String::new();
    for schedule in schedules() {
        for (level, isolation) in LEVELS {
            told.push_str(&format!("{}, {level}\n{}\n", schedule.name, Play::new(&schedule, isolation).run()));
        }
    }
    let expected = OUTCOMES.split_once("\n\n").map_or("", |(_, outcomes)| outcomes);
    let (told, expected) = (by_name(&told), by_name(expected));
    assert!(told.trim() == expected.trim(), "{}", first_difference(&told, &expected));
}

/// Those that go on after the same step are told in the order of their names: which of two is heard
/// first is a race.
fn by_name(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for batch in lines.chunk_by_mut(|one, other| one.starts_with("    ") && other.starts_with("    ")) {
        batch.sort_unstable();
    }
    lines.join("\n")
}

fn first_difference(told: &str, expected: &str) -> String {
    let mut about = "";
    for (told, expected) in told.lines().zip(expected.lines()) {
        if !expected.starts_with(' ') && !expected.is_empty() {
            about = expected;
        }
        if told != expected {
            return format!("{about}: here {told:?}, PostgreSQL {expected:?}");
        }
    }
    "one is longer".into()
}

const LEVELS: [(&str, Isolation); 3] = [
    ("read committed", Isolation::ReadCommitted),
    ("repeatable read", Isolation::RepeatableRead),
    ("serializable", Isolation::Serializable),
];

struct Schedule {
    name: &'static str,
    rows: Vec<(&'static str, u64)>,
    steps: Vec<&'static str>,
}

fn schedules() -> Vec<Schedule> {
    let blocks = SCHEDULES.split("\n\n").filter(|block| !block.starts_with('#'));
    let lines = blocks.map(|block| block.trim().lines().collect::<Vec<_>>());
    let row = |text: &'static str| text.split_once('=').map(|(name, value)| (name, value.parse().unwrap())).unwrap();
    lines
        .map(|lines| Schedule {
            name: lines[0],
            rows: lines[1].split_whitespace().map(row).collect(),
            steps: lines[2].split("; ").collect(),
        })
        .collect()
}

/// Sessions A, B, C at one database.
struct Play<'a> {
    schedule: &'a Schedule,
    transactions: Transactions,
    rows: Rows,
    /// What each session last read of a row.
    read: Tree<(u32, Record), u64>,
    /// Statements that wait, in the order in which they began to.
    waiting: Vec<(u32, &'static str)>,
    failed: Vec<u32>,
    told: String,
}

impl<'a> Play<'a> {
    fn new(schedule: &'a Schedule, isolation: Isolation) -> Self {
        let initial = [None].into_iter().chain(schedule.rows.iter().map(|(_, value)| Some(*value))).collect();
        let rows = Rows::new(initial);
        let (read, told) = (Tree::new(), String::new());
        Self { schedule, transactions: Transactions::new(isolation), rows, read, waiting: Vec::new(), failed: Vec::new(), told }
    }

    fn run(mut self) -> String {
        for step in &self.schedule.steps {
            let session = u32::from(step.as_bytes()[0] - b'A');
            let outcome = self.step(session, &step[2..]);
            self.told.push_str(&format!("  {step}: {outcome}\n"));
            self.go_on();
        }
        let latest = |number: usize| self.rows.latest((number as u16 + 1, 0)).value.unwrap();
        let rows: Vec<String> = self.schedule.rows.iter().enumerate().map(|(at, (name, _))| format!("{name}={}", latest(at))).collect();
        format!("{}  {}\n", self.told, rows.join(" "))
    }

    fn record(&self, name: &str) -> Record {
        (self.schedule.rows.iter().position(|(known, _)| *known == name).unwrap() as u16 + 1, 0)
    }

    fn step(&mut self, session: u32, step: &'static str) -> String {
        if self.waiting.iter().any(|(waiting, _)| *waiting == session) {
            return "still waits".into();
        }
        if let Some(end) = Some(step).filter(|step| matches!(*step, "commit" | "rollback")) {
            return self.end(session, end == "commit");
        }
        if self.failed.contains(&session) {
            return "has failed".into();
        }
        if !self.transactions.is_open(session) {
            self.transactions.begin(session);
        }
        if self.transactions.statement(session, &self.rows).is_err() {
            return self.fail(session, "serialization failure");
        }
        let (deed, record) = self.deed(session, step);
        if self.transactions.needs_lock(session, record, deed, &self.rows) && !self.transactions.want(session, record, 0) {
            self.waiting.push((session, step));
            return "waits".into();
        }
        self.execute(session, step)
    }

    fn deed(&self, session: u32, step: &str) -> (Deed, Record) {
        let (verb, row) = step.split_once(' ').unwrap();
        let record = self.record(row);
        let deed = match verb {
            "read" => Deed::Read,
            "lock" => Deed::Lock,
            "take" => Deed::Take,
            _ => Deed::Set(self.read.get(&(session, record)).map_or(0, |read| read.saturating_sub(1))),
        };
        (deed, record)
    }

    fn execute(&mut self, session: u32, step: &'static str) -> String {
        let (deed, record) = self.deed(session, step);
        match self.transactions.execute(session, record, deed, &self.rows) {
            Ok(kept) if matches!(deed, Deed::Read | Deed::Lock) => {
                self.read.insert((session, record), kept.value.unwrap());
                kept.value.unwrap().to_string()
            }
            Ok(_) => "done".into(),
            Err(Refusal::NoneLeft) => "none left".into(),
            Err(Refusal::Disordered) => self.fail(session, "serialization failure"),
        }
    }

    fn fail(&mut self, session: u32, why: &str) -> String {
        self.failed.push(session);
        self.leave(session, None);
        why.into()
    }

    fn end(&mut self, session: u32, commits: bool) -> String {
        let has_failed = self.failed.contains(&session);
        self.failed.retain(|failed| *failed != session);
        if has_failed || !commits {
            self.leave(session, None);
            return "rolled back".into();
        }
        let Ok(writes) = self.transactions.prepare(session) else {
            self.leave(session, None);
            return "serialization failure".into();
        };
        let commit = self.rows.tick();
        for Write { record, value } in writes {
            let version = self.rows.latest(record).version + 1;
            let needed = self.transactions.needed(&self.rows);
            self.rows.keep(record, Kept { commit, version, value }, needed);
        }
        self.leave(session, Some(commit));
        "committed".into()
    }

    fn leave(&mut self, session: u32, commit: Option<u64>) {
        for record in self.transactions.end(session, commit) {
            self.transactions.hand_on(record, |_, _| true);
        }
    }

    /// Those that got what they waited for go on, and circles are broken where the first began to
    /// wait, as its clock is the first to run out.
    fn go_on(&mut self) {
        loop {
            let free = |(session, _): &&(u32, &str)| self.transactions.open.get(session).is_some_and(|open| open.waits_for.is_none());
            let circle = |(session, _): &&(u32, &str)| self.transactions.is_in_a_circle(*session);
            let (session, step, outcome) = if let Some(&(session, step)) = self.waiting.iter().find(free) {
                self.waiting.retain(|(waiting, _)| *waiting != session);
                (session, step, self.execute(session, step))
            } else if let Some(&(session, step)) = self.waiting.iter().find(circle) {
                self.waiting.retain(|(waiting, _)| *waiting != session);
                (session, step, self.fail(session, "deadlock"))
            } else {
                return;
            };
            self.told.push_str(&format!("    {} {step}: {outcome}\n", (b'A' + session as u8) as char));
        }
    }
}
