//! The parts of a lesson that differ from reader to reader: notes for their tools and for what their
//! system is for, and numbers that follow from how large it is.

use std::collections::BTreeMap;

use super::{Block, Lesson, Part, RawPart};
use crate::block::BlockKind;
use crate::item::Vars;
use crate::problem::Reporter;
use crate::prose::{self, Context};
use crate::scale::{About, Computed, Scale, Size, Whose};
use crate::{Background, Stacks};

/// A reader who named many fields gets the notes of the first ones.
const DOMAINS_MOST: usize = 2;

impl Block {
    fn is_about(&self, words: &[String]) -> bool {
        self.args.iter().any(|word| words.contains(word))
    }
}

impl Lesson {
    /// Which notes this reader sees: those on their tools, or else the first of the file, and those on
    /// what their system is for.
    pub(super) fn notes(&self, words: &[String]) -> Vec<usize> {
        let of = |kind| self.blocks.iter().enumerate().filter(move |(_, block)| block.kind == kind);
        let own = |kind| of(kind).filter(|(_, block)| block.is_about(words)).map(|(at, _)| at);
        let mut notes: Vec<usize> = own(BlockKind::Stack).collect();
        if notes.is_empty() {
            notes.extend(of(BlockKind::Stack).map(|(at, _)| at).next());
        }
        notes.extend(own(BlockKind::Domain).take(DOMAINS_MOST));
        notes
    }

    /// Whether any note of this lesson is about one of the reader's own tools.
    pub fn knows_stack(&self, words: &[String]) -> bool {
        self.blocks.iter().any(|block| block.kind == BlockKind::Stack && block.is_about(words))
    }

    /// Whether any note is about their tools or about what their system is for.
    pub fn has_note_for(&self, words: &[String]) -> bool {
        self.blocks.iter().any(|block| matches!(block.kind, BlockKind::Stack | BlockKind::Domain) && block.is_about(words))
    }

    /// Whether it works numbers out for a size of this reader.
    pub fn computes_for(&self, about: About<'_>) -> bool {
        self.scales.values().any(|scale| matches!(scale.computed(about.sizes).whose, Whose::Reader { .. }))
    }

    /// The scale that a block is computed with.
    pub(super) fn scale_of(&self, block: &Block) -> Option<&Scale> {
        if block.kind != BlockKind::Scale {
            return None;
        }
        block.args.first().and_then(|id| self.scales.get(id))
    }

    /// A block of numbers by scale for one reader.
    pub(super) fn by_scale(&self, block: &Block, scale: &Scale, about: About<'_>) -> (Vec<Part>, Option<Whose>) {
        let computed = scale.computed(about.sizes);
        let values = self.values_with(&computed);
        let html = |text: &str| prose::html(text, Context { values: &values, sources: &self.source_ids, vars: &Vars::new() });
        let said = (!computed.say.is_empty()).then(|| html(&computed.say));
        let prose = block.parts.iter().filter_map(|part| match part {
            RawPart::Prose { text, .. } if !text.trim().is_empty() => Some(html(text)),
            _ => None,
        });
        (said.into_iter().chain(prose).map(Part::Prose).collect(), Some(computed.whose))
    }

    fn values_with(&self, computed: &Computed) -> BTreeMap<String, String> {
        let mut values = self.values.clone();
        values.extend(computed.values.clone());
        values
    }

    /// Finds what notes and scales name in the rest of the pack, and tries every scale.
    pub(crate) fn settle(&mut self, stacks: &Stacks, background: &Background, report: &mut Reporter<'_>) {
        let written = std::mem::take(&mut self.raw_scales);
        for (id, (line, raw)) in written.clone() {
            if !self.blocks.iter().any(|block| block.kind == BlockKind::Scale && block.args.first() == Some(&id)) {
                report.suggest(line, format!("No text shows the scale “{id}”."), format!("Write a block ::: scale {id}."));
            }
            if let Some(scale) = Scale::settled(&id, line, raw, background, report) {
                self.scales.insert(id, scale);
            }
        }
        self.check_words(stacks, background, report);
        self.check_scales(&written.into_keys().collect::<Vec<_>>(), report);
    }

    fn check_words(&self, stacks: &Stacks, background: &Background, report: &mut Reporter<'_>) {
        let words = |kind| self.blocks.iter().filter(move |block| block.kind == kind).flat_map(|block| &block.args);
        for word in words(BlockKind::Stack).filter(|word| stacks.find(word).is_none()) {
            report.suggest(
                0,
                format!("“{word}” is no stack of this pack."),
                match background.domain(word) {
                    Some(_) => "Write ::: domain for a note on what a system is for.",
                    None => "Add it to stacks.toml.",
                },
            );
        }
        for word in words(BlockKind::Domain) {
            match background.domain(word) {
                Some(domain) if domain.heading.is_empty() => {
                    report.suggest(
                        0,
                        format!("A note is for “{word}”, which has no heading."),
                        "Give its domain in background.toml a heading: “In a clinic”.",
                    );
                }
                Some(_) => {}
                None => report.suggest(0, format!("“{word}” is no domain of this pack."), "Add it to background.toml."),
            }
        }
        let examples = self.margins.iter().flat_map(|margin| &margin.stacks);
        for word in examples.filter(|word| stacks.find(word).is_none() && background.domain(word).is_none()) {
            report.suggest(
                0,
                format!("“{word}” is neither a stack nor a domain of this pack."),
                "Add it to stacks.toml or background.toml.",
            );
        }
    }

    /// Every text by scale must have its numbers for every kind of reader.
    fn check_scales(&self, written: &[String], report: &mut Reporter<'_>) {
        for block in self.blocks.iter().filter(|block| block.kind == BlockKind::Scale) {
            let Some(scale) = self.scale_of(block) else {
                let id = block.args.first().map_or("", String::as_str);
                // One with a mistake in it was named already.
                if written.iter().any(|known| known == id) {
                    continue;
                }
                let line = block.parts.iter().find_map(|part| if let RawPart::Prose { line, .. } = part { Some(*line) } else { None });
                report.suggest(
                    line.unwrap_or(0),
                    format!("There is no scale “{id}” for this text."),
                    format!("Write a fence ```scale {id}."),
                );
                continue;
            };
            for sizes in scale.readers() {
                let before = report.count();
                self.check_scale(block, scale, &sizes, report);
                if report.count() > before {
                    break;
                }
            }
        }
    }

    fn check_scale(&self, block: &Block, scale: &Scale, sizes: &[Size], report: &mut Reporter<'_>) {
        let computed = scale.computed(sizes);
        let values = self.values_with(&computed);
        let prose = block.parts.iter().filter_map(|part| if let RawPart::Prose { text, line } = part { Some((text, *line)) } else { None });
        for (text, line) in prose.chain([(&computed.say, scale.line)]) {
            for problem in prose::render(text, Context { values: &values, sources: &self.source_ids, vars: &Vars::new() }).1 {
                match problem.suggestion {
                    Some(suggestion) => report.suggest(line + problem.line, problem.message, suggestion),
                    None => report.error(line + problem.line, problem.message),
                }
            }
        }
    }
}
