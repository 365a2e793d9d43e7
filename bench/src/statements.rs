//! The program's own statements, taken from its source, so that they are measured as they are.

use crate::Result;

const WORKSPACE: &str = include_str!("../../crates/store/src/workspace/mod.rs");
const WORKSPACE_TASKS: &str = include_str!("../../crates/store/src/workspace/tasks.rs");
const GENERATION: &str = include_str!("../../crates/store/src/generation.rs");
const TASKS: &str = include_str!("../../crates/store/src/tasks/write.rs");

/// What a workspace is read with: its headers, its tasks; `$1` is the customer.
pub fn workspace() -> Result<[&'static str; 2]> {
    Ok([holding(WORKSPACE, "dna_app.customer_documents")?, holding(WORKSPACE_TASKS, "dna_app.customer_tasks")?])
}

/// Adds generated tasks from lists.
pub fn generate() -> Result<&'static str> {
    holding(GENERATION, "INSERT INTO dna_app.customer_tasks")
}

/// Gives a task another status.
pub fn set_status() -> Result<&'static str> {
    holding(TASKS, "SET status = $3::text, completed_at")
}

/// The raw string of a source that holds some words.
fn holding(source: &'static str, words: &str) -> Result<&'static str> {
    let mut strings = source.split("r#\"").skip(1).filter_map(|rest| rest.split("\"#").next());
    strings.find(|one| one.contains(words)).ok_or_else(|| format!("the source has no statement with `{words}` any more").into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_statements_are_where_they_are_looked_for() {
        let [headers, tasks] = super::workspace().unwrap();
        assert!(headers.contains("UNION ALL") && tasks.contains("is_ignored"));
        assert!(super::generate().unwrap().contains("unnest"));
        assert!(super::set_status().unwrap().contains("$5"));
    }
}
