//! A lesson: one file, cut into blocks and fences, put together again for one depth and stack.

mod notes;

use std::collections::{BTreeMap, BTreeSet};

use record::Depth;
use serde::Deserialize;

use crate::block::{BlockKind, Showing};
use crate::claim::{Claim, read_claim, read_sum};
use crate::figure::{Figure, read_figure};
use crate::first::First;
use crate::item::{Item, Vars, depth, read_item};
use crate::problem::{Reporter, read_toml};
use crate::prose::{self, Context};
use crate::scale::{About, RawScale, Scale, Whose, read_scale};

#[derive(Debug, Clone)]
pub struct Lesson {
    pub skill: String,
    pub file: String,
    /// Follows "Afterwards you can"; Markdown.
    pub outcome: String,
    pub minutes: Minutes,
    pub claims: BTreeMap<String, Claim>,
    pub figures: BTreeMap<String, Figure>,
    pub sources: Vec<Source>,
    pub margins: Vec<Margin>,
    /// Ids of the items written in this file, in its order.
    pub items: Vec<String>,
    blocks: Vec<Block>,
    /// As they are written, until the pack's measures are known.
    raw_scales: BTreeMap<String, (usize, RawScale)>,
    scales: BTreeMap<String, Scale>,
    /// What prose may name: "busy.buy.mean" -> "50 ms".
    values: BTreeMap<String, String>,
    source_ids: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    pub brief: u32,
    pub standard: u32,
    pub slow: u32,
}

impl Minutes {
    pub fn at(&self, depth: Depth) -> u32 {
        match depth {
            Depth::Brief => self.brief,
            Depth::Standard => self.standard,
            Depth::Slow => self.slow,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    #[serde(skip)]
    pub id: String,
    pub title: String,
    pub author: String,
    pub year: u32,
    #[serde(default, rename = "where")]
    pub place: String,
    /// What it is good for.
    #[serde(default, rename = "use")]
    pub good_for: String,
}

/// Something the sidekick has to offer, model or no model.
#[derive(Debug, Clone)]
pub struct Margin {
    pub kind: MarginKind,
    /// For an example: the stacks it speaks to.
    pub stacks: Vec<String>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarginKind {
    Analogy,
    Example,
    PushBack,
}

/// A piece of a page, ready to be shown.
#[derive(Debug, Clone)]
pub struct Piece {
    pub kind: BlockKind,
    /// Unique in the lesson, stable while the order of its kind is: for links and forms.
    pub id: String,
    pub heading: String,
    /// The words after the kind: the stacks or domains of a note.
    pub words: Vec<String>,
    /// For numbers by scale: by whose.
    pub whose: Option<Whose>,
    pub showing: Showing,
    /// HTML of the short form, where the block shows one.
    pub lead: Option<String>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone)]
pub enum Part {
    /// HTML.
    Prose(String),
    Figure(String),
    Item(String),
}

#[derive(Debug, Clone)]
struct Block {
    kind: BlockKind,
    heading: String,
    args: Vec<String>,
    lead: Option<String>,
    parts: Vec<RawPart>,
}

#[derive(Debug, Clone)]
enum RawPart {
    Prose { text: String, line: usize },
    Figure(String),
    Item { id: String, pages: BTreeSet<Depth> },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    skill: Option<String>,
    chapter: Option<String>,
    outcome: Option<String>,
    minutes: Option<Minutes>,
}

/// What one Markdown file of the pack holds.
pub(crate) struct FileContent {
    /// `None` for a file that holds items alone.
    pub(crate) lesson: Option<Lesson>,
    pub(crate) items: Vec<Item>,
}

/// Reads one Markdown file. `file` is its path in the pack.
pub(crate) fn read_file(file: &str, text: &str, report: &mut Reporter<'_>) -> FileContent {
    let folder = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let (head, body, body_line) = split_head(text, report);
    let mut reader = Reader {
        folder,
        report,
        blocks: vec![Block::outside()],
        items: Vec::new(),
        claims: BTreeMap::new(),
        figures: BTreeMap::new(),
        sources: Vec::new(),
        values: BTreeMap::new(),
        margins: Vec::new(),
        scales: BTreeMap::new(),
    };
    reader.body(body, body_line);
    reader.finish(file, head)
}

fn split_head<'a>(text: &'a str, report: &mut Reporter<'_>) -> (Option<Head>, &'a str, usize) {
    let Some(rest) = text.strip_prefix("+++\n") else {
        report.suggest(1, "This file does not begin with its head.", "Begin with +++, then skill = \"…\", then +++.");
        return (None, text, 0);
    };
    let Some(end) = rest.find("\n+++\n") else {
        report.suggest(1, "The head of this file does not end.", "Close it with a line +++.");
        return (None, "", 0);
    };
    let head = &rest[..end + 1];
    (read_toml(head, 1, report), &rest[end + 5..], 2 + head.matches('\n').count())
}

struct Reader<'a, 'b> {
    folder: &'a str,
    report: &'a mut Reporter<'b>,
    /// The last one is open. Blocks of kind `Depth` without arguments are the text between blocks.
    blocks: Vec<Block>,
    items: Vec<Item>,
    claims: BTreeMap<String, Claim>,
    figures: BTreeMap<String, Figure>,
    sources: Vec<Source>,
    values: BTreeMap<String, String>,
    margins: Vec<Margin>,
    scales: BTreeMap<String, (usize, RawScale)>,
}

impl Block {
    fn outside() -> Self {
        Self { kind: BlockKind::Depth, heading: String::new(), args: Vec::new(), lead: None, parts: Vec::new() }
    }

