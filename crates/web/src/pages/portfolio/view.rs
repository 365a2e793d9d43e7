//! The portfolio as its page shows it.

use jiff::{ToSpan as _, civil::Date};
use muster_domain::{people::MemberRole, templates::Standard};
use muster_service::{PortfolioPlan, PortfolioRow, PortfolioTotals, Slice, TrendWeek};

use super::{
    Attention, Chart, Chip, Column, CustomerRow, Facts, PlanBar, PortfolioFilters, PortfolioPage, Trend, TrendColumn, Weight,
    handlers::Asked,
};
use crate::{
    format,
    layout::Layout,
    pages::{surroundings::count, visit::Visit},
    parts::{Choice, Paging, Person, Progress},
    request::Parameters,
    text::Text,
};

/// Plans of one customer that are shown.
const SHOWN_PLANS: usize = 3;
/// Weeks after the present one that the chart shows.
const WEEKS_AHEAD: i64 = 6;

pub(super) fn page(
    visit: &Visit,
    layout: Layout,
    asked: &Asked,
    rows: Vec<PortfolioRow>,
    totals: &PortfolioTotals,
    standards: &[Standard],
    paging: Paging,
) -> PortfolioPage {
    let today = visit.today();
    PortfolioPage {
        layout,
        today: format::long(today, visit.t),
        customers: count(totals.customers),
        plans: count(totals.plans),
        lead: lead(visit),
        may_add: visit.may_firm(muster_domain::access::FirmAction::CreateCustomer),
        facts: Facts {
            overdue: count(totals.overdue),
            waiting: count(totals.waiting),
            due_this_week: count(totals.due_this_week),
            to_approve: count(totals.to_approve),
            expiring: count(totals.evidence_expired + totals.evidence_expiring),
        },
        attention: totals.most_overdue.as_ref().map(|(id, name, overdue)| Attention {
            id: id.0,
            overdue: count(*overdue),
            name: name.clone(),
        }),
        chart: chart(totals, today, visit.t),
        trend: trend(totals, visit.t),
        may_import: visit.may_firm(muster_domain::access::FirmAction::CreateCustomer),
        filters: filters(asked, totals, standards, visit.t),
        rows: rows.into_iter().map(|row| customer(row, visit.t)).collect(),
        paging,
    }
}

/// How many customers the visitor looks after.
fn lead(visit: &Visit) -> u32 {
    let in_force = visit.actor.memberships().iter().filter(|one| one.role == MemberRole::Consultant && one.is_in_force(visit.today()));
    u32::try_from(in_force.count()).unwrap_or(u32::MAX)
}

fn filters(asked: &Asked, totals: &PortfolioTotals, standards: &[Standard], t: &Text) -> PortfolioFilters {
    let (filter, w) = (&asked.filter, &t.portfolio);
    let words = filter.words.clone().unwrap_or_default();
    let chip = |name, label, on, number, bad: bool| Chip { name, label, on, count: count(number), bad: bad && number > 0 };
    let chips = [
        chip("mine", w.mine, filter.is_mine, totals.customers_mine, false),
        chip("overdue", w.overdue, filter.is_overdue, totals.customers_overdue, true),
        chip("waiting", w.waiting, filter.is_waiting, totals.customers_waiting, false),
        chip("week", w.due_this_week, filter.is_due_this_week, totals.customers_due_this_week, false),
        chip("expiring", w.evidence, filter.has_expiring_evidence, totals.customers_expiring, false),
        chip("no_templates", w.no_templates, filter.has_no_templates, totals.customers_without_templates, false),
        chip("quiet", w.quiet, filter.is_quiet, totals.customers_quiet, false),
    ];
    let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
    if !words.is_empty() {
        query.append_pair("q", &words);
    }
    for chip in chips.iter().filter(|chip| chip.on) {
        query.append_pair(chip.name, "1");
    }
    let chosen = filter.standard.map(|id| id.to_string()).unwrap_or_default();
    if !chosen.is_empty() {
        query.append_pair("standard", &chosen);
    }
    let query = query.finish();
    let all = Choice::new("", w.all_standards, &chosen);
    PortfolioFilters {
        q: words,
        // Who sees only their own needs no filter for them.
        chips: chips
            .into_iter()
            .filter(|chip| chip.name != "mine" || chip.on || (chip.count > 0 && i64::from(chip.count) < totals.customers))
            .collect(),
        standards: std::iter::once(all).chain(standards.iter().map(|one| Choice::new(one.id.to_string(), &one.code, &chosen))).collect(),
        sort: asked.sort_key.to_owned(),
        query: if query.len() > 1 { format!("{query}&") } else { query },
    }
}

