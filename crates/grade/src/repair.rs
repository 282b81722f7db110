//! "One change so that it meets the objective": runs of the changed design, judged by what it must
//! meet. Which changes are offered is the author's; the pack check tries every one of them.

use std::collections::BTreeMap;

use course::{Course, Item, Repair};
use judge::require::{self, Verdict as Met};
use sim::Measure;
use units::Quantity;

use crate::answer::{Html, Judged, Say, Verdict};
use crate::experiment::{RunProblem, Runner, document, pooled, sentence};

pub(crate) fn judge(
    course: &Course,
    item: &Item,
    repair: &Repair,
    chosen: &[usize],
    html: &Html<'_>,
    run: &mut Runner<'_>,
) -> Result<Judged, RunProblem> {
    let [offer, to] = *chosen else { return Ok(Judged::Question("Change one setting.".into())) };
    let Some(path) = repair.offers.get(offer).filter(|offer| to < offer.to.len()) else {
        return Ok(Judged::Question("This change is not offered any more; the question may have changed. Please choose again.".into()));
    };
    let tried = Tried::of(course, repair, Some((offer, to)), run)?;
    if let Some(question) = tried.too_dear(repair) {
        return Ok(Judged::Question(question));
    }
    let right = tried.meets();
    let mut html_of = vec![tried.html()];
    html_of.push(html(if right { &item.right } else { &path.say }));
    if right && repair.own != (offer, to) {
        html_of.push(format!("<p>Its author chose {}. Both do.</p>", own(repair)));
    }
    let say = html_of.into_iter().filter(|html| !html.trim().is_empty()).map(Say::of_all).collect();
    Ok(Judged::Verdict(Verdict { runs: tried.runs.clone(), ..Verdict::new(right, tried.share_met(), say) }))
}

/// The author's own repair and what it does, for somebody who gave up.
pub(crate) fn told(course: &Course, repair: &Repair, run: &mut Runner<'_>) -> Result<(String, Vec<String>), RunProblem> {
    let tried = Tried::of(course, repair, Some(repair.own), run)?;
    Ok((format!("<p>Its author’s repair: {}.</p>{}", own(repair), tried.html()), tried.runs))
}

fn own(repair: &Repair) -> String {
    let offer = &repair.offers[repair.own.0];
    format!("<code>{} = {}</code>", escaped(&offer.path), escaped(&offer.to[repair.own.1].value))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A change (or none) and what runs say of it.
pub(crate) struct Tried {
    /// The requirement as it is read, and what became of it.
    judged: Vec<(String, Met)>,
    cost: Option<Quantity>,
    runs: Vec<String>,
}

impl Tried {
    pub(crate) fn of(course: &Course, repair: &Repair, change: Option<(usize, usize)>, run: &mut Runner<'_>) -> Result<Self, RunProblem> {
        let mut set: BTreeMap<String, String> = repair.set.clone();
        if let Some((offer, to)) = change {
            set.insert(repair.offers[offer].path.clone(), repair.offers[offer].to[to].value.clone());
        }
        let mut document = document(course, &repair.design, &set)?;
        document.require.clone_from(&repair.require);
        let (requirements, problems) = require::read(&document);
        if !problems.is_empty() {
            return Err(sentence(&problems));
        }
        let (report, runs) = pooled(&document, repair.seeds, run)?;
        let verdicts = require::judge(&requirements, &report);
        let judged = requirements.iter().map(|(id, requirement)| (requirement.to_string(), verdicts[id].clone())).collect();
        let cost = match report.measure("cost") {
            Some(Measure::Quantity(cost)) => Some(cost),
            _ => None,
        };
        Ok(Self { judged, cost, runs })
    }

    pub(crate) fn meets(&self) -> bool {
        !self.judged.is_empty() && self.judged.iter().all(|(_, met)| matches!(met, Met::Met { .. }))
    }

    /// What runs cannot tell apart is nothing to ask anybody about.
    pub(crate) fn undecided(&self) -> Option<String> {
        let open = self.judged.iter().find(|(_, met)| matches!(met, Met::Undecided { .. } | Met::NotJudged { .. }))?;
        Some(format!("{}: {}", open.0, open.1))
    }

    /// Why a change is refused; nothing is recorded of it.
    pub(crate) fn too_dear(&self, repair: &Repair) -> Option<String> {
        let written = repair.budget.as_ref()?;
        let budget = Quantity::parse(written).ok()?;
        let cost = self.cost.filter(|cost| cost.dimension == budget.dimension && cost.value > budget.value)?;
        Some(format!("With this change the design costs {cost}; the budget is {budget}. Choose a change that it allows."))
    }

    fn share_met(&self) -> f64 {
        let met = self.judged.iter().filter(|(_, met)| matches!(met, Met::Met { .. })).count();
        let share = met as f64 / self.judged.len().max(1) as f64;
        // What is met from the start is no part of a repair.
        if self.meets() { 1.0 } else { 0.4 * share }
    }

    /// "page p99 < 300 ms: missed by 112 ms: 412 ms; 2,400 USD/month"
    pub(crate) fn sentence(&self) -> String {
        let judged = self.judged.iter().map(|(requirement, met)| format!("{requirement}: {met}"));
        judged.chain(self.cost.map(|cost| cost.to_string())).collect::<Vec<_>>().join("; ")
    }

    fn html(&self) -> String {
        let line =
            |(requirement, met): &(String, Met)| format!("<li><code>{}</code> {}</li>", escaped(requirement), escaped(&met.to_string()));
        let cost = self.cost.map(|cost| format!("<li>cost: {cost}</li>")).unwrap_or_default();
        format!("<ul class=\"met\">{}{cost}</ul>", self.judged.iter().map(line).collect::<String>())
    }
}
