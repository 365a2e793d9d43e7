//! Samples of a respondent's page.

use super::*;
use crate::{pages::questionnaire::QuestionnairePage, samples::Sampled};

impl Sampled for RespondPage {
    const NAME: &'static str = "respond";

    fn samples() -> Vec<(&'static str, Self)> {
        let layout = Layout::public("Questions about Acme Corp");
        // The same questions as in the questionnaire, without what is not a respondent's.
        let full = QuestionnairePage::samples().into_iter().find(|(name, _)| *name == "full").map(|(_, page)| page.parts);
        let bare = |question: Question| Question { delegate: None, suggestion: None, newer: None, is_shared: false, ..question };
        let groups = full
            .unwrap_or_default()
            .into_iter()
            .map(|part| ("Patch Management".to_owned(), part.questions.into_iter().map(bare).collect()));
        let asked = AskedView {
            base: format!("/respond/{}", "5f0c9a1e".repeat(8)),
            intro: "Mara Lindqvist (Lindqvist & Partners) asks you, Ada Novak, to answer for Acme Corp.".into(),
            until: "The link is good until 18 Mar 2026, 10:12 (UTC).".into(),
            groups: groups.collect(),
        };
        let empty = AskedView { groups: Vec::new(), ..asked.clone() };
        vec![
            ("full", Self { layout: layout.clone(), asked: Some(asked) }),
            ("empty", Self { layout: layout.clone(), asked: Some(empty) }),
            ("gone", Self { layout, asked: None }),
        ]
    }
}
