//! The table: what was aimed at, beside what came out, one row per measure.

use tutor::Mode;

use crate::dice::Dice;
use crate::driven::drive;
use crate::limit;
use crate::pupil::{Family, Group, Pupil};
use crate::score::{Condition, Score, run};
use crate::spacing;
use crate::world::{Shape, World};

const ERROR: f64 = 0.05;
/// Courses driven by lines, each twice, and histories of reviews.
const DRIVEN: usize = 60;
const HISTORIES: usize = 500;

/// Everything that was run on one seed, or on several together.
#[derive(Debug)]
pub struct Runs {
    pub progress: Score,
    pub certified: Score,
    pub level: Score,
    pub clicker: Score,
    /// Courses that said other bytes the second time, the 99th percentile of a line \[ms\], intervals that differ.
    pub replays_differ: usize,
    pub line_p99: f64,
    pub reviews_differ: usize,
}

impl Runs {
    /// Runs all conditions on one seed.
    pub fn new(shape: Shape, learners: usize, seed: u64) -> Result<Self, String> {
        let real = Condition { shape, ..Condition::REALISTIC };
        let certified = Condition { mode: Mode::Certified, ..real };
        let (replays_differ, line_p99) = replayed(seed)?;
        Ok(Self {
            progress: run(real, learners, seed),
            certified: run(certified, learners, seed),
            level: run(Condition { family: Family::Level, ..certified }, learners, seed),
            clicker: run(Condition { family: Family::Clicker, ..certified }, learners, seed),
            replays_differ,
            line_p99,
            reviews_differ: spacing::differing(seed, HISTORIES)?,
        })
    }

    /// Adds those of another seed.
    pub fn join(&mut self, other: Self) {
        self.progress.join(other.progress);
        self.certified.join(other.certified);
        self.level.join(other.level);
        self.clicker.join(other.clicker);
        self.replays_differ += other.replays_differ;
        self.line_p99 = self.line_p99.max(other.line_p99);
        self.reviews_differ += other.reviews_differ;
    }
}

fn replayed(seed: u64) -> Result<(usize, f64), String> {
    let (mut differ, mut times) = (0, Vec::new());
    for number in 0..DRIVEN as u64 {
        let world = World::new(&mut Dice::new(seed, (8 << 32) + number), Shape::Course);
        let mode = if number % 2 == 0 { Mode::Progress } else { Mode::Certified };
        let once = || {
            let mut dice = Dice::new(seed, (9 << 32) + number);
            let pupil = Pupil::new(&mut dice, &world, Family::State);
            drive(&mut dice, &world, pupil, mode)
        };
        let (first, second) = (once()?, once()?);
        differ += usize::from(first.said != second.said);
        times.extend(first.times);
    }
    times.sort_unstable();
    Ok((differ, times.get(times.len() * 99 / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3)))
}

/// How a figure is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    Times,
    Percent,
    Count,
    Number(usize),
    Milliseconds,
}

impl Form {
    fn show(self, value: f64) -> String {
        match self {
            Self::Times => format!("{value:.2} ×"),
            Self::Percent => format!("{:.1} %", value * 100.0),
            Self::Count => format!("{value:.0}"),
            Self::Number(places) => format!("{value:.places$}"),
            Self::Milliseconds => format!("{value:.2} ms"),
        }
    }
}

/// What is aimed at: `most` or, for savings, `least`.
#[derive(Debug, Clone, Copy)]
enum Aim {
    Most(f64),
    Least(f64),
}

impl Aim {
    fn met(self, value: f64) -> bool {
        match self {
            Self::Most(most) => value <= most,
            Self::Least(least) => value >= least,
        }
    }

    fn show(self, form: Form) -> String {
        match self {
            Self::Most(most) => format!("≤ {}", form.show(most)),
            Self::Least(least) => format!("≥ {}", form.show(least)),
        }
    }
}

struct Row {
    name: &'static str,
    form: Form,
    of: fn(&Runs) -> f64,
    target: Aim,
    stretch: Option<Aim>,
    /// What no tutor can do better than, where it is known.
    limit: Option<fn(&Runs) -> f64>,
}

impl Row {
    const fn new(name: &'static str, form: Form, of: fn(&Runs) -> f64, target: Aim) -> Self {
        Self { name, form, of, target, stretch: None, limit: None }
    }

    const fn stretch(mut self, stretch: f64) -> Self {
        self.stretch = Some(Aim::Most(stretch));
        self
    }

    const fn limit(mut self, limit: fn(&Runs) -> f64) -> Self {
        self.limit = Some(limit);
        self
    }
}

fn to_five_percent(runs: &Runs) -> f64 {
    let items = runs.progress.items_to(ERROR).map_or(f64::INFINITY, |items| items as f64);
    items / limit::items(runs.progress.bits(), ERROR)
}

