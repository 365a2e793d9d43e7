//! How often the statements of a scope are planned.

/// When PostgreSQL looks for the best way to a statement's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// When it finds it right.
    Usually,
    /// Once for all: for statements that are asked all the time and find their rows by the same index whatever is asked
    /// for. Planning them for each request's values takes several times as long as running them, and finds the same
    /// plan. Not for texts in which an index depends on a value (`$2 IS NULL OR id = $2`), nor for those that one scope
    /// answers by the customer and another one by something else.
    Once,
    /// For each request: for statements whose best plan depends on who asks and how much there is. One plan for somebody
    /// with a thousand customers and somebody with one would read all tasks for both, and one for customers of a hundred
    /// tasks would look up what stands above each of twenty thousand.
    Anew,
}

impl Planned {
    /// What follows the settings of row security.
    pub(super) const fn setting(self) -> &'static str {
        match self {
            Self::Usually => "",
            Self::Once => "; SET LOCAL plan_cache_mode = force_generic_plan",
            Self::Anew => "; SET LOCAL plan_cache_mode = force_custom_plan",
        }
    }
}
