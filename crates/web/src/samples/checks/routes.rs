//! The routes that pages may name.

/// Where forms may be sent, with `{}` for an id.
pub(super) const POSTS: &[&str] = &[
    "/customers",
    "/customers/{}",
    "/customers/{}/archive",
    "/customers/{}/people",
    "/customers/{}/people/assign",
    "/customers/{}/people/{}",
    "/customers/{}/people/{}/invite",
    "/customers/{}/people/{}/remove",
    "/customers/{}/people/{}/standing",
    "/customers/{}/people/{}/transfer",
    "/customers/{}/plans",
    "/customers/{}/respondents/{}/revoke",
    "/customers/{}/tasks",
    "/customers/{}/unarchive",
    "/firm",
    "/firm/logo",
    "/firm/logo/remove",
    "/invitations/{}",
    "/library/standards",
    "/library/task-rules",
    "/library/task-rules/{}",
    "/library/task-rules/{}/apply",
    "/outbox/{}/retry",
    "/people/integrations",
    "/people/integrations/{}/revoke",
    "/people",
    "/people/{}",
    "/people/{}/invite",
    "/people/{}/remove",
    "/people/{}/standing",
    "/plans/{}/ignore",
    "/plans/{}/restore",
    "/plans/{}/templates",
    "/plans/{}/templates/{}/answers/{}",
    "/plans/{}/templates/{}/answers/{}/reuse",
    "/plans/{}/templates/{}/documents",
    "/plans/{}/templates/{}/ignore",
    "/plans/{}/templates/{}/questions/{}/delegate",
    "/plans/{}/templates/{}/restore",
    "/preferences",
    "/profile/tokens",
    "/profile/tokens/{}/revoke",
    "/respond/{}/answers/{}",
    "/setup/{}",
    "/sign-in",
    "/sign-in/organisation",
    "/sign-out",
    "/tasks/{}",
    "/tasks/{}/ignore",
    "/tasks/{}/mail",
    "/tasks/{}/moves",
    "/tasks/{}/restore",
    "/tasks/{}/take",
];

/// Where links and filters may lead.
pub(super) const GETS: &[&str] = &[
    "/",
    "/api/docs",
    "/api/v1/audit/checkpoints",
    "/api/v1/audit/export",
    "/api/v1/customers/{}/audit/export",
    "/api/v1/openapi.json",
    "/audit",
    "/customers/new",
    "/customers/{}",
    "/customers/{}/audit",
    "/customers/{}/edit",
    "/customers/{}/ignored",
    "/customers/{}/people",
    "/customers/{}/people/{}",
    "/customers/{}/plans",
    "/customers/{}/respondents",
    "/documents/{}",
    "/firm",
    "/library/standards",
    "/library/task-rules",
    "/library/task-rules/new",
    "/library/task-rules/{}",
    "/library/task-rules/{}/apply",
    "/library/templates",
    "/library/templates/{}",
    "/my-work",
    "/outbox",
    "/people/integrations",
    "/people",
    "/people/{}",
    "/plans/{}/ignore",
    "/plans/{}/templates/assign",
    "/plans/{}/templates/{}/ignore",
    "/plans/{}/templates/{}/questionnaire",
    "/profile/tokens",
    "/sign-in",
    "/tasks/{}/ignore",
    "/tasks/{}/mail",
];

/// Whether an address leads to one of these routes.
pub(super) fn known(routes: &[&str], address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    routes.iter().any(|route| {
        let (mut wanted, mut given) = (route.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some("{}"), Some(id)) if !id.is_empty() && id != "new" && id != "assign" => {}
                (Some(left), Some(right)) if left == right => {}
                _ => return false,
            }
        }
    })
}
