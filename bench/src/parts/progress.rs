//! The progress views beside the original schema's, at one plan of 50 templates and 2,000 tasks.

use std::time::Instant;

use sqlx::{Executor as _, PgConnection, Row as _};

use super::workspace::begin;
use crate::{
    Result,
    data::{Bench, Place},
    numbers::{Spread, quantile},
    report::{Figure, Goal, Section, chart},
};

/// The columns that both have, as text, so that rows can be compared.
const PLAN: &str = "concat_ws(' ', plan_id, customer_id, iso_code, iso_name, plan_status, total_templates, approved_templates, total_tasks,
    completed_tasks, pending_tasks, in_progress_tasks, overdue_tasks, progress_percentage)";
const TEMPLATE: &str =
    "concat_ws(' ', template_id, template_name, plan_id, customer_id, total_tasks, completed_tasks, pending_tasks, progress_percentage)";

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let place = bench.database(bench.run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "one plan of 50 templates and 2,000 tasks among {} customers, {} rounds, one connection",
            place.customers, bench.run.rounds
        ),
        ..Section::default()
    };
    let plan = compare(bench, &place, "v_plan_progress", PLAN).await?;
    let template = compare(bench, &place, "v_template_progress", TEMPLATE).await?;
    let what = "v_plan_progress: how much longer the original schema's view takes, with equal results";
    section.goals.push(Figure::times("plan_progress", what, Goal::AtLeast(100.0), Spread::ratio(&plan.1, &plan.0)));
    let what = "v_template_progress: the same, for all 50 templates";
    section.goals.push(Figure::times("template_progress", what, Goal::AtLeast(1.0), Spread::ratio(&template.1, &template.0)));
    let mut bars = Vec::new();
    for (name, (ours, seed)) in [("v_plan_progress", plan), ("v_template_progress", template)] {
        for (whose, times) in [("Muster", ours), ("original schema", seed)] {
            section.add(format!("{name}, {whose}, p50"), Spread::of(&times), "ms");
            bars.push(chart::Bar { name: format!("{name}, {whose}"), found: Spread::of(&times), mark: None });
        }
    }
    let title = "Progress of one plan of 50 templates and 2,000 tasks";
    chart::write(&bench.run.report, "progress.svg", title, "milliseconds, less is better", &bars)?;
    section.charts.push(("progress.svg".to_owned(), title.to_owned()));
    section.notes.push("Muster's views are read under row security, in the service's role; the original schema's without.".to_owned());
    Ok(section)
}

/// The times of one view of ours and theirs, round by round, once their rows have been found to be equal.
async fn compare(bench: &Bench, place: &Place, view: &str, columns: &str) -> Result<(Vec<f64>, Vec<f64>)> {
    let customer = i32::try_from(place.progress())?;
    let query = |schema: &str| format!("SELECT {columns} FROM {schema}.{view} WHERE customer_id = {customer} ORDER BY 1");
    let (mut ours, mut theirs) = (place.service().await?, place.superuser().await?);
    let (mut times, mut times_theirs) = (Vec::new(), Vec::new());
    for round in 0..=bench.run.rounds {
        begin(&mut ours, customer).await?;
        let (rows, took) = read(&mut ours, &query("dna_app"), 20).await?;
        ours.execute("ROLLBACK").await?;
        let (rows_theirs, took_theirs) = read(&mut theirs, &query("seed"), 3).await?;
        if rows.is_empty() || rows != rows_theirs {
            return Err(format!(
                "{view} gives something else than the original schema's: {:?} and {:?}",
                rows.first(),
                rows_theirs.first()
            )
            .into());
        }
        // The first round is for warming up.
        if round > 0 {
            times.push(took);
            times_theirs.push(took_theirs);
        }
    }
    Ok((times, times_theirs))
}

async fn read(connection: &mut PgConnection, query: &str, times: usize) -> Result<(Vec<String>, f64)> {
    let (mut rows, mut took) = (Vec::new(), Vec::new());
    for _ in 0..times {
        let began = Instant::now();
        let found = sqlx::query(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(&mut *connection).await?;
        took.push(began.elapsed().as_secs_f64() * 1000.0);
        rows = found.iter().map(|row| row.get(0)).collect();
    }
    took.sort_by(f64::total_cmp);
    Ok((rows, quantile(&took, 0.5)))
}
