//! What every page handler needs: who is visiting, the frame around the page, forms, and the way
//! on after an action.

mod form;
mod workspace;

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use muster_domain::{
    access::Actor,
    ids::CustomerId,
    people::{FirmRole, MemberRole},
    spreadsheets::ImportKind,
};
use muster_service::{CustomerFilter, Error, Purpose, Slice};

pub(crate) use self::{form::Form, workspace::WorkspaceVisit};
pub(crate) use super::said::Said;
use crate::{
    layout::{Layout, Nav, Theme, Viewer, WorkspaceLink},
    parts::initials,
    problem::{KnownViewer, Problem},
    session::session_token,
    state::AppState,
    text::Text,
};

/// The cookie that keeps the choice of appearance.
const THEME_COOKIE: &str = "muster_theme";
/// The header of what a page fetches by itself, without anybody having done anything.
const BY_ITSELF: &str = "muster-by-itself";
/// The cookie that carries a message to the next page.
const SAID_COOKIE: &str = "muster_said";

/// A signed-in person on a page. Somebody who is not signed in is sent to the sign-in page and
/// back afterwards.
pub(crate) struct Visit {
    /// Who it is.
    pub(crate) actor: Actor,
    /// When the request came.
    pub(crate) now: Timestamp,
    /// The words of the reader's language.
    pub(crate) t: &'static Text,
    /// Path and query of this page.
    pub(crate) here: String,
    theme: Theme,
    said: Option<Said>,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let visit = AccountVisit::from_request_parts(parts, state).await?.0;
        // The one place that holds visitors back from every page but those of their own account.
        if state.context.is_held_back(&visit.actor) { Err(see_other("/profile/totp")) } else { Ok(visit) }
    }
}

/// The same on the pages of one's own account, which are open also to somebody who has to set up
/// two-step sign-in before anything else.
pub(crate) struct AccountVisit(pub(crate) Visit);

impl FromRequestParts<AppState> for AccountVisit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let had_session = session_token(&parts.headers, state.is_secure);
        let actor = match &had_session {
            None => Err(Error::Unauthenticated),
            // What a page fetches by itself does not keep the session alive.
            Some(token) if parts.headers.contains_key(BY_ITSELF) => state.context.look_at_session(token).await,
            Some(token) => state.context.actor_at_own_account(token, purpose_of(parts)).await,
        };
        let here = here_of(parts);
        Visit::of(parts, state, actor, here, had_session.is_some()).map(Self)
    }
}

