//! From what was found to the page that shows it.

use muster_domain::{
    customers::Customer,
    ids::CustomerId,
    search::{Hit, HitKind, SearchWords},
};
use muster_service::{Found, Slice};

use super::{HitRow, SearchPage};
use crate::{layout::Layout, parts::Paging, request::Parameters, text::Text};

pub(super) fn page(
    layout: Layout,
    parameters: &Parameters,
    customer: Option<&Customer>,
    scope: Option<CustomerId>,
    found: Option<Found>,
    paging: Paging,
    t: &Text,
) -> SearchPage {
    let (is_asked, total) = (found.is_some(), found.as_ref().map_or(0, |found| number(found.hits.total)));
    let corrected = found.as_ref().filter(|found| found.is_corrected).map(|found| found.words.words().join(" "));
    let hits = found.map_or_else(Vec::new, |found| {
        let (words, hits) = (found.words, found.hits.items);
        hits.into_iter().map(|hit| row(hit, &words, scope.is_some(), t)).collect()
    });
    SearchPage {
        layout,
        typed: parameters.get("q").unwrap_or_default().to_owned(),
        customer: customer.map(|customer| (customer.id.0, customer.name.clone())),
        is_in_customer: scope.is_some(),
        is_asked,
        corrected,
        hits,
        total,
        paging,
    }
}

pub(super) fn paging(parameters: &Parameters, slice: Slice, found: Option<&Found>) -> Paging {
    let Some(found) = found else { return Paging::default() };
    Paging {
        shown: u32::try_from(found.hits.items.len()).unwrap_or(u32::MAX),
        total: number(found.hits.total),
        next: parameters.next_query(slice, found.hits.total).map(|query| format!("/search{query}")),
        first: (slice.offset > 0).then(|| format!("/search{}", parameters.first_query())),
    }
}

fn row(hit: Hit, words: &SearchWords, is_in_customer: bool, t: &Text) -> HitRow {
    let (icon, kind) = looks(hit.kind, t);
    let href = place(&hit);
    let customer = (!is_in_customer && hit.kind != HitKind::Customer).then_some(hit.customer_name.as_str());
    // A document's own name is its title already.
    let steps = hit.path.iter().map(String::as_str).filter(|step| *step != hit.title);
    let path = customer.into_iter().chain(steps).collect::<Vec<_>>().join(t.common.separator);
    HitRow { icon, kind, href, title: words.marked(&hit.title), excerpt: words.excerpt(&hit.text), path }
}

fn looks(kind: HitKind, t: &Text) -> (&'static str, &'static str) {
    let w = &t.search;
    match kind {
        HitKind::Customer => ("customer", w.customer),
        HitKind::Task => ("work", w.task),
        HitKind::Question => ("template", w.question),
        HitKind::Answer => ("edit", w.answer),
        HitKind::Document => ("document", w.document),
        HitKind::Evidence => ("clip", w.evidence),
        HitKind::Comment => ("comment", w.comment),
    }
}

/// Where it is worked on: a question and its answer in the questionnaire, everything else on its page.
fn place(hit: &Hit) -> String {
    let customer = hit.customer_id;
    if let (Some(plan), Some(template), Some(key)) = (hit.plan_id, hit.template_id, &hit.question_key) {
        return format!("/plans/{plan}/templates/{template}/questionnaire#q-{key}");
    }
    match (hit.kind, hit.document_id, hit.evidence_id, hit.task_id) {
        (HitKind::Document, Some(document), ..) => format!("/documents/{document}"),
        (HitKind::Evidence, _, Some(evidence), _) => format!("/evidence/{evidence}"),
        (.., Some(task)) => format!("/customers/{customer}?task={task}#task"),
        _ => format!("/customers/{customer}"),
    }
}

fn number(total: i64) -> u32 {
    u32::try_from(total).unwrap_or(u32::MAX)
}
