//! A page of text for a terminal or a file: headings, paragraphs, tables whose columns line up, all
//! within a width. Knows nothing of runs.

use std::io::IsTerminal as _;

/// Where nobody says how wide the paper is.
const WIDTH: usize = 80;
const NARROWEST: usize = 40;
/// Longer lines are hard to read, however wide the terminal.
const WIDEST: usize = 160;
const GAP: &str = "  ";

/// How a text stands out. Colour is never the only sign: the words say it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Heading,
    Quiet,
    Alarm,
}

#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    pub(crate) fn alarm(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Alarm }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), tone: Tone::Plain }
    }
}

/// Columns with a head each. Those where no row has anything are left out.
pub(crate) struct Table {
    head: Vec<String>,
    /// So many columns from the left hold words, the others numbers.
    words: usize,
    /// Where the table is best divided if it is too wide.
    division: usize,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(words: usize, head: &[&str]) -> Self {
        Self { head: head.iter().map(|&head| head.to_owned()).collect(), words, division: 0, rows: Vec::new() }
    }

    /// Divides it before this column if it must be divided at all.
    pub(crate) fn divided_before(mut self, column: usize) -> Self {
        self.division = column;
        self
    }

    pub(crate) fn row(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.head.len(), "a row has a cell for each head");
        self.rows.push(row);
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| wide(&row[column].text));
        cells.chain([wide(&self.head[column])]).max().unwrap_or(0)
    }

    /// The columns in groups that fit beside the first, which begins each group.
    fn groups(&self, room: usize) -> Vec<Vec<usize>> {
        let used: Vec<usize> = (1..self.head.len()).filter(|&column| self.rows.iter().any(|row| !row[column].text.is_empty())).collect();
        let whole = self.fill(&used, room);
        match used.partition_point(|column| *column < self.division) {
            0 => whole,
            _ if whole.len() == 1 => whole,
            division => [self.fill(&used[..division], room), self.fill(&used[division..], room)].concat(),
        }
    }

    fn fill(&self, columns: &[usize], room: usize) -> Vec<Vec<usize>> {
        let mut groups = Vec::new();
        let (mut group, mut taken) = (vec![0], self.width(0));
        for &column in columns {
            let more = GAP.len() + self.width(column);
            if taken + more > room && group.len() > 1 {
                groups.push(std::mem::replace(&mut group, vec![0]));
                taken = self.width(0);
            }
            group.push(column);
            taken += more;
        }
        groups.push(group);
        groups
    }
}

/// The page.
pub(crate) struct Sheet {
    out: String,
    pub(crate) width: usize,
    is_coloured: bool,
}

