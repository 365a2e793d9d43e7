//! The portfolio: the firm's customers at a glance.

mod board;
mod figures;
mod output;
mod totals;

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use muster_domain::{
    access::{Actor, Decision, FirmAction, decide_firm},
    ids::{CustomerId, PlanId, StandardId, TaskId},
    progress::Progress,
};
use muster_store::{CustomerFigures, ListedCustomer, PortfolioReader, Slice};
use serde::{Deserialize, Serialize};

pub(crate) use self::figures::FigureCache;
pub use self::{
    board::{Board, BoardCustomer, BoardList},
    output::TableFormat,
    totals::PortfolioTotals,
};
use crate::{Context, Error, Result, boxed};

/// After so many days without anything done a customer counts as quiet.
pub const QUIET_DAYS: i64 = 14;

/// How often the figures are counted ahead.
const COUNT_AHEAD: Duration = Duration::from_secs(60);

/// How the portfolio is ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortfolioSort {
    /// By name.
    #[default]
    Name,
    /// Most overdue tasks first.
    Overdue,
    /// Most tasks waiting on the customer first.
    Waiting,
    /// The earliest due date first.
    NextDue,
    /// The least progress first.
    Progress,
    /// Most evidence that has run out or soon will first.
    Evidence,
    /// The longest without anything done first.
    Quiet,
}

/// Which customers the portfolio shows. Archived ones never.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioFilter {
    /// With these words in the name.
    pub words: Option<String>,
    /// That the reader looks after.
    pub is_mine: bool,
    /// With overdue tasks.
    pub is_overdue: bool,
    /// With tasks waiting on the customer.
    pub is_waiting: bool,
    /// With tasks due from today to Sunday.
    pub is_due_this_week: bool,
    /// With accepted evidence that has run out or will within 30 days.
    pub has_expiring_evidence: bool,
    /// With a plan that has no templates, or without a plan.
    pub has_no_templates: bool,
    /// Without anything done for [`QUIET_DAYS`].
    pub is_quiet: bool,
    /// With a plan for this standard.
    pub standard: Option<StandardId>,
}

/// One customer in the portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioRow {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// How much of everything is done.
    pub progress: Progress,
    /// A plan of it has no templates, or it has no plan.
    pub without_templates: bool,
    /// Open tasks whose next step is the customer's.
    pub waiting: i64,
    /// Accepted evidence whose last day has passed.
    pub evidence_expired: i64,
    /// Accepted evidence whose last day is within the next 30 days.
    pub evidence_expiring: i64,
    /// The open task that is due first.
    pub next_due: Option<(TaskId, String, Date)>,
    /// The day it is at the customer's.
    pub today: Date,
    /// When anything was done last.
    pub last_movement: Timestamp,
    /// The consultants assigned.
    pub consultants: Vec<String>,
    /// The plans, by the standard's code.
    pub plans: Vec<PortfolioPlan>,
}

/// One plan in the portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioPlan {
    /// The plan.
    pub id: PlanId,
    /// The standard's code.
    pub iso_code: String,
    /// Per cent done, rounded down.
    pub percentage: i64,
    /// Tasks that count.
    pub total: i64,
    /// Of these, done.
    pub completed: i64,
}

/// Everything that is counted of what somebody may see, in one snapshot.
pub(crate) struct Counted {
    reader: PortfolioReader,
    at: Timestamp,
    /// Those that the reader looks after.
    mine: HashSet<CustomerId>,
    /// By name.
    all: Vec<(ListedCustomer, Arc<CustomerFigures>)>,
}

impl Context {
    /// One page of the portfolio, with the sums over all of it.
    #[boxed]
    pub async fn portfolio(
        &self,
        actor: &Actor,
        filter: &PortfolioFilter,
        sort: PortfolioSort,
        slice: Slice,
    ) -> Result<(Vec<PortfolioRow>, PortfolioTotals)> {
        let mut counted = self.counted(actor).await?;
        let matching = counted.matching(filter, sort);
        let totals = counted.totals(matching.len());
        let (skip, take) = (usize::try_from(slice.offset).unwrap_or(usize::MAX), usize::try_from(slice.limit).unwrap_or(0));
        let page: Vec<usize> = matching.into_iter().skip(skip).take(take).collect();
        Ok((counted.rows(&page).await?, totals))
    }

    /// All that is counted of the customers that somebody of the firm may see.
    pub(crate) async fn counted(&self, actor: &Actor) -> Result<Counted> {
        refuse_outsiders(actor)?;
        let at = self.now();
        let mut reader = self.store.portfolio(actor, at).await?;
        let (people, listed) = reader.listed_customers(at).await?;
        let figures = self.figures.of(&mut reader, people, &listed, at).await?;
        let all = listed.into_iter().filter_map(|one| figures.get(&one.id).cloned().map(|figures| (one, figures))).collect();
        Ok(Counted { reader, at, mine: actor.looked_after(at.to_zoned(TimeZone::UTC).date()), all })
    }

    /// Counts what has changed since it was last counted, so that nobody waits for it: after a start, at
    /// midnight, when many customers have changed.
    #[boxed]
    pub async fn count_ahead(&self) -> Result<()> {
        let at = self.now();
        let mut reader = self.store.portfolio_of_the_program().await?;
        let (people, listed) = reader.listed_customers(at).await?;
        self.figures.of(&mut reader, people, &listed, at).await.map(drop)
    }

