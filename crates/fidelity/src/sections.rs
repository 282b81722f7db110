//! Parts of the page that other commands make: each stands between two comments that name it and
//! its command, and whoever writes the page anew keeps the parts of the others. What the checks
//! say is in `page`.

/// The page with this part put in, in place of an older one of the same name or at the end.
pub fn put(page: &str, name: &str, command: &str, text: &str) -> String {
    let part = format!("<!-- part {name}: made by `{command}` -->\n{}\n{}\n", text.trim(), end(name));
    match bounds(page, name) {
        Some((from, to)) => format!("{}{part}{}", &page[..from], &page[to..]),
        None => format!("{}\n\n{part}", page.trim_end()),
    }
}

/// A new page with all parts of an old one.
pub fn keep(old: &str, new: &str) -> String {
    let mut page = new.to_owned();
    for (at, _) in old.match_indices("<!-- part ") {
        let name: String = old[at..].trim_start_matches("<!-- part ").chars().take_while(|c| *c != ':').collect();
        if let Some((from, to)) = bounds(old, &name) {
            page = format!("{}\n\n{}", page.trim_end(), &old[from..to]);
        }
    }
    page
}

fn end(name: &str) -> String {
    format!("<!-- end of {name} -->")
}

/// Where a part begins and ends [bytes].
fn bounds(page: &str, name: &str) -> Option<(usize, usize)> {
    let from = page.find(&format!("<!-- part {name}: "))?;
    let end = end(name);
    let to = from + page[from..].find(&end)? + end.len();
    Some((from, to + usize::from(page[to..].starts_with('\n'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_others_outlive_a_new_page() {
        let old = put(&put("# Page\n\nold\n", "breaks", "xtask a", "## Breaks\n\n1 of 2\n"), "servers", "xtask b", "## Servers");
        let old = put(&old, "breaks", "xtask a", "## Breaks\n\n2 of 2");
        let new = keep(&old, "# Page\n\nnew\n");
        assert_eq!(old, new.replace("new", "old"));
        assert_eq!(
            new,
            "# Page\n\nnew\n\n<!-- part breaks: made by `xtask a` -->\n## Breaks\n\n2 of 2\n<!-- end of breaks -->\n\n\
             <!-- part servers: made by `xtask b` -->\n## Servers\n<!-- end of servers -->\n"
        );
    }
}
