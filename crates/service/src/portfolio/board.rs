//! The firm's board: what needs somebody of the firm today, across the customers that they see.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::{access::Actor, ids::CustomerId};
use muster_store::{BoardEvidence, BoardTask, BoardTasks, CustomerFigures};

use super::Counted;
use crate::{Context, Result, boxed};

/// So many entries of a list are shown; the rest is counted.
const SHOWN: i64 = 12;
/// Of so many customers tasks and files are looked at, those with the most first.
const CUSTOMERS: usize = 40;

/// A list of the board: its first entries, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardList<T> {
    /// The first entries.
    pub items: Vec<T>,
    /// How many there are.
    pub total: i64,
}

/// A customer on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCustomer {
    /// The customer.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// How many tasks or answers it is about; none where it is about the customer itself.
    pub count: i64,
    /// When anything was done there last.
    pub last_movement: Timestamp,
}

/// What needs somebody of the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Customers that are seen at all.
    pub customers: i64,
    /// The firm's tasks past their due date.
    pub overdue: BoardList<BoardTask>,
    /// The firm's tasks due today.
    pub due_today: BoardList<BoardTask>,
    /// Reviews and approvals of documents that wait for the firm.
    pub reviews: BoardList<BoardTask>,
    /// Evidence that nobody has decided about.
    pub evidence: BoardList<BoardEvidence>,
    /// Customers with overdue tasks of their own.
    pub customers_late: BoardList<BoardCustomer>,
    /// Customers whose answers are waited for.
    pub answers: BoardList<BoardCustomer>,
    /// Customers at whom nothing has been done for a while.
    pub quiet: BoardList<BoardCustomer>,
}

impl Board {
    /// Whether there is nothing at all to do.
    pub fn is_empty(&self) -> bool {
        let lists = [self.overdue.total, self.due_today.total, self.reviews.total, self.evidence.total];
        lists.into_iter().chain([self.customers_late.total, self.answers.total, self.quiet.total]).all(|total| total == 0)
    }
}

impl Context {
    /// What needs somebody of the firm today. With `mine` only of the customers that they look after.
    #[boxed]
    pub async fn board(&self, actor: &Actor, mine: bool) -> Result<Board> {
        let mut counted = self.counted(actor).await?;
        if mine {
            let mine = &counted.mine;
            counted.all.retain(|(one, _)| mine.contains(&one.id));
        }
        let at = counted.at;
        let late = counted.most(|figures| figures.overdue_firm);
        let overdue = counted.reader.board_tasks(&late, BoardTasks::Overdue, at, SHOWN).await?;
        let due = counted.most(|figures| figures.due_today_firm);
        let due_today = counted.reader.board_tasks(&due, BoardTasks::Today, at, SHOWN).await?;
        let to_review = counted.most(|figures| figures.to_review_firm);
        let reviews = counted.reader.board_tasks(&to_review, BoardTasks::Reviews, at, SHOWN).await?;
        let pending = counted.most(|figures| figures.evidence_pending);
        let evidence = counted.reader.board_evidence(&pending, SHOWN).await?;
        let quiet: Vec<BoardCustomer> = {
            let mut all: Vec<_> = counted.all.iter().filter(|(_, figures)| counted.is_quiet(figures)).collect();
            all.sort_by_key(|(_, figures)| figures.last_movement);
            all.into_iter().map(|(one, figures)| customer(one.id, &one.name, 0, figures)).collect()
        };
        Ok(Board {
            customers: i64::try_from(counted.all.len()).unwrap_or(i64::MAX),
            overdue: BoardList { items: overdue, total: counted.sum(|figures| figures.overdue_firm) },
            due_today: BoardList { items: due_today, total: counted.sum(|figures| figures.due_today_firm) },
            reviews: BoardList { items: reviews, total: counted.sum(|figures| figures.to_review_firm) },
            evidence: BoardList { items: evidence, total: counted.sum(|figures| figures.evidence_pending) },
            customers_late: counted.customers(|figures| figures.progress.overdue - figures.overdue_firm),
            answers: counted.customers(|figures| figures.answers_waiting),
            quiet: first(quiet),
        })
    }
}

impl Counted {
    fn sum(&self, of: impl Fn(&CustomerFigures) -> i64) -> i64 {
        self.all.iter().map(|(_, figures)| of(figures)).sum()
    }

    /// The customers that have something, the most first.
    fn most(&self, of: impl Fn(&CustomerFigures) -> i64) -> Vec<CustomerId> {
        self.counts(of).into_iter().take(CUSTOMERS).map(|(id, ..)| id).collect()
    }

    fn counts(&self, of: impl Fn(&CustomerFigures) -> i64) -> Vec<(CustomerId, &str, i64, &Arc<CustomerFigures>)> {
        let counts = self.all.iter().map(|(one, figures)| (one.id, one.name.as_str(), of(figures), figures));
        let mut counts: Vec<_> = counts.filter(|(_, _, count, _)| *count > 0).collect();
        counts.sort_by_key(|(_, _, count, _)| std::cmp::Reverse(*count));
        counts
    }

    fn customers(&self, of: impl Fn(&CustomerFigures) -> i64) -> BoardList<BoardCustomer> {
        first(self.counts(of).into_iter().map(|(id, name, count, figures)| customer(id, name, count, figures)).collect())
    }
}

fn customer(id: CustomerId, name: &str, count: i64, figures: &CustomerFigures) -> BoardCustomer {
    BoardCustomer { id, name: name.to_owned(), count, last_movement: figures.last_movement }
}

/// The first entries of a list, and how many there are.
fn first(mut items: Vec<BoardCustomer>) -> BoardList<BoardCustomer> {
    let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
    items.truncate(usize::try_from(SHOWN).unwrap_or(0));
    BoardList { items, total }
}
