//! What people answer, and what stands in templates, cannot become mark-up.

use scraper::{Html, Selector};

use std::collections::BTreeMap;

use muster_domain::documents::{FilledAnswer, FilledTable};
use proptest::prelude::*;

use super::*;

/// Answers that try to be more than text.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><b>bold</b>",
    "' onmouseover='alert(1)",
    "**bold** _em_ `code` ~~gone~~",
    "# heading",
    "- item",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "a | b",
    "```\nfence\n```",
    "[link](javascript:alert(1))",
    "![picture](https://evil.example/x.png)",
    "<https://evil.example>",
    "{{b}}",
    "{{a}}",
    "{{",
    "}}",
    "{",
    "&lt;b&gt; &amp; &#60;",
    "\\*not escaped\\*",
    "one\ntwo\n\nthree",
    "    four spaces",
    "---",
    "===",
    "[x]: https://evil.example",
    "دار الأفق \u{202E}للنشر",
    "<!-- comment",
    "<![CDATA[x]]>",
    "&",
];

/// Bodies that have a placeholder in every kind of place.
const PLACES: &[&str] = &[
    "Before {{a}} after.",
    "# {{a}}",
    "- {{a}}\n- second",
    "> {{a}}",
    "| Name | Value |\n|:--|--:|\n| {{a}} | x |",
    "**{{a}}** and *{{a}}* and `{{a}}`",
    "```\n{{a}}\n```",
    "[to {{a}}](https://example.org)",
    "{{{a}}}",
    "{{a}}{{a}}",
    "<div>{{a}}</div>",
    "Line\n{{a}}",
    "{{a}}\n===",
];

fn answer<'a>(words: &str) -> Fill<'a> {
    Fill::Answer { words: words.to_owned().into(), table: None }
}

fn words(body: &str, filling: &str) -> String {
    let paper = Paper::new("", body, &|key| if key == "a" { answer(filling) } else { answer("SECOND") });
    html(&paper, Marks::Gaps)
}

fn render<'a>(title: &str, body: &str, fill: impl Fn(&str) -> Fill<'a>) -> String {
    html(&Paper::new(title, body, &fill), Marks::ToQuestions)
}

fn texts(page: &str) -> String {
    Html::parse_fragment(page).root_element().text().collect()
}

fn tags(page: &str) -> Vec<String> {
    let page = Html::parse_fragment(page);
    page.select(&Selector::parse("*").unwrap()).map(|element| element.value().name().to_owned()).filter(|name| name != "br").collect()
}

#[test]
fn an_answer_is_text_wherever_it_stands() {
    for body in PLACES {
        for answer in HOSTILE {
            let page = words(body, answer);
            let mut expected = tags(&words(body, "harmless"));
            let mut found = tags(&page);
            if answer.contains("\n\n") {
                // Where it stands alone, an answer of several paragraphs becomes several paragraphs.
                expected.retain(|tag| tag != "p" && tag != "bdi");
                found.retain(|tag| tag != "p" && tag != "bdi");
            }
            assert_eq!(found, expected, "{body:?} with {answer:?}: {page}");
            let shown = texts(&page);
            for line in answer.lines() {
                assert!(shown.contains(line), "{body:?} with {answer:?}: {page}");
            }
            assert!(!shown.contains("SECOND"), "{body:?} with {answer:?}: {page}");
        }
    }
}

#[test]
fn a_marked_answer_is_text_too() {
    for answer in HOSTILE {
        let page = render("{{a}}", "Before {{a}}.", |_| self::answer(answer));
        assert_eq!(tags(&page), tags(&render("{{a}}", "Before {{a}}.", |_| self::answer("x"))), "{answer:?}: {page}");
        assert!(answer.lines().all(|line| texts(&page).contains(line)), "{page}");
    }
}

#[test]
fn the_lines_of_an_answer_are_kept() {
    assert_eq!(words("{{a}}", "one\ntwo\n\n\nthree"), "<p><bdi>one<br>two</bdi></p>\n<p><bdi>three</bdi></p>\n");
    assert_eq!(words("As: {{a}}", "one\ntwo\n\nthree"), "<p>As: <bdi>one<br>two<br><br>three</bdi></p>\n");
    assert_eq!(words("| x |\n|---|\n| {{a}} |", "1|\n2").matches("<tr>").count(), 2);
}

