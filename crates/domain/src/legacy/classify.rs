//! Placing the tasks of one customer.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::{Destination, LegacyDocument, LegacyTask, Placement, PlacementRule};

/// The sections that a template has, or had in an earlier version: id and title of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sections(Vec<(String, String)>);

impl Sections {
    /// Of pairs of id and title.
    pub fn new(sections: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(sections.into_iter().map(|(id, title)| (id.trim().to_owned(), plain_title(&title).to_owned())).collect())
    }

    /// Adds those of another version that are not there yet.
    pub fn add(&mut self, other: Self) {
        for section in other.0 {
            if !self.0.contains(&section) {
                self.0.push(section);
            }
        }
    }

    fn count(&self, matches: impl Fn(&str, &str) -> bool) -> usize {
        self.0.iter().filter(|(id, title)| matches(id, title)).count()
    }
}

/// A template that a plan uses, whether ignored, not included, or only through the mode "all".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanTemplate {
    /// The template.
    pub id: Uuid,
    /// When it was assigned, as [`LegacyTask::created_at`]; pairs follow this order.
    pub assigned_at: i64,
    /// Its present sections.
    pub sections: Sections,
    /// Sections that only its earlier versions had.
    pub earlier_sections: Sections,
}

/// A plan of the customer with the templates that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyPlan {
    /// The plan.
    pub id: Uuid,
    /// Its templates.
    pub templates: Vec<PlanTemplate>,
}

/// Places all tasks of one customer. Plans and documents are the customer's own: what a task names
/// beyond them is another customer's, or not there.
pub fn classify_customer(tasks: &[LegacyTask], plans: &[LegacyPlan], documents: &[LegacyDocument]) -> Vec<Placement> {
    let plans: HashMap<Uuid, &LegacyPlan> = plans.iter().map(|plan| (plan.id, plan)).collect();
    let documents: HashMap<Uuid, &LegacyDocument> = documents.iter().map(|document| (document.id, document)).collect();
    let mut placements = Vec::with_capacity(tasks.len());
    let mut alike: BTreeMap<(Uuid, Option<&str>, &str, &str), Vec<&LegacyTask>> = BTreeMap::new();
    for task in tasks {
        match place(task, &plans, &documents) {
            Some(placement) => placements.push(placement),
            None => {
                let key = (task.plan_id.unwrap_or_default(), section(task), plain_title(&task.title), task.task_type.as_str());
                alike.entry(key).or_default().push(task);
            }
        }
    }
    for ((plan, section, title, _), mut rows) in alike {
        rows.sort_by_key(|task| (task.created_at, task.id));
        if let Some(plan) = plans.get(&plan) {
            place_alike(plan, section, title, &rows, &mut placements);
        }
    }
    placements
}

/// Places a task by what it names. `None`: like a template's, so it has to be looked at together
/// with its like.
fn place(task: &LegacyTask, plans: &HashMap<Uuid, &LegacyPlan>, documents: &HashMap<Uuid, &LegacyDocument>) -> Option<Placement> {
    if let Some(id) = task.document_id {
        return Some(match documents.get(&id).map(|document| (document, document.plan_id, document.template_id)) {
            Some((_, Some(plan), Some(template))) => {
                Placement::certain(task.id, Destination::document(plan, template, id), PlacementRule::Document)
            }
            Some((_, Some(plan), None)) => contradicted(task, plans, Destination::plan(plan), "names a document without a template"),
            Some((_, None, _)) => contradicted(task, plans, Destination::CUSTOMER, "names a document without a plan of this customer"),
            None => contradicted(task, plans, Destination::CUSTOMER, "names a document that is another customer's or not there"),
        });
    }
    let Some(plan) = task.plan_id else {
        return Some(Placement::certain(task.id, Destination::CUSTOMER, PlacementRule::Customer));
    };
    if !plans.contains_key(&plan) {
        return Some(contradicted(task, plans, Destination::CUSTOMER, "names a plan that is another customer's or not there"));
    }
    if task.scope == "customer" {
        return Some(Placement::certain(task.id, Destination::CUSTOMER, PlacementRule::Customer));
    }
    if is_like_a_templates(task) {
        return None;
    }
    Some(Placement::certain(task.id, Destination::plan(plan), PlacementRule::Plan))
}

/// A person may put it with a plan of its customer instead.
fn contradicted(task: &LegacyTask, plans: &HashMap<Uuid, &LegacyPlan>, chosen: Destination, why: &str) -> Placement {
    let plans = plans.keys().map(|plan| Destination::plan(*plan));
    Placement {
        task_id: task.id,
        chosen,
        rule: PlacementRule::Contradiction,
        candidates: plans.chain([chosen, Destination::CUSTOMER]).collect(),
        why: Some(format!("The task {why}.")),
    }
}

