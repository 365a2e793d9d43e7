//! `muster token add`, on the service that it stands on.

use muster_domain::{
    ids::CustomerId,
    text::Name,
    tokens::{TokenLifetime, TokenRight},
};
use muster_service::{Error, TokenRequest};

use super::Program;
use crate::app::TestApp;

#[tokio::test]
async fn a_token_made_at_the_machine_is_no_more_than_its_person() {
    let app = TestApp::start().await;
    let request = TokenRequest {
        name: Name::parse("Backup").unwrap(),
        rights: vec![TokenRight::Read, TokenRight::Library],
        customers: Some(vec![CustomerId(1), CustomerId(2)]),
        lifetime: TokenLifetime::parse(1).unwrap(),
    };
    let made = app.context.add_token("Manager@test.example", &request).await.unwrap();
    let program = Program::new(&app, made.token.expose());
    program.get("/api/v1/customers/1").await.expect(200);
    program.get("/api/v1/customers/2").await.refused(404, "not-found");
    program.get("/api/v1/iso-standards").await.refused(403, "forbidden");
    assert!(matches!(app.context.add_token("nobody@test.example", &request).await, Err(Error::NotFound)));
}
