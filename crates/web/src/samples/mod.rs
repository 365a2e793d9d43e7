//! Samples of every page, rendered by the tests below and shown by the gallery.

#[cfg(test)]
mod checks;
pub mod tasks;

use askama::Template;

use crate::layout::{Layout, Nav, Viewer, WorkspaceLink};
use crate::pages;

/// A page that supplies samples of itself.
pub trait Sampled: Template + Sized {
    /// The page's name in the gallery.
    const NAME: &'static str;

    /// Samples with a name each: as usual, empty, full, refused.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// A rendered sample.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its path in the gallery, for example `/sign-in/refused`.
    pub path: String,
    /// The whole page.
    pub html: String,
}

/// Every sample of every page.
///
/// # Errors
///
/// When a template fails to render.
pub fn all() -> askama::Result<Vec<Sample>> {
    let mut list = Vec::new();
    add::<pages::account::SignInPage>(&mut list)?;
    add::<pages::account::CodePage>(&mut list)?;
    add::<pages::account::ResetAskPage>(&mut list)?;
    add::<pages::account::ResetSetPage>(&mut list)?;
    add::<pages::account::OnwardsPage>(&mut list)?;
    add::<pages::account::UnsubscribePage>(&mut list)?;
    add::<pages::calendar::CalendarPage>(&mut list)?;
    add::<pages::account::SetupPage>(&mut list)?;
    add::<pages::profile::ProfilePage>(&mut list)?;
    add::<pages::profile::TotpPage>(&mut list)?;
    add::<pages::profile::RecoveryCodesPage>(&mut list)?;
    add::<pages::account::InvitationPage>(&mut list)?;
    add::<pages::people::PeoplePage>(&mut list)?;
    add::<pages::people::PersonPage>(&mut list)?;
    add::<pages::firm::FirmPage>(&mut list)?;
    add::<pages::problem::ProblemPage>(&mut list)?;
    add::<pages::portfolio::PortfolioPage>(&mut list)?;
    add::<pages::customers::CustomerFormPage>(&mut list)?;
    add::<pages::work::MyWorkPage>(&mut list)?;
    add::<pages::workspace::WorkspacePage>(&mut list)?;
    add::<pages::questionnaire::QuestionnairePage>(&mut list)?;
    add::<pages::documents::DocumentPage>(&mut list)?;
    add::<pages::evidence::EvidencePage>(&mut list)?;
    add::<pages::evidence::RefusedPage>(&mut list)?;
    add::<pages::evidence::RegisterPage>(&mut list)?;
    add::<pages::evidence::GapsPage>(&mut list)?;
    add::<pages::evidence::TasksPage>(&mut list)?;
    add::<pages::documents::EditDocumentPage>(&mut list)?;
    add::<pages::documents::PrintPage>(&mut list)?;
    add::<pages::plans::AssignPlanPage>(&mut list)?;
    add::<pages::plans::AssignTemplatesPage>(&mut list)?;
    add::<pages::ignoring::ReasonPage>(&mut list)?;
    add::<pages::ignoring::IgnoredPage>(&mut list)?;
    add::<pages::conflict::ConflictPage>(&mut list)?;
    add::<pages::audit::AuditPage>(&mut list)?;
    add::<pages::legacy::LegacyPage>(&mut list)?;
    add::<pages::mail::MailPage>(&mut list)?;
    add::<pages::mail::OutboxPage>(&mut list)?;
    add::<pages::tokens::TokensPage>(&mut list)?;
    add::<pages::questionnaire::UsesPage>(&mut list)?;
    add::<pages::respond::RespondPage>(&mut list)?;
    add::<pages::respondents::RespondentsPage>(&mut list)?;
    add::<pages::library::StandardsPage>(&mut list)?;
    add::<pages::library::TemplatesPage>(&mut list)?;
    add::<pages::library::TemplatePage>(&mut list)?;
    add::<pages::exchange::ImportPage>(&mut list)?;
    add::<pages::exchange::ImportedPage>(&mut list)?;
    add::<pages::exchange::UpgradePage>(&mut list)?;
    add::<pages::exchange::CustomersPage>(&mut list)?;
    add::<pages::editor::EditorPage>(&mut list)?;
    add::<pages::editor::QuestionPage>(&mut list)?;
    add::<pages::editor::ReleaseTemplatePage>(&mut list)?;
    add::<pages::editor::ReleasePage>(&mut list)?;
    add::<pages::editor::DetailsPage>(&mut list)?;
    add::<pages::editor::GuidePage>(&mut list)?;
    add::<pages::library::RulesPage>(&mut list)?;
    add::<pages::library::RuleFormPage>(&mut list)?;
    add::<pages::library::ApplyRulePage>(&mut list)?;
    add::<pages::reference::ApiDocsPage>(&mut list)?;
    Ok(list)
}

fn add<P: Sampled>(list: &mut Vec<Sample>) -> askama::Result<()> {
    for (name, page) in P::samples() {
        list.push(Sample { path: format!("/{}/{name}", P::NAME), html: page.render()? });
    }
    Ok(())
}

/// The frame as a consultant of the firm sees it.
#[must_use]
pub fn consultant(title: &str, nav: Nav) -> Layout {
    Layout::signed_in(
        title,
        Viewer {
            name: "Mara Lindqvist".into(),
            initials: "ML".into(),
            role: "Consultant, Nordlicht Compliance".into(),
            email: "mara.lindqvist@nordlicht.example".into(),
            firm: true,
            admin: true,
            overdue: 3,
            workspaces: Vec::new(),
        },
        nav,
    )
}

/// The frame as somebody of the customer sees it.
#[must_use]
pub fn member(title: &str, nav: Nav) -> Layout {
    Layout::signed_in(
        title,
        Viewer {
            name: "Elena Brandt".into(),
            initials: "EB".into(),
            role: "Approver, Acme Corp".into(),
            email: "elena.brandt@acme.example".into(),
            firm: false,
            admin: false,
            overdue: 0,
            workspaces: vec![WorkspaceLink { customer_id: 5, name: "Acme Corp".into(), current: true }],
        },
        nav,
    )
}