    /// Counts ahead again and again, until dropped, beside the other work: after a start everything is
    /// counted, and nothing waits for that. `report` gets what went wrong with the database.
    pub async fn run_figures(&self, report: impl Fn(&Error)) {
        loop {
            if let Err(error) = self.count_ahead().await {
                report(&error);
            }
            tokio::time::sleep(COUNT_AHEAD).await;
        }
    }

    /// How many plans of the customers that the actor may see follow each standard.
    #[boxed]
    pub async fn plans_by_standard(&self, actor: &Actor) -> Result<HashMap<StandardId, i64>> {
        refuse_outsiders(actor)?;
        Ok(self.store.portfolio(actor, self.now()).await?.plans_by_standard().await?)
    }
}

impl Counted {
    /// Nothing has been done at a customer for a while.
    pub(crate) fn is_quiet(&self, figures: &CustomerFigures) -> bool {
        let since = self.at.checked_sub((QUIET_DAYS * 24).hours()).unwrap_or(self.at);
        figures.last_movement < since
    }

    fn fits(&self, one: &ListedCustomer, figures: &CustomerFigures, filter: &PortfolioFilter) -> bool {
        let words = filter.words.as_deref().map(str::to_lowercase);
        words.is_none_or(|words| one.name.to_lowercase().contains(&words))
            && (!filter.is_mine || self.mine.contains(&one.id))
            && (!filter.is_overdue || figures.progress.overdue > 0)
            && (!filter.is_waiting || figures.waiting > 0)
            && (!filter.is_due_this_week || figures.due_this_week > 0)
            && (!filter.has_expiring_evidence || figures.evidence_expired + figures.evidence_expiring > 0)
            && (!filter.has_no_templates || figures.without_templates)
            && (!filter.is_quiet || self.is_quiet(figures))
            && filter.standard.is_none_or(|standard| figures.plans.iter().any(|plan| plan.standard == standard))
    }

    /// The places of the customers that a filter lets through, in an order; those alike by name.
    pub(crate) fn matching(&self, filter: &PortfolioFilter, sort: PortfolioSort) -> Vec<usize> {
        let mut places: Vec<usize> =
            (0..self.all.len()).filter(|at| self.all.get(*at).is_some_and(|(one, figures)| self.fits(one, figures, filter))).collect();
        let key = |at: &usize| self.all.get(*at).map(|(_, figures)| figures);
        match sort {
            PortfolioSort::Name => {}
            PortfolioSort::Overdue => places.sort_by_key(|at| Reverse(key(at).map(|one| one.progress.overdue))),
            PortfolioSort::Waiting => places.sort_by_key(|at| Reverse(key(at).map(|one| one.waiting))),
            PortfolioSort::Evidence => places.sort_by_key(|at| Reverse(key(at).map(|one| (one.evidence_expired, one.evidence_expiring)))),
            PortfolioSort::Progress => places.sort_by_key(|at| key(at).map(|one| one.progress.percentage())),
            PortfolioSort::Quiet => places.sort_by_key(|at| key(at).map(|one| one.last_movement)),
            PortfolioSort::NextDue => places.sort_by_key(|at| {
                let due = key(at).and_then(|one| one.next_due).map(|(_, day)| day);
                (due.is_none(), due)
            }),
        }
        places
    }

    /// The rows of some places, with what is shown of them besides figures.
    pub(crate) async fn rows(&mut self, places: &[usize]) -> Result<Vec<PortfolioRow>> {
        let shown: Vec<(ListedCustomer, Arc<CustomerFigures>)> = places.iter().filter_map(|at| self.all.get(*at).cloned()).collect();
        let customers: Vec<CustomerId> = shown.iter().map(|(one, _)| one.id).collect();
        let tasks: Vec<TaskId> = shown.iter().filter_map(|(_, figures)| Some(figures.next_due?.0)).collect();
        let plans: Vec<PlanId> = shown.iter().flat_map(|(_, figures)| figures.plans.iter().map(|plan| plan.id)).collect();
        let mut details = self.reader.portfolio_details(&customers, &tasks, &plans).await?;
        let row = |(one, figures): (ListedCustomer, Arc<CustomerFigures>)| {
            let mut plans: Vec<PortfolioPlan> = figures
                .plans
                .iter()
                .map(|plan| PortfolioPlan {
                    id: plan.id,
                    iso_code: details.codes.get(&plan.id).cloned().unwrap_or_default(),
                    percentage: plan.progress.percentage(),
                    total: plan.progress.total,
                    completed: plan.progress.completed,
                })
                .collect();
            plans.sort_by(|one, other| one.iso_code.cmp(&other.iso_code));
            PortfolioRow {
                customer_id: one.id,
                name: one.name,
                description: one.description,
                progress: figures.progress,
                without_templates: figures.without_templates,
                waiting: figures.waiting,
                evidence_expired: figures.evidence_expired,
                evidence_expiring: figures.evidence_expiring,
                next_due: figures.next_due.and_then(|(id, day)| Some((id, details.titles.get(&id)?.clone(), day))),
                today: one.today,
                last_movement: figures.last_movement,
                consultants: details.consultants.remove(&one.id).unwrap_or_default(),
                plans,
            }
        };
        Ok(shown.into_iter().map(row).collect())
    }
}

fn refuse_outsiders(actor: &Actor) -> Result<()> {
    match decide_firm(actor, FirmAction::ReadPortfolio) {
        Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
        _ => Ok(()),
    }
}
