//! The first admin of a new installation.

use jiff::SignedDuration;
use muster_domain::{
    people::Password,
    text::{Email, Name},
};
use muster_service::{Browser, Credentials, Error};
use sqlx::Executor as _;

use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn a_setup_link_makes_one_admin() {
    let app = TestApp::start().await;
    assert!(app.context.setup_secret().await.unwrap().is_none(), "people are there already");
    app.database.superuser().await.execute("TRUNCATE auth.users CASCADE").await.unwrap();
    let old = app.context.setup_secret().await.unwrap().unwrap();
    let secret = app.context.setup_secret().await.unwrap().unwrap();
    assert!(!app.context.is_setup_secret(&old).await.unwrap(), "a new link ends the one before");
    let (name, email, password) =
        (Name::parse("Ada").unwrap(), Email::parse("ada@test.example").unwrap(), Password::parse(PASSWORD).unwrap());
    assert!(matches!(app.context.create_first_admin("nonsense", &name, &email, &password).await, Err(Error::NotFound)));
    app.context.create_first_admin(&secret, &name, &email, &password).await.unwrap();
    assert!(matches!(app.context.create_first_admin(&secret, &name, &email, &password).await, Err(Error::NotFound)));
    let credentials = Credentials { email: "ada@test.example", password: PASSWORD };
    app.context.sign_in(credentials, None, Browser::default()).await.unwrap();
}

#[tokio::test]
async fn a_setup_link_is_good_for_a_day() {
    let app = TestApp::start().await;
    app.database.superuser().await.execute("TRUNCATE auth.users CASCADE").await.unwrap();
    let secret = app.context.setup_secret().await.unwrap().unwrap();
    app.advance(SignedDuration::from_hours(25));
    assert!(!app.context.is_setup_secret(&secret).await.unwrap());
}
