use serde_json::{Value, json};

use super::*;
use crate::{
    ids::ReleaseId,
    templates::{QuestionKind, QuestionOption, ReleaseContent},
};

fn release(number: i32, questions: Vec<Question>) -> Release {
    let body = questions.iter().map(|question| format!("{{{{{}}}}}\n", question.key)).collect();
    let content = ReleaseContent { document_title: "T".into(), questions, body };
    Release { id: ReleaseId(uuid::Uuid::nil()), number, released_at: None, note: None, at: jiff::Timestamp::UNIX_EPOCH, by: None, content }
}

fn question(key: &str) -> Question {
    Question::new(key, &format!("What is {key}?"), QuestionKind::Text)
}

/// A task as the store gives it, with what a test says otherwise.
fn task(key: &str, other: Value) -> Task {
    let mut fields = json!({
        "id": uuid::Uuid::from_u128(u128::from(key.as_bytes()[0])), "customer_id": 1, "customer_name": "Acme", "scope": "template",
        "plan_id": uuid::Uuid::nil(), "iso_code": "X", "template_id": uuid::Uuid::nil(), "template_name": "T", "document_id": null,
        "document_name": null, "task_type": "answer_question", "title": format!("What is {key}?"), "description": null,
        "status": "pending", "priority": "medium", "requires_evidence": false, "evidence_description": null, "evidence_uploaded": false,
        "assigned_to": null, "assignee_role": "contributor", "due_date": null, "completed_at": null, "completed_by": null, "notes": null,
        "auto_generated": true, "question_key": key, "is_answered": false, "approval_step": null, "ignored": null, "is_hidden": false,
        "version": 1, "created_at": "2026-03-17T10:00:00Z", "created_by": null, "updated_at": "2026-03-17T10:00:00Z"
    });
    fields.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    serde_json::from_value(fields).unwrap()
}

fn answer(key: &str, value: Value) -> Answer {
    Answer {
        question_key: key.into(),
        value: AnswerValue::stored(value),
        not_applicable_reason: None,
        version: 1,
        answered_by: None,
        respondent: None,
        answered_at: "2026-03-17T10:00:00Z".parse().unwrap(),
        reused_from: None,
        newer_there: None,
    }
}

#[test]
fn added_dropped_and_kept_are_told_apart() {
    let (before, after) = (release(1, vec![question("a"), question("b"), question("c")]), release(2, vec![question("d"), question("a")]));
    let tasks = [task("a", json!({})), task("b", json!({})), task("c", json!({ "status": "in_progress" }))];
    let upgrade = Upgrade::plan(&before, &after, &[answer("a", json!("x")), answer("b", json!("y"))], &tasks, &Decisions::new());
    assert_eq!(upgrade.added.iter().map(|one| (one.question.key.as_str(), one.position)).collect::<Vec<_>>(), [("d", 1)]);
    let dropped: Vec<_> =
        upgrade.dropped.iter().map(|one| (one.question.key.as_str(), one.is_answered, one.task.as_ref().unwrap().fate)).collect();
    assert_eq!(dropped, [("b", true, DroppedTask::Ignore), ("c", false, DroppedTask::Keep)]);
    assert_eq!((upgrade.kept_answers, upgrade.unfit.len(), upgrade.changed.len()), (1, 0, 0));
    assert_eq!(upgrade.updates.iter().map(|one| one.position).collect::<Vec<_>>(), [2]);
}

#[test]
fn only_worked_on_tasks_are_decided_on() {
    let (before, after) = (release(1, vec![question("a"), question("b")]), release(2, vec![]));
    let tasks = [task("a", json!({ "notes": "asked" })), task("b", json!({}))];
    let decisions = Decisions::from([("a".to_owned(), DroppedTask::Ignore), ("b".to_owned(), DroppedTask::Keep)]);
    let upgrade = Upgrade::plan(&before, &after, &[], &tasks, &decisions);
    assert!(upgrade.dropped.iter().all(|one| one.task.as_ref().unwrap().fate == DroppedTask::Ignore));
    assert_eq!(upgrade.strangers(&decisions), Some("b"));
}

#[test]
fn an_answer_that_does_not_fit_has_to_be_given_again() {
    let option = |value: &str| QuestionOption { value: value.into(), label: value.into() };
    let choice = |options: &[&str]| Question {
        options: options.iter().map(|one| option(one)).collect(),
        kind: QuestionKind::Choice,
        ..question("a")
    };
    let (before, after) = (release(1, vec![choice(&["x", "y"])]), release(2, vec![choice(&["y", "z"])]));
    let done = [task("a", json!({ "status": "completed" }))];
    let with = |value: &str| Upgrade::plan(&before, &after, &[answer("a", json!(value))], &done, &Decisions::new());
    assert_eq!((with("y").kept_answers, with("y").unfit.len()), (1, 0));
    let unfit = with("x").unfit;
    assert_eq!((unfit[0].answer.as_str(), unfit[0].reopens), ("x", Some(done[0].id)));
    let excused = Answer { not_applicable_reason: Some("none here".into()), ..answer("a", Value::Null) };
    assert_eq!(Upgrade::plan(&before, &after, &[excused], &done, &Decisions::new()).kept_answers, 1);
}

#[test]
fn open_tasks_follow_their_question_where_nobody_changed_them() {
    let renamed = Question { label: "How many?".into(), requires_evidence: true, ..question("a") };
    let (before, after) = (release(1, vec![question("a")]), release(2, vec![renamed]));
    let title = |task: Task| Upgrade::plan(&before, &after, &[], &[task], &Decisions::new()).updates.remove(0);
    assert_eq!((title(task("a", json!({}))).title.as_str(), title(task("a", json!({}))).requires_evidence), ("How many?", true));
    assert_eq!(title(task("a", json!({ "title": "Mine" }))).title, "Mine");
    let done = title(task("a", json!({ "status": "completed" })));
    assert_eq!((done.title.as_str(), done.requires_evidence), ("What is a?", false));
}

#[test]
fn a_question_that_comes_back_brings_its_task_back() {
    let ignored = |reason: &str| json!({ "ignored": { "at": "2026-03-17T10:00:00Z", "by": null, "reason": reason } });
    let (before, after) = (release(2, vec![]), release(3, vec![question("a")]));
    let restores = |reason: &str| Upgrade::plan(&before, &after, &[], &[task("a", ignored(reason))], &Decisions::new()).added[0].restores;
    assert!(restores(&dropped_reason(2)).is_some());
    assert!(restores("we do not need it").is_none() && restores("dropped in release notes").is_none());
}
