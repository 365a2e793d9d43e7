//! What people answer, and what stands in templates, cannot become mark-up.

use scraper::{Html, Selector};

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

fn words(body: &str, answer: &str) -> String {
    render("", body, |key| if key == "a" { Fill::Words(answer.to_owned()) } else { Fill::Words("SECOND".to_owned()) })
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
        let harmless = tags(&words(body, "harmless"));
        for answer in HOSTILE {
            let page = words(body, answer);
            assert_eq!(tags(&page), harmless, "{body:?} with {answer:?}: {page}");
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
        let mark = |_: &str| Fill::Answer((*answer).to_owned());
        let page = render("{{a}}", "Before {{a}}.", mark);
        assert_eq!(tags(&page), tags(&render("{{a}}", "Before {{a}}.", |_| Fill::Answer("x".into()))), "{answer:?}: {page}");
        assert!(answer.lines().all(|line| texts(&page).contains(line)), "{page}");
    }
}

#[test]
fn the_lines_of_an_answer_are_kept() {
    assert_eq!(words("{{a}}", "one\ntwo\n\nthree"), "<p><bdi>one<br>two<br><br>three</bdi></p>\n");
    assert_eq!(words("| x |\n|---|\n| {{a}} |", "1|\n2").matches("<tr>").count(), 2);
}

#[test]
fn answers_and_gaps_lead_to_their_questions() {
    let fill = |key: &str| match key {
        "org_name" => Fill::Answer("Acme & Co".into()),
        "days" => Fill::Gap("5 Days".into()),
        "left_out" => Fill::Blank("No answer".into()),
        _ => Fill::Literal,
    };
    let page = render(
        "Policy of {{org_name}}",
        "# Purpose\n\n{{org_name}}, {{days}}, {{left_out}}, {{unknown}}, [{{days}}](https://example.org)",
        fill,
    );
    assert_eq!(
        page,
        "<h2>Policy of <a class=\"fill\" href=\"#q-org_name\"><bdi>Acme &amp; Co</bdi></a></h2>\n<h3>Purpose</h3>\n\
         <p><a class=\"fill\" href=\"#q-org_name\"><bdi>Acme &amp; Co</bdi></a>, <a class=\"fill gap\" href=\"#q-days\"><bdi>5 Days</bdi></a>, \
         <span class=\"fill gap\"><bdi>No answer</bdi></span>, {{unknown}}, \
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
