//! From the reports of a check to its rows: what was expected beside what was measured.

use std::collections::BTreeMap;

use units::Quantity;

use crate::check::{Check, Of, Sum, What};
use crate::measured::figures;
use crate::run::gather::Gathered;
use crate::{Expected, Form, Measured, Row, Verdict};

/// What is off is told seed by seed, for up to so many.
const MOST_SEEDS: u64 = 10;

pub(super) struct Teller<'a> {
    check: &'a Check,
    form: Form,
    cases: BTreeMap<&'a str, Gathered>,
}

impl<'a> Teller<'a> {
    /// What was gathered of each case of the check; nothing where a case only compares.
    pub(super) fn new(check: &'a Check, form: Form, gathered: Vec<Gathered>) -> Self {
        let cases = check.cases.iter().map(|case| case.name.as_str()).zip(gathered);
        Self { check, form, cases: cases.filter(|(_, gathered)| gathered.has_run()).collect() }
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        let cases = self.check.cases.iter().flat_map(|case| match &case.what {
            What::Run { expect, .. } => self.run(&case.name, expect),
            What::Order(order) => vec![self.order(&case.name, order)],
            What::Ratio { of, to, expect } => vec![self.ratio(&case.name, of, to, expect)],
            What::Law { sheet, expect } => vec![self.law(&case.name, sheet, expect)],
        });
        cases.chain(self.check.sums.iter().map(|sum| self.sum(sum))).collect()
    }

    fn row(&self, case: &str, measure: &str) -> Row {
        Row {
            check: self.check.id.clone(),
            case: case.into(),
            measure: measure.into(),
            expected: String::new(),
            measured: String::new(),
            error: String::new(),
            tolerance: String::new(),
            used: None,
            verdict: Verdict::Broken,
            source: self.check.source.clone(),
            seeds: 0,
            after: 0,
            each: Vec::new(),
            note: None,
        }
    }

    fn judged(&self, row: Row, expected: &Expected, measured: Result<Measured, (Verdict, String)>, form: Form) -> Row {
        match measured {
            Ok(measured) => {
                let judgement = expected.judge(&measured, form);
                Row {
                    expected: expected.wanted(),
                    measured: judgement.measured,
                    error: judgement.error,
                    tolerance: judgement.tolerance,
                    used: judgement.used,
                    verdict: if judgement.holds { Verdict::Good } else { Verdict::Off },
                    ..row
                }
            }
            Err((verdict, why)) => Row { expected: expected.wanted(), verdict, note: Some(why), ..row },
        }
    }

    /// A case that gave no report has a row all the same.
    fn run(&self, case: &str, expect: &[(String, Expected)]) -> Vec<Row> {
        let Some(gathered) = self.cases.get(case) else { return Vec::new() };
        if let (Some(why), []) = (gathered.failure(), expect) {
            return vec![Row { expected: "a report".into(), note: Some(why.into()), ..self.row(case, "(run)") }];
        }
        expect.iter().map(|(measure, expected)| self.expectation(case, gathered, measure, expected)).collect()
    }

    fn expectation(&self, case: &str, gathered: &Gathered, name: &str, expected: &Expected) -> Row {
        let row = Row { seeds: gathered.seeds(), after: gathered.after(), ..self.row(case, name) };
        let mut row = self.judged(row, expected, measure(gathered, name), self.form);
        if row.verdict != Verdict::Broken {
            row.note = row.note.or_else(|| gathered.cut_short());
        }
        if row.verdict == Verdict::Off && row.seeds <= MOST_SEEDS {
            row.each = gathered.by_seed(name).map(|one| self.one(one.as_ref(), expected)).collect();
        }
        row
    }

    fn one(&self, measured: Option<&Measured>, expected: &Expected) -> String {
        measured.map_or_else(|| "none".into(), |measured| expected.judge(measured, self.form).measured)
    }

    /// A measure of any case as a number in base units.
    fn value(&self, of: &Of) -> Result<Quantity, (Verdict, String)> {
        let gathered = self.cases.get(of.case.as_str()).ok_or_else(|| (Verdict::Broken, format!("“{}” did not run", of.case)))?;
        match measure(gathered, &of.measure)? {
            Measured::Quantity(quantity) => Ok(quantity),
            Measured::Word(word) => Err((Verdict::Missing, format!("{of} is “{word}” and no number"))),
        }
    }

    fn order(&self, case: &str, order: &[Of]) -> Row {
        let wanted = order.iter().map(Of::to_string).collect::<Vec<_>>().join(" > ");
        let row = Row { expected: "this order".into(), ..self.row(case, &wanted) };
        match order.iter().map(|of| self.value(of)).collect::<Result<Vec<_>, _>>() {
            Ok(values) => {
                let holds = values.windows(2).all(|pair| pair[0].value > pair[1].value && pair[0].dimension == pair[1].dimension);
                let measured = values.iter().map(Quantity::to_string).collect::<Vec<_>>().join(" > ");
                Row { measured, verdict: if holds { Verdict::Good } else { Verdict::Off }, ..row }
            }
            Err((verdict, why)) => Row { verdict, note: Some(why), ..row },
        }
    }

    fn ratio(&self, case: &str, of: &Of, to: &Of, expect: &Expected) -> Row {
        let row = self.row(case, &format!("{of} / {to}"));
        let quotient = self.value(of).and_then(|top| {
            let bottom = self.value(to)?;
            let dimension = top.dimension.combine(bottom.dimension, -1).filter(|_| bottom.value != 0.0);
            let dimension = dimension.ok_or_else(|| (Verdict::Missing, format!("{to} is nothing to divide by")))?;
            Ok(Measured::Quantity(Quantity::new(top.value / bottom.value, dimension)))
        });
        self.judged(row, expect, quotient, self.form)
    }

    fn law(&self, case: &str, sheet: &str, expect: &Expected) -> Row {
        let row = self.row(case, sheet);
        let answer = self.filled(sheet).and_then(|sheet| answer(&sheet));
        self.judged(row, expect, answer, self.form)
    }

    /// The sheet with a number for each pair of braces.
    fn filled(&self, sheet: &str) -> Result<String, (Verdict, String)> {
        let mut parts = sheet.split('{');
        let mut text = parts.next().unwrap_or("").to_owned();
        for part in parts {
            let (of, rest) = part.split_once('}').unwrap_or((part, ""));
            let of = Of::parse(of).ok_or_else(|| (Verdict::Missing, format!("“{of}” is no measure of a case")))?;
            text.push_str(&format!("({})", figures(self.value(&of)?.value, 12)));
            text.push_str(rest);
        }
        Ok(text)
    }

    /// Nothing about a sum is left to chance, so its band is the same in both forms.
    fn sum(&self, sum: &Sum) -> Row {
        self.judged(self.row(&sum.name, &sum.sheet), &sum.expect, answer(&sum.sheet), Form::Full)
    }
}

fn measure(gathered: &Gathered, name: &str) -> Result<Measured, (Verdict, String)> {
    if let Some(why) = gathered.failure() {
        return Err((Verdict::Broken, why.to_owned()));
    }
    gathered.measure(name).ok_or_else(|| (Verdict::Missing, format!("no measure “{name}”")))
}

/// The last step of a napkin sheet.
fn answer(sheet: &str) -> Result<Measured, (Verdict, String)> {
    let found = napkin::evaluate(sheet).map_err(|problems| {
        let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        (Verdict::Broken, told)
    })?;
    let value = found.answer().ok_or_else(|| (Verdict::Broken, "The sheet has no steps.".to_owned()))?;
    Ok(Measured::Quantity(value.quantity()))
}
