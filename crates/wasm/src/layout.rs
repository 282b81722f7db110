//! Where the boxes of a design stand when nobody has placed them: as in the pictures of the course.

use std::collections::BTreeMap;

use design::{Document, Setting};
use picture::{Direction, Place};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::check::within_bounds;
use crate::json::problems;

/// `{"places": {name: {"x", "y", "width", "height"}}, "groups": [{"what": "region" | "zone", "name", "members",
/// "x", "y", "width", "height"}]}`, in pixels from the upper left corner; a group is as large as its members
/// and some room around them, so two may overlap. Arrows point to the right, or down if `down` is true.
///
/// A design with errors is laid out as far as it was understood; one that is too large is refused.
#[wasm_bindgen]
pub fn layout(document: &str, down: bool) -> Result<String, String> {
    let (document, _) = within_bounds(document).map_err(|refusal| problems(&[refusal]))?;
    let places = picture::places(&document, if down { Direction::Down } else { Direction::Right });
    let shown: Map<String, Value> = places.iter().map(|(name, place)| (name.clone(), rectangle(place))).collect();
    Ok(json!({ "places": shown, "groups": groups(&document, &|name| places.get(name).copied()) }).to_string())
}

fn rectangle(place: &Place) -> Value {
    json!({ "x": place.x, "y": place.y, "width": place.width, "height": place.height })
}

/// Regions before zones, so that zones are drawn on top.
fn groups(document: &Document, place: &dyn Fn(&str) -> Option<Place>) -> Vec<Value> {
    let mut members: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (name, component) in &document.components {
        if let Some(Setting::Word(region)) = component.settings.get("region") {
            members.entry(("region", region)).or_default().push(name);
        }
        if let Some(Setting::Words(zones)) = component.settings.get("zones") {
            for zone in zones {
                members.entry(("zone", zone)).or_default().push(name);
            }
        }
    }
    let groups = members.into_iter().filter_map(|((what, name), members)| {
        let room = if what == "region" { 28.0 } else { 14.0 };
        let places: Vec<Place> = members.iter().filter_map(|member| place(member)).collect();
        let least = |of: fn(&Place) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Place) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (x, y) = (least(|place| place.x) - room, least(|place| place.y) - room);
        let (right, bottom) = (most(|place| place.x + place.width) + room, most(|place| place.y + place.height) + room);
        (!places.is_empty())
            .then(|| json!({ "what": what, "name": name, "members": members, "x": x, "y": y, "width": right - x, "height": bottom - y }))
    });
    groups.collect()
}
