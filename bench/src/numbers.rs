//! Medians, ranges, and how they are written.

use serde::{Deserialize, Serialize};

/// The median of several rounds, and the range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Spread {
    /// Of some figures.
    pub fn of(figures: &[f64]) -> Self {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self { median: quantile(&sorted, 0.5), low: quantile(&sorted, 0.0), high: quantile(&sorted, 1.0) }
    }

    /// The ratios of two lists of figures, round by round.
    pub fn ratio(one: &[f64], other: &[f64]) -> Self {
        let ratios: Vec<f64> = one.iter().zip(other).map(|(one, other)| one / other).collect();
        Self::of(&ratios)
    }
}

/// The figure below which a part of the sorted ones lies.
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(0.0)
}

/// A figure in three significant digits, with commas between thousands.
pub fn written(figure: f64) -> String {
    let digits = match figure.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        _ => 3,
    };
    let text = format!("{figure:.digits$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 && digit.is_ascii_digit() && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_read_them() {
        assert_eq!(written(12_129.4), "12,129");
        assert_eq!(written(0.1234), "0.123");
        assert_eq!(written(8.0), "8.00");
        assert_eq!(written(1_234_567.0), "1,234,567");
    }

    #[test]
    fn a_spread_is_the_median_and_the_range() {
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), Spread { median: 2.0, low: 1.0, high: 3.0 });
        assert_eq!(Spread::ratio(&[4.0, 9.0], &[2.0, 3.0]).high, 3.0);
    }
}
