//! What changed between two releases of a template.

use super::{Question, ReleaseContent};
use crate::{
    differences::{Difference, differences},
    words::word_enum,
};

word_enum! {
    /// Something of a question that can be told apart.
    QuestionAspect {
        /// The words of the question.
        Label = "label",
        /// The heading under which it stands.
        Section = "section",
        /// What helps to answer it.
        Help = "help",
        /// The example.
        Example = "example",
        /// What kind of answer it asks for.
        Kind = "kind",
        /// Whether it has to be answered.
        Required = "required",
        /// Whether, and with what, the answer is proved.
        Evidence = "evidence",
        /// Which other questions ask for the same fact.
        ReuseKey = "reuse_key",
        /// What can be chosen.
        Options = "options",
        /// Unit, minimum and maximum of a number.
        Limits = "limits",
        /// The columns of a table.
        Columns = "columns",
    }
}

/// What became of a question.
#[expect(clippy::large_enum_variant, reason = "there are few of them, and they do not live long")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionChange {
    /// It is new.
    Added(Question),
    /// It is not asked any more.
    Removed(Question),
    /// It is asked otherwise.
    Changed {
        /// As it was.
        before: Question,
        /// As it is.
        after: Question,
        /// In what the two differ; never empty.
        aspects: Vec<QuestionAspect>,
    },
}

/// What changed between two contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseChanges {
    /// The document's title before and after, where it changed.
    pub title: Option<(String, String)>,
    /// What became of questions: those of the later content in its order, then those that went.
    pub questions: Vec<QuestionChange>,
    /// Questions that are in both stand in another order.
    pub is_reordered: bool,
    /// The lines of the text.
    pub lines: Vec<Difference<String>>,
}

impl ReleaseChanges {
    /// What changed from `before` to `after`.
    pub fn between(before: &ReleaseContent, after: &ReleaseContent) -> Self {
        let title = (before.document_title != after.document_title).then(|| (before.document_title.clone(), after.document_title.clone()));
        let changed = after.questions.iter().filter_map(|question| match before.question(&question.key) {
            None => Some(QuestionChange::Added(question.clone())),
            Some(old) => {
                let aspects = aspects(old, question);
                (!aspects.is_empty()).then(|| QuestionChange::Changed { before: old.clone(), after: question.clone(), aspects })
            }
        });
        let removed = before.questions.iter().filter(|question| after.question(&question.key).is_none());
        let questions = changed.chain(removed.cloned().map(QuestionChange::Removed)).collect();
        let kept = |of: &ReleaseContent, other: &ReleaseContent| -> Vec<String> {
            of.questions.iter().filter(|one| other.question(&one.key).is_some()).map(|one| one.key.clone()).collect()
        };
        let is_reordered = kept(before, after) != kept(after, before);
        let (old, new): (Vec<&str>, Vec<&str>) = (before.body.lines().collect(), after.body.lines().collect());
        let owned = |one| match one {
            Difference::Kept(line) => Difference::Kept(str::to_owned(line)),
            Difference::Removed(line) => Difference::Removed(str::to_owned(line)),
            Difference::Added(line) => Difference::Added(str::to_owned(line)),
        };
        Self { title, questions, is_reordered, lines: differences(&old, &new).into_iter().map(owned).collect() }
    }

    /// Whether the two are the same.
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.questions.is_empty() && !self.is_reordered && !self.has_changed_text()
    }

    /// Whether the text is another.
    pub fn has_changed_text(&self) -> bool {
        self.lines.iter().any(|line| !matches!(line, Difference::Kept(_)))
    }
}

fn aspects(before: &Question, after: &Question) -> Vec<QuestionAspect> {
    let differs = |aspect: QuestionAspect| match aspect {
        QuestionAspect::Label => before.label != after.label,
        QuestionAspect::Section => before.section != after.section,
        QuestionAspect::Help => before.help != after.help,
        QuestionAspect::Example => before.example != after.example,
        QuestionAspect::Kind => before.kind != after.kind,
        QuestionAspect::Required => before.required != after.required,
        QuestionAspect::Evidence => {
            (before.requires_evidence, &before.evidence_description) != (after.requires_evidence, &after.evidence_description)
        }
        QuestionAspect::ReuseKey => before.reuse_key != after.reuse_key,
        QuestionAspect::Options => before.options != after.options,
        QuestionAspect::Limits => (&before.unit, before.minimum, before.maximum) != (&after.unit, after.minimum, after.maximum),
        QuestionAspect::Columns => before.columns != after.columns,
    };
    QuestionAspect::ALL.iter().copied().filter(|aspect| differs(*aspect)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::QuestionKind;

    fn content(keys: &[&str], body: &str) -> ReleaseContent {
        let questions = keys.iter().map(|key| Question::new(key, "Q?", QuestionKind::Text)).collect();
        ReleaseContent { document_title: "T".into(), questions, body: body.into() }
    }

    #[test]
    fn questions_and_lines_are_told_apart() {
        let before = content(&["a", "b", "c"], "one\ntwo\n");
        let mut after = content(&["c", "a", "d"], "one\nthree\n");
        after.questions[1].required = false;
        after.questions[1].minimum = Some(1);
        let changes = ReleaseChanges::between(&before, &after);
        let [QuestionChange::Changed { aspects, .. }, QuestionChange::Added(new), QuestionChange::Removed(old)] =
            changes.questions.as_slice()
        else {
            panic!("{changes:?}")
        };
        assert_eq!((new.key.as_str(), old.key.as_str()), ("d", "b"));
        assert_eq!(aspects, &[QuestionAspect::Required, QuestionAspect::Limits]);
        assert!(changes.is_reordered && changes.has_changed_text() && !changes.is_empty() && changes.title.is_none());
    }

    #[test]
    fn the_same_content_has_no_changes() {
        let same = content(&["a"], "one");
        assert!(ReleaseChanges::between(&same, &same).is_empty());
    }

    #[test]
    fn each_aspect_is_noticed() {
        let before = Question::new("a", "Q?", QuestionKind::Text);
        let changed = |change: fn(&mut Question)| {
            let mut after = before.clone();
            change(&mut after);
            aspects(&before, &after)
        };
        assert_eq!(changed(|one| one.label = "R?".into()), [QuestionAspect::Label]);
        assert_eq!(changed(|one| one.section = Some("S".into())), [QuestionAspect::Section]);
        assert_eq!(changed(|one| one.help = Some("H".into())), [QuestionAspect::Help]);
        assert_eq!(changed(|one| one.example = Some("E".into())), [QuestionAspect::Example]);
        assert_eq!(changed(|one| one.kind = QuestionKind::Date), [QuestionAspect::Kind]);
        assert_eq!(changed(|one| one.requires_evidence = true), [QuestionAspect::Evidence]);
        assert_eq!(changed(|one| one.reuse_key = Some("r".into())), [QuestionAspect::ReuseKey]);
        assert_eq!(changed(|one| one.unit = Some("days".into())), [QuestionAspect::Limits]);
    }
}
