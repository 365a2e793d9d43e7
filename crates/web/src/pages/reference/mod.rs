//! The description of the API as a page of our own: bundled browsers of API descriptions need inline scripts.

mod handlers;
mod schema;
mod view;
pub(crate) use handlers::routes;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};

/// `GET /api/docs`.
#[derive(Debug, Clone, Template)]
#[template(path = "reference/page.html")]
pub struct ApiDocsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// Title of the API.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it says about itself, in paragraphs.
    pub description: Vec<String>,
    /// Operations, grouped by tag.
    pub tags: Vec<ApiTag>,
}

/// A group of operations.
#[derive(Debug, Clone)]
pub struct ApiTag {
    /// Names the group in the page.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Its operations.
    pub operations: Vec<ApiOperation>,
}

/// One method of one path.
#[derive(Debug, Clone)]
pub struct ApiOperation {
    /// Names the operation in the page.
    pub key: String,
    /// `GET`, `POST`, ...
    pub method: String,
    /// `/api/v1/customers/{id}`.
    pub path: String,
    /// One line.
    pub summary: String,
    /// More about it, in paragraphs.
    pub description: Vec<String>,
    /// Going away.
    pub deprecated: bool,
    /// Parameters of path, query and headers.
    pub parameters: Vec<ApiField>,
    /// Fields of the request's body.
    pub body: Vec<ApiField>,
    /// Answers, by status.
    pub responses: Vec<ApiResponse>,
}

/// A parameter or a field of a body.
#[derive(Debug, Clone)]
pub struct ApiField {
    /// Its name; fields of fields as `progress.total`.
    pub name: String,
    /// `path`, `query`, `header`; empty for a field of a body.
    pub place: String,
    /// `integer (int32)`, `string (uuid)`, `one of low, medium, high`.
    pub kind: String,
    /// Required.
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct ApiResponse {
    /// Status.
    pub status: String,
    /// When it comes.
    pub description: String,
    /// Fields of its body.
    pub fields: Vec<ApiField>,
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for ApiDocsPage {
    const NAME: &'static str = "api-docs";

    fn samples() -> Vec<(&'static str, Self)> {
        let field = |name: &str, place: &str, kind: &str, required| ApiField {
            name: name.into(),
            place: place.into(),
            kind: kind.into(),
            required,
            description: Some("What it means.".into()),
        };
        let operation = |key: &str, method: &str, path: &str, summary: &str| ApiOperation {
            key: key.into(),
            method: method.into(),
            path: path.into(),
            summary: summary.into(),
            description: vec!["Creates the customer-level tasks that the rules ask for.".into()],
            deprecated: method == "DELETE",
            parameters: vec![field("id", "path", "integer (int32)", true), field("q", "query", "string", false)],
            body: if method == "GET" { Vec::new() } else { vec![field("name", "", "string", true)] },
            responses: vec![ApiResponse {
                status: "200".into(),
                description: "The customer.".into(),
                fields: vec![field("id", "", "integer (int32)", true), field("progress.total", "", "integer (int32)", true)],
            }],
        };
        let full = Self {
            layout: crate::samples::consultant("API description", Nav::Elsewhere),
            title: "Muster".into(),
            version: "0.1.0".into(),
            description: vec!["Errors are application/problem+json.".into()],
            tags: vec![ApiTag {
                key: "customers".into(),
                name: "Customers".into(),
                description: Some("The firm's customers.".into()),
                operations: vec![
                    operation("list_customers", "GET", "/api/v1/customers", "List customers"),
                    operation("create_customer", "POST", "/api/v1/customers", "Create a customer"),
                    operation("remove_customer", "DELETE", "/api/v1/customers/{id}/a/very/long/path/that/does/not/end", "Remove"),
                ],
            }],
        };
        vec![("full", full.clone()), ("empty", Self { tags: Vec::new(), description: Vec::new(), ..full })]
    }
}