fn is_like_a_templates(task: &LegacyTask) -> bool {
    const TYPES: [&str; 5] = ["answer_question", "fillable_section", "evidence_required", "upload_evidence", "evidence_request"];
    matches!(task.scope.as_str(), "question" | "template") || TYPES.contains(&task.task_type.as_str())
}

/// A title without what the older program's generator put before it.
pub fn plain_title(title: &str) -> &str {
    let title = title.trim();
    ["Complete: ", "Provide Evidence: "].iter().find_map(|prefix| title.strip_prefix(prefix)).unwrap_or(title).trim()
}

fn section(task: &LegacyTask) -> Option<&str> {
    task.section_id.as_deref().map(str::trim).filter(|id| !id.is_empty())
}

/// How well a template's section fits a row, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Id and title, or the title where the row names no section.
    Whole,
    /// The same in an earlier version of the template.
    Earlier,
    /// Only the title.
    Title,
    /// Only the id.
    Id,
}

impl Fit {
    const ALL: [Self; 4] = [Self::Whole, Self::Earlier, Self::Title, Self::Id];

    fn count(self, template: &PlanTemplate, section: Option<&str>, title: &str) -> usize {
        let whole = |id: &str, one: &str| one == title && section.is_none_or(|wanted| wanted == id);
        match self {
            Self::Whole => template.sections.count(whole),
            Self::Earlier => template.earlier_sections.count(whole),
            Self::Title => template.sections.count(|_, one| one == title),
            Self::Id => section.map_or(0, |wanted| template.sections.count(|id, _| id == wanted)),
        }
    }

    /// Whether one match is certain, rather than likely.
    const fn is_certain(self) -> bool {
        matches!(self, Self::Whole | Self::Earlier)
    }
}

/// Places rows that are equal in all that tells templates apart, in the order in which they were made.
fn place_alike(plan: &LegacyPlan, section: Option<&str>, title: &str, rows: &[&LegacyTask], out: &mut Vec<Placement>) {
    let found = Fit::ALL.into_iter().find_map(|fit| {
        let matching: Vec<(&PlanTemplate, usize)> =
            plan.templates.iter().map(|one| (one, fit.count(one, section, title))).filter(|(_, count)| *count > 0).collect();
        (!matching.is_empty()).then_some((fit, matching))
    });
    let Some((fit, mut matching)) = found else {
        let why = "No template of the plan has this section.";
        out.extend(rows.iter().map(|task| undecided(task, plan, &[], PlacementRule::NoSection, why)));
        return;
    };
    matching.sort_by_key(|(template, _)| (template.assigned_at, template.id));
    let templates: Vec<Uuid> = matching.iter().map(|(template, _)| template.id).collect();
    if let ([only], true) = (templates.as_slice(), fit.is_certain()) {
        out.extend(rows.iter().map(|task| Placement::certain(task.id, Destination::template(plan.id, *only), PlacementRule::Section)));
        return;
    }
    let places: Vec<Uuid> = matching.iter().flat_map(|(template, count)| std::iter::repeat_n(template.id, *count)).collect();
    if let [only] = templates.as_slice() {
        let why = if fit == Fit::Title {
            "Only the title fits; the section has another id."
        } else {
            "Only the section's id fits; its title has changed."
        };
        out.extend(rows.iter().map(|task| likely(task, plan, *only, &templates, PlacementRule::Section, why)));
    } else if places.len() == rows.len() {
        let is_worked_on = rows.iter().any(|task| task.is_worked_on);
        let why = if is_worked_on {
            "Several templates have this section, and somebody has worked on one of the rows; they were paired in the order of their making."
        } else {
            "Several templates have this section, and there is one row for each; they are interchangeable."
        };
        out.extend(rows.iter().zip(places).map(|(task, template)| likely(task, plan, template, &templates, PlacementRule::Paired, why)));
    } else {
        let why = "Several templates have this section, and the rows are not one for each.";
        out.extend(rows.iter().map(|task| undecided(task, plan, &templates, PlacementRule::Undecided, why)));
    }
}

fn likely(task: &LegacyTask, plan: &LegacyPlan, template: Uuid, all: &[Uuid], rule: PlacementRule, why: &str) -> Placement {
    Placement { chosen: Destination::template(plan.id, template), ..undecided(task, plan, all, rule, why) }
}

fn undecided(task: &LegacyTask, plan: &LegacyPlan, templates: &[Uuid], rule: PlacementRule, why: &str) -> Placement {
    let places = templates.iter().map(|template| Destination::template(plan.id, *template));
    Placement {
        task_id: task.id,
        chosen: Destination::plan(plan.id),
        rule,
        // No template with the section: any of the plan's could have had it once.
        candidates: if templates.is_empty() {
            plan.templates.iter().map(|one| Destination::template(plan.id, one.id)).chain([Destination::plan(plan.id)]).collect()
        } else {
            places.chain([Destination::plan(plan.id)]).collect()
        },
        why: Some(why.to_owned()),
    }
}

#[cfg(test)]
mod tests;