    fn is_outside(&self) -> bool {
        self.kind == BlockKind::Depth && self.args.is_empty()
    }

    /// Where this block shows at a depth.
    fn showing(&self, at: Depth) -> Showing {
        if self.kind == BlockKind::Depth && !self.args.is_empty() {
            return if self.args.iter().any(|word| depth(word) == Some(at)) { Showing::Open } else { Showing::Absent };
        }
        match self.kind.showing(at) {
            // A block without a lead is shown whole where its lead was asked for, but folded:
            // brief stays brief.
            Showing::Lead if self.lead.is_none() => Showing::Folded,
            showing => showing,
        }
    }
}

impl Reader<'_, '_> {
    fn body(&mut self, body: &str, first_line: usize) {
        let mut lines = body.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            let number = first_line + at + 1;
            if let Some(info) = line.strip_prefix("```") {
                let mut inside = String::new();
                let mut closed = false;
                for (_, line) in lines.by_ref() {
                    if line.trim_end() == "```" {
                        closed = true;
                        break;
                    }
                    inside.push_str(line);
                    inside.push('\n');
                }
                if !closed {
                    self.report.suggest(number, "This fence does not end.", "Close it with a line of three backticks.");
                }
                self.fence(info.trim(), &inside, number);
            } else if let Some(info) = line.strip_prefix(":::") {
                self.block_line(info.trim(), number);
            } else {
                self.prose_line(line, number);
            }
        }
        if self.blocks.last().is_some_and(|block| !block.is_outside()) {
            self.report.suggest(first_line + body.lines().count(), "The last block does not end.", "Close it with a line :::");
        }
    }

    fn block_line(&mut self, info: &str, line: usize) {
        let inside = self.blocks.last().is_some_and(|block| !block.is_outside());
        if info.is_empty() {
            if !inside {
                self.report.error(line, "This ::: closes nothing.");
            }
            self.blocks.push(Block::outside());
            return;
        }
        if inside {
            self.report.suggest(line, "A block begins inside another.", "Close the first one with a line ::: before it.");
        }
        let (word, rest) = info.split_once(' ').unwrap_or((info, ""));
        let Some(kind) = BlockKind::find(word) else {
            self.report.suggest(
                line,
                format!("“{word}” is not a kind of block."),
                format!("Known are: {}.", BlockKind::words().collect::<Vec<_>>().join(", ")),
            );
            self.blocks.push(Block { args: vec!["none".into()], ..Block::outside() });
            return;
        };
        let takes_args = kind.takes_words();
        let args: Vec<String> =
            if takes_args { rest.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect() } else { Vec::new() };
        if takes_args && args.is_empty() {
            self.report.error(line, format!("::: {word} needs a word after it."));
        }
        if kind == BlockKind::Depth {
            for word in args.iter().filter(|word| depth(word).is_none()) {
                self.report.suggest(line, format!("“{word}” is not a depth."), "Write brief, standard or slow.");
            }
        }
        let heading = if takes_args || rest.is_empty() { kind.heading() } else { rest };
        self.blocks.push(Block { kind, heading: heading.to_owned(), args, lead: None, parts: Vec::new() });
    }

