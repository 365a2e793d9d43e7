//! Lists, portfolio, search and questionnaire: the time on the server for one client.

use sqlx::Row as _;

use super::{muster, some_customers};
use crate::{
    Result,
    contest::{Contender, hold},
    data::{Bench, Place},
    report::{Figure, Goal, Section, chart},
};

/// How many different addresses of a kind are asked for.
const ADDRESSES: u32 = 500;

/// What may take how long, of a hundred requests the second longest, in milliseconds; `None` where there is no goal.
/// That of the portfolio is for whoever looks after a tenth of the customers: a thousand, of ten thousand.
const BUDGETS: [(&str, &str, Option<f64>); 15] = [
    ("list_api", "tasks of a customer, API", Some(20.0)),
    ("list_page", "tasks of a customer, page", Some(20.0)),
    ("list_filtered", "open tasks that are overdue, API", Some(20.0)),
    ("work_page", "somebody's own work, page", None),
    ("work_page_tenth", "own work at a tenth of the customers, page", None),
    ("questionnaire", "questionnaire of 20 questions, page", Some(30.0)),
    ("portfolio_api_tenth", "portfolio of a tenth of the customers, API", Some(30.0)),
    ("portfolio_page_tenth", "portfolio of a tenth of the customers, page", Some(100.0)),
    ("totals_tenth", "totals of a tenth of the customers, API", Some(100.0)),
    ("portfolio_api", "portfolio of all customers, API", None),
    ("portfolio_page", "portfolio of all customers, page", None),
    ("totals", "totals of all customers, API", None),
    ("search_customer", "search in a customer, API", Some(100.0)),
    ("search_common", "search in all customers, common words, API", Some(100.0)),
    ("search_rare", "search in all customers, rare words, API", Some(100.0)),
];

/// What a consultant of a tenth of the customers asks for; all else is asked for by an administrator, who sees all.
const OF_A_CONSULTANT: [&str; 4] = ["work_page_tenth", "portfolio_api_tenth", "portfolio_page_tenth", "totals_tenth"];

const WORDS: [&str; 8] = ["patches", "backups", "suppliers", "approves records", "contracts", "workshop", "risks owners", "draft"];

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    let place = bench.database(run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!("{} customers of 100 tasks, one client, {} rounds of {} s each", place.customers, run.rounds, run.seconds),
        ..Section::default()
    };
    let server = muster(bench, &place, None).await?;
    let asked = addresses(&place).await?;
    let contender = |key: &str, name, paths: Vec<String>| {
        let paths = paths.into_iter().map(Into::into).collect();
        let who = if OF_A_CONSULTANT.contains(&key) { &place.consultant } else { &place.admin };
        let mut contender = Contender::new(name, &server.address, paths, &[who], 1, run.seconds);
        contender.load.is_steady = false;
        contender
    };
    let contenders: Vec<Contender> = BUDGETS.iter().zip(asked).map(|((key, name, _), paths)| contender(key, name, paths)).collect();
    let results = hold(&contenders, run.rounds).await?;
    server.stop().await?;
    let mut bars = Vec::new();
    for ((key, name, budget), rounds) in BUDGETS.iter().zip(&results) {
        let found = rounds.spread(|round| round.p99);
        match budget {
            Some(budget) => section.goals.push(Figure::of(key, &format!("{name}, p99"), Goal::AtMost(*budget), "ms", found)),
            None => section.add(format!("{name}, p99"), found, "ms"),
        }
        section.add(format!("{name}, p50"), rounds.spread(|round| round.p50), "ms");
        bars.push(chart::Bar { name: (*name).to_owned(), found, mark: *budget });
    }
    let title = format!("Lists at {} customers: the time of all but the slowest request of a hundred", place.customers);
    chart::write(&run.report, "lists.svg", &title, "milliseconds; the dashed line is the goal", &bars)?;
    section.charts.push(("lists.svg".to_owned(), title));
    section.notes.push(format!(
        "The goals of the portfolio are for a consultant of {} customers; an administrator sees all {}, in the same time for each.",
        place.customers / 10,
        place.customers
    ));
    section.notes.push("Times are those of a client on the same machine: what is on the way is counted in.".to_owned());
    Ok(section)
}

/// The addresses of each, in the order of the budgets.
pub async fn addresses(place: &Place) -> Result<[Vec<String>; 15]> {
    let customers = some_customers(place, ADDRESSES);
    let of_each = |address: &dyn Fn(u32) -> String| customers.iter().map(|id| address(*id)).collect::<Vec<_>>();
    let word = |id: u32| WORDS[id as usize % WORDS.len()].replace(' ', "+");
    let mut superuser = place.superuser().await?;
    let plans = sqlx::query("SELECT plan_id::text, template_id::text FROM dna_app.customer_iso_plan_templates WHERE customer_id = ANY($1)");
    let ids: Vec<i32> = customers.iter().filter_map(|id| i32::try_from(*id).ok()).collect();
    let plans = plans.bind(ids).fetch_all(&mut superuser).await?;
    let questionnaire =
        |row: &sqlx::postgres::PgRow| format!("/plans/{}/templates/{}/questionnaire", row.get::<String, _>(0), row.get::<String, _>(1));
    let portfolio = ["name", "overdue", "waiting", "next_due", "progress", "quiet"].map(|sort| format!("/api/v1/portfolio?sort={sort}"));
    let (page, totals) = (vec!["/".to_owned()], vec!["/api/v1/portfolio/totals".to_owned()]);
    Ok([
        of_each(&|id| format!("/api/v1/customers/{id}/tasks")),
        of_each(&|id| format!("/customers/{id}/tasks")),
        of_each(&|id| format!("/api/v1/customers/{id}/tasks?status=open&due=overdue&sort=due_date")),
        vec!["/my-work".to_owned()],
        vec!["/my-work".to_owned()],
        plans.iter().map(questionnaire).collect(),
        portfolio.to_vec(),
        page.clone(),
        totals.clone(),
        portfolio.to_vec(),
        page,
        totals,
        of_each(&|id| format!("/api/v1/customers/{id}/search?q={}", word(id))),
        WORDS.map(|words| format!("/api/v1/search?q={}", words.replace(' ', "+"))).to_vec(),
        of_each(&|id| format!("/api/v1/search?q=workshop+{id}")),
    ])
}