#[test]
fn answers_and_gaps_lead_to_their_questions() {
    let fill = |key: &str| match key {
        "org_name" => answer("Acme & Co"),
        "days" => Fill::Gap("5 Days".into()),
        _ => Fill::Literal,
    };
    let page = render("Policy of {{org_name}}", "# Purpose\n\n{{org_name}}, {{days}}, {{unknown}}, [{{days}}](https://example.org)", fill);
    assert_eq!(
        page,
        "<h2>Policy of <a class=\"fill\" href=\"#q-org_name\"><bdi>Acme &amp; Co</bdi></a></h2>\n<h3>Purpose</h3>\n\
         <p><a class=\"fill\" href=\"#q-org_name\"><bdi>Acme &amp; Co</bdi></a>, <a class=\"fill gap\" href=\"#q-days\"><bdi>5 Days</bdi></a>, {{unknown}}, \
         <a href=\"https://example.org\" rel=\"noopener noreferrer\"><span class=\"fill gap\"><bdi>5 Days</bdi></span></a></p>\n"
    );
}

#[test]
fn html_in_the_text_is_shown() {
    for body in
        ["<script>alert(1)</script>", "a <b onclick=x>b</b>", "<div>\n<p>x</p>\n</div>", "<!-- hidden -->", "<style>*{}</style>\n\ntext"]
    {
        let page = words(body, "");
        assert!(tags(&page).iter().all(|tag| matches!(tag.as_str(), "html" | "p")), "{page}");
        assert!(page.contains("&lt;"), "{page}");
    }
}

