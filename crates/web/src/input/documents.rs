//! What people and programs send about documents.

use muster_domain::{
    documents::{Classification, DocumentChange},
    text::{Code, Prose, Title},
};
use muster_service::{Error, Proof, UploadedDocument};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::request::{UploadForm, sent};

/// A document to be saved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// The name; the template's document title unless given.
    #[schema(max_length = 500)]
    pub name: Option<String>,
    /// Save it although required answers are missing: a draft whose gaps show, which cannot be
    /// handed in before they are filled.
    pub draft: Option<bool>,
}

impl NewDocument {
    /// Parses the name.
    pub fn parse(&self) -> Result<Option<Title>, Error> {
        let mut check = Check::default();
        let name = check.text("/name", Title::parse_optional(self.name.as_deref()));
        check.finish(name)
    }
}

/// Reads a form with a file that shall stand as a document.
pub fn uploaded(form: UploadForm) -> Result<UploadedDocument, Error> {
    let mut check = Check::default();
    let unknown = form.fields.iter().find(|(name, _)| !["name", "sha256", "version"].contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        check.refuse(&format!("/{name}"), "unknown-field", "is not known here");
    }
    let name = check.text("/name", Title::parse_optional(form.get("name"))).flatten();
    if form.files.is_empty() {
        check.refuse("/file", "blank", "must be given");
    }
    check.finish(form.into_file().map(|(file_name, received)| UploadedDocument { received, file_name, name }))
}

/// The next version of a document.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocumentVersion {
    /// What will be new in it.
    #[schema(max_length = 20000)]
    pub note: Option<String>,
    /// Begin it although required answers are missing.
    pub draft: Option<bool>,
}

impl NewDocumentVersion {
    /// Parses the note.
    pub fn parse(&self) -> Result<Option<Prose>, Error> {
        let mut check = Check::default();
        let note = check.text("/note", Prose::parse_optional(self.note.as_deref()));
        check.finish(note)
    }
}

/// A change of a document: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentPatch {
    /// The name.
    #[schema(max_length = 500)]
    pub name: Option<String>,
    /// The text: Markdown with placeholders of the template's questions.
    #[schema(max_length = 500000)]
    pub body: Option<String>,
    /// The number under which the organisation keeps it.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub document_number: Option<Option<String>>,
    /// public, internal, confidential or strictly_confidential.
    pub classification: Option<String>,
    /// What is new in this version.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 20000)]
    pub note: Option<Option<String>>,
    /// After how many months it has to be read again once it is approved, 1 to 120.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 120)]
    pub review_interval_months: Option<Option<i32>>,
    /// The day by which it has to be read again.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Date)]
    pub next_review_on: Option<Option<String>>,
}

impl DocumentPatch {
    /// Parses the fields.
    pub fn parse(&self) -> Result<DocumentChange, Error> {
        let mut check = Check::default();
        let name = self.name.as_deref().and_then(|name| check.text("/name", Title::parse(name)));
        let document_number =
            self.document_number.as_ref().map(|number| check.text("/document_number", Code::parse_optional(number.as_deref())).flatten());
        let classification: Option<Classification> = check.word("/classification", self.classification.as_deref());
        let note = self.note.as_ref().map(|note| check.text("/note", Prose::parse_optional(note.as_deref())).flatten());
        let next_review_on = self.next_review_on.as_ref().map(|date| check.date("/next_review_on", date.as_deref()));
        let months = self.review_interval_months;
        if months.flatten().is_some_and(|months| !(1..=DocumentChange::MAX_REVIEW_INTERVAL).contains(&months)) {
            let most = DocumentChange::MAX_REVIEW_INTERVAL;
            check.refuse("/review_interval_months", "out-of-range", format!("must be 1 to {most} months"));
        }
        check.finish(Some(DocumentChange {
            name,
            // Lines end alike, whatever a browser sends.
            body: self.body.as_ref().map(|body| body.replace("\r\n", "\n")),
            document_number,
            classification,
            note,
            review_interval_months: months,
            next_review_on,
        }))
    }
}

/// An approval, confirmed by the person.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The person's password; not needed within five minutes after it or a code was given.
    #[schema(format = Password)]
    pub password: Option<String>,
    /// Or the code of their two-step sign-in.
    pub totp: Option<String>,
    /// What they say with it.
    #[schema(max_length = 20000)]
    pub remark: Option<String>,
}

impl Approval {
    /// What is given to confirm it.
    pub fn proof(&self) -> Option<Proof<'_>> {
        let given = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        if given(&self.totp) {
            return self.totp.as_deref().map(Proof::Code);
        }
        self.password.as_deref().filter(|text| !text.is_empty()).map(Proof::Password)
    }

    /// Parses the remark.
    pub fn remark(&self) -> Result<Option<Prose>, Error> {
        remark(self.remark.as_deref())
    }
}

/// A review that is completed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// What the reviewer says with it.
    #[schema(max_length = 20000)]
    pub remark: Option<String>,
}

/// Reads what somebody says with a decision.
pub fn remark(given: Option<&str>) -> Result<Option<Prose>, Error> {
    let mut check = Check::default();
    let remark = check.text("/remark", Prose::parse_optional(given));
    check.finish(remark)
}
