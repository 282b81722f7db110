//! Pictures of designs and of results: SVG for the eye, text for everybody else.
//!
//! A picture never says more than its text. Nothing here runs a design or knows a theme: colours
//! are CSS custom properties with fallbacks, so a picture lives on any page and also alone.

mod bars;
mod chart;
mod icon;
mod layers;
mod map;
mod sheet;
mod svg;
mod system;
mod text;
mod ticks;
mod words;

pub use bars::{Bars, bars};
pub use chart::{Axis, Chart, Danger, Point, Role, Scale, Series, Span, Table, chart, chart_table, chart_with};
pub use icon::path as icon;
pub use map::{Column, Ground, Map, Spot, map};
pub use sheet::sheet;
pub use system::{Direction, Load, MAX_COMPONENTS, Options, Place, places, svg};
pub use text::text;
pub use words::{label, replicas, setting};
