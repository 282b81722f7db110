//! What a design costs: the prices of its components, each with its source. What has no price,
//! or a price without a source, is listed as not priced and never guessed.

use sorted::BTreeMap;

use design::{Document, Per};

use crate::report::ComponentReport;

/// Hours in a month, as the clouds count it.
const HOURS: i64 = 730;
/// Seconds in the same month.
pub(crate) const MONTH_S: f64 = 2_628_000.0;

/// Prices by component; amounts in billionths of a US dollar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Costs {
    /// Whatever the load [10^-9 USD per month].
    pub fixed: BTreeMap<String, i64>,
    /// By use [10^-9 USD per million calls].
    pub per_million: BTreeMap<String, i64>,
    /// Where each price was read, and when.
    pub sources: BTreeMap<String, String>,
    /// Components of which nothing is known.
    pub not_priced: Vec<String>,
}

impl Costs {
    pub(crate) fn of(document: &Document, components: &BTreeMap<String, ComponentReport>) -> Self {
        let mut costs = Self::default();
        for (name, component) in components {
            // Replicas that are there all the time; what an autoscaler adds is priced by its use.
            let replicas = i64::try_from(component.by_replica.len()).unwrap_or(i64::MAX);
            if !costs.price(document, name, replicas) {
                costs.not_priced.push(name.clone());
            }
        }
        costs
    }

    /// Whether two runs were priced alike.
    pub(crate) fn same_prices(&self, other: &Self) -> bool {
        self.sources == other.sources && self.not_priced == other.not_priced
    }

    /// False if there is no price that this engine can apply.
    fn price(&mut self, document: &Document, name: &str, replicas: i64) -> bool {
        let Some(price) = design::price_of(document, name) else { return false };
        let Some(source) = price.source else { return false };
        let amount = price.amount.base();
        match price.per {
            Per::Hour => self.fixed.insert(name.into(), amount.saturating_mul(HOURS).saturating_mul(replicas)),
            Per::Month => self.fixed.insert(name.into(), amount.saturating_mul(replicas)),
            Per::MillionRequests => self.per_million.insert(name.into(), amount),
            Per::Gigabyte | Per::GigabyteMonth => return false,
        };
        self.sources.insert(name.into(), source);
        true
    }

    /// [10^-9 USD per month] at the given rate of calls per component [per second], with the
    /// given part of its replicas in use; none if nothing is priced.
    pub(crate) fn per_month(&self, rate: impl Fn(&str) -> f64, used: impl Fn(&str) -> f64) -> Option<f64> {
        if self.sources.is_empty() {
            return None;
        }
        let fixed: f64 = self.fixed.iter().map(|(name, &amount)| amount as f64 * used(name)).sum();
        let used: f64 = self.per_million.iter().map(|(name, &amount)| amount as f64 * rate(name) * MONTH_S / 1e6).sum();
        Some(fixed + used)
    }
}