/// Path and query of what is asked for.
fn here_of(parts: &Parts) -> String {
    parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// What a visitor comes for. Whoever changes something may have something overdue by that, so only a page that is just
/// read is told beforehand whether there can be anything.
fn purpose_of(parts: &Parts) -> Purpose {
    if parts.method.is_safe() { Purpose::Page } else { Purpose::Other }
}

/// Sends a visitor to the sign-in page. A form that was sent without a session cannot be sent
/// again by a redirect, so its visitor comes back to the page that the form stood on.
fn to_sign_in(parts: &Parts, here: &str, had_session: bool) -> Response {
    let came_from = referer_path(&parts.headers);
    let back = if parts.method == "GET" { here.to_owned() } else { came_from.unwrap_or_else(|| "/".to_owned()) };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", &local_path(&back));
    if had_session {
        query.append_pair("ended", "1");
    }
    see_other(&format!("/sign-in?{}", query.finish()))
}

impl Visit {
    /// The visit of somebody who was looked up.
    fn of(parts: &Parts, state: &AppState, actor: Result<Actor, Error>, here: String, had_session: bool) -> Result<Self, Response> {
        let actor = match actor {
            Ok(actor) => actor,
            Err(Error::Unauthenticated) => return Err(to_sign_in(parts, &here, had_session)),
            Err(other) => return Err(Problem::from(other).into_response()),
        };
        let theme = theme_of(&parts.headers);
        let said = cookie(&parts.headers, SAID_COOKIE).and_then(Said::read);
        let t = Text::of(actor.locale());
        let visit = Self { actor, now: state.context.now(), t, here, theme, said };
        if let Some(known) = parts.extensions.get::<KnownViewer>() {
            known.set(visit.plain_viewer());
        }
        Ok(visit)
    }

    /// Whether no message is to be shown with the page.
    pub(crate) const fn is_told_nothing(&self) -> bool {
        self.said.is_none()
    }

    /// Names everything that a page of one customer depends on besides the customer's work: the frame, who reads
    /// it with which rights, and the day it is for them.
    pub(crate) fn name_of_page(&self, layout: &Layout) -> String {
        let (actor, utc) = (&self.actor, self.now.to_zoned(TimeZone::UTC).date());
        let here: Vec<_> = actor.memberships().iter().filter(|one| Some(one.customer_id.0) == layout.customer).collect();
        let reader = (actor.user_id(), actor.firm_role(), here, actor.locale(), self.today(), utc);
        format!("{reader:?} {:?} {:?} {:?} {}", layout.viewer, layout.nav, layout.theme, layout.here)
    }

    /// The zone in which days and moments are told to the visitor.
    pub(crate) fn zone(&self) -> TimeZone {
        self.actor.time_zone()
    }

    /// The day it is for the visitor.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(self.zone()).date()
    }

    /// The frame of a page. `customer` is the customer that the page belongs to.
    pub(crate) async fn layout(
        &self,
        state: &AppState,
        title: impl Into<String>,
        nav: Nav,
        customer: Option<i32>,
    ) -> Result<Layout, Problem> {
        if state.context.is_held_back(&self.actor) {
            return Ok(self.framed(Layout::signed_in(title, self.plain_viewer(), nav)));
        }
        let overdue = state.context.my_overdue_count(&self.actor, Viewer::MOST_OVERDUE + 1).await?;
        let mut workspaces = Vec::new();
        if !self.actor.is_firm() {
            let mine = state.context.customers(&self.actor, &CustomerFilter::default(), Slice { limit: 5, offset: 0 }).await?;
            let link = |one: muster_domain::customers::Customer| WorkspaceLink {
                current: customer == Some(one.id.0) && nav == Nav::Workspace,
                customer_id: one.id.0,
                name: one.name,
            };
            workspaces = mine.items.into_iter().map(link).collect();
        }
        let viewer = Viewer {
            name: self.actor.name().to_owned(),
            initials: initials(self.actor.name()),
            role: self.role(&workspaces),
            email: self.actor.email().to_owned(),
            firm: self.actor.is_firm(),
            admin: self.actor.is_admin(),
            imports: state.context.may_import(&self.actor, ImportKind::Tasks),
            overdue: u32::try_from(overdue).unwrap_or(u32::MAX),
            workspaces,
        };
        Ok(Layout { customer, ..self.framed(Layout::signed_in(title, viewer, nav)) })
    }

    fn framed(&self, layout: Layout) -> Layout {
        let toast = self.said.as_ref().map(|said| said.toast(self.t));
        Layout { t: self.t, theme: self.theme, here: self.here.clone(), toast, ..layout }
    }

    /// The visitor as far as the session tells, for an error page: what is read besides may be what failed.
    fn plain_viewer(&self) -> Viewer {
        let link = |id: CustomerId| WorkspaceLink { customer_id: id.0, name: String::new(), current: false };
        let workspaces = match self.actor.memberships() {
            [only] if !self.actor.is_firm() => vec![link(only.customer_id)],
            _ => Vec::new(),
        };
        Viewer {
            name: self.actor.name().to_owned(),
            initials: initials(self.actor.name()),
            role: self.role(&[]),
            email: self.actor.email().to_owned(),
            firm: self.actor.is_firm(),
            admin: self.actor.is_admin(),
            imports: false,
            overdue: 0,
            workspaces,
        }
    }

    fn role(&self, workspaces: &[WorkspaceLink]) -> String {
        let names = &self.t.names;
        let word = |role: MemberRole| match role {
            MemberRole::Consultant => names.consultant,
            MemberRole::Manager => names.manager,
            MemberRole::Contributor => names.contributor,
            MemberRole::Approver => names.approver,
            MemberRole::Auditor => names.auditor,
        };
        match self.actor.firm_role() {
            Some(FirmRole::Admin) => names.admin.to_owned(),
            Some(FirmRole::Consultant) => names.consultant.to_owned(),
            None => {
                let mut words: Vec<&str> = self.actor.memberships().iter().map(|one| word(one.role)).collect();
                words.dedup();
                let roles = words.join(", ");
                match workspaces {
                    [only] => format!("{roles}{}{}", self.t.common.separator, only.name),
                    _ => roles,
                }
            }
        }
    }

    /// The page as an answer. A message that it showed is not shown again.
    pub(crate) fn answer(&self, page: &impl Template) -> Response {
        self.answer_with(StatusCode::OK, page)
    }

    /// The page as an answer with a status, as when a form is refused.
    pub(crate) fn answer_with(&self, status: StatusCode, page: &impl Template) -> Response {
        let mut response = render(status, page);
        if self.said.is_some() {
            let gone = HeaderValue::from_static("muster_said=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
        response
    }
}

/// A page as an answer.
pub(crate) fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => Problem::from(Error::internal(error)).into_response(),
    }
}

/// Goes on to another page after an action, which may say something there.
pub(crate) fn go_on(path: &str, said: Option<&Said>) -> Response {
    let mut response = see_other(path);
    let value = said.map(|said| format!("{SAID_COOKIE}={}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax", said.write()));
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Path and query of the page that a request came from; the policy of our pages tells it to this host only.
pub(crate) fn referer_path(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    rest.find('/').map(|at| rest[at..].to_owned())
}

/// Goes on to another page of ours.
pub(crate) fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// A path of ours to go on to, whatever was asked for: an address that a browser could take for
/// another site becomes the start page.
pub(crate) fn local_path(asked: &str) -> String {
    let is_local = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && !asked.chars().any(|character| character.is_control() || character.is_whitespace());
    if is_local && asked.len() <= 2000 { asked.to_owned() } else { "/".to_owned() }
}

/// The cookie that keeps the choice of appearance, for a year.
pub(crate) fn theme_cookie(theme: Theme) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{THEME_COOKIE}={}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax", theme.key())).ok()
}

/// The choice of appearance that a browser keeps.
pub(crate) fn theme_of(headers: &HeaderMap) -> Theme {
    Theme::from_key(cookie(headers, THEME_COOKIE).unwrap_or_default())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(one, _)| *one == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_off_the_site() {
        for path in ["/", "/customers/1?task=2#task", "/my-work"] {
            assert_eq!(local_path(path), path);
        }
        for path in ["//evil", "/\\evil", "\\\\evil", "https://evil", "evil", "", "/\tevil", "/a\nb", "/%0a/\\x"] {
            assert_eq!(local_path(path), "/", "{path:?}");
        }
    }
}
