//! Flame graphs as SVG: what stands above another was called by it, and is as wide as the time that it took. Every
//! box has its whole name and its share as a title, and wide ones have the name written in them.

use std::{collections::BTreeMap, fmt::Write as _};

use super::chart::escaped;

const WIDTH: f64 = 1_200.0;
const ROW: f64 = 17.0;
const HEAD: f64 = 56.0;
/// What takes less than this share is left out.
const LEAST: f64 = 0.005;
/// The width of a letter, about.
const LETTER: f64 = 6.4;

/// Calls that were seen, from the outermost on.
#[derive(Debug, Default)]
pub struct Calls {
    seen: u64,
    inner: BTreeMap<String, Calls>,
}

impl Calls {
    /// Notes that these were under way, the outermost first.
    pub fn note<'a>(&mut self, calls: impl Iterator<Item = &'a str>) {
        let mut place = self;
        place.seen += 1;
        for call in calls {
            place = place.inner.entry(call.to_owned()).or_default();
            place.seen += 1;
        }
    }

    /// How often something was seen.
    pub const fn seen(&self) -> u64 {
        self.seen
    }

    fn depth(&self, least: f64) -> usize {
        let wide = self.inner.values().filter(|inner| inner.seen as f64 >= least);
        wide.map(|inner| 1 + inner.depth(least)).max().unwrap_or(0)
    }

    /// Draws them.
    pub fn draw(&self, title: &str, about: &str) -> String {
        let least = LEAST * self.seen as f64;
        let height = ROW.mul_add(self.depth(least) as f64, HEAD + 10.0);
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<style>
  .back {{ fill: #ffffff; }} text {{ fill: #1d2330; font: 11px ui-monospace, monospace; }} .title {{ font: 600 15px system-ui, sans-serif; }}
  .about {{ font: 13px system-ui, sans-serif; }} rect {{ stroke: #ffffff; stroke-width: 0.7; }} .o {{ fill: #9db4d8; }} .k {{ fill: #d9c9a3; }} .e {{ fill: #d5dae4; }}
  @media (prefers-color-scheme: dark) {{
    .back {{ fill: #14171f; }} text {{ fill: #e7eaf2; }} rect {{ stroke: #14171f; }} .o {{ fill: #3d5580; }} .k {{ fill: #5c4f2c; }} .e {{ fill: #333a48; }}
  }}
</style>
<rect class="back" width="{WIDTH}" height="{height}"/>
<text class="title" x="10" y="22">{}</text>
<text class="about" x="10" y="42">{}</text>
"#,
            escaped(title),
            escaped(about),
            title = escaped(title),
        );
        self.boxes(&mut svg, (0.0, height - 10.0), WIDTH / self.seen.max(1) as f64, self.seen, least);
        svg.push_str("</svg>\n");
        svg
    }

    fn boxes(&self, svg: &mut String, (mut left, bottom): (f64, f64), scale: f64, all: u64, least: f64) {
        let top = bottom - ROW;
        for (name, inner) in &self.inner {
            let width = inner.seen as f64 * scale;
            if inner.seen as f64 >= least {
                let kind = if name.ends_with("_[k]") {
                    "k"
                } else if name.contains("muster") {
                    "o"
                } else {
                    "e"
                };
                let name = name.trim_end_matches("_[k]");
                let share = 100.0 * inner.seen as f64 / all.max(1) as f64;
                let _ = write!(
                    svg,
                    r#"<g><title>{} {share:.1}%</title><rect class="{kind}" x="{left:.1}" y="{top:.0}" width="{width:.1}" height="{ROW}"/>"#,
                    escaped(name)
                );
                let letters = ((width - 6.0) / LETTER).max(0.0) as usize;
                if letters >= 4 {
                    let short = short(name);
                    let shown: String = short.chars().take(letters).collect();
                    let _ = write!(svg, r#"<text x="{:.1}" y="{:.0}">{}</text>"#, left + 3.0, top + 12.0, escaped(&shown));
                }
                svg.push_str("</g>\n");
                inner.boxes(svg, (left, top), scale, all, least);
            }
            left += width;
        }
    }
}

/// A name without what its types are made of: `<A<B> as C>::poll` as `A::poll`.
fn short(name: &str) -> String {
    let inside = name.strip_prefix('<').and_then(|rest| rest.split_once(" as ").or_else(|| rest.split_once(">::")));
    let (start, end) = inside.map_or((name, ""), |(start, _)| (start, name.rsplit("::").next().unwrap_or_default()));
    let path = start.split('<').next().unwrap_or(start).trim_end_matches("::");
    let path: Vec<&str> = path.split("::").collect();
    let last = path[path.len().saturating_sub(2)..].join("::");
    if end.is_empty() { last } else { format!("{last}::{end}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_as_wide_as_they_were_seen() {
        let mut calls = Calls::default();
        for stack in [["main", "a::read"], ["main", "a::read"], ["main", "b::write_[k]"]] {
            calls.note(stack.into_iter());
        }
        let svg = calls.draw("Title <1>", "about");
        assert!(svg.contains("<title>a::read 66.7%</title><rect class=\"e\" x=\"0.0\""), "{svg}");
        assert!(svg.contains("<title>b::write 33.3%</title><rect class=\"k\" x=\"800.0\""), "{svg}");
        assert!(svg.contains("Title &lt;1&gt;"), "{svg}");
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(short("<tower::util::Oneshot<S,Req> as core::Future>::poll"), "util::Oneshot::poll");
        assert_eq!(short("hyper::proto::h1::dispatch::Dispatcher<D,Bs>::poll_write"), "dispatch::Dispatcher");
        assert_eq!(short("memcpy"), "memcpy");
    }
}
