//! What is said about a file that is handed in.

use muster_domain::{
    evidence::EvidenceDetails,
    ids::{EvidenceId, TaskId},
    text::Prose,
};
use muster_service::{Error, FieldError, HandedIn, HandedInFile};

use super::Check;
use crate::request::UploadForm;

/// The fields of the API's form. `sha256` is read with the file itself.
const FIELDS: [&str; 7] = ["task_id", "covers_from", "covers_to", "valid_until", "note", "replaces", "sha256"];

/// Refuses fields that nobody reads: what was meant by them would be lost in silence.
pub fn refuse_unknown_fields(form: &UploadForm) -> Result<(), Error> {
    let unknown = form.fields.iter().find(|(name, _)| !FIELDS.contains(&name.as_str()));
    match unknown {
        Some((name, _)) => Err(Error::field(FieldError::new(format!("/{name}"), "unknown-field", "is not known here"))),
        None => Ok(()),
    }
}

/// Reads the file of a form with what is said about it.
pub fn handed_in_file(form: UploadForm) -> Result<HandedInFile, Error> {
    handed_in(form).map(|one| one.file)
}

/// The same, with the tasks that it is for.
pub fn handed_in(form: UploadForm) -> Result<HandedIn, Error> {
    let mut check = Check::default();
    let details = details(&form, &mut check);
    let replaces: Option<EvidenceId> = check.id("/replaces", form.get("replaces"));
    let mut task_ids = Vec::new();
    for given in form.all("task_id") {
        task_ids.extend(check.id::<TaskId>("/task_id", Some(given)));
    }
    task_ids.sort_unstable();
    task_ids.dedup();
    if form.file.is_none() {
        check.refuse("/file", "blank", "must be given");
    }
    let file = form.file.map(|(filename, received)| HandedInFile { received, filename, details, replaces });
    check.finish(file.map(|file| HandedIn { file, task_ids }))
}

fn details(form: &UploadForm, check: &mut Check) -> EvidenceDetails {
    let covers_from = check.date("/covers_from", form.get("covers_from"));
    let covers_to = check.date("/covers_to", form.get("covers_to"));
    if covers_from.zip(covers_to).is_some_and(|(from, to)| from > to) {
        check.refuse("/covers_to", "out-of-range", "must not be before the first day that it covers");
    }
    EvidenceDetails {
        covers_from,
        covers_to,
        valid_until: check.date("/valid_until", form.get("valid_until")),
        note: check.text("/note", Prose::parse_optional(form.get("note"))).flatten().map(|note| note.as_str().to_owned()),
    }
}
