//! What changed between two releases, as pages show it.

use muster_domain::{
    differences::Difference,
    templates::{QuestionAspect, QuestionChange, ReleaseChanges},
};

use crate::text::Text;

/// How many lines that are the same stand around those that are not.
const CONTEXT: usize = 2;

/// What changed.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The title before and after.
    pub title: Option<(String, String)>,
    /// Questions that are new: key and words.
    pub added: Vec<(String, String)>,
    /// Questions that are not asked any more: key and words.
    pub removed: Vec<(String, String)>,
    /// Questions that are asked otherwise.
    pub changed: Vec<ChangedQuestion>,
    /// The questions stand in another order.
    pub reordered: bool,
    /// The changed lines of the text with some around them; none where the text is the same.
    pub lines: Vec<TextLine>,
}

/// A question that is asked otherwise.
#[derive(Debug, Clone)]
pub struct ChangedQuestion {
    /// Its key.
    pub key: String,
    /// Its words.
    pub label: String,
    /// Its words before, where they were others.
    pub was: Option<String>,
    /// In what it changed, in words.
    pub aspects: Vec<&'static str>,
}

/// A line of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextLine {
    /// The same in both.
    Kept(String),
    /// Only in the earlier one.
    Removed(String),
    /// Only in the later one.
    Added(String),
    /// Lines left out here because they are the same.
    Skipped,
}

impl Changes {
    /// Nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && !self.reordered
            && self.lines.is_empty()
    }

    pub(super) fn of(changes: ReleaseChanges, t: &Text) -> Self {
        let lines = if changes.has_changed_text() { lines(&changes.lines) } else { Vec::new() };
        let mut shown = Self { title: changes.title, reordered: changes.is_reordered, lines, ..Self::default() };
        for change in changes.questions {
            match change {
                QuestionChange::Added(question) => shown.added.push((question.key, question.label)),
                QuestionChange::Removed(question) => shown.removed.push((question.key, question.label)),
                QuestionChange::Changed { before, after, aspects } => shown.changed.push(ChangedQuestion {
                    was: (before.label != after.label).then_some(before.label),
                    key: after.key,
                    label: after.label,
                    aspects: aspects.into_iter().map(|aspect| word(aspect, t)).collect(),
                }),
            }
        }
        shown
    }
}

fn word(aspect: QuestionAspect, t: &Text) -> &'static str {
    let w = &t.editor;
    match aspect {
        QuestionAspect::Label => w.label,
        QuestionAspect::Section => w.section,
        QuestionAspect::Help => w.help,
        QuestionAspect::Example => w.example,
        QuestionAspect::Kind => w.kind,
        QuestionAspect::Required => w.required,
        QuestionAspect::Evidence => w.evidence,
        QuestionAspect::ReuseKey => w.reuse_key,
        QuestionAspect::Options => w.options,
        QuestionAspect::Limits => w.limits,
        QuestionAspect::Columns => w.columns,
    }
}

/// The lines that changed, with a few around them.
fn lines(all: &[Difference<String>]) -> Vec<TextLine> {
    let is_changed = |index: usize| all.get(index).is_some_and(|line| !matches!(line, Difference::Kept(_)));
    let is_near = |index: usize| (index.saturating_sub(CONTEXT)..=index + CONTEXT).any(is_changed);
    let mut shown = Vec::new();
    for (index, line) in all.iter().enumerate() {
        if !is_near(index) {
            if shown.last() != Some(&TextLine::Skipped) {
                shown.push(TextLine::Skipped);
            }
            continue;
        }
        shown.push(match line {
            Difference::Kept(text) => TextLine::Kept(text.clone()),
            Difference::Removed(text) => TextLine::Removed(text.clone()),
            Difference::Added(text) => TextLine::Added(text.clone()),
        });
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_left_out() {
        let kept = |text: &str| Difference::Kept(text.to_owned());
        let all = [kept("1"), kept("2"), kept("3"), kept("4"), Difference::Added("x".into()), kept("5"), kept("6"), kept("7"), kept("8")];
        let shown = lines(&all);
        assert_eq!(shown.first(), Some(&TextLine::Skipped));
        assert_eq!(shown.last(), Some(&TextLine::Skipped));
        assert_eq!(shown.len(), 7);
        assert_eq!(shown[3], TextLine::Added("x".into()));
    }
}
