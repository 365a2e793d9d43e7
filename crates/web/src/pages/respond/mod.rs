//! What somebody without an account sees behind their link: their questions, and nothing else.

mod handlers;
pub(crate) use handlers::routes;
#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use super::questionnaire::{Around, Question};
use crate::filters;
use crate::layout::{Layout, Theme};
use crate::text::Text;

/// `GET /respond/{secret}`.
#[derive(Debug, Clone, Template)]
#[template(path = "respond/page.html")]
pub struct RespondPage {
    /// Frame of the page: nobody is signed in.
    pub layout: Layout,
    /// What there is; nothing where the link does not work any more.
    pub asked: Option<AskedView>,
}

/// The questions behind a link.
#[derive(Debug, Clone)]
pub struct AskedView {
    /// Where the forms are sent: the link itself.
    pub base: String,
    /// Who asks whom, for which customer.
    pub intro: String,
    /// Until when.
    pub until: String,
    /// The questions by template.
    pub groups: Vec<(String, Vec<Question>)>,
}

impl AskedView {
    fn around<'a>(&self, t: &'a Text) -> Around<'a> {
        Around { base: self.base.clone(), here: self.base.clone(), may_answer: true, only_open: false, only_mine: false, live: false, t }
    }

    fn count(&self, is_counted: impl Fn(&Question) -> bool) -> usize {
        self.groups.iter().flat_map(|(_, questions)| questions).filter(|question| is_counted(question)).count()
    }

    fn total(&self) -> usize {
        self.count(|_| true)
    }

    fn done(&self) -> usize {
        self.count(Question::answered)
    }
}
