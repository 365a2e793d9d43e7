//! What is said about evidence that is handed in: files by a form, links by a form or as JSON.

use muster_domain::{
    evidence::{EvidenceDetails, EvidenceFilter, EvidenceKind, EvidenceSort, LinkAddress},
    ids::{EvidenceId, TaskId},
    text::{Line, Prose},
};
use muster_service::{Error, FieldError, HandedIn, HandedInContent, HandedInPiece};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Check;
use crate::{
    problem::Problem,
    request::{Parameters, UploadForm},
};

/// The fields of the API's form. `sha256` is read with the file itself.
const FIELDS: [&str; 8] = ["task_id", "kind", "covers_from", "covers_to", "valid_until", "note", "replaces", "sha256"];

/// Refuses fields that nobody reads: what was meant by them would be lost in silence.
pub fn refuse_unknown_fields(form: &UploadForm) -> Result<(), Error> {
    let unknown = form.fields.iter().find(|(name, _)| !FIELDS.contains(&name.as_str()));
    match unknown {
        Some((name, _)) => Err(Error::field(FieldError::new(format!("/{name}"), "unknown-field", "is not known here"))),
        None => Ok(()),
    }
}

/// Reads the files of a form with what is said about them, and the tasks that they are for.
pub fn handed_in(form: UploadForm) -> Result<HandedIn, Error> {
    let mut check = Check::default();
    let details = details(&|name| form.get(name), &mut check);
    let replaces: Option<EvidenceId> = check.id("/replaces", form.get("replaces"));
    let task_ids = task_ids(form.all("task_id"), &mut check);
    if form.files.is_empty() {
        check.refuse("/file", "blank", "must be given");
    }
    if replaces.is_some() && form.files.len() > 1 {
        check.refuse("/file", "too-many", "must be one file, where it comes in the place of another");
    }
    let piece = |(name, received): (muster_domain::evidence::FileName, _)| HandedInPiece {
        content: HandedInContent::File(received),
        name: name.as_str().to_owned(),
        details: details.clone(),
        replaces,
    };
    check.finish(Some(HandedIn { pieces: form.files.into_iter().map(piece).collect(), task_ids }))
}

/// A link to be handed in as evidence.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvidenceLink {
    /// Where it leads: an https address without a name or password in it.
    #[schema(max_length = 2000)]
    pub url: Option<String>,
    /// What it is called; the machine's name unless given.
    #[schema(max_length = 255)]
    pub label: Option<String>,
    /// The tasks that it serves.
    #[serde(default)]
    pub task_ids: Vec<Uuid>,
    /// record, policy, screenshot, certificate, report, contract or other.
    pub kind: Option<String>,
    /// The first day that it tells of.
    #[schema(format = Date)]
    pub covers_from: Option<String>,
    /// The last one.
    #[schema(format = Date)]
    pub covers_to: Option<String>,
    /// The last day on which it shows anything.
    #[schema(format = Date)]
    pub valid_until: Option<String>,
    /// Words about it.
    #[schema(max_length = 20000)]
    pub note: Option<String>,
    /// The evidence that it comes in the place of.
    pub replaces: Option<Uuid>,
}

impl NewEvidenceLink {
    /// Parses the link with what is said about it.
    pub fn parse(&self) -> Result<HandedIn, Error> {
        let replaces = self.replaces.map(|id| id.to_string());
        let task_ids: Vec<String> = self.task_ids.iter().map(Uuid::to_string).collect();
        let get = |name: &str| match name {
            "url" => self.url.as_deref(),
            "label" => self.label.as_deref(),
            "kind" => self.kind.as_deref(),
            "covers_from" => self.covers_from.as_deref(),
            "covers_to" => self.covers_to.as_deref(),
            "valid_until" => self.valid_until.as_deref(),
            "note" => self.note.as_deref(),
            "replaces" => replaces.as_deref(),
            _ => None,
        };
        handed_in_link(&get, task_ids.iter().map(String::as_str))
    }
}

/// Reads a link with what is said about it, and the tasks that it is for.
pub fn handed_in_link<'a>(get: &impl Fn(&str) -> Option<&'a str>, tasks: impl Iterator<Item = &'a str>) -> Result<HandedIn, Error> {
    let mut check = Check::default();
    let url = LinkAddress::parse(get("url").unwrap_or_default()).map_err(|why| check.refuse("/url", why.code(), why.to_string())).ok();
    let label = check.text("/label", Line::<255>::parse_optional(get("label"))).flatten();
    let details = details(get, &mut check);
    let replaces: Option<EvidenceId> = check.id("/replaces", get("replaces"));
    let task_ids = task_ids(tasks, &mut check);
    let piece = url.map(|url| HandedInPiece {
        name: label.map_or_else(|| url.machine().chars().take(255).collect(), |label| label.as_str().to_owned()),
        content: HandedInContent::Link(url),
        details,
        replaces,
    });
    check.finish(piece.map(|piece| HandedIn { pieces: vec![piece], task_ids }))
}

fn task_ids<'a>(given: impl Iterator<Item = &'a str>, check: &mut Check) -> Vec<TaskId> {
    let mut task_ids: Vec<TaskId> = given.filter_map(|one| check.id::<TaskId>("/task_id", Some(one))).collect();
    task_ids.sort_unstable();
    task_ids.dedup();
    task_ids
}

fn details<'a>(get: &impl Fn(&str) -> Option<&'a str>, check: &mut Check) -> EvidenceDetails {
    let covers_from = check.date("/covers_from", get("covers_from"));
    let covers_to = check.date("/covers_to", get("covers_to"));
    if covers_from.zip(covers_to).is_some_and(|(from, to)| from > to) {
        check.refuse("/covers_to", "out-of-range", "must not be before the first day that it covers");
    }
    EvidenceDetails {
        kind: check.word("/kind", get("kind")).unwrap_or(EvidenceKind::unsaid()),
        covers_from,
        covers_to,
        valid_until: check.date("/valid_until", get("valid_until")),
        note: check.text("/note", Prose::parse_optional(get("note"))).flatten().map(|note| note.as_str().to_owned()),
    }
}

/// A task that evidence is to serve.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTask {
    /// The task.
    pub task_id: Option<Uuid>,
}

impl EvidenceTask {
    /// The task, which has to be given.
    pub fn parse(&self) -> Result<TaskId, Error> {
        self.task_id.map(TaskId).ok_or_else(|| Error::field(FieldError::new("/task_id", "blank", "must be given")))
    }
}

/// Reads the filters of the register.
pub fn evidence_filter(parameters: &Parameters) -> Result<EvidenceFilter, Problem> {
    Ok(EvidenceFilter {
        task_id: parameters.parse("task_id")?,
        plan_id: parameters.parse("plan_id")?,
        template_id: parameters.parse("template_id")?,
        status: parameters.parse("status")?,
        state: parameters.parse("state")?,
        kind: parameters.parse("kind")?,
        validity: parameters.parse("validity")?,
        is_current: parameters.is_on("current")?,
        words: parameters.get("q").map(ToOwned::to_owned),
    })
}

/// Reads the order of the register; the latest first unless another is asked for.
pub fn evidence_sort(parameters: &Parameters) -> Result<EvidenceSort, Problem> {
    let words: Vec<&str> = EvidenceSort::ALL.iter().map(|sort| sort.as_str()).collect();
    Ok(parameters.sort(&words)?.parse().unwrap_or(EvidenceSort::Received))
}
