//! What every page has to keep to, checked on every sample.

mod routes;
mod words;

use std::collections::{HashMap, HashSet};

use scraper::{ElementRef, Html, Selector};

use self::routes::{GETS, POSTS, known};
use super::{Sample, all};
use crate::assets::asset;

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: &ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Looks at every sample but the one with thousands of rows, which says nothing new.
fn each(check: impl Fn(&Sample, &Html)) {
    for sample in all().unwrap() {
        if sample.path != "/workspace/large" {
            check(&sample, &Html::parse_document(&sample.html));
        }
    }
}

#[test]
fn nothing_is_inline() {
    each(|sample, page| {
        for element in select(page, "*") {
            for (name, value) in element.value().attrs() {
                let inline = name.starts_with("on") || name == "style" || name.starts_with("hx-on") || value.starts_with("js:");
                assert!(!inline, "{}: {name}={value}", sample.path);
            }
        }
        assert!(select(page, "style").is_empty(), "{}", sample.path);
        for script in select(page, "script") {
            assert!(script.value().attr("src").is_some_and(|src| src.starts_with("/assets/")), "{}", sample.path);
        }
    });
}

#[test]
fn every_control_has_a_name_that_is_read_out() {
    each(|sample, page| {
        let labelled: HashSet<&str> = select(page, "label[for]")
            .iter()
            .filter(|label| !text(label).is_empty())
            .filter_map(|label| label.value().attr("for"))
            .collect();
        for control in select(page, "input:not([type=hidden]), select, textarea") {
            let value = control.value();
            let named = value.id().is_some_and(|id| labelled.contains(id))
                || value.attr("aria-label").is_some()
                || control.ancestors().filter_map(ElementRef::wrap).any(|one| one.value().name() == "label" && !text(&one).is_empty());
            assert!(named, "{}: {}", sample.path, control.html());
        }
        for button in select(page, "button, a[href], summary, [role=img]") {
            let named = !text(&button).is_empty() || button.value().attr("aria-label").is_some_and(|label| !label.trim().is_empty());
            assert!(named, "{}: {}", sample.path, button.html());
        }
    });
}

#[test]
fn ids_are_unique_and_what_refers_to_them_finds_them() {
    each(|sample, page| {
        let mut seen = HashMap::new();
        for element in select(page, "[id]") {
            *seen.entry(element.value().id().unwrap()).or_insert(0) += 1;
        }
        let twice: Vec<_> = seen.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", sample.path);
        for attribute in ["aria-describedby", "aria-labelledby", "for", "form", "list", "popovertarget"] {
            for element in select(page, &format!("[{attribute}]")) {
                for id in element.value().attr(attribute).unwrap().split_whitespace() {
                    assert!(seen.contains_key(id), "{}: {attribute}={id}", sample.path);
                }
            }
        }
    });
}

#[test]
fn forms_and_links_lead_to_routes_that_exist() {
    each(|sample, page| {
        for form in select(page, "form") {
            let action = form.value().attr("action");
            if form.value().attr("method") == Some("post") {
                let shared = form.value().id() == Some("moves");
                assert!(shared || action.is_some_and(|action| known(POSTS, action)), "{}: {action:?}", sample.path);
            } else {
                assert!(action.is_some_and(|action| known(GETS, action)), "{}: {action:?}", sample.path);
            }
        }
        for button in select(page, "[formaction]") {
            let action = button.value().attr("formaction").unwrap();
            assert!(known(POSTS, action), "{}: {action}", sample.path);
        }
        for link in select(page, "a") {
            let href = link.value().attr("href").unwrap_or_else(|| panic!("{}: {}", sample.path, link.html()));
            let local = href.starts_with('?') || (href.len() > 1 && href.starts_with('#'));
            // The ways out: to the organisation's sign-in and to evidence, which are at other sites, and into a
            // calendar program.
            let rel = link.value().attr("rel").unwrap_or_default();
            let out = rel.split(' ').any(|word| matches!(word, "external" | "noopener")) && href.starts_with("https://");
            let taken_over = sample.path == "/calendar/made" && href.starts_with("webcal://");
            assert!(local || out || taken_over || known(GETS, href), "{}: {href}", sample.path);
        }
    });
}

#[test]
fn headings_are_in_order() {
    each(|sample, page| {
        let headings = select(page, "h1, h2, h3, h4, h5, h6");
        let levels: Vec<u8> = headings.iter().map(|one| one.value().name().as_bytes()[1] - b'0').collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{}: one h1", sample.path);
        // A document brings headings of its own, and they follow those of the page.
        let ours: Vec<&ElementRef<'_>> = headings
            .iter()
            .filter(|one| !one.ancestors().filter_map(ElementRef::wrap).any(|up| up.value().classes().any(|class| class == "paper")))
            .collect();
        let mut before = 0;
        for heading in ours {
            let level = heading.value().name().as_bytes()[1] - b'0';
            assert!(level <= before + 1, "{}: h{level} after h{before}: {}", sample.path, text(heading));
            before = level;
        }
    });
}

#[test]
fn what_people_typed_stays_text() {
    each(|sample, page| {
        for script in select(page, "script") {
            assert!(text(&script).is_empty(), "{}", sample.path);
        }
    });
    let samples = all().unwrap();
    let page = samples.iter().find(|one| one.path == "/workspace/rtl").unwrap();
    assert!(page.html.contains("&#60;script&#62;alert(1)"));
}

#[test]
fn icons_and_files_exist() {
    let sprite = include_str!("../../../assets/icons.svg");
    each(|sample, page| {
        for one in select(page, "use") {
            let href = one.value().attr("href").unwrap();
            let (file, name) = href.split_once('#').unwrap();
            assert_eq!(file, asset("icons.svg"), "{}", sample.path);
            assert!(sprite.contains(&format!("id=\"{name}\"")), "{}: no icon {name}", sample.path);
        }
        for one in select(page, "[src], link[href]") {
            let value = one.value();
            let address = value.attr("src").or(value.attr("href")).unwrap();
            let is_ours = address.starts_with("/assets/") || address.starts_with("/firm/logo");
            let is_preview = address.starts_with("/evidence/") && address.ends_with("/preview");
            assert!(is_preview || (is_ours && address.contains("?v=")), "{}: {address}", sample.path);
        }
    });
}

#[test]
fn a_reader_without_rights_sees_no_control() {
    for sample in all().unwrap().iter().filter(|one| one.path.ends_with("/reader")) {
        let page = Html::parse_document(&sample.html);
        let main = select(&page, "main, aside");
        for part in main {
            for control in part.select(&Selector::parse("button, textarea, input:not([type=hidden])").unwrap()) {
                let filter = control
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|up| up.value().name() == "form" && up.value().attr("method") == Some("get"));
                assert!(filter, "{}: {}", sample.path, control.html());
            }
        }
    }
}

#[test]
fn two_thousand_rows_stay_lean() {
    let samples = all().unwrap();
    let page = samples.iter().find(|one| one.path == "/workspace/large").unwrap();
    let rows = page.html.matches("class=\"task\"").count();
    assert!(rows >= 2000);
    assert!(page.html.len() / rows < 1000, "{} bytes a row", page.html.len() / rows);
}
