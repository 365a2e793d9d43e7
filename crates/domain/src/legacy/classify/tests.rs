use proptest::prelude::*;

use super::*;
use crate::tasks::TaskScope;

const PLAN: Uuid = Uuid::from_u128(1);

fn task(id: u128, task_type: &str, section: Option<&str>, title: &str) -> LegacyTask {
    LegacyTask {
        id: Uuid::from_u128(id),
        plan_id: Some(PLAN),
        document_id: None,
        scope: "question".into(),
        task_type: task_type.into(),
        section_id: section.map(Into::into),
        title: title.into(),
        created_at: i64::try_from(id).unwrap(),
        is_worked_on: false,
    }
}

fn template(id: u128, sections: &[(&str, &str)]) -> PlanTemplate {
    let sections = Sections::new(sections.iter().map(|(id, title)| ((*id).to_owned(), (*title).to_owned())));
    PlanTemplate { id: Uuid::from_u128(id), assigned_at: i64::try_from(id).unwrap(), sections, earlier_sections: Sections::default() }
}

fn placed(tasks: &[LegacyTask], templates: Vec<PlanTemplate>) -> Vec<Placement> {
    let mut placements = classify_customer(tasks, &[LegacyPlan { id: PLAN, templates }], &[]);
    placements.sort_by_key(|one| one.task_id);
    placements
}

fn templates_of(placements: &[Placement]) -> Vec<Option<u128>> {
    placements.iter().map(|one| one.chosen.template_id.map(|id| id.as_u128())).collect()
}

#[test]
fn a_section_of_one_template_is_certain_though_ids_repeat() {
    let templates = || vec![template(10, &[("s1", "Team"), ("s2", "Owner")]), template(11, &[("s1", "Scope")])];
    let tasks = [task(20, "answer_question", Some("s1"), "Scope"), task(21, "fillable_section", Some("s2"), "Complete: Owner")];
    let placements = placed(&tasks, templates());
    assert_eq!(templates_of(&placements), [Some(11), Some(10)]);
    assert!(placements.iter().all(|one| !one.is_ambiguous() && one.rule == PlacementRule::Section));
}

#[test]
fn equal_rows_are_paired_and_reported() {
    let shared = &[("s1", "Who is responsible?")];
    let tasks =
        [task(20, "answer_question", Some("s1"), "Who is responsible?"), task(21, "answer_question", Some("s1"), "Who is responsible?")];
    let placements = placed(&tasks, vec![template(11, shared), template(10, shared)]);
    assert_eq!(templates_of(&placements), [Some(10), Some(11)]);
    assert!(placements.iter().all(|one| one.is_ambiguous() && one.candidates.len() == 3));
    // One row for two templates: nobody can tell.
    let placements = placed(&tasks[..1], vec![template(10, shared), template(11, shared)]);
    assert_eq!((templates_of(&placements), placements[0].rule), (vec![None], PlacementRule::Undecided));
    assert_eq!(placements[0].chosen.task_scope, TaskScope::Plan);
    assert!(placements[0].candidates.contains(&Destination::template(PLAN, Uuid::from_u128(11))));
}

#[test]
fn what_fits_only_in_part_is_reported() {
    let templates = || vec![template(10, &[("s1", "Team")]), template(11, &[("s2", "Owner")])];
    for (section, title) in [("s9", "Team"), ("s1", "Group")] {
        let placements = placed(&[task(20, "answer_question", Some(section), title)], templates());
        assert_eq!(templates_of(&placements), [Some(10)]);
        assert!(placements[0].is_ambiguous());
    }
    let placements = placed(&[task(20, "answer_question", Some("s9"), "None")], templates());
    assert_eq!((placements[0].chosen, placements[0].rule), (Destination::plan(PLAN), PlacementRule::NoSection));
    assert_eq!(placements[0].candidates.len(), 3);
}

#[test]
fn the_other_rules_in_their_order() {
    let document = LegacyDocument { id: Uuid::from_u128(5), plan_id: Some(PLAN), template_id: Some(Uuid::from_u128(10)) };
    let plans = [LegacyPlan { id: PLAN, templates: vec![template(10, &[("s1", "Team")])] }];
    let of = |change: &dyn Fn(&mut LegacyTask)| {
        let mut one = task(20, "custom", Some("s1"), "Team");
        one.scope = "iso_plan".into();
        change(&mut one);
        let placement = classify_customer(&[one], &plans, std::slice::from_ref(&document)).pop().unwrap();
        (placement.chosen.task_scope, placement.rule)
    };
    assert_eq!(of(&|_| ()), (TaskScope::Plan, PlacementRule::Plan));
    assert_eq!(of(&|one| one.document_id = Some(document.id)), (TaskScope::Document, PlacementRule::Document));
    assert_eq!(of(&|one| one.document_id = Some(Uuid::from_u128(6))), (TaskScope::Customer, PlacementRule::Contradiction));
    assert_eq!(of(&|one| one.scope = "customer".into()), (TaskScope::Customer, PlacementRule::Customer));
    assert_eq!(of(&|one| one.plan_id = None), (TaskScope::Customer, PlacementRule::Customer));
    assert_eq!(of(&|one| one.plan_id = Some(Uuid::from_u128(2))), (TaskScope::Customer, PlacementRule::Contradiction));
    assert_eq!(of(&|one| one.task_type = "evidence_request".into()), (TaskScope::Template, PlacementRule::Section));
    assert_eq!(of(&|one| one.scope = "template".into()), (TaskScope::Template, PlacementRule::Section));
}

proptest! {
    /// Whatever is there, every task is placed once, at a place of its own customer; and a task that
    /// the older program made from a section ends at its template or names it among the candidates.
    #[test]
    fn every_task_is_placed_and_its_template_is_not_lost(
        templates in prop::collection::vec(prop::collection::vec((0..3_u8, 0..3_u8), 0..4), 1..4),
        kept in prop::collection::vec(any::<bool>(), 12),
    ) {
        let templates: Vec<PlanTemplate> = (10..).zip(&templates).map(|(id, sections)| {
            let names: Vec<(String, String)> = sections.iter().map(|(id, title)| (format!("s{id}"), format!("T{title}"))).collect();
            PlanTemplate { id: Uuid::from_u128(id), assigned_at: i64::try_from(id).unwrap(), sections: Sections::new(names), earlier_sections: Sections::default() }
        }).collect();
        let made = templates.iter().flat_map(|one| one.sections.0.iter().map(move |section| (one.id, section)));
        let (tasks, truth): (Vec<LegacyTask>, Vec<Uuid>) = (100..).zip(made).zip(kept.iter().cycle()).filter(|(_, kept)| **kept)
            .map(|((id, (template, (section, title))), _)| (task(id, "answer_question", Some(section), title), template)).unzip();
        let placements = placed(&tasks, templates);
        prop_assert_eq!(placements.len(), tasks.len());
        for (placement, template) in placements.iter().zip(truth) {
            let right = Destination::template(PLAN, template);
            prop_assert!(placement.chosen == right || placement.candidates.contains(&right));
            prop_assert!(placement.chosen == right || placement.is_ambiguous());
        }
    }
}
