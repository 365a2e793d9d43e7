//! Bar charts as SVG: every bar has its name and its figure in words beside it, and the colours follow what the
//! reader's screen likes. Whoever sees no colours misses nothing: bars differ by length, goals by a dashed line.

use std::{fmt::Write as _, path::Path};

use crate::{
    Result,
    numbers::{Spread, written},
};

/// A bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// How long it is, and its range.
    pub found: Spread,
    /// A goal, drawn as a dashed line.
    pub mark: Option<f64>,
}

const WIDTH: f64 = 940.0;
const NAMES: f64 = 340.0;
const FIGURES: f64 = 150.0;
const ROW: f64 = 30.0;
const HEAD: f64 = 64.0;

/// Writes a chart.
pub fn write(folder: &Path, file: &str, title: &str, unit: &str, bars: &[Bar]) -> Result<()> {
    let folder = folder.join("benchmarks");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(file), draw(title, unit, bars))?;
    Ok(())
}

fn draw(title: &str, unit: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.found.high.max(bar.mark.unwrap_or_default())).fold(f64::MIN_POSITIVE, f64::max);
    let scale = (WIDTH - NAMES - FIGURES) / most;
    let height = ROW.mul_add(bars.len() as f64, HEAD + 14.0);
    let title = escaped(title);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<style>
  .back {{ fill: #ffffff; }} text {{ fill: #1d2330; font: 14px system-ui, sans-serif; }} .title {{ font-weight: 600; }}
  .bar {{ fill: #9db4d8; stroke: #1d2330; }} .range, .mark {{ stroke: #1d2330; stroke-width: 1.5; }} .mark {{ stroke-dasharray: 4 3; }}
  @media (prefers-color-scheme: dark) {{
    .back {{ fill: #14171f; }} text {{ fill: #e7eaf2; }} .bar {{ fill: #3d5580; stroke: #e7eaf2; }} .range, .mark {{ stroke: #e7eaf2; }}
  }}
</style>
<rect class="back" width="{WIDTH}" height="{height}"/>
<text class="title" x="12" y="24">{title}</text>
<text x="12" y="45">{}</text>
"#,
        escaped(unit)
    );
    for (place, bar) in bars.iter().enumerate() {
        let top = ROW.mul_add(place as f64, HEAD);
        let (middle, length) = (top + 11.0, (bar.found.median * scale).max(1.0));
        let (low, high) = (bar.found.low.mul_add(scale, NAMES), bar.found.high.mul_add(scale, NAMES));
        let figure = match bar.mark {
            Some(mark) => format!("{} (goal {})", written(bar.found.median), written(mark)),
            None => written(bar.found.median),
        };
        let end = high.max(NAMES + length).max(bar.mark.map_or(0.0, |mark| mark.mul_add(scale, NAMES)));
        let _ = writeln!(svg, r#"<text x="{}" y="{}" text-anchor="end">{}</text>"#, NAMES - 10.0, top + 16.0, escaped(&bar.name));
        let _ = writeln!(svg, r#"<rect class="bar" x="{NAMES}" y="{top}" width="{length:.1}" height="22"/>"#);
        let _ = writeln!(svg, r#"<line class="range" x1="{low:.1}" y1="{middle}" x2="{high:.1}" y2="{middle}"/>"#);
        if let Some(mark) = bar.mark {
            let x = mark.mul_add(scale, NAMES);
            let _ = writeln!(svg, r#"<line class="mark" x1="{x:.1}" y1="{}" x2="{x:.1}" y2="{}"/>"#, top - 3.0, top + 25.0);
        }
        let _ = writeln!(svg, r#"<text x="{:.1}" y="{}">{figure}</text>"#, end + 6.0, top + 16.0);
    }
    svg.push_str("</svg>\n");
    svg
}

/// A text as it may stand in XML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
