//! Fields of standards and templates.

use muster_domain::{
    templates::{Column, Question, QuestionOption, ReleaseContent},
    text::{Code, Line, Name, Prose},
};
use muster_service::{Error, NewStandard, NewTemplate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::request::sent;

/// A standard to be added.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStandardBody {
    /// The code with its edition.
    #[schema(required, max_length = 50, example = "ISO 14001:2015")]
    pub code: Option<String>,
    /// A short title of your own; official titles are copyrighted.
    #[schema(required, max_length = 200)]
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
}

/// A template to be added.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplateBody {
    /// The name.
    #[schema(required, max_length = 255)]
    pub name: Option<String>,
    /// A short number shown beside the name.
    pub reference: Option<String>,
    /// What its document is for.
    pub description: Option<String>,
    /// The codes of the standards it is meant for.
    #[serde(default)]
    pub iso_codes: Vec<String>,
    /// The draft.
    pub content: Option<ContentBody>,
}

/// A change of a template: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplatePatch {
    /// The name.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// A short number shown beside the name.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub reference: Option<Option<String>>,
    /// What its document is for.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    /// The codes of the standards it is meant for.
    pub iso_codes: Option<Vec<String>>,
    /// The new draft.
    pub content: Option<ContentBody>,
}

/// The content of a draft or release.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentBody {
    /// The title of the documents made from it.
    pub document_title: String,
    /// The questions, in the order in which they are asked.
    #[schema(value_type = Vec<QuestionSchema>)]
    pub questions: Vec<Question>,
    /// Markdown with `{{key}}` placeholders.
    pub body: String,
}

/// A question of a template.
#[derive(ToSchema)]
#[schema(as = Question)]
#[expect(dead_code, reason = "describes the domain's question for the OpenAPI document")]
pub struct QuestionSchema {
    /// Lower-case letters, digits and underscores; unique in the template.
    key: String,
    /// The heading under which it is shown.
    section: Option<String>,
    /// The question itself.
    label: String,
    /// What helps to answer it.
    help: Option<String>,
    /// An answer as it might be.
    example: Option<String>,
    /// text, long_text, choice, choices, date, number, yes_no, person, table or file.
    kind: String,
    /// Whether the document cannot be made without it.
    required: Option<bool>,
    /// Whether the answer has to be proved.
    requires_evidence: Option<bool>,
    /// What proof is asked for.
    evidence_description: Option<String>,
    /// Questions with the same reuse key ask for the same fact.
    reuse_key: Option<String>,
    /// The options of a choice.
    #[schema(value_type = Option<Vec<QuestionOptionSchema>>)]
    options: Option<Vec<QuestionOption>>,
    /// The unit of a number.
    unit: Option<String>,
    /// The least number that answers it.
    minimum: Option<i64>,
    /// The greatest number that answers it.
    maximum: Option<i64>,
    /// The columns of a table.
    #[schema(value_type = Option<Vec<ColumnSchema>>)]
    columns: Option<Vec<Column>>,
}

/// A column of a table question.
#[derive(ToSchema)]
#[schema(as = Column)]
#[expect(dead_code, reason = "describes the domain's column for the OpenAPI document")]
pub struct ColumnSchema {
    /// Lower-case letters, digits and underscores; unique in the table.
    key: String,
    /// Its heading.
    label: String,
    /// text, long_text, choice, date, number, yes_no or person.
    kind: String,
    /// Whether each row needs it.
    required: Option<bool>,
    /// The options of a choice.
    #[schema(value_type = Option<Vec<QuestionOptionSchema>>)]
    options: Option<Vec<QuestionOption>>,
}

/// An option of a choice.
#[derive(ToSchema)]
#[schema(as = QuestionOption)]
#[expect(dead_code, reason = "describes the domain's option for the OpenAPI document")]
pub struct QuestionOptionSchema {
    /// What is stored.
    value: String,
    /// What people read.
    label: String,
}

/// A release to be made of the draft.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReleaseBody {
    /// What is new in it.
    pub note: Option<String>,
}

impl NewStandardBody {
    /// Parses the fields.
    pub fn parse(&self) -> Result<NewStandard, Error> {
        let mut check = Check::default();
        let code = check.required("/code", self.code.as_deref(), Code::parse);
        let name = check.required("/name", self.name.as_deref(), Line::parse);
        let description = check.text("/description", Prose::parse_optional(self.description.as_deref()));
        let standard = (|| Some(NewStandard { code: code?, name: name?, description: description? }))();
        check.finish(standard)
    }
}

impl NewTemplateBody {
    /// Parses the fields.
    pub fn parse(self) -> Result<NewTemplate, Error> {
        let mut check = Check::default();
        let name = check.required("/name", self.name.as_deref(), Name::parse);
        let reference = check.text("/reference", Code::parse_optional(self.reference.as_deref()));
        let description = check.text("/description", Prose::parse_optional(self.description.as_deref()));
        let content = self.content.map(|content| ReleaseContent {
            document_title: content.document_title,
            questions: content.questions,
            body: content.body.replace("\r\n", "\n"),
        });
        let iso_codes = self.iso_codes;
        let template = (|| Some(NewTemplate { name: name?, reference: reference?, description: description?, iso_codes, content }))();
        check.finish(template)
    }
}
