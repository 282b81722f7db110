//! Variations: which question an item is with a seed, and what its expressions come to there.

use super::{Form, Item, Vars};
use crate::claim::shown;
use crate::problem::Reporter;

/// So many different questions are without end for anybody.
const VARIATIONS_MOST: u64 = 1_000_000;
/// Conditions are tried on every combination when the pack is read.
const TRIED_MOST: u64 = 20_000;

/// Finds out which combinations of varied values are asked: those that keep every condition, and
/// whose answer has no more digits than a person reckons with.
pub(super) fn admit(item: &mut Item, keep: &[String], round: Option<u32>, report: &mut Reporter<'_>) {
    let (id, line) = (item.id.clone(), item.line);
    let all = item.combinations();
    let most = if keep.is_empty() && round.is_none() { VARIATIONS_MOST } else { TRIED_MOST };
    if all > most {
        report.suggest(line, format!("Item {id} has {all} combinations; {most} are enough."), "Take larger steps, or fewer digits.");
        item.admitted = Some([].into());
        return;
    }
    if keep.is_empty() && round.is_none() {
        return;
    }
    let mut admitted: Vec<u32> = Vec::new();
    for index in 0..all {
        match item.keeps(index, keep, round) {
            Ok(true) => admitted.push(index as u32),
            Ok(false) => {}
            Err(message) => {
                report.error(line, format!("In keep of item {id}: {message}"));
                break;
            }
        }
    }
    if admitted.is_empty() {
        report.suggest(line, format!("No combination of {id} keeps its conditions."), "Widen keep, or the ranges of vary.");
    }
    item.admitted = Some(admitted.into());
}

impl Item {
    /// How many different questions this one can be.
    pub fn variations(&self) -> u64 {
        self.admitted.as_ref().map_or_else(|| self.combinations(), |admitted| admitted.len() as u64).max(1)
    }

    fn combinations(&self) -> u64 {
        self.vary.values().try_fold(1u64, |all, values| all.checked_mul(values.len() as u64)).unwrap_or(u64::MAX).max(1)
    }

    /// The values of variation `seed` as texts show them, with its sums; seeds beyond the number of
    /// variations come round again, and no two before that are the same.
    ///
    /// Neighbouring seeds differ in every varied value where they can, so that two in a row do
    /// not look alike.
    pub fn vars(&self, seed: u64) -> Vars {
        let raw = self.raw(self.combination(seed));
        let mut vars: Vars = raw.iter().map(|(name, value)| ((*name).to_owned(), shown(value))).collect();
        if let Ok(sheet) = napkin::evaluate(&self.sheet(&raw, "")) {
            for step in sheet.steps.iter().skip(raw.len()) {
                vars.extend(step.name.clone().map(|name| (name, shown(&step.shown))));
            }
        }
        vars
    }

    /// Evaluates an expression of this item over the values of one variation.
    pub fn solve(&self, expression: &str, seed: u64) -> Result<units::Quantity, String> {
        let raw = self.raw(self.combination(seed));
        match napkin::evaluate(&self.sheet(&raw, expression)) {
            Ok(sheet) => sheet.answer().map(napkin::Value::quantity).ok_or_else(|| "there is nothing to compute.".to_owned()),
            Err(problems) => Err(problems.first().map(ToString::to_string).unwrap_or_default()),
        }
    }

    /// Which combination of its values a variation has.
    fn combination(&self, seed: u64) -> u64 {
        let total = self.variations();
        let place = u128::from(seed % total) * u128::from(stride(total)) % u128::from(total);
        match &self.admitted {
            Some(admitted) => admitted.get(place as usize).copied().unwrap_or(0).into(),
            None => place as u64,
        }
    }

    fn raw(&self, combination: u64) -> Vec<(&str, &str)> {
        let mut index = combination;
        let mut raw = Vec::with_capacity(self.vary.len());
        for (name, values) in &self.vary {
            let n = values.len() as u64;
            raw.push((name.as_str(), values[(index % n) as usize].as_str()));
            index /= n;
        }
        raw
    }

    fn sheet(&self, raw: &[(&str, &str)], last: &str) -> String {
        let mut sheet: String = raw.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        sheet.push_str(&self.sums);
        sheet.push('\n');
        sheet.push_str(last);
        sheet
    }

    /// The same without its sums.
    fn bare(&self) -> Self {
        Self { sums: String::new(), ..self.clone() }
    }

    /// Whether a combination keeps "30 % <= rate * work <= 90 %" and an answer of so many digits.
    fn keeps(&self, combination: u64, keep: &[String], round: Option<u32>) -> Result<bool, String> {
        let solve = match (round, &self.form) {
            (None, _) => None,
            (Some(digits), Form::Numeric(numeric)) => Some((digits, numeric)),
            (Some(_), _) => return Err("round is for the answer of a number.".into()),
        };
        let sides = keep.iter().flat_map(|condition| condition.split("<="));
        let lines: Vec<&str> = sides.chain(solve.map(|(_, numeric)| numeric.solve.as_str())).map(str::trim).collect();
        // One sheet for all: there are thousands of combinations.
        let sheet = match napkin::evaluate(&self.sheet(&self.raw(combination), &lines.join("\n"))) {
            Ok(sheet) => sheet,
            // Sums may not compute just where a condition keeps them from being asked.
            Err(_) if !self.sums.trim().is_empty() && self.bare().keeps(combination, keep, None) == Ok(false) => return Ok(false),
            Err(problems) => {
                let first = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                return Err(format!("{first} It reads “{}”.", lines.join(" … ")));
            }
        };
        let mut values = sheet.steps.iter().skip(sheet.steps.len().saturating_sub(lines.len())).map(|step| step.value.quantity());
        for condition in keep {
            let count = condition.split("<=").count();
            if count < 2 {
                return Err(format!("“{condition}” compares nothing; write 30 % <= rate * work <= 90 %."));
            }
            let sides: Vec<units::Quantity> = values.by_ref().take(count).collect();
            for pair in sides.windows(2) {
                if pair[0].dimension != pair[1].dimension {
                    return Err(format!("“{condition}” compares {} with {}.", pair[0].dimension.noun(), pair[1].dimension.noun()));
                }
            }
            if sides.windows(2).any(|pair| pair[0].value > pair[1].value + 1e-9 * pair[1].value.abs()) {
                return Ok(false);
            }
        }
        let Some(((digits, numeric), key)) = solve.zip(values.next()) else { return Ok(true) };
        let unit = numeric.unit.as_ref().and_then(|unit| units::Quantity::parse(&format!("1 {unit}")).ok());
        let size = unit.filter(|unit| unit.dimension == key.dimension).map_or(1.0, |unit| unit.value);
        Ok(has_digits(key.value / size, digits))
    }
}

/// Whether a number is written with so many significant digits, but for the noise of its last bits.
fn has_digits(value: f64, digits: u32) -> bool {
    let digits = digits.clamp(1, 12) as usize - 1;
    let rounded: f64 = format!("{value:.digits$e}").parse().unwrap_or(f64::NAN);
    (rounded - value).abs() <= 1e-9 * value.abs()
}

/// A step that visits every index below `total` and moves far each time.
fn stride(total: u64) -> u64 {
    let mut step = (total * 5 / 8) | 1;
    while gcd(step, total) != 1 {
        step += 2;
    }
    step
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
