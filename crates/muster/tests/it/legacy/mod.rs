//! Moving an older database over: databases of its shapes, where the truth of every row is known.

mod beside;
mod deciding;
mod inspecting;
mod kills;
mod older;
mod running;
mod schema;
mod shapes;
mod surroundings;

/// Fails unless the comparison finds everything equal, and says what is not.
async fn equal(url: &str) {
    let found = muster_service::legacy::verify(url).await.unwrap();
    let bad: Vec<_> = found.checks.iter().filter(|check| !check.is_equal()).collect();
    assert!(found.is_equal && bad.is_empty(), "{bad:?}");
}
