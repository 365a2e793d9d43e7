//! What people answered in tasks: answers of questions, and the log of how they came about.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use muster_domain::{
    answers::AnswerValue,
    audit::{AuditActor, AuditNote, Head, Subject},
    ids::{CustomerId, UserId},
};
use muster_store::{LegacyDatabase, LegacyError, NewAnswer, PlacedTask, Remark};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    documents::{Approved, number, text},
    library::{Library, remark},
};

/// Names under which the older program kept what somebody answered.
const ANSWERS: [&str; 6] = ["answer", "resolution", "resolution_text", "response", "value", "notes"];
/// Names under which it kept who answered, and when.
const PEOPLE: [&str; 4] = ["resolved_by", "answered_by", "completed_by", "created_by"];
const MOMENTS: [&str; 5] = ["resolved_at", "answered_at", "completed_at", "created_at", "updated_at"];

/// Something that somebody answered, for the log.
#[derive(Debug, Clone)]
pub(super) struct Resolution {
    task: Uuid,
    title: String,
    answer: String,
    by: Option<i64>,
    at: Option<String>,
}

fn first(row: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text(row, name))
}

/// Lays out the latest answer to each question. Gives everything that was ever answered, the earliest
/// first in each task.
pub(super) async fn lay_out(
    db: &mut LegacyDatabase,
    library: &Library,
    customer: i32,
    tasks: &[PlacedTask],
    remarks: &mut Vec<Remark>,
) -> Result<Vec<Resolution>, LegacyError> {
    let by_id: HashMap<Uuid, &PlacedTask> = tasks.iter().map(|task| (task.placement.task_id, task)).collect();
    let (mut resolutions, mut answers) = (Vec::new(), BTreeMap::new());
    for (task, row, resolved) in db.original_answers(customer).await? {
        let said = said(task, &row, &resolved);
        if let (Some(last), Some(placed)) = (said.last(), by_id.get(&task)) {
            match answer(library, placed, last, &row) {
                Some(Ok(answer)) => {
                    let place = (answer.plan_id, answer.template_id, answer.question_key.clone());
                    let is_later = |kept: &NewAnswer| kept.at < answer.at;
                    if answers.get(&place).is_none_or(is_later) {
                        answers.insert(place, answer);
                    }
                }
                Some(Err(why)) => {
                    let text = format!(
                        "What was answered does not fit its question: it {why}. It stands in the audit log and in `muster_upgrade.original_rows`."
                    );
                    remarks.push(remark("customer_tasks", &task.to_string(), "answer_kept_aside", text));
                }
                None => {}
            }
        }
        resolutions.extend(said);
    }
    db.lay_out_answers(customer, &answers.into_values().collect::<Vec<_>>()).await?;
    Ok(resolutions)
}

/// What was answered in a task: its resolutions, and what stands in the task itself.
fn said(task: Uuid, row: &Value, resolved: &[Value]) -> Vec<Resolution> {
    let title = text(row, "title").unwrap_or_default();
    let one = |row: &Value, answer: String| Resolution {
        task,
        title: title.clone(),
        answer,
        by: PEOPLE.iter().find_map(|name| number(row, name)),
        at: first(row, &MOMENTS),
    };
    let mut said: Vec<Resolution> = resolved.iter().filter_map(|row| Some(one(row, first(row, &ANSWERS)?))).collect();
    if let Some(answer) = text(row, "answer").filter(|answer| said.last().is_none_or(|last| last.answer != *answer)) {
        let by = ["answered_by", "completed_by", "assigned_to"].iter().find_map(|name| number(row, name));
        let at = first(row, &["answered_at", "completed_at", "updated_at", "created_at"]);
        said.push(Resolution { task, title: title.clone(), answer, by, at });
    }
    said
}

/// The answer to the question that the task asks; none where it asks none.
fn answer(library: &Library, placed: &PlacedTask, said: &Resolution, row: &Value) -> Option<Result<NewAnswer, String>> {
    let (plan_id, template_id) = placed.place.plan_id.zip(placed.place.template_id)?;
    let template = library.template(template_id)?;
    let question = match &placed.question_key {
        Some(key) => template.content.question(key)?,
        None => template.question_of(row.get("section_id").and_then(Value::as_str), &said.title)?.1,
    };
    let value = match AnswerValue::parse(question, &Value::from(said.answer.as_str())) {
        Ok(value) => value,
        Err(error) => return Some(Err(error.to_string())),
    };
    Some(Ok(NewAnswer {
        plan_id,
        template_id,
        question_key: question.key.clone(),
        value: value.as_json().clone(),
        by: said.by,
        at: said.at.clone(),
    }))
}

/// Writes the customer's log: what was answered and approved in the older program, in its order.
pub(super) async fn lay_out_log(
    db: &mut LegacyDatabase,
    customer: CustomerId,
    resolutions: Vec<Resolution>,
    approvals: Vec<Approved>,
) -> Result<(), LegacyError> {
    if resolutions.is_empty() && approvals.is_empty() {
        return Ok(());
    }
    let people = db.people_names().await?;
    let actor = |id: Option<i64>| {
        let known = id.and_then(|id| i32::try_from(id).ok()).and_then(|id| Some((id, people.get(&id)?)));
        match known {
            Some((id, (name, email))) => AuditActor { id: Some(UserId(id)), name: name.clone(), email: email.clone() },
            None => AuditActor { id: None, name: super::OLDER_PROGRAM.to_owned(), email: String::new() },
        }
    };
    let moments = db.moments(&resolutions.iter().map(|one| one.at.clone()).collect::<Vec<_>>()).await?;
    let subject = |kind: &str, id: Uuid, title: &str| Subject { kind: kind.to_owned(), id: id.to_string(), title: title.to_owned() };
    let answered = resolutions.iter().zip(moments).map(|(one, at)| {
        let note = AuditNote::made("task.answered_before", subject("task", one.task, &one.title), json!({ "answer": one.answer }));
        (at, actor(one.by), note)
    });
    let approved = approvals.iter().map(|one| {
        let after = json!({ "status": "approved", "approved_sha256": one.sha256 });
        (
            one.at,
            actor(Some(i64::from(one.by.0))),
            AuditNote::made("document.approved", subject("document", one.document, &one.name), after),
        )
    });
    let mut notes: Vec<(i64, AuditActor, AuditNote)> = answered.chain(approved).collect();
    notes.sort_by_key(|(at, ..)| *at);
    let (mut head, mut entries) = (Head::default(), Vec::with_capacity(notes.len()));
    for (at, actor, note) in notes {
        let at = Timestamp::from_microsecond(at).map_err(|error| LegacyError::Corrupt(error.to_string()))?;
        let (entry, end) = head.append(Some(customer), at, &actor, note);
        entries.push(entry);
        head = end;
    }
    db.lay_out_log(customer, &entries).await
}
