//! The card at the top: progress, figures, deadlines.

use muster_domain::{
    tasks::{TaskPlace, TaskStatus},
    workspace::WorkspaceTask,
};

use super::Scene;
use crate::{
    format,
    pages::{
        surroundings::{count, progress},
        workspace::{Deadline, Summary},
    },
};

/// How many deadlines stand in the card.
const DEADLINES: usize = 3;

impl Scene<'_> {
    pub(super) fn summary(&self) -> Summary {
        let workspace = &self.view.workspace;
        let number = |wanted: fn(&WorkspaceTask) -> bool| {
            u32::try_from(workspace.all_tasks().filter(|(_, task)| wanted(task)).count()).unwrap_or(u32::MAX)
        };
        Summary {
            progress: progress(workspace.progress),
            overdue: count(workspace.progress.overdue),
            waiting: self.visit.actor.is_firm().then(|| number(WorkspaceTask::waits_on_customer)),
            evidence: number(WorkspaceTask::lacks_evidence),
            review: number(|task| task.status == TaskStatus::UnderReview),
            deadlines: self.deadlines(),
        }
    }

    /// The next due dates; where all have passed, those.
    fn deadlines(&self) -> Vec<Deadline> {
        let open = self.view.workspace.all_tasks().filter(|(_, task)| task.status.is_open());
        let mut dated: Vec<_> = open.filter_map(|(place, task): (TaskPlace, _)| Some((task.due_date?, place.scope(), task))).collect();
        dated.sort_by_key(|(due, scope, _)| (*due, *scope));
        let coming = dated.iter().position(|(due, ..)| *due >= self.today).unwrap_or_default();
        let deadline = |(due, _, task): &(_, _, &WorkspaceTask)| Deadline {
            due: format::due(*due, self.today, true, self.t),
            title: task.title.clone(),
            href: format!("{}task={}#task", self.base, task.id),
        };
        dated.iter().skip(coming).take(DEADLINES).map(deadline).collect()
    }
}
