//! Adding, changing and applying task rules.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::FirmAction,
    ids::RuleId,
    rules::{RuleDetails, TaskRule},
};
use muster_service::{Error, FieldError, Once};

use super::{
    ApplyRow, ApplyRulePage, RuleFormPage,
    rule_view::{self, Given, Offered},
};
use crate::{
    format,
    layout::Nav,
    pages::{
        conflict::ConflictPage,
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    parts::Crumb,
    problem::Problem,
    request::Ids,
    state::AppState,
};

const LIST: &str = "/library/task-rules";

pub(super) async fn new(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    Ok(visit.answer(&form_page(&state, &visit, None, &Given::blank(), &FieldErrors::default()).await?))
}

pub(super) async fn create(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let given = Given::sent(&form);
    let made = match parse(&given) {
        Ok(details) => state.context.create_task_rule(&visit.actor, &details, &Once::unkeyed()).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(go_on(LIST, Some(&Said::Saved))),
        Err(error) => {
            let page = form_page(&state, &visit, None, &given, &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn edit(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(RuleId,)>) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let rule = state.context.task_rule(&visit.actor, id).await?;
    let existing = (id, rule.version);
    Ok(visit.answer(&form_page(&state, &visit, Some(existing), &Given::stored(rule), &FieldErrors::default()).await?))
}

pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(RuleId,)>,
    form: Form,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let given = Given::sent(&form);
    let changed = match parse(&given) {
        Ok(details) => state.context.update_task_rule(&visit.actor, id, &details, version).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(go_on(&form.next(LIST), Some(&Said::Saved))),
        Err(Error::Stale { .. }) => conflict(&state, &visit, id, &given).await,
        Err(error) => {
            let page = form_page(&state, &visit, Some((id, version)), &given, &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn preview(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(RuleId,)>) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    Ok(visit.answer(&apply_page(&state, &visit, id).await?))
}

pub(super) async fn apply(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(RuleId,)>) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    // A rule that is off makes nothing; the page says so.
    if !state.context.task_rule(&visit.actor, id).await?.is_active {
        return Ok(visit.answer_with(StatusCode::CONFLICT, &apply_page(&state, &visit, id).await?));
    }
    let applied = state.context.apply_task_rule(&visit.actor, id).await?;
    let tasks = applied.customers.iter().map(|one| one.tasks).sum();
    Ok(go_on(LIST, Some(&Said::TasksMade(tasks))))
}

/// Parses the fields; all are looked at before anything is refused.
fn parse(given: &Given) -> Result<RuleDetails, Error> {
    let parsed = given.rule.parse();
    if !given.has_odd_days() {
        return parsed;
    }
    let days = FieldError::new("/due_offset_days", "malformed", "must be a number of days");
    match parsed {
        Err(Error::Invalid(errors)) => Err(Error::Invalid([errors, vec![days]].concat())),
        _ => Err(Error::field(days)),
    }
}

async fn offered(state: &AppState, visit: &Visit) -> Result<Offered, Problem> {
    Ok(Offered { standards: state.context.standards(&visit.actor).await?, templates: state.context.templates(&visit.actor, None).await? })
}

fn crumbs(visit: &Visit, here: &str) -> Vec<Crumb> {
    vec![Crumb::to(visit.t.library.rules, LIST), Crumb::here(here)]
}

async fn form_page(
    state: &AppState,
    visit: &Visit,
    existing: Option<(RuleId, i32)>,
    given: &Given,
    errors: &FieldErrors,
) -> Result<RuleFormPage, Problem> {
    let title = if existing.is_some() { visit.t.rules.edit_title } else { visit.t.rules.new_title };
    Ok(RuleFormPage {
        layout: visit.layout(state, title, Nav::Library, None).await?,
        crumbs: crumbs(visit, title),
        existing: existing.map(|(id, version)| (id.to_string(), version.into())),
        form: rule_view::form(given, &offered(state, visit).await?, errors, visit.t),
    })
}

/// Somebody was faster: both versions, read again.
async fn conflict(state: &AppState, visit: &Visit, id: RuleId, given: &Given) -> Result<Response, Problem> {
    let theirs: TaskRule = state.context.task_rule(&visit.actor, id).await?;
    let title = visit.t.conflict.title;
    let page = ConflictPage {
        layout: visit.layout(state, title, Nav::Library, None).await?,
        crumbs: crumbs(visit, title),
        name: theirs.title.clone(),
        by: None,
        at: Some(format::moment(theirs.updated_at, &visit.zone(), visit.t)),
        action: format!("{LIST}/{id}"),
        version: theirs.version.into(),
        next: format!("{LIST}/{id}"),
        fields: rule_view::versions(given, &Given::stored(theirs), &offered(state, visit).await?, visit.t),
    };
    Ok(visit.answer_with(StatusCode::CONFLICT, &page))
}

async fn apply_page(state: &AppState, visit: &Visit, id: RuleId) -> Result<ApplyRulePage, Problem> {
    let preview = state.context.preview_task_rule(&visit.actor, id).await?;
    let row = |one: muster_service::RuleEffect| ApplyRow {
        customer_id: one.customer_id.0,
        customer: one.customer_name,
        new: u32::try_from(one.tasks).unwrap_or(u32::MAX),
    };
    Ok(ApplyRulePage {
        layout: visit.layout(state, visit.t.rules.apply_title, Nav::Library, None).await?,
        crumbs: crumbs(visit, visit.t.rules.apply_title),
        id: id.to_string(),
        title: preview.rule.title,
        active: preview.rule.is_active,
        rows: preview.customers.into_iter().map(row).collect(),
    })
}