#[test]
fn links_lead_to_sites_and_mail_only() {
    let links = |body: &str| words(body, "").matches("<a ").count();
    for body in
        ["[x](https://example.org)", "<https://example.org>", "[x](mailto:a@b.example)", "<a@b.example>", "[x][y]\n\n[y]: HTTP://e.example"]
    {
        assert_eq!(links(body), 1, "{body}");
    }
    for body in [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](//evil.example)",
        "[x](/sign-out)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "[x](#q-a)",
        "![x](https://evil.example/p.png)",
    ] {
        let page = words(body, "");
        assert_eq!((links(body), page.matches("<img").count()), (0, 0), "{page}");
    }
    let quoted = words("[x](https://e.example/\"onclick=\"alert(1))", "");
    assert!(!quoted.contains("\"onclick"), "{quoted}");
}

#[test]
fn nothing_of_a_page_of_its_own_comes_along() {
    let page = words("# A {#main .btn}\n\n| x |\n|:-:|\n| y |\n\n```rust onload\nx\n```", "");
    assert!(!page.contains("style") && !page.contains("class") && !page.contains(" id="), "{page}");
}

#[test]
fn headings_follow_those_of_the_page() {
    assert_eq!(words("# One\n\n## Two", ""), "<h2>One</h2>\n<h3>Two</h3>\n");
    assert_eq!(render("T", "## One\n\n### Two", |_| Fill::Literal), "<h2>T</h2>\n<h3>One</h3>\n<h4>Two</h4>\n");
    assert!(words("##### Five\n\n###### Six", "").starts_with("<h2>Five</h2>\n<h3>Six"));
    assert!(render("T", "# 1\n\n###### 6", |_| Fill::Literal).contains("<h6>6</h6>"));
}

#[test]
fn a_document_without_text_is_empty() {
    assert_eq!(render(" ", "\n", |_| Fill::Literal), "");
}

fn servers() -> FilledTable {
    let row = |name: &str, owner: &str| vec![name.to_owned(), owner.to_owned()];
    FilledTable {
        keys: vec!["name".into(), "owner".into()],
        headings: vec!["Name".into(), "Owner".into()],
        rows: vec![row("a | b", "Ann\nBob"), row("<b>", "{{days}}")],
    }
}

fn with_table(body: &str) -> String {
    let table = servers();
    let fill = |key: &str| match key {
        "servers" => Fill::Answer { words: "a | b, Ann\n<b>".into(), table: Some(&table) },
        "none" => answer("not applicable"),
        "gap" => Fill::Gap("Servers?".into()),
        _ => Fill::Literal,
    };
    html(&Paper::new("", body, &fill), Marks::None)
}

#[test]
fn a_row_repeats_for_each_row_of_the_answer() {
    let page = with_table("| N | O | x |\n|---|---|---|\n| {{servers.name}} | by **{{ servers.owner }}** | same |\n| last | | |");
    assert_eq!(
        page,
        "<table><thead><tr><th scope=\"col\">N</th><th scope=\"col\">O</th><th scope=\"col\">x</th></tr></thead><tbody>\n\
         <tr><td><bdi>a | b</bdi></td><td>by <strong><bdi>Ann<br>Bob</bdi></strong></td><td>same</td></tr>\n\
         <tr><td><bdi>&lt;b&gt;</bdi></td><td>by <strong><bdi>{{days}}</bdi></strong></td><td>same</td></tr>\n\
         <tr><td>last</td><td></td><td></td></tr>\n</tbody></table>\n"
    );
}

#[test]
fn a_row_without_rows_stands_once() {
    let rows = |table: &str| with_table(&format!("| N | O |\n|---|---|\n| {{{{{table}.name}}}} | {{{{{table}.owner}}}} |"));
    assert!(rows("none").contains("<tr><td><bdi>not applicable</bdi></td><td><bdi>not applicable</bdi></td></tr>"));
    assert!(rows("gap").contains("<tr><td><bdi>Servers?</bdi></td>"));
    assert!(rows("unknown").contains("<tr><td>{{unknown.name}}</td>"));
    assert!(with_table("| N |\n|---|\n| {{servers.colour}} |").contains("<td>{{servers.colour}}</td>"));
}

#[test]
fn a_table_alone_in_its_paragraph_is_a_table() {
    let page = with_table("{{servers}}");
    assert!(page.starts_with("<table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Owner</th></tr></thead>"), "{page}");
    assert_eq!(page.matches("<tr>").count(), 3);
    assert_eq!(with_table("All: {{servers}}"), "<p>All: <bdi>a | b, Ann<br>&lt;b&gt;</bdi></p>\n");
    assert_eq!(with_table("Named {{servers.name}}."), "<p>Named <bdi>a | b, &lt;b&gt;</bdi>.</p>\n");
    assert_eq!(with_table("{{gap}}"), "<p><bdi>Servers?</bdi></p>\n");
    assert!(with_table("- {{servers}}").contains("<table>"));
}

#[test]
fn a_document_is_read_from_its_content() {
    let filled = |words: &str, value: serde_json::Value| FilledAnswer {
        label: "L".into(),
        value,
        words: words.into(),
        version: 1,
        table: None,
        not_applicable_reason: None,
    };
    let content = DocumentContent {
        title: "Policy of {{org}}".into(),
        body: "Hello {{org}}\n{{#if cloud}}\nCloud\n{{/if}}\n\n{{days}} {{other}}\n".into(),
        answers: BTreeMap::from([
            ("org".into(), filled("Acme", "Acme".into())),
            ("cloud".into(), filled("no", serde_json::Value::Bool(false))),
        ]),
        unanswered: BTreeMap::from([("days".into(), "How many days?".into())]),
        file: None,
    };
    let paper = Paper::of(&content, &|_, label| format!("No answer: {label}"));
    assert_eq!(plain_text(&paper), "Policy of Acme\nHello Acme\nNo answer: How many days? {{other}}\n");
    assert!(html(&paper, Marks::Gaps).contains("<span class=\"fill gap\"><bdi>No answer: How many days?</bdi></span>"));
}

#[test]
fn what_the_text_is_made_of() {
    let page = words("3. three\n4. four\n\n   - in it\n\n> quoted\n\n    code\n    more\n\n---\n\nhard\\\nbreak", "");
    assert_eq!(
        page,
        "<ol start=\"3\">\n<li>\n<p>three</p>\n</li>\n<li>\n<p>four</p>\n<ul>\n<li>in it</li>\n</ul>\n</li>\n</ol>\n\
         <blockquote>\n<p>quoted</p>\n</blockquote>\n<pre><code>code\nmore\n</code></pre>\n<hr>\n<p>hard<br>break</p>\n"
    );
}

#[test]
fn depth_is_bounded() {
    for deep in [">".repeat(20_000), "- ".repeat(20_000), "> - ".repeat(10_000), "[".repeat(20_000), "**a ".repeat(5_000)] {
        let paper = Paper::new("", &format!("{deep}words\n\nafter"), &|_| Fill::Literal);
        let text = plain_text(&paper);
        assert!(text.contains("words") && text.contains("after"), "{}", &text[..text.len().min(200)]);
        assert!(html(&paper, Marks::None).len() < 400_000);
    }
}

proptest! {
    #[test]
    fn any_text_can_be_read(body in "[-a>*_#|`\\[\\](){}!<.0-9 \n~:&;x]{0,120}", filling in "[-a>*|{}<\n ]{0,20}") {
        let page = words(&body, &filling);
        prop_assert!(tags(&page).iter().all(|tag| tag != "script" && tag != "img"));
    }
}
