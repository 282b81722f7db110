//! What was given: read from a posted form, and in the short form that the record keeps. Whether it
//! is right is decided in `answer`.

use course::{Form, Item, Repair};

/// What a learner gave, in a form that fits the item. Its text form (`to_text`, `parse`) is what
/// the record keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// "I don't know."
    Unknown,
    /// Places of the chosen options or boxes; of a repair: the setting, and which of its values.
    Options(Vec<usize>),
    /// A number with its unit, as typed.
    Number(String),
    /// The same with a range that is to hold the truth.
    Range {
        value: String,
        low: String,
        high: String,
    },
    /// For each place from the top, which line of the right order was put there.
    Order(Vec<usize>),
    Written(String),
    Prediction {
        up: i8,
        factor: String,
        bottleneck: String,
    },
}

const MAX_NUMBER: usize = 64;
const MAX_WRITTEN: usize = 4_000;

impl Response {
    /// Reads the fields of a posted form. `Err` is a question to the learner: nothing was chosen.
    pub fn from_fields(item: &Item, fields: &[(String, String)]) -> Result<Self, String> {
        let all = |name: &str| fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect::<Vec<_>>();
        let one = |name: &str| all(name).first().copied().unwrap_or("").to_owned();
        if !one("unknown").is_empty() {
            return Ok(Self::Unknown);
        }
        match &item.form {
            Form::Choice { options } | Form::Several { options } => {
                let mut chosen: Vec<usize> =
                    all("option").iter().filter_map(|text| text.parse().ok()).filter(|at| *at < options.len()).collect();
                chosen.sort_unstable();
                chosen.dedup();
                if chosen.is_empty() { Err("Choose an option, or say that you don't know.".into()) } else { Ok(Self::Options(chosen)) }
            }
            Form::Numeric(numeric) => {
                let (value, low, high) = (one("number"), one("low"), one("high"));
                if [&value, &low, &high].into_iter().any(|text| text.chars().count() > MAX_NUMBER) {
                    return Err("That is longer than any number here needs to be.".into());
                }
                match (value.is_empty(), numeric.interval, low.is_empty() || high.is_empty()) {
                    (true, ..) => Err("Write a number, or say that you don't know.".into()),
                    (_, false, _) => Ok(Self::Number(value)),
                    (_, true, true) => Err("Give both ends of the range that you would bet on, four times in five.".into()),
                    (_, true, false) if [&value, &low, &high].into_iter().any(|text| text.contains('|')) => {
                        Err("There is a stroke in a number. Write digits and a unit.".into())
                    }
                    (_, true, false) => Ok(Self::Range { value, low, high }),
                }
            }
            Form::Order { lines, .. } => {
                let places: Vec<String> = (0..lines.len()).map(|line| one(&format!("place{line}"))).collect();
                order_from(&places)
            }
            Form::Short { .. } => match one("text") {
                text if text.is_empty() => Err("Write a sentence or two, or say that you don't know.".into()),
                text => Ok(Self::Written(text.chars().take(MAX_WRITTEN).collect())),
            },
            Form::Saturates(saturates) => match one("option").parse::<usize>() {
                Ok(at) if at < saturates.boxes.len() => Ok(Self::Options(vec![at])),
                _ => Err("Choose a box, or say that you don't know.".into()),
            },
            Form::Repair(repair) => {
                let value = |(offer, _): (usize, _)| Some((offer, one(&format!("change{offer}")).parse::<usize>().ok()?));
                let changed: Vec<(usize, usize)> = repair.offers.iter().enumerate().filter_map(value).collect();
                match changed.as_slice() {
                    [] => Err("Change one setting, or say that you don't know.".into()),
                    [(offer, to)] if *to < repair.offers[*offer].to.len() => Ok(Self::Options(vec![*offer, *to])),
                    [_] => Err("This value is not offered. Choose one from the list.".into()),
                    several => {
                        let names: Vec<&str> = several.iter().map(|(offer, _)| repair.offers[*offer].path.as_str()).collect();
                        Err(format!("One change is allowed, and these are {}: {}. Put all but one back.", names.len(), names.join(", ")))
                    }
                }
            }
            Form::Predict(_) => {
                let (direction, factor, bottleneck) = (one("direction"), one("factor"), one("bottleneck"));
                let up = match direction.as_str() {
                    "up" => 1,
                    "same" => 0,
                    "down" => -1,
                    _ => return Err("Say whether it goes up, stays or goes down.".into()),
                };
                if factor.is_empty() && up != 0 {
                    return Err("Say by what factor, as in 2 or 0.5.".into());
                }
                Ok(Self::Prediction {
                    up,
                    factor: factor.chars().take(MAX_NUMBER).collect(),
                    bottleneck: bottleneck.chars().take(MAX_NUMBER).collect(),
                })
            }
        }
    }

