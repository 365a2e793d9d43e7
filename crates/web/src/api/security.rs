//! What the OpenAPI document says about being let in.

use utoipa::openapi::{
    OpenApi,
    path::Operation,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

/// Names the two ways in, and requires one of them wherever a route does not say something else.
/// Public routes say `security(())`, those for people alone `security(("session" = []))`.
pub(super) fn describe(document: &mut OpenApi) {
    let cookie = "The session that POST /api/v1/session begins. Over plain http, as on loopback, the cookie is called muster.";
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("__Host-muster", cookie)));
    let token = "An API token, made on the page “API tokens” of the profile, with POST /api/v1/me/tokens, or with muster token add.";
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(token)).build());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("session", session);
    components.add_security_scheme("token", bearer);
    let none: [&str; 0] = [];
    let either = vec![SecurityRequirement::new("session", none), SecurityRequirement::new("token", none)];
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            let operation: &mut Operation = operation;
            operation.security.get_or_insert_with(|| either.clone());
        }
    }
}
