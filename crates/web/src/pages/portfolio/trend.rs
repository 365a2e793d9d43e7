//! The last twelve weeks, drawn on the server: two bars for each week, one full, one striped, each with
//! its number, so that neither needs its colour.

/// Width of the drawing.
const WIDTH: u32 = 672;
/// Height of the highest bar.
const HEIGHT: u32 = 84;
/// Where the bars stand.
const BASE: u32 = 104;
/// Width of a bar.
const BAR: u32 = 20;

/// One week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendColumn {
    /// "16 Mar".
    pub label: String,
    /// Tasks completed in it.
    pub completed: u32,
    /// Tasks overdue at its end.
    pub overdue: u32,
}

/// The weeks, the earliest first.
#[derive(Debug, Clone, Default)]
pub struct Trend {
    /// In the order of time.
    pub columns: Vec<TrendColumn>,
}

/// A bar with its place in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendBar {
    /// Its number.
    pub value: u32,
    /// It counts overdue tasks.
    pub late: bool,
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Height.
    pub height: u32,
    /// Middle, for its number.
    pub middle: u32,
    /// Stripes across a late bar.
    pub stripes: String,
}

impl Trend {
    /// There is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.completed == 0 && column.overdue == 0)
    }

    fn room(&self) -> u32 {
        WIDTH / u32::try_from(self.columns.len()).unwrap_or(1).max(1)
    }

    /// The bars, each in its place.
    #[must_use]
    pub fn bars(&self) -> Vec<TrendBar> {
        let most = self.columns.iter().map(|column| column.completed.max(column.overdue)).max().unwrap_or(0).max(1);
        let bar = |x: u32, value: u32, late: bool| {
            let scaled = u64::from(value) * u64::from(HEIGHT) / u64::from(most);
            let height = u32::try_from(scaled).unwrap_or(HEIGHT).max(u32::from(value > 0) * 2);
            let y = BASE - height;
            TrendBar { value, late, x, y, height, middle: x + BAR / 2, stripes: if late { stripes(x, y) } else { String::new() } }
        };
        let room = self.room();
        let pair = |(index, column): (u32, &TrendColumn)| {
            let x = index * room + room.saturating_sub(2 * BAR + 2) / 2;
            [bar(x, column.completed, false), bar(x + BAR + 2, column.overdue, true)]
        };
        (0..).zip(&self.columns).flat_map(pair).filter(|bar| bar.value > 0).collect()
    }

    /// The weeks' labels with their middles; on narrow screens every other one is left out by the stylesheet.
    #[must_use]
    pub fn labels(&self) -> Vec<(u32, &str)> {
        let room = self.room();
        (0..).zip(&self.columns).map(|(index, column)| (index * room + room / 2, column.label.as_str())).collect()
    }
}

/// Slanted lines over a bar.
fn stripes(x: u32, y: u32) -> String {
    let mut lines = String::new();
    let mut at = BASE.saturating_sub(4);
    while at > y + 8 {
        lines.push_str(&format!("M{x} {at}l{BAR} -9"));
        at = at.saturating_sub(8);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_series_share_one_scale() {
        let column = |completed, overdue| TrendColumn { label: "16 Mar".into(), completed, overdue };
        let trend = Trend { columns: vec![column(10, 20), column(0, 5)] };
        let told: Vec<(bool, u32)> = trend.bars().iter().map(|bar| (bar.late, bar.height)).collect();
        assert_eq!(told, [(false, 42), (true, 84), (true, 21)]);
        assert!(trend.bars().iter().all(|bar| bar.late != bar.stripes.is_empty() || bar.height < 12));
        assert!(Trend::default().is_empty() && Trend::default().bars().is_empty());
    }
}
