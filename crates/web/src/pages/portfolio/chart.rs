//! A bar chart, drawn on the server: positions are worked out here, the template only writes them down.

/// Width of the drawing.
const WIDTH: u32 = 448;
/// Height of the highest bar.
const HEIGHT: u32 = 72;
/// Where the bars stand.
const BASE: u32 = 92;
/// Width of a bar.
const BAR: u32 = 32;

/// How a bar is drawn; each has its own look, not only its own colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Past its date.
    Late,
    /// The current week.
    Now,
    /// Weeks to come.
    Later,
}

impl Weight {
    /// The class of the bar.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Late => "bar late",
            Self::Now => "bar",
            Self::Later => "bar soft",
        }
    }
}

/// A week and its number of open tasks.
#[derive(Debug, Clone)]
pub struct Column {
    /// "16 Mar".
    pub label: String,
    /// Open tasks.
    pub value: u32,
    /// How it is drawn.
    pub weight: Weight,
}

/// The weeks, late tasks first.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// In the order of time.
    pub columns: Vec<Column>,
}

/// A bar with its place in the drawing.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Its week.
    pub column: Column,
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Height.
    pub height: u32,
    /// Middle, for its words.
    pub middle: u32,
    /// Stripes across a late bar.
    pub stripes: String,
}

impl Chart {
    /// There is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.value == 0)
    }

    /// The bars, each in its place.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let most = self.columns.iter().map(|column| column.value).max().unwrap_or(0).max(1);
        let count = u32::try_from(self.columns.len()).unwrap_or(1).max(1);
        let room = WIDTH / count;
        (0..)
            .zip(&self.columns)
            .map(|(index, column)| {
                let scaled = u64::from(column.value) * u64::from(HEIGHT) / u64::from(most);
                let height = u32::try_from(scaled).unwrap_or(HEIGHT).max(u32::from(column.value > 0) * 2);
                let x = index * room + room.saturating_sub(BAR) / 2;
                let y = BASE - height;
                Bar { column: column.clone(), x, y, height, middle: x + BAR / 2, stripes: stripes(column, x, y) }
            })
            .collect()
    }

    /// "Late 11, 16 Mar 14, 23 Mar 22": what the drawing shows, for those who do not see it.
    #[must_use]
    pub fn described(&self) -> String {
        let parts: Vec<String> = self.columns.iter().map(|column| format!("{} {}", column.label, column.value)).collect();
        parts.join(", ")
    }
}

/// Slanted lines over a late bar, so that it differs by more than its colour.
fn stripes(column: &Column, x: u32, y: u32) -> String {
    if column.weight != Weight::Late {
        return String::new();
    }
    let mut lines = String::new();
    let mut at = BASE.saturating_sub(8);
    while at > y + 14 {
        lines.push_str(&format!("M{x} {at}l{BAR} -14"));
        at = at.saturating_sub(12);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_height_and_the_others_follow() {
        let column = |value, weight| Column { label: "16 Mar".into(), value, weight };
        let chart = Chart { columns: vec![column(20, Weight::Late), column(10, Weight::Now), column(0, Weight::Later)] };
        let heights: Vec<u32> = chart.bars().iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [72, 36, 0]);
        assert!(!chart.bars()[0].stripes.is_empty());
        assert_eq!(chart.described(), "16 Mar 20, 16 Mar 10, 16 Mar 0");
    }

    #[test]
    fn nothing_due_is_nothing_to_draw() {
        assert!(Chart::default().is_empty());
        assert!(Chart::default().bars().is_empty());
    }
}