    fn prose_line(&mut self, line: &str, number: usize) {
        let block = self.blocks.last_mut().expect("there is always an open block");
        match block.parts.last_mut() {
            Some(RawPart::Prose { text, .. }) => {
                text.push_str(line);
                text.push('\n');
            }
            _ if line.trim().is_empty() => {}
            _ => block.parts.push(RawPart::Prose { text: format!("{line}\n"), line: number }),
        }
    }

    fn fence(&mut self, info: &str, text: &str, line: usize) {
        let (kind, id) = info.split_once(' ').map_or((info, ""), |(kind, id)| (kind, id.trim()));
        if matches!(kind, "claim" | "sum" | "scale" | "figure" | "item" | "source") && !is_id(id) {
            self.report.suggest(
                line,
                format!("This {kind} has no usable id."),
                format!("Write ```{kind} name, of letters, digits, points and dashes."),
            );
            return;
        }
        match kind {
            "claim" => {
                if let Some(claim) = read_claim(id, text, line, self.folder, &self.claims, self.report) {
                    self.values.extend(claim.expect.iter().map(|(measure, expected)| (format!("{id}.{measure}"), expected.text.clone())));
                    self.once(line, id, self.claims.contains_key(id));
                    self.claims.insert(id.to_owned(), claim);
                }
            }
            "sum" => {
                let steps = read_sum(id, text, line, self.report);
                self.values.extend(steps.into_iter().map(|(step, shown)| (format!("{id}.{step}"), shown)));
            }
            "scale" => {
                if let Some(scale) = read_scale(text, line, self.report) {
                    self.once(line, id, self.scales.contains_key(id));
                    self.scales.insert(id.to_owned(), (line, scale));
                }
            }
            "figure" => {
                if let Some(figure) = read_figure(id, text, line, self.folder, self.report) {
                    self.once(line, id, self.figures.contains_key(id));
                    self.figures.insert(id.to_owned(), figure);
                    self.push(RawPart::Figure(id.to_owned()));
                }
            }
            "item" => {
                if let Some(item) = read_item(id, text, line, self.folder, self.report) {
                    self.push(RawPart::Item { id: id.to_owned(), pages: item.pages.clone() });
                    self.items.push(item);
                }
            }
            "source" => {
                if let Some(source) = read_toml::<Source>(text, line, self.report) {
                    self.sources.push(Source { id: id.to_owned(), ..source });
                }
            }
            _ => {
                // A code block of the prose.
                let code = format!("```{info}\n{text}```\n");
                for (at, code_line) in code.lines().enumerate() {
                    self.prose_line(code_line, line + at);
                }
            }
        }
    }

    fn once(&mut self, line: usize, id: &str, known: bool) {
        if known {
            self.report.error(line, format!("“{id}” is defined twice in this lesson."));
        }
    }

    fn push(&mut self, part: RawPart) {
        self.blocks.last_mut().expect("there is always an open block").parts.push(part);
    }

    fn finish(mut self, file: &str, head: Option<Head>) -> FileContent {
        let source_ids: Vec<String> = self.sources.iter().map(|source| source.id.clone()).collect();
        let mut blocks = std::mem::take(&mut self.blocks);
        blocks.retain(|block| !block.parts.is_empty());
        for block in &mut blocks {
            take_lead(block);
        }
        self.check_prose(&blocks, &source_ids);
        self.take_margins(&mut blocks);
        let items = std::mem::take(&mut self.items);
        let lesson = match head {
            Some(Head { skill: Some(skill), outcome: Some(outcome), minutes: Some(minutes), .. }) => Some(Lesson {
                skill,
                file: file.to_owned(),
                outcome,
                minutes,
                claims: self.claims,
                figures: self.figures,
                sources: self.sources,
                margins: self.margins,
                items: items.iter().map(|item| item.id.clone()).collect(),
                blocks,
                raw_scales: self.scales,
                scales: BTreeMap::new(),
                values: self.values,
                source_ids,
            }),
            Some(Head { skill: None, chapter: Some(_), .. }) => None,
            Some(_) => {
                self.report.suggest(
                    1,
                    "The head of this lesson is not complete.",
                    "It needs skill, outcome and minutes; a file of items alone needs chapter.",
                );
                None
            }
            None => None,
        };
        FileContent { lesson, items }
    }

