//! Samples of the search.

use super::{HitRow, SearchPage};
use crate::{layout::Nav, parts::Paging, samples::consultant, text::ENGLISH};

pub(super) fn all() -> Vec<(&'static str, SearchPage)> {
    let empty = SearchPage {
        layout: consultant(ENGLISH.search.title, Nav::Elsewhere),
        typed: String::new(),
        customer: None,
        is_in_customer: false,
        is_asked: false,
        corrected: None,
        hits: Vec::new(),
        total: 0,
        paging: Paging::default(),
    };
    let asked = SearchPage { typed: "zugriff".into(), is_asked: true, ..empty.clone() };
    let hits = hits();
    let total = u32::try_from(hits.len()).unwrap_or(0);
    let found = SearchPage {
        typed: "patch".into(),
        customer: Some((5, "Acme Corp".into())),
        is_in_customer: true,
        total,
        paging: Paging { shown: total, total, next: None, first: None },
        hits,
        ..asked.clone()
    };
    let corrected = SearchPage { typed: "ptach".into(), corrected: Some("patch".into()), is_in_customer: false, ..found.clone() };
    vec![("found", found), ("corrected", corrected), ("nothing", asked), ("empty", empty)]
}

fn hits() -> Vec<HitRow> {
    let plain = |text: &str| vec![(text.to_owned(), false)];
    let marked =
        |before: &str, found: &str, after: &str| vec![(before.to_owned(), false), (found.to_owned(), true), (after.to_owned(), false)];
    let row =
        |icon, kind, title, excerpt, path: &str| HitRow { icon, kind, href: "/customers/5".into(), title, excerpt, path: path.into() };
    let w = &ENGLISH.search;
    vec![
        row(
            "document",
            w.document,
            marked("", "Patch", " management procedure"),
            marked("… Servers are ", "patched", " every month, in a fixed window …"),
            "ISO 27001:2022",
        ),
        row("template", w.question, marked("How often are ", "patches", " applied?"), Vec::new(), "ISO 27001:2022 · Patch management"),
        row(
            "comment",
            w.comment,
            plain("Review scope and objectives"),
            marked("Please add the ", "patching", " of the laptops."),
            "ISO 27001:2022",
        ),
        row("clip", w.evidence, marked("", "patch", "-report-2026-03.pdf"), Vec::new(), ""),
        row("work", w.task, marked("بعد ", "patch", " مباشرة"), Vec::new(), "دار الأفق للنشر"),
    ]
}
