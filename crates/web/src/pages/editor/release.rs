//! Releasing a draft, and looking at a release.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::FirmAction,
    ids::TemplateId,
    templates::{Release, ReleaseChanges, ReleaseContent},
    text::Prose,
};
use muster_service::{Conflict, Error, Once, TemplateDetail};

use super::{Changes, ProblemRow, TextLine, problems, view::crumbs};
use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Field};
use crate::{
    format,
    input::Check,
    pages::{
        field_errors::FieldErrors,
        library::TemplateContent,
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

/// `GET /library/templates/{id}/release` and its `POST`.
#[derive(Debug, Clone, Template)]
#[template(path = "editor/release.html")]
pub struct ReleaseTemplatePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the template.
    pub id: String,
    /// The version that is released.
    pub version: i64,
    /// The number that the release will have; nothing where there is no draft.
    pub number: Option<i32>,
    /// The number of the latest release.
    pub before: Option<i32>,
    /// Somebody saved the draft after this page was read.
    pub stale: bool,
    /// What stands in the way.
    pub problems: Vec<ProblemRow>,
    /// What changes against the latest release; against nothing, for the first one.
    pub changes: Changes,
    /// What is new, for people.
    pub note: Field,
}

impl ReleaseTemplatePage {
    fn may_release(&self) -> bool {
        self.number.is_some() && self.problems.is_empty() && !self.changes.is_empty()
    }
}

/// `GET /library/templates/{id}/releases/{number}`.
#[derive(Debug, Clone, Template)]
#[template(path = "editor/one_release.html")]
pub struct ReleasePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the template.
    pub id: String,
    /// Its number.
    pub number: i32,
    /// When it was released, and by whom.
    pub about: String,
    /// What is new in it.
    pub note: Option<String>,
    /// Releases to compare with.
    pub others: Vec<Choice>,
    /// What changed since the release that is compared with, and its number.
    pub changes: Option<(i32, Changes)>,
    /// Questions and text.
    pub content: TemplateContent,
}

pub(super) async fn form(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TemplateId,)>) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let detail = state.context.template(&visit.actor, id).await?;
    Ok(visit.answer(&page(&state, &visit, &detail, Field::default(), false).await?))
}

pub(super) async fn make(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TemplateId,)>,
    form: Form,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let mut check = Check::default();
    let note = check.text("/note", Prose::parse_optional(form.get("note")));
    let released = match check.finish(note) {
        Ok(note) => state.context.release_template(&visit.actor, id, note.as_ref(), Some(version), &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    let (status, errors, stale) = match released {
        Ok(_) => return Ok(go_on(&format!("/library/templates/{id}"), Some(&Said::Released))),
        Err(Error::Stale { .. }) => (StatusCode::CONFLICT, FieldErrors::default(), true),
        Err(Error::Conflict(Conflict::DraftUnfinished { .. } | Conflict::NothingToRelease)) => {
            (StatusCode::CONFLICT, FieldErrors::default(), false)
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::of(error)?, false),
    };
    let detail = state.context.template(&visit.actor, id).await?;
    let note = errors.field("note", form.text("note"), visit.t);
    Ok(visit.answer_with(status, &page(&state, &visit, &detail, note, stale).await?))
}

async fn page(state: &AppState, visit: &Visit, detail: &TemplateDetail, note: Field, stale: bool) -> Result<ReleaseTemplatePage, Problem> {
    let w = &visit.t.editor;
    let latest = detail.latest_release();
    let blank = ReleaseContent::blank();
    let changes = detail.draft().map(|draft| ReleaseChanges::between(latest.map_or(&blank, |release| &release.content), &draft.content));
    let mut crumbs = crumbs(visit, detail, w.release_title);
    crumbs.insert(2, Crumb::to(w.draft, format!("/library/templates/{}/draft", detail.template.id)));
    Ok(ReleaseTemplatePage {
        layout: visit.layout(state, w.release_title, Nav::Library, None).await?,
        crumbs,
        id: detail.template.id.to_string(),
        version: detail.template.version.into(),
        number: detail.draft().map(|draft| draft.number),
        before: latest.map(|release| release.number),
        stale,
        problems: detail.draft().map(|draft| problems::rows(&draft.content, visit.t)).unwrap_or_default(),
        changes: changes.map(|changes| Changes::of(changes, visit.t)).unwrap_or_default(),
        note,
    })
}

pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id, number)): Ids<(TemplateId, i32)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::ReadLibrary)?;
    let detail = state.context.template(&visit.actor, id).await?;
    let release = detail.release(number).ok_or(Error::NotFound)?;
    let asked = parameters.get("against").map(|text| text.parse().ok().and_then(|number| detail.release(number)).ok_or(Error::NotFound));
    let against = asked.transpose()?.or_else(|| detail.release(number - 1));
    let t = visit.t;
    let title = t.library.release_of.with(number);
    let layout = visit.layout(&state, format!("{}{}{title}", detail.template.name, t.common.separator), Nav::Library, None).await?;
    let current = against.map(|release| release.number.to_string()).unwrap_or_default();
    let others = detail.releases.iter().filter(|other| other.released_at.is_some() && other.number != number);
    Ok(visit.answer(&ReleasePage {
        layout,
        crumbs: crumbs(&visit, &detail, &title),
        id: id.to_string(),
        number,
        about: about(&visit, release),
        note: release.note.clone(),
        others: others.map(|other| Choice::new(other.number.to_string(), t.library.release_of.with(other.number), &current)).collect(),
        changes: against.map(|before| (before.number, Changes::of(ReleaseChanges::between(&before.content, &release.content), t))),
        content: TemplateContent::of(&release.content, t),
    }))
}

fn about(visit: &Visit, release: &Release) -> String {
    let w = &visit.t.editor;
    let at = format::moment(release.at, &visit.zone(), visit.t).text;
    release.by.as_ref().map_or_else(|| w.released_at.with(&at), |person| w.released_by.with2(&at, &person.name))
}
