//! Boxes of a picture to choose from, and settings of a design to change: what a question shows of a
//! design. A box is chosen in a list of radio buttons; a label over the picture leads to the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use design::Document;
use picture::Place;

use crate::figure::system_under;

/// The picture with a label over each box that can be chosen. `form` begins the ids of the buttons.
pub(crate) fn system(design: &Document, boxes: &[String], id: &str, form: &str) -> String {
    let over = |places: &BTreeMap<String, Place>| {
        let mut out = String::new();
        for (at, Place { x, y, width, height }) in boxes.iter().enumerate().filter_map(|(at, name)| Some((at, places.get(name)?))) {
            // The buttons in the list have the words; whoever does not see the picture needs no second ones.
            let _ = write!(
                out,
                "<foreignObject x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" aria-hidden=\"true\">\
                 <label xmlns=\"http://www.w3.org/1999/xhtml\" class=\"hit hit-{at}\" for=\"{form}-box-{at}\"></label></foreignObject>"
            );
        }
        out
    };
    system_under(design, id, &over)
}

/// "**db** relational · 16 workers · exp 10 ms", as HTML.
pub(crate) fn words(design: &Document, name: &str) -> String {
    let lines = picture::label(design, name);
    let facts: Vec<String> = lines.iter().map(|fact| escape(fact)).collect();
    format!("<b>{}</b> <span class=\"box-facts\">{}</span>", escape(name), facts.join(" · "))
}

/// What a setting of a component is now; empty where the design does not say.
pub(crate) fn now(design: &Document, path: &str) -> String {
    let component = component(design, path);
    let written = component.and_then(|(component, key)| component.settings.get(key)).map(picture::setting);
    let default = || component.and_then(|(component, key)| design::catalogue::kind(&component.kind)?.word(key)?.default).map(str::to_owned);
    written.or_else(default).unwrap_or_default()
}

/// What the catalogue says of it.
pub(crate) fn meaning(design: &Document, path: &str) -> &'static str {
    component(design, path).and_then(|(component, key)| design::catalogue::kind(&component.kind)?.word(key)).map_or("", |word| word.doc)
}

fn component<'a>(design: &'a Document, path: &'a str) -> Option<(&'a design::Component, &'a str)> {
    let (name, key) = path.strip_prefix("components.").unwrap_or(path).split_once('.')?;
    Some((design.components.get(name)?, key))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
