//! What stands around every page: title, navigation, theme.

use axum::http::{HeaderMap, header};

/// How the page is coloured: as the device says, or as the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// From the cookie, which holds nothing else.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies
            .flat_map(|cookies| cookies.split(';'))
            .find_map(|cookie| cookie.trim().strip_prefix("theme="))
            .map_or(Self::Auto, Self::named)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Filled in by every page; `templates/base.html` shows it.
#[derive(Debug, Clone)]
pub(crate) struct Chrome {
    pub(crate) title: String,
    pub(crate) theme: Theme,
    /// Where the theme form comes back to.
    pub(crate) path: String,
    /// The entry of the navigation that is here.
    pub(crate) here: &'static str,
    pub(crate) started: bool,
    /// Problems of a pack that is being written.
    pub(crate) problems: usize,
    pub(crate) course_title: String,
    /// Reviews that are due; the navigation says so, and nothing else does.
    pub(crate) due: usize,
}

impl Chrome {
    pub(crate) fn style(&self) -> &'static str {
        assets::url("style.css").unwrap_or("")
    }

    pub(crate) fn script(&self) -> Option<&'static str> {
        assets::url("main.js")
    }

    pub(crate) fn mark(&self) -> &'static str {
        assets::url("mark.svg").unwrap_or("")
    }

    /// `aria-current` for the navigation.
    pub(crate) fn current(&self, name: &str) -> &'static str {
        if self.here == name { " aria-current=\"page\"" } else { "" }
    }

    pub(crate) fn pressed(&self, word: &str) -> bool {
        self.theme.word() == word
    }
}
