//! A whole record as a file: JSON lines that another instance reads to the same record. Written here
//! and read here, line by line, with a sentence for the line that is wrong; who opens the file and
//! where it is kept are the caller's business. `docs/record-file.md` says it for others.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Entry, LearnerId, TextId, What};

/// The form of the file; a reader of this version refuses later ones.
pub const VERSION: u32 = 1;
/// The longest line that is read \[bytes\], and how many of each there may be.
pub const LINE_MOST: usize = 256 * 1024;
const ENTRIES_MOST: usize = 50_000;
const TEXTS_MOST: usize = 10_000;
/// The largest file that is read \[bytes\].
pub const FILE_MOST: usize = 64 << 20;
/// The last millisecond of the year 9999.
const LAST: i64 = 253_402_300_799_999;

/// The first line: what the file is, and how much of it there must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version of the form; its name tells the file from any other.
    #[serde(rename = "octo-record")]
    pub version: u32,
    /// The course it was made with.
    pub course: String,
    pub entries: usize,
    pub texts: usize,
}

/// Words of the learner's own, which entries name by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    #[serde(rename = "text")]
    pub id: TextId,
    pub words: String,
}

/// All of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub course: String,
    pub texts: Vec<Text>,
    /// In order, numbered from 1.
    pub entries: Vec<Entry>,
}

/// Which line is wrong (from 1), and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub says: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line {}: {}", self.line, self.says)
    }
}

impl Whole {
    /// The file. The same record gives the same bytes.
    pub fn to_lines(&self) -> String {
        let head = Head { version: VERSION, course: self.course.clone(), entries: self.entries.len(), texts: self.texts.len() };
        let mut out = json(&head);
        for text in &self.texts {
            out.push_str(&json(text));
        }
        for entry in &self.entries {
            out.push_str(&entry.to_json());
            out.push('\n');
        }
        out
    }

    /// Reads what [`Whole::to_lines`] wrote.
    pub fn from_lines(file: &str) -> Result<Self, Fault> {
        let mut reader = Reader::default();
        for line in file.lines() {
            reader.line(line)?;
        }
        reader.end()
    }
}

