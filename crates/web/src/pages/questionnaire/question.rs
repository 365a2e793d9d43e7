//! One question of a questionnaire.

use super::table::Table;
use crate::pages::evidence::Block;
use crate::parts::{Choice, Due, Field, Moment};

/// One question, with its answer.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its number in the whole questionnaire.
    pub number: u32,
    /// Its key: names the form, the anchor and the placeholder of the document.
    pub key: String,
    /// The question.
    pub label: String,
    /// More about it.
    pub help: Option<String>,
    /// How an answer could read.
    pub example: Option<String>,
    /// An answer is needed before the document.
    pub required: bool,
    /// The answer needs evidence.
    pub requires_evidence: bool,
    /// What was handed in for it, and the way to hand in more.
    pub evidence: Option<Block>,
    /// How it is answered, with the choices there are.
    pub kind: Kind,
    /// What stands in the control: the answer, or what was typed and refused.
    pub value: String,
    /// The answer as a person reads it: for those who may not change it, and beside a value that was
    /// refused.
    pub shown: Option<String>,
    /// Version of the answer; none yet when it was never answered.
    pub version: Option<i64>,
    /// Who saved it, and when.
    pub saved: Option<Saved>,
    /// Why it does not apply, where somebody said so.
    pub not_applicable: Option<String>,
    /// The form that says that it does not apply.
    pub refusal: Field,
    /// Why the last value was refused.
    pub error: Option<String>,
    /// What was typed is not saved, and nothing is wrong with it: a table that got a row.
    pub unsaved: bool,
    /// Somebody else saved an answer meanwhile.
    pub clash: Option<Clash>,
    /// An answer that this customer gave to the same question elsewhere.
    pub suggestion: Option<Suggestion>,
    /// What the answer was taken over from says something else by now.
    pub newer: Option<Suggestion>,
    /// The same fact is asked elsewhere, too.
    pub is_shared: bool,
    /// Who is to answer, and by when.
    pub asked: Asked,
    /// The form that asks somebody else, for those who may.
    pub delegate: Option<DelegateForm>,
}

/// Who is to answer an open question, and by when.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The id of the question's task, for what is told of it.
    pub task: Option<String>,
    /// Who has it.
    pub who: Option<String>,
    /// It is the reader.
    pub is_mine: bool,
    /// By when.
    pub due: Option<Due>,
}

/// Asking somebody else to answer a question.
#[derive(Debug, Clone, Default)]
pub struct DelegateForm {
    /// It was refused, so it stands open.
    pub open: bool,
    /// People with an account.
    pub people: Vec<Choice>,
    /// The name of somebody without one.
    pub name: Field,
    /// Their address.
    pub email: Field,
    /// What to tell them.
    pub note: Field,
    /// For how many days the link is good.
    pub days: Vec<Choice>,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// One of several.
    Choice(Vec<Choice>),
    /// Several of several.
    Choices(Vec<Choice>),
    /// A day.
    Date,
    /// A number, with its unit.
    Number(Option<String>),
    /// Yes or no; `yes`, `no` or nothing.
    YesNo,
    /// A person's name, with people to propose.
    Person(Vec<String>),
    /// Rows of cells.
    Table(Table),
    /// Files. They are kept as evidence.
    File,
}

/// When an answer was saved.
#[derive(Debug, Clone)]
pub struct Saved {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Option<String>,
    /// Where it was taken over from.
    pub from: Option<String>,
}

/// Two people answered at once: both answers, to choose from.
#[derive(Debug, Clone)]
pub struct Clash {
    /// Who was faster.
    pub by: String,
    /// What is saved now.
    pub theirs: String,
    /// What the slower one had entered.
    pub yours: String,
    /// The fields that the slower one's form sent, to send them again.
    pub mine: Vec<(String, String)>,
}

/// An answer from another template of this customer.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// "ISO 9001, Context and interested parties".
    pub place: String,
    /// The answer as a person reads it.
    pub answer: String,
    /// What the form sends to take it over.
    pub source: String,
}

impl Question {
    /// A group of controls needs a legend, a single control a label.
    #[must_use]
    pub fn grouped(&self) -> bool {
        matches!(self.kind, Kind::Choice(_) | Kind::Choices(_) | Kind::YesNo | Kind::Table(_))
    }

    /// Files answer it: handing one in does.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    /// The ids of what describes the control.
    #[must_use]
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.help.is_some() {
            ids.push(format!("help-{}", self.key));
        }
        if self.example.is_some() {
            ids.push(format!("example-{}", self.key));
        }
        ids.push(format!("state-{}", self.key));
        ids.join(" ")
    }

    /// When the form saves itself. What is typed is saved a moment after the last key, a table when a
    /// row is left (the script says so), the rest at once.
    #[must_use]
    pub fn trigger(&self) -> &'static str {
        match self.kind {
            Kind::Text | Kind::LongText | Kind::Number(_) | Kind::Person(_) => "change, input delay:600ms, submit",
            Kind::Table(_) => "row-left, submit",
            _ => "change, submit",
        }
    }

    /// Answers elsewhere that could be taken over.
    #[must_use]
    pub fn offers(&self) -> Vec<&Suggestion> {
        self.suggestion.iter().chain(&self.newer).collect()
    }

    /// The version as a form sends it; empty where there is no answer.
    #[must_use]
    pub fn version_text(&self) -> String {
        self.version.map(|version| version.to_string()).unwrap_or_default()
    }

    /// It has an answer.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.saved.is_some()
    }

    /// Nothing about it wants to be looked at, so it may be folded away.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let is_settled = self.evidence.as_ref().is_none_or(|block| block.is_settled(self.requires_evidence));
        self.answered() && is_settled && self.error.is_none() && !self.unsaved && self.clash.is_none() && self.newer.is_none()
    }
}