    fn take_margins(&mut self, blocks: &mut Vec<Block>) {
        blocks.retain(|block| {
            if block.kind != BlockKind::Margin {
                return true;
            }
            let kind = match block.args.first().map(String::as_str) {
                Some("analogy") => MarginKind::Analogy,
                Some("example") => MarginKind::Example,
                Some("pushback") => MarginKind::PushBack,
                other => {
                    self.report.suggest(
                        0,
                        format!("“{}” is not a kind of margin text.", other.unwrap_or("")),
                        "Write analogy, example or pushback.",
                    );
                    return false;
                }
            };
            let text = block
                .parts
                .iter()
                .filter_map(|part| if let RawPart::Prose { text, .. } = part { Some(text.as_str()) } else { None })
                .collect();
            self.margins.push(Margin { kind, stacks: block.args[1..].to_vec(), text });
            false
        });
    }

    /// Renders every text once, for its faults.
    fn check_prose(&mut self, blocks: &[Block], sources: &[String]) {
        let none = Vars::new();
        // Numbers by scale are known once the whole pack is.
        for block in blocks.iter().filter(|block| block.kind != BlockKind::Scale) {
            for part in &block.parts {
                if let RawPart::Prose { text, line } = part {
                    self.faults(text, *line, sources, &none);
                }
            }
            if let Some(lead) = &block.lead {
                let line = block.parts.iter().find_map(|part| if let RawPart::Prose { line, .. } = part { Some(*line) } else { None });
                self.faults(lead, line.unwrap_or(0), sources, &none);
                if lead.split_whitespace().count() > 60 {
                    self.report.note(line.unwrap_or(0), "This lead is longer than 45 words.");
                }
            }
        }
        for item in std::mem::take(&mut self.items) {
            let vars = item.vars(0);
            for text in item_texts(&item) {
                self.faults(text, item.line, sources, &vars);
            }
            self.items.push(item);
        }
        let figures: Vec<_> = self
            .figures
            .values()
            .map(|figure| {
                (
                    figure.line,
                    [
                        figure.ask.clone(),
                        figure.try_line.clone(),
                        figure.ignores.clone(),
                        figure.reply.low.clone(),
                        figure.reply.near.clone(),
                        figure.reply.high.clone(),
                        figure.reply.unknown.clone(),
                    ],
                )
            })
            .collect();
        for (line, texts) in figures {
            for text in texts {
                self.faults(&text, line, sources, &none);
            }
        }
    }

    fn faults(&mut self, text: &str, line: usize, sources: &[String], vars: &Vars) {
        let context = Context { values: &self.values, sources, vars };
        for problem in prose::render(text, context).1 {
            match problem.suggestion {
                Some(suggestion) => self.report.suggest(line + problem.line, problem.message, suggestion),
                None => self.report.error(line + problem.line, problem.message),
            }
        }
    }
}

/// Every text of an item that a learner may read.
fn item_texts(item: &Item) -> Vec<&str> {
    use crate::item::Form;
    let mut texts: Vec<&str> = vec![&item.ask, &item.right, &item.otherwise];
    texts.extend(item.hints.iter().map(String::as_str));
    match &item.form {
        Form::Choice { options } | Form::Several { options } => {
            texts.extend(options.iter().flat_map(|option| [option.text.as_str(), option.say.as_str()]))
        }
        Form::Numeric(numeric) => {
            texts.push(&numeric.wrong_unit);
            texts.extend(numeric.slips.iter().map(|slip| slip.say.as_str()));
        }
        Form::Order { lines, wrong } => {
            texts.extend(lines.iter().flat_map(|line| [line.text.as_str(), line.note.as_str()]));
            texts.extend(wrong.iter().map(|slip| slip.say.as_str()));
        }
        Form::Short { ideas, model, senior, no_number, .. } => {
            texts.extend(ideas.iter().map(|idea| idea.missing.as_str()));
            texts.extend([model.as_str(), senior, no_number]);
        }
        Form::Predict(predict) => texts.extend([predict.say_direction.as_str(), &predict.say_factor, &predict.say_bottleneck]),
        Form::Saturates(saturates) => texts.extend(saturates.say.values().map(String::as_str)),
        Form::Repair(repair) => texts.extend(repair.offers.iter().map(|offer| offer.say.as_str())),
    }
    texts
}

