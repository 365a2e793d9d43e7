//! `GET /customers/{id}/evidence` and `GET /customers/{id}/evidence/gaps`: the register of a customer's
//! evidence, and what is missing in it.

use askama::Template;

use super::{File, ServedTask, State, Upload};
use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::{Choice, Crumb, Paging},
};

/// Evidence of a customer, as filtered.
#[derive(Debug, Clone, Template)]
#[template(path = "evidence/register.html")]
pub struct RegisterPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Its own address, without filters.
    pub action: String,
    /// Filters, as they are set.
    pub filters: RegisterFilters,
    /// The evidence of this page.
    pub rows: Vec<RegisterRow>,
    /// Where this page of the list stands.
    pub paging: Paging,
    /// The addresses of this list as a workbook and as CSV.
    pub exports: [String; 2],
    /// How many tasks lack evidence.
    pub gaps: u32,
    /// The form that hands in evidence for no task yet, for those who may.
    pub upload: Option<Upload>,
}

/// Filters of the register.
#[derive(Debug, Clone, Default)]
pub struct RegisterFilters {
    /// Words in names and notes.
    pub q: String,
    /// States; the first is all.
    pub states: Vec<Choice>,
    /// Near or past their last day; the first is any.
    pub validities: Vec<Choice>,
    /// Kinds; the first is all.
    pub kinds: Vec<Choice>,
    /// The customer's plans; the first is all.
    pub plans: Vec<Choice>,
    /// The customer's templates; the first is all.
    pub templates: Vec<Choice>,
    /// Orders.
    pub sorts: Vec<Choice>,
    /// Any filter is set.
    pub any: bool,
}

/// A piece of evidence in the register.
#[derive(Debug, Clone)]
pub struct RegisterRow {
    /// The file or link.
    pub file: File,
    /// "Certificate".
    pub kind: &'static str,
    /// Where it stands in the register.
    pub state: State,
    /// The first task that it serves.
    pub task: Option<ServedTask>,
    /// How many further tasks it serves.
    pub more: usize,
}

/// Tasks of a customer that lack evidence.
#[derive(Debug, Clone, Template)]
#[template(path = "evidence/gaps.html")]
pub struct GapsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Its own address, without filters.
    pub action: String,
    /// The address of the register.
    pub register: String,
    /// The customer's plans; the first is all.
    pub plans: Vec<Choice>,
    /// The customer's templates; the first is all.
    pub templates: Vec<Choice>,
    /// Any filter is set.
    pub any: bool,
    /// The gaps of this page.
    pub rows: Vec<GapRow>,
    /// Where this page of the list stands.
    pub paging: Paging,
}

/// A task that lacks evidence.
#[derive(Debug, Clone)]
pub struct GapRow {
    /// The task.
    pub task: ServedTask,
    /// Which evidence is asked for.
    pub wanted: Option<String>,
    /// Why it has none: the words, and how they are shown.
    pub reason: (String, &'static str, &'static str),
    /// Who does the task, or the role that it falls to.
    pub assignee: Option<String>,
    /// It is completed all the same.
    pub is_done: bool,
}

impl RegisterPage {
    fn gap_count(&self) -> u32 {
        self.gaps
    }
}
