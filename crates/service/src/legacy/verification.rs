//! Comparing an upgraded database with what it was.

use muster_store::{Check, LegacyDatabase, LegacyError, NewWork, Phase};
use serde::Serialize;

/// What a comparison found.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// How far the move has come.
    pub phase: Phase,
    /// Everything that was compared.
    pub checks: Vec<Check>,
    /// Customers for whom nobody has worked since the cutover: these are compared as they are now, the
    /// others as they were then.
    pub untouched_customers: usize,
    /// What was done since.
    pub new_work: Vec<NewWork>,
    /// Whether everything is equal.
    pub is_equal: bool,
}

/// Compares the database at `url`, column by column, with what it was before its move. Changes
/// nothing.
///
/// # Errors
/// [`LegacyError::Phase`] where no move has been begun.
pub async fn verify(url: &str) -> Result<Verified, LegacyError> {
    let mut db = LegacyDatabase::look(url).await?;
    if matches!(db.phase(), Phase::None) {
        return Err(LegacyError::Phase(db.phase()));
    }
    // After the end the older tables are gone; what they held was compared before.
    let mut checks = if db.phase() == Phase::Finished { Vec::new() } else { db.check_originals(true).await? };
    checks.push(db.check_owners().await?);
    checks.extend(db.kept_sums().await?);
    let (untouched_customers, present) = db.present_sums().await?;
    checks.extend(present);
    checks.push(db.check_constraints().await?);
    let is_equal = checks.iter().all(Check::is_equal);
    Ok(Verified { phase: db.phase(), checks, untouched_customers, new_work: db.new_work().await?, is_equal })
}
