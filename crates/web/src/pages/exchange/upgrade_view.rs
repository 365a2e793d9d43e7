//! What upgrades change, as their pages show it.

use muster_domain::{
    templates::QuestionAspect,
    upgrades::{DroppedQuestion, DroppedTask},
};
use muster_service::{CustomerUpgrade, Error, UpgradeEffect, UpgradeOutcome};

use super::upgrade::{AddedRow, AgainRow, ChangedRow, CustomerRow, DroppedRow, DroppedRowTask, UpgradePage};
use crate::{layout::Layout, parts::Crumb, problem::Problem, text::Text};

pub(super) fn page(layout: Layout, effect: &UpgradeEffect, stale: bool, t: &Text) -> UpgradePage {
    let (upgrade, assignment, w) = (&effect.upgrade, &effect.assignment, &t.upgrade);
    let path = format!("/plans/{}/templates/{}", assignment.plan_id, assignment.template_id);
    let customer = format!("/customers/{}", assignment.customer_id);
    let crumbs = vec![
        Crumb::to(&effect.plan.customer_name, &customer),
        Crumb::to(&assignment.template_name, format!("{path}/questionnaire")),
        Crumb::here(w.title.with2(effect.to.number, &assignment.template_name)),
    ];
    let added = upgrade.added.iter().map(|one| AddedRow {
        label: one.question.label.clone(),
        kind: one.question.kind.as_str().to_owned(),
        required: one.question.required,
        restores: one.restores.is_some(),
        answered: one.is_answered,
    });
    let changed = upgrade.changed.iter().map(|one| ChangedRow {
        label: one.after.label.clone(),
        before: one.aspects.contains(&QuestionAspect::Label).then(|| one.before.label.clone()),
        aspects: one.aspects.iter().map(|aspect| w.aspect_word(*aspect)).collect(),
    });
    let again = upgrade.unfit.iter().map(|one| AgainRow {
        label: one.label.clone(),
        why: w.again_why.with2(&one.answer, &one.why),
        reopens: one.reopens.is_some(),
    });
    UpgradePage {
        layout,
        crumbs,
        path,
        template: assignment.template_name.clone(),
        plan: effect.plan.iso_code.clone(),
        from: effect.from,
        to: effect.to.number,
        note: effect.to.note.clone(),
        version: assignment.version,
        stale,
        added: added.collect(),
        changed: changed.collect(),
        dropped: upgrade.dropped.iter().map(dropped).collect(),
        kept: w.kept.n(upgrade.kept_answers),
        again: again.collect(),
        has_new_text: upgrade.has_new_text,
    }
}

fn dropped(one: &DroppedQuestion) -> DroppedRow {
    let task = match &one.task {
        None => DroppedRowTask::None,
        Some(task) if task.worked_on.is_none() => DroppedRowTask::Ignored,
        Some(task) => DroppedRowTask::ToDecide(task.title.clone(), task.fate == DroppedTask::Ignore),
    };
    DroppedRow { key: one.question.key.clone(), label: one.question.label.clone(), answered: one.is_answered, task }
}

/// One plan of the table; one that has the release already has no row.
pub(super) fn row(one: CustomerUpgrade) -> Option<CustomerRow> {
    let mut row = CustomerRow {
        customer_id: one.customer_id.0,
        customer: one.customer_name,
        plan_id: one.plan_id.to_string(),
        standard: one.iso_code,
        from: one.from,
        counts: (0, 0, 0),
        kept: 0,
        again: 0,
        done: false,
        refused: None,
    };
    match one.outcome {
        UpgradeOutcome::NothingNew => return None,
        UpgradeOutcome::Refused(error) => row.refused = Some(why(error)),
        UpgradeOutcome::Effect(effect) => {
            let upgrade = &effect.upgrade;
            row.counts = (upgrade.added.len(), upgrade.changed.len(), upgrade.dropped.len());
            let is_kept = |one: &&DroppedQuestion| one.task.as_ref().is_some_and(|task| task.fate == DroppedTask::Keep);
            row.kept = upgrade.dropped.iter().filter(is_kept).count();
            row.again = upgrade.unfit.len();
            row.done = effect.is_done;
        }
    }
    Some(row)
}

fn why(error: Error) -> String {
    Problem::from(error).detail
}