const ROWS: [Row; 25] = {
    use Aim::{Least, Most};
    use Form::{Count, Milliseconds, Number, Percent, Times};
    [
        Row::new("questions to 5 % error, beside the fewest possible", Times, to_five_percent, Most(2.0)).stretch(1.6).limit(|_| 1.0),
        Row::new("error where the placement stops", Percent, |runs| runs.progress.error_at_stop(), Most(0.06)),
        Row::new("questions in the placement, mean", Number(1), |runs| runs.progress.items(), Most(22.0)),
        Row::new("questions in the placement, 90th percentile", Count, |runs| runs.progress.items_p90() as f64, Most(30.0)),
        Row::new("unknown skills believed at .9 after the placement", Percent, |runs| runs.progress.false_mastery(), Most(0.025)),
        Row::new("of skills believed at .9, unknown", Percent, |runs| runs.progress.false_discovery(), Most(0.035)),
        Row::new("known skills not believed at .9", Percent, |runs| runs.progress.undeclared(), Most(0.25)),
        Row::new("calibration error of the beliefs", Number(3), |runs| runs.progress.calibration(), Most(0.03)).limit(|_| 0.0),
        Row::new("steps until done, beside the oracle", Times, |runs| runs.progress.beside_oracle(), Most(1.70))
            .stretch(1.5)
            .limit(|runs| runs.progress.perfect_beside_oracle()),
        Row::new("the same until certified", Times, |runs| runs.certified.beside_oracle(), Most(1.85))
            .stretch(1.65)
            .limit(|runs| runs.certified.perfect_beside_oracle()),
        Row::new("steps until all is known, beside perfect placement", Times, |runs| runs.progress.beside_perfect(), Most(1.25))
            .limit(|_| 1.0),
        Row::new("saved against the fixed course, all", Percent, |runs| runs.progress.saved(None), Least(0.30)),
        Row::new("saved, seniors", Percent, |runs| runs.progress.saved(Some(Group::Senior)), Least(0.65)),
        Row::new("saved, novices", Percent, |runs| runs.progress.saved(Some(Group::Novice)), Least(0.0)),
        Row::new("unknown skills of 40 when done", Number(2), |runs| runs.progress.missing(), Most(0.7)),
        Row::new("the same when certified", Number(2), |runs| runs.certified.missing(), Most(0.3)),
        Row::new("certified but not known", Percent, |runs| runs.certified.false_certificates(), Most(0.007)),
        Row::new("a clicker's share of skills certified", Percent, |runs| runs.clicker.certified(), Most(0.025)).limit(|_| 0.0),
        Row::new("second family: error of the placement", Percent, |runs| runs.level.error_at_stop(), Most(0.11)),
        Row::new("second family: steps beside the oracle", Times, |runs| runs.level.beside_oracle(), Most(2.1)),
        Row::new("second family: certified but not known", Percent, |runs| runs.level.false_certificates(), Most(0.03)),
        Row::new("lessons before a prerequisite was taught, asked about or believed", Count, early, Most(0.0)),
        Row::new("courses that came out differently the second time", Count, |runs| runs.replays_differ as f64, Most(0.0)),
        Row::new("one decision by lines, 99th percentile", Milliseconds, |runs| runs.line_p99, Most(1.0)),
        Row::new("review intervals other than those of FSRS-6", Count, |runs| runs.reviews_differ as f64, Most(0.0)),
    ]
};

fn early(runs: &Runs) -> f64 {
    f64::from(runs.progress.early() + runs.certified.early() + runs.level.early())
}

/// The table in Markdown, and whether every target is met. `seeds` names those of the last columns.
pub fn table(all: &Runs, each: &[(u64, Vec<f64>)]) -> (String, bool) {
    let seeds: String = each.iter().map(|(seed, _)| format!(" seed {seed} |")).collect();
    let rule = "---|".repeat(each.len());
    let mut text = format!("| measure | ours | target | stretch | limit | met |{seeds}\n|---|---|---|---|---|---|{rule}\n");
    let mut fine = true;
    for (at, row) in ROWS.iter().enumerate() {
        let value = (row.of)(all);
        let met = row.target.met(value);
        fine &= met;
        let verdict = match row.stretch {
            _ if !met => "NO",
            Some(stretch) if !stretch.met(value) => "yes, not the stretch",
            Some(_) => "yes, and the stretch",
            None => "yes",
        };
        let stretch = row.stretch.map_or_else(|| "-".into(), |stretch| stretch.show(row.form));
        let limit = row.limit.map_or_else(|| "-".into(), |limit| row.form.show(limit(all)));
        text += &format!("| {} | {} | {} | {stretch} | {limit} | {verdict} |", row.name, row.form.show(value), row.target.show(row.form));
        for (_, values) in each {
            text += &format!(" {} |", row.form.show(values[at]));
        }
        text += "\n";
    }
    (text, fine)
}

/// The figure of every row.
pub fn values(runs: &Runs) -> Vec<f64> {
    ROWS.iter().map(|row| (row.of)(runs)).collect()
}