    /// The short, harmless form that the record keeps. A written answer is kept elsewhere.
    pub fn to_text(&self) -> String {
        let join = |places: &[usize]| places.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        match self {
            Self::Unknown => "-".into(),
            Self::Options(places) | Self::Order(places) => join(places),
            Self::Number(text) => text.clone(),
            Self::Range { value, low, high } => format!("{value}|{low}|{high}"),
            Self::Written(_) => String::new(),
            Self::Prediction { up, factor, bottleneck } => format!("{up}|{factor}|{bottleneck}"),
        }
    }

    /// Reads what `to_text` wrote; `written` is the kept text of a written answer.
    pub fn parse(item: &Item, text: &str, written: Option<&str>) -> Option<Self> {
        if text == "-" {
            return Some(Self::Unknown);
        }
        let places = || text.split(',').map(|place| place.parse().ok()).collect::<Option<Vec<usize>>>();
        Some(match &item.form {
            Form::Choice { options } | Form::Several { options } => {
                Self::Options(places()?.into_iter().filter(|at| *at < options.len()).collect())
            }
            Form::Numeric(_) => match text.splitn(3, '|').collect::<Vec<_>>().as_slice() {
                [value, low, high] => Self::Range { value: (*value).to_owned(), low: (*low).to_owned(), high: (*high).to_owned() },
                _ => Self::Number(text.to_owned()),
            },
            Form::Saturates(saturates) => Self::Options(places().filter(|places| places.len() == 1 && places[0] < saturates.boxes.len())?),
            Form::Repair(repair) => Self::Options(places().filter(|places| is_offered(repair, places))?),
            Form::Order { lines, .. } => Self::Order(places().filter(|order| is_permutation(order, lines.len()))?),
            Form::Short { .. } => Self::Written(written?.to_owned()),
            Form::Predict(_) => {
                let mut parts = text.splitn(3, '|');
                Self::Prediction { up: parts.next()?.parse().ok()?, factor: parts.next()?.to_owned(), bottleneck: parts.next()?.to_owned() }
            }
        })
    }
}

/// Places are posted per line in the right order's numbering: "place1 = 3" puts line 1 third.
fn order_from(places: &[String]) -> Result<Response, String> {
    let lines = places.len();
    let mut order = vec![usize::MAX; lines];
    for (line, place) in places.iter().enumerate() {
        let Some(place) = place.parse::<usize>().ok().filter(|place| (1..=lines).contains(place)) else {
            return Err(format!("Give every line a place from 1 to {lines}."));
        };
        if order[place - 1] != usize::MAX {
            return Err(format!("Place {place} is taken twice."));
        }
        order[place - 1] = line;
    }
    Ok(Response::Order(order))
}

fn is_offered(repair: &Repair, places: &[usize]) -> bool {
    matches!(places, [offer, to] if repair.offers.get(*offer).is_some_and(|offer| *to < offer.to.len()))
}

fn is_permutation(order: &[usize], n: usize) -> bool {
    order.len() == n && (0..n).all(|line| order.contains(&line))
}

/// The order in which the lines of an ordering item are shown: fixed by id and seed, and never
/// the right one.
pub fn shuffled(item: &Item, seed: u64, n: usize) -> Vec<usize> {
    let mut state =
        item.id.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut order: Vec<usize> = (0..n).collect();
    for at in (1..n).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, ((state >> 33) as usize) % (at + 1));
    }
    if n > 1 && order.iter().enumerate().all(|(at, line)| at == *line) {
        order.rotate_left(1);
    }
    order
}