/// Moves the paragraph that begins with "lead:" out of the block's text.
fn take_lead(block: &mut Block) {
    for part in &mut block.parts {
        let RawPart::Prose { text, .. } = part else { continue };
        let Some(start) = (if text.starts_with("lead:") { Some(0) } else { text.find("\nlead:").map(|at| at + 1) }) else { continue };
        let end = text[start..].find("\n\n").map_or(text.len(), |at| start + at + 1);
        block.lead = Some(text[start + "lead:".len()..end].trim().to_owned());
        // Blank lines in its place keep the line numbers of what follows.
        let blank = "\n".repeat(text[start..end].matches('\n').count());
        text.replace_range(start..end, &blank);
        return;
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 80 && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

impl Lesson {
    /// The page at a depth for a reader, in reading order.
    pub fn page(&self, depth: Depth, about: About<'_>) -> Vec<Piece> {
        self.page_with(depth, about, First::Written)
    }

    /// The same with something else first.
    pub fn page_with(&self, depth: Depth, about: About<'_>, first: First) -> Vec<Piece> {
        let mut counts: BTreeMap<BlockKind, usize> = BTreeMap::new();
        let notes = self.notes(about.words);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut analogies = 0;
        // An answer goes with the question before it, and is as absent as that one.
        let mut question_shown = true;
        for (at, block) in self.blocks.iter().enumerate() {
            let count = counts.entry(block.kind).or_default();
            *count += 1;
            let id = format!("{}-{count}", block.kind.word());
            let mut showing = first.showing(self, block.kind, block.showing(depth));
            if matches!(block.kind, BlockKind::Stack | BlockKind::Domain) && !notes.contains(&at) {
                showing = Showing::Absent;
            }
            if block.kind == BlockKind::Analogy {
                analogies += usize::from(showing != Showing::Absent);
                if depth == Depth::Standard && analogies > 1 {
                    showing = Showing::Absent;
                }
            }
            if block.kind == BlockKind::Answer && !question_shown {
                showing = Showing::Absent;
            }
            if !block.is_outside() {
                question_shown = showing != Showing::Absent;
            }
            if showing == Showing::Absent {
                continue;
            }
            let (parts, whose) = match self.scale_of(block) {
                Some(scale) => self.by_scale(block, scale, about),
                None => (self.parts(block, depth), None),
            };
            if !parts.is_empty() {
                let lead = block.lead.as_ref().filter(|_| showing == Showing::Lead).map(|lead| self.html(lead, &Vars::new()));
                pieces.push(Piece {
                    kind: block.kind,
                    id,
                    heading: block.heading.clone(),
                    words: block.args.clone(),
                    whose,
                    showing,
                    lead,
                    parts,
                });
            }
        }
        order(&mut pieces, depth);
        first.lift(self, &mut pieces);
        pieces
    }

    /// The second explanation as HTML, with its heading; `None` if the lesson has none.
    pub fn again(&self) -> Option<(String, String)> {
        let block = self.blocks.iter().find(|block| block.kind == BlockKind::Again)?;
        let prose = block.parts.iter().filter_map(|part| match part {
            RawPart::Prose { text, .. } => Some(self.html(text, &Vars::new())),
            RawPart::Figure(_) | RawPart::Item { .. } => None,
        });
        Some((block.heading.clone(), prose.collect()))
    }

    fn parts(&self, block: &Block, depth: Depth) -> Vec<Part> {
        let none = Vars::new();
        block
            .parts
            .iter()
            .filter_map(|part| match part {
                RawPart::Prose { text, .. } if text.trim().is_empty() => None,
                RawPart::Prose { text, .. } => Some(Part::Prose(self.html(text, &none))),
                RawPart::Figure(id) => Some(Part::Figure(id.clone())),
                RawPart::Item { id, pages } => pages.contains(&depth).then(|| Part::Item(id.clone())),
            })
            .collect()
    }

    /// How many blocks of a kind the file has; for the check that a module is complete.
    pub fn count(&self, kind: BlockKind) -> usize {
        self.blocks.iter().filter(|block| block.kind == kind).count()
    }

    pub fn html(&self, text: &str, vars: &Vars) -> String {
        prose::html(text, self.context(vars))
    }

    pub fn plain(&self, text: &str, vars: &Vars) -> String {
        prose::plain(text, self.context(vars))
    }

    fn context<'a>(&'a self, vars: &'a Vars) -> Context<'a> {
        Context { values: &self.values, sources: &self.source_ids, vars }
    }
}

/// Brief puts the first figure on top; slow puts the steps by hand on top.
fn order(pieces: &mut Vec<Piece>, depth: Depth) {
    let first = match depth {
        Depth::Brief => pieces.iter().position(|piece| piece.parts.iter().any(|part| matches!(part, Part::Figure(_)))),
        Depth::Slow => pieces.iter().position(|piece| piece.kind == BlockKind::Steps),
        Depth::Standard => None,
    };
    if let Some(at) = first {
        let piece = pieces.remove(at);
        pieces.insert(0, piece);
    }
}