/// The last twelve weeks.
fn trend(totals: &PortfolioTotals, t: &Text) -> Trend {
    let column = |week: &TrendWeek| TrendColumn {
        label: format::day_month(week.monday, t),
        completed: count(week.completed),
        overdue: count(week.overdue),
    };
    Trend { columns: totals.trend.iter().map(column).collect() }
}

fn customer(row: PortfolioRow, t: &Text) -> CustomerRow {
    let has_plans = !row.plans.is_empty();
    let more_plans = row.plans.len().saturating_sub(SHOWN_PLANS);
    let labels = labels(&row.plans);
    let bar =
        |(plan, label): (&PortfolioPlan, String)| PlanBar { label, progress: Progress::new(count(plan.completed), count(plan.total)) };
    let plans = row.plans.iter().zip(labels).take(SHOWN_PLANS).map(bar).collect();
    CustomerRow {
        id: row.customer_id.0,
        name: row.name,
        about: row.description,
        plans,
        more_plans: u32::try_from(more_plans).unwrap_or(u32::MAX),
        overdue: count(row.progress.overdue),
        waiting: count(row.waiting),
        expired: (row.evidence_expired > 0).then(|| t.portfolio.expired.n(count(row.evidence_expired))),
        expiring: (row.evidence_expiring > 0).then(|| t.portfolio.expiring.n(count(row.evidence_expiring))),
        no_templates: row.without_templates && has_plans && row.next_due.is_none(),
        next: row.next_due.map(|(_, title, due)| (format::due(due, row.today, true, t), title)),
        lead: row.consultants.into_iter().next().map(|name| Person::new(name, true)),
    }
}

/// The standards' codes, without the edition where that is enough to tell them apart.
fn labels(plans: &[PortfolioPlan]) -> Vec<String> {
    let short = |plan: &PortfolioPlan| plan.iso_code.split(':').next().unwrap_or_default().to_owned();
    let is_only = |label: &str| plans.iter().filter(|plan| short(plan) == label).count() == 1;
    plans.iter().map(|plan| Some(short(plan)).filter(|label| is_only(label)).unwrap_or_else(|| plan.iso_code.clone())).collect()
}

/// What is late, what is due until Sunday, and the weeks after.
fn chart(totals: &PortfolioTotals, today: Date, t: &Text) -> Chart {
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).unwrap_or(today);
    let week = |ahead: i64| monday.checked_add((ahead * 7).days()).unwrap_or(monday);
    let due_in = |start: Date| totals.by_week.iter().find(|(one, _)| *one == start).map_or(0, |(_, tasks)| *tasks);
    let column = |label: String, value, weight| Column { label, value: count(value), weight };
    let mut columns = vec![
        column(t.portfolio.chart_late.to_owned(), totals.overdue, Weight::Late),
        column(format::day_month(monday, t), totals.due_this_week, Weight::Now),
    ];
    columns.extend((1..=WEEKS_AHEAD).map(week).map(|start| column(format::day_month(start, t), due_in(start), Weight::Later)));
    Chart { columns }
}

pub(super) fn paging(parameters: &Parameters, slice: Slice, rows: &[PortfolioRow], totals: &PortfolioTotals) -> Paging {
    Paging {
        shown: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        total: count(totals.matching),
        next: parameters.next_query(slice, totals.matching).map(|query| format!("/{query}")),
        first: (slice.offset > 0).then(|| format!("/{}", parameters.first_query())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ENGLISH;

    #[test]
    fn editions_are_told_where_they_differ() {
        let plan = |code: &str| PortfolioPlan {
            id: muster_domain::ids::PlanId(uuid::Uuid::nil()),
            iso_code: code.into(),
            percentage: 0,
            total: 0,
            completed: 0,
        };
        let plans = [plan("ISO 27001:2013"), plan("ISO 27001:2022"), plan("ISO 9001:2015")];
        assert_eq!(labels(&plans), ["ISO 27001:2013", "ISO 27001:2022", "ISO 9001"]);
    }

    #[test]
    fn the_chart_begins_with_what_is_late_and_has_no_holes() {
        let today = jiff::civil::date(2026, 3, 17);
        let monday = |day| jiff::civil::date(2026, 3, day);
        let totals = PortfolioTotals {
            overdue: 4,
            due_this_week: 2,
            by_week: vec![(monday(9), 3), (monday(16), 3), (monday(30), 5)],
            ..PortfolioTotals::default()
        };
        let chart = chart(&totals, today, &ENGLISH);
        let told: Vec<(&str, u32)> = chart.columns.iter().map(|column| (column.label.as_str(), column.value)).collect();
        assert_eq!(told[..4], [("Late", 4), ("16 Mar", 2), ("23 Mar", 0), ("30 Mar", 5)]);
        assert_eq!(told.len(), 8);
    }
}