fn json(value: &impl Serialize) -> String {
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// Reads a file one line at a time, so that nobody needs to hold all of it.
#[derive(Debug, Default)]
pub struct Reader {
    head: Option<Head>,
    whole: Option<Whole>,
    ids: BTreeSet<String>,
    line: usize,
}

impl Reader {
    /// Takes the next line, without its end.
    pub fn line(&mut self, line: &str) -> Result<(), Fault> {
        self.line += 1;
        self.take(line).map_err(|says| Fault { line: self.line, says })
    }

    /// Everything, if it is whole.
    pub fn end(self) -> Result<Whole, Fault> {
        let fault = |says: String| Fault { line: self.line.max(1), says };
        let (Some(head), Some(whole)) = (self.head, self.whole) else {
            return Err(fault("The file is empty. Choose the file that “Take your record along” gave you.".into()));
        };
        let (entries, texts) = (whole.entries.len(), whole.texts.len());
        if entries < head.entries || texts < head.texts {
            return Err(fault(format!(
                "The file ends here, with {entries} of {} entries and {texts} of {} texts. It was cut short; export it again.",
                head.entries, head.texts
            )));
        }
        Ok(whole)
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        if line.len() > LINE_MOST {
            return Err(format!("It is {} bytes long; a line has at most {LINE_MOST}. This is not a file that Octo wrote.", line.len()));
        }
        let Some((head, whole)) = self.head.as_ref().zip(self.whole.as_mut()) else {
            let head = head(line)?;
            self.whole = Some(Whole { course: head.course.clone(), texts: Vec::new(), entries: Vec::new() });
            self.head = Some(head);
            return Ok(());
        };
        if line.trim().is_empty() {
            return Err("It is empty; every line holds a text or an entry. Export the file again.".into());
        }
        if !line.trim_end().ends_with('}') {
            return Err("It is cut short. Export the file again.".into());
        }
        if line.starts_with("{\"text\":") {
            let text = text(line)?;
            if whole.texts.len() >= head.texts {
                return Err(format!("There are more texts than the {} that the first line speaks of. Export the file again.", head.texts));
            }
            if !self.ids.insert(text.id.0.clone()) {
                return Err(format!("The text {} stands twice. Export the file again.", text.id.0));
            }
            whole.texts.push(text);
            return Ok(());
        }
        let entry =
            Entry::from_json(line).map_err(|says| format!("{says} If the file comes from a newer Octo, bring this one up to date."))?;
        if whole.entries.len() >= head.entries {
            return Err(format!("There are more entries than the {} that the first line speaks of. Export the file again.", head.entries));
        }
        fits(&entry, whole.entries.last(), whole.entries.len() as u64 + 1)?;
        whole.entries.push(entry);
        Ok(())
    }
}

fn head(line: &str) -> Result<Head, String> {
    const NOT_OURS: &str = "This is not a record of Octo: its first line must begin with {\"octo-record\":1. Choose the file that “Take your record along” gave you.";
    let head: Head = serde_json::from_str(line).map_err(|_| NOT_OURS.to_owned())?;
    if head.version != VERSION {
        return Err(format!("The file has the form {} and this Octo reads {VERSION}; bring this one up to date.", head.version));
    }
    if head.entries > ENTRIES_MOST || head.texts > TEXTS_MOST {
        return Err(format!(
            "It speaks of {} entries and {} texts; at most {ENTRIES_MOST} and {TEXTS_MOST} are read.",
            head.entries, head.texts
        ));
    }
    Ok(head)
}

fn text(line: &str) -> Result<Text, String> {
    let text: Text = serde_json::from_str(line).map_err(|error| format!("This is not a text that this version can read: {error}."))?;
    let id = &text.id.0;
    if id.is_empty() || id.len() > 200 || id.chars().any(char::is_control) {
        return Err("The id of this text is empty, too long or not printable. Export the file again.".into());
    }
    if text.words.contains('\0') {
        return Err("This text holds the character NUL, which cannot be kept. Remove it.".into());
    }
    Ok(text)
}

/// Entries are numbered without gaps, are all of one learner, and happened at some time.
fn fits(entry: &Entry, before: Option<&Entry>, seq: u64) -> Result<(), String> {
    if entry.seq != seq {
        return Err(format!(
            "This entry has the number {}, where {seq} must come. A line is missing or stands twice; export the file again.",
            entry.seq
        ));
    }
    if before.is_some_and(|before| before.learner != entry.learner) {
        return Err("This entry is of another learner than the one before. A file holds one record; export it again.".into());
    }
    if !(0..=LAST).contains(&entry.at.0) {
        return Err(format!("This entry is dated {} ms after 1970, which is no time that can be. Export the file again.", entry.at.0));
    }
    Ok(())
}

/// The ids of all texts that a record speaks of, each once, in order.
pub fn texts_of(entries: &[Entry]) -> Vec<TextId> {
    let mut seen = BTreeSet::new();
    let named = entries.iter().flat_map(|entry| match &entry.what {
        What::Profiled(profile) => profile.texts.iter().chain(&profile.stack_text).chain(&profile.system_text).cloned().collect(),
        What::Answered(answer) => answer.text.iter().cloned().collect(),
        What::Wrote { text, .. } => vec![text.clone()],
        _ => Vec::new(),
    });
    named.filter(|id| seen.insert(id.clone())).collect()
}

/// The same record as that of another learner: whoever reads it in is who it is about.
pub fn as_of(entries: Vec<Entry>, learner: &LearnerId) -> Vec<Entry> {
    entries.into_iter().map(|entry| Entry { learner: learner.clone(), ..entry }).collect()
}
