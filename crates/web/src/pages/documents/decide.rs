//! The visitor's own decision on a version in review.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::Action,
    documents::{Document, DocumentStatus, Round, Step, StepKind, Turn},
    ids::DocumentId,
};
use muster_service::{DocumentView, Error, FieldError, Proof};

use super::{
    DecisionForm, DocumentPage,
    handlers::{Shown, page},
    history::step_word,
};
use crate::{
    format,
    input::{documents::remark, reason},
    pages::{
        field_errors::FieldErrors,
        surroundings::may,
        visit::{Form, Said, Visit, go_on},
    },
    parts::Field,
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// So many digits are a code; a password is longer.
const CODE_DIGITS: usize = 6;

/// What the visitor can decide on a document now.
pub(super) fn form(visit: &Visit, from: &DocumentView, needs_proof: bool) -> Option<DecisionForm> {
    let (document, t) = (&from.document, visit.t);
    let round = &from.handed_in.as_ref().filter(|_| document.status == DocumentStatus::InReview)?.round;
    if document.is_author(visit.actor.user_id()) {
        return None;
    }
    let steps = steps_of(visit, document, round)?;
    let (first, last) = (steps.first()?, steps.last()?);
    let is_review = first.kind == StepKind::Review;
    let w = &t.document;
    let names: Vec<String> = steps.iter().map(|step| step_word(step, t)).collect();
    let after = round.steps.iter().find(|step| step.position > last.position);
    let due = from.tasks.iter().find(|task| task.id == first.task_id).and_then(|task| task.due_date);
    Some(DecisionForm {
        title: if is_review { w.your_review.to_owned() } else { w.your_decision.with(names.join(t.document.and)) },
        due: due.map(|due| format::due(due, visit.today(), true, t)),
        agree: if is_review { "review" } else { "approve" },
        agree_word: if is_review { w.finish_review } else { w.approve }.to_owned(),
        agree_hint: match after {
            Some(next) => w.then_decides.with(step_word(next, t)),
            None => w.then_in_force.with(document.document_version),
        },
        back_to: document.written_by.as_ref().map_or_else(|| w.goes_back.to_owned(), |author| w.goes_back_to.with(&author.name)),
        asks_for_changes: false,
        words: Field::default(),
        proof: (needs_proof && !is_review).then(Field::default),
    })
}

/// The steps that are the visitor's now.
fn steps_of(visit: &Visit, document: &Document, round: &Round) -> Option<Vec<Step>> {
    let customer = document.customer_id;
    if may(visit, customer, Action::ApproveDocument) {
        let holds = |step: &Step| step.kind == StepKind::Approval && visit.actor.holds_step(customer, visit.today(), &step.step);
        if let Turn::Theirs(steps) = round.turn_of(holds) {
            return Some(steps);
        }
    }
    let review = round.next().filter(|step| step.kind == StepKind::Review && may(visit, customer, Action::CHANGE_TASK));
    review.map(|step| vec![step.clone()])
}

/// Takes the decision that the form has.
pub(super) async fn decide(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let decision = form.text("decision");
    let decided = match decision.as_str() {
        "approve" => approve(&state, &visit, id, &form).await,
        "review" => review(&state, &visit, id, &form).await,
        "changes" => send_back(&state, &visit, id, &form).await,
        _ => Err(Error::field(FieldError::new("/decision", "not-an-option", "must be one of approve, review, changes"))),
    };
    match decided {
        Ok(said) => Ok(go_on(&format!("/documents/{id}"), Some(&said))),
        Err(error) => {
            let errors = FieldErrors::of(error)?;
            let page = page(&state, &visit, id, Shown::default()).await?;
            let decision = page.decision.clone().map(|shown| refused(shown, &form, &errors, &visit));
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &DocumentPage { decision, ..page }))
        }
    }
}

async fn approve(state: &AppState, visit: &Visit, id: DocumentId, form: &Form) -> Result<Said, Error> {
    let (words, typed) = (remark(form.get("words"))?, form.text("proof"));
    let is_code = typed.trim().len() == CODE_DIGITS && typed.trim().bytes().all(|one| one.is_ascii_digit());
    let proof = match typed.as_str() {
        "" => None,
        typed if is_code => Some(Proof::Code(typed.trim())),
        typed => Some(Proof::Password(typed)),
    };
    let document = state.context.approve_document(&visit.actor, id, proof, words.as_ref()).await?;
    Ok(if document.status == DocumentStatus::Approved { Said::DocumentInForce } else { Said::DocumentApproved })
}

async fn review(state: &AppState, visit: &Visit, id: DocumentId, form: &Form) -> Result<Said, Error> {
    let words = remark(form.get("words"))?;
    state.context.review_document(&visit.actor, id, words.as_ref()).await?;
    Ok(Said::DocumentReviewed)
}

async fn send_back(state: &AppState, visit: &Visit, id: DocumentId, form: &Form) -> Result<Said, Error> {
    state.context.reject_document(&visit.actor, id, &reason(form.get("words"))?).await?;
    Ok(Said::DocumentSentBack)
}

/// The form as it was sent, with what was wrong beside its fields.
fn refused(shown: DecisionForm, form: &Form, errors: &FieldErrors, visit: &Visit) -> DecisionForm {
    let t = visit.t;
    let words = errors.word("reason", t).or_else(|| errors.word("remark", t));
    let blank = errors.get("reason").is_some_and(|error| error.code == "blank");
    let proof = errors.get("password").or_else(|| errors.get("totp"));
    let proof_word = proof.map(|error| if error.code == "wrong" { t.document.proof_wrong } else { t.document.proof_needed });
    DecisionForm {
        asks_for_changes: form.get("decision") == Some("changes"),
        words: Field { value: form.text("words"), error: if blank { Some(t.document.reason_needed.to_owned()) } else { words } },
        proof: shown.proof.map(|_| Field { value: String::new(), error: proof_word.map(ToOwned::to_owned) }),
        ..shown
    }
}
