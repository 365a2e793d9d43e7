//! What a move changes in a workspace that is open already: the row, the figures above it, the drawer. A workspace may
//! show two thousand tasks, and one of them moved.

use askama::Template;
use axum::http::HeaderMap;

use super::{CustomerNode, Drawer, Filters, Head, May, PlanNode, Summary, WorkspacePage};
use crate::filters;
use crate::parts::{Progress, TaskRow, Tasks};
use crate::text::Text;

/// The parts of the page that a move changes.
#[derive(Debug, Clone, Template)]
#[template(path = "workspace/moved.html")]
pub(crate) struct MovedPage {
    t: &'static Text,
    row: TaskRow,
    tallies: Vec<(String, Progress)>,
    customer: Head,
    may: May,
    summary: Summary,
    filters: Filters,
    tasks: CustomerNode,
    plans: Vec<PlanNode>,
    ignored: u32,
    drawer: Option<Drawer>,
}

impl MovedPage {
    /// What changed around a task. Nothing, if the filters do not leave it any more: then the whole tree is another.
    pub(crate) fn of(page: WorkspacePage, task: &str) -> Option<Self> {
        let (row, tallies) = find(&page, task)?;
        Some(Self {
            t: page.layout.t,
            row,
            tallies,
            customer: page.customer,
            may: page.may,
            summary: page.summary,
            filters: page.filters,
            tasks: page.tasks,
            plans: page.plans,
            ignored: page.ignored,
            drawer: page.drawer.filter(|drawer| drawer.id == task),
        })
    }
}

/// The row of a task, and how far the nodes around it are.
fn find(page: &WorkspacePage, task: &str) -> Option<(TaskRow, Vec<(String, Progress)>)> {
    let row = |tasks: &Tasks| tasks.open.iter().chain(&tasks.done).find(|row| row.id == task).cloned();
    if let Some(row) = row(&page.tasks.tasks) {
        return Some((row, vec![("customer-tasks".to_owned(), page.tasks.progress)]));
    }
    for plan in &page.plans {
        let plan_tally = (format!("plan-{}", plan.id), plan.progress);
        if let Some(row) = row(&plan.tasks) {
            return Some((row, vec![plan_tally]));
        }
        for template in &plan.templates {
            let template_tally = (format!("template-{}-{}", plan.id, template.id), template.progress);
            if let Some(row) = row(&template.tasks) {
                return Some((row, vec![plan_tally, template_tally]));
            }
            for document in &template.documents {
                if let Some(row) = row(&document.tasks) {
                    let document_tally = (format!("document-{}", document.id), document.progress);
                    return Some((row, vec![plan_tally, template_tally, document_tally]));
                }
            }
        }
    }
    None
}

/// Whether a page that is open asks for a part of itself, named by its id.
pub(crate) fn is_for(headers: &HeaderMap, id: &str) -> bool {
    let target = headers.get("hx-target").and_then(|target| target.to_str().ok());
    target.and_then(|target| target.split_once('#')).is_some_and(|(_, part)| part == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sampled as _;

    #[test]
    fn a_move_sends_its_row_and_what_counts_it() {
        let (_, page) =
            WorkspacePage::samples().into_iter().find(|(_, page)| page.plans.iter().any(|plan| !plan.templates.is_empty())).unwrap();
        let whole = page.render().unwrap();
        let template = page.plans.iter().flat_map(|plan| &plan.templates).find(|one| !one.tasks.open.is_empty()).unwrap();
        let (plan, row) = (format!("plan-{}", template.plan_id), template.tasks.open[0].clone());
        let moved = MovedPage::of(page.clone(), &row.id).unwrap();
        assert_eq!(moved.tallies[0].0, plan);
        assert_eq!(moved.tallies[1].0, format!("template-{}-{}", template.plan_id, template.id));
        let html = moved.render().unwrap();
        assert!(html.contains(&format!("id=\"t-{}\"", row.id)) && html.contains("id=\"summary\"") && html.contains("id=\"outline\""));
        assert_eq!(html.matches("class=\"task\"").count(), 1);
        assert!(html.len() * 2 < whole.len(), "{} of {}", html.len(), whole.len());
    }

    #[test]
    fn a_task_that_the_filters_leave_out_is_no_part_of_the_page() {
        let (_, page) = WorkspacePage::samples().remove(0);
        assert!(MovedPage::of(page, "0197f3a2-0000-7d42-9a55-0d5b1f0c2b11").is_none());
    }

    #[test]
    fn a_part_is_asked_for_by_its_id() {
        let headers = |target: &'static str| HeaderMap::from_iter([("hx-target".parse().unwrap(), target.parse().unwrap())]);
        assert!(is_for(&headers("aside#drawer"), "drawer") && is_for(&headers("div#workspace"), "workspace"));
        assert!(!is_for(&headers("body"), "drawer") && !is_for(&HeaderMap::new(), "drawer"));
    }
}