impl Sheet {
    /// For standard output: as wide as the terminal, and coloured if it is one and nobody objects.
    pub(crate) fn for_stdout() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let found = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        let width = if is_terminal { found.or(asked).unwrap_or(WIDTH) } else { WIDTH };
        let is_coloured = is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self::new(width, is_coloured)
    }

    pub(crate) fn new(width: usize, is_coloured: bool) -> Self {
        Self { out: String::new(), width: width.clamp(NARROWEST, WIDEST), is_coloured }
    }

    pub(crate) fn into_text(self) -> String {
        self.out
    }

    /// What stands on it; it is empty afterwards.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    pub(crate) fn blank(&mut self) {
        self.out.push('\n');
    }

    pub(crate) fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.blank();
        }
        self.lines(text, "", "", Tone::Heading);
    }

    pub(crate) fn paragraph(&mut self, text: &str, tone: Tone) {
        self.lines(text, "", "", tone);
    }

    /// A label and a text beside it, whose further lines begin where it began.
    pub(crate) fn labelled(&mut self, label: &str, room: usize, text: &str) {
        let label = format!("{label:<room$}{GAP}");
        self.lines(text, &label, &" ".repeat(wide(&label)), Tone::Plain);
    }

    /// One line as it is, however long: the bars of a spark.
    pub(crate) fn line(&mut self, text: &str, tone: Tone) {
        self.out.push_str(&self.toned(text.trim_end(), tone));
        self.out.push('\n');
    }

    /// A table; columns for which there is no room follow below, beside the first column again.
    pub(crate) fn table(&mut self, table: &Table) {
        for (at, group) in table.groups(self.width).iter().enumerate() {
            if at > 0 {
                self.blank();
            }
            let widths: Vec<usize> = group.iter().map(|&column| table.width(column)).collect();
            let head = group.iter().map(|&column| Cell { text: table.head[column].clone(), tone: Tone::Quiet });
            self.row(&head.collect::<Vec<_>>(), group, &widths, table.words);
            // A row that says nothing in a later part says nothing there.
            let says = |row: &&Vec<Cell>| at == 0 || group.iter().skip(1).any(|&column| !row[column].text.is_empty());
            for row in table.rows.iter().filter(says) {
                self.row(&group.iter().map(|&column| row[column].clone()).collect::<Vec<_>>(), group, &widths, table.words);
            }
        }
    }

    fn row(&mut self, cells: &[Cell], columns: &[usize], widths: &[usize], words: usize) {
        let mut line = String::new();
        let mut shown = 0;
        let last = cells.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or(0);
        for (at, (cell, &width)) in cells.iter().zip(widths).enumerate().take(last + 1) {
            let start: usize = widths[..at].iter().map(|width| width + GAP.len()).sum();
            let free = width - wide(&cell.text);
            let indent = if columns[at] < words { 0 } else { free };
            line.push_str(&" ".repeat(start + indent - shown));
            line.push_str(&self.toned(&cell.text, cell.tone));
            shown = start + indent + wide(&cell.text);
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// Wraps at spaces. A word that is too long keeps a line of its own.
    fn lines(&mut self, text: &str, first: &str, others: &str, tone: Tone) {
        let (mut indent, mut line) = (first, String::new());
        for word in text.split_whitespace() {
            if !line.is_empty() && wide(indent) + wide(&line) + 1 + wide(word) > self.width {
                self.finish(indent, &line, tone);
                indent = others;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.finish(indent, &line, tone);
    }

    fn finish(&mut self, indent: &str, line: &str, tone: Tone) {
        let line = format!("{indent}{}", self.toned(line, tone));
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn toned(&self, text: &str, tone: Tone) -> String {
        let code = match tone {
            _ if !self.is_coloured || text.is_empty() => return text.to_owned(),
            Tone::Plain => return text.to_owned(),
            Tone::Heading => "1",
            Tone::Quiet => "2",
            Tone::Alarm => "1;31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// How many columns a text takes; names and numbers hold nothing wider than one each.
fn wide(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Cell, Sheet, Table, Tone};

    fn table() -> Table {
        let mut table = Table::new(1, &["class", "sent", "never", "errors", "p99"]);
        table.row(vec!["buy".into(), "1,234".into(), "".into(), Cell::alarm("2.4 %"), "12.3 ms".into()]);
        table.row(vec!["browse".into(), "9".into(), "".into(), "0 %".into(), "".into()]);
        table
    }

    fn check(width: usize, write: impl Fn(&mut Sheet), expected: Expect) {
        let mut sheet = Sheet::new(width, false);
        write(&mut sheet);
        let text = sheet.into_text();
        assert!(text.lines().all(|line| line.chars().count() <= width && !line.ends_with(' ')), "{text}");
        expected.assert_eq(&text);
    }

    #[test]
    fn columns_line_up_and_empty_ones_are_left_out() {
        check(
            80,
            |sheet| sheet.table(&table()),
            expect![[r#"
                class    sent  errors      p99
                buy     1,234   2.4 %  12.3 ms
                browse      9     0 %
            "#]],
        );
    }

    #[test]
    fn what_has_no_room_follows_below() {
        let mut table = table();
        table.head[3] = "a rather long head".into();
        check(
            40,
            |sheet| sheet.table(&table),
            expect![[r#"
                class    sent  a rather long head
                buy     1,234               2.4 %
                browse      9                 0 %

                class       p99
                buy     12.3 ms
            "#]],
        );
    }

    #[test]
    fn a_table_is_divided_where_it_makes_sense() {
        let mut table = table().divided_before(3);
        table.head[3] = "a rather long head".into();
        check(
            40,
            |sheet| sheet.table(&table),
            expect![[r#"
                class    sent
                buy     1,234
                browse      9

                class   a rather long head      p99
                buy                  2.4 %  12.3 ms
                browse                 0 %
            "#]],
        );
    }

    #[test]
    fn texts_are_wrapped_beside_their_label() {
        check(
            40,
            |sheet| {
                sheet.heading("Faults");
                sheet.paragraph("One two three four five six seven eight nine ten.", Tone::Plain);
                sheet.labelled("db", 5, "One two three four five six seven eight nine ten.");
            },
            expect![[r#"
                Faults
                One two three four five six seven eight
                nine ten.
                db     One two three four five six seven
                       eight nine ten.
            "#]],
        );
    }

    #[test]
    fn colour_changes_no_word() {
        let mut sheet = Sheet::new(80, true);
        sheet.table(&table());
        sheet.heading("Faults");
        let text = sheet.into_text();
        assert!(text.contains("\x1b[1;31m2.4 %\x1b[0m  12.3 ms\n") && text.contains("\x1b[1mFaults\x1b[0m\n"), "{text:?}");
    }
}
