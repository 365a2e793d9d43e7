//! `muster openapi`: the OpenAPI document.

use super::say;

/// Prints the document.
pub fn run() {
    say(&muster_web::openapi_text());
}
