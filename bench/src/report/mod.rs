//! The report: figures that are kept, a page, and charts.

pub mod chart;
pub mod flame;
mod page;

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use crate::{Result, machine::Machine, numbers::Spread, parts::Part};

/// A figure that is this much worse than the one that was kept is a regression.
const MUCH_WORSE: f64 = 0.1;

/// What was found in a part.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Section {
    /// Where.
    pub machine: Machine,
    /// How it was asked.
    pub asked: String,
    /// Figures with goals.
    pub goals: Vec<Figure>,
    /// Figures of this machine.
    pub absolutes: Vec<Absolute>,
    /// Charts: their files and what they show.
    pub charts: Vec<(String, String)>,
    /// What one has to know to read them.
    pub notes: Vec<String>,
}

/// A figure with a goal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// Stands for it in the kept figures.
    pub key: String,
    /// What is measured, and against what.
    pub what: String,
    /// What it shall reach.
    pub goal: Goal,
    /// Behind the figure: nothing for a time as much.
    pub unit: String,
    /// What was found.
    pub found: Spread,
    /// What later runs are compared with: the best that was not followed by a better one.
    #[serde(default)]
    pub kept: Option<f64>,
}

/// What a figure shall reach.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

/// A figure of this machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Absolute {
    /// What it is.
    pub what: String,
    /// What was found.
    pub found: Spread,
    /// Its unit.
    pub unit: String,
}

/// All parts, by their names.
type Kept = BTreeMap<String, Section>;

impl Figure {
    /// A ratio: so many times as much.
    pub fn times(key: &str, what: &str, goal: Goal, found: Spread) -> Self {
        Self::of(key, what, goal, "x", found)
    }

    /// Any figure.
    pub fn of(key: &str, what: &str, goal: Goal, unit: &str, found: Spread) -> Self {
        Self { key: key.to_owned(), what: what.to_owned(), goal, unit: unit.to_owned(), found, kept: None }
    }

    /// Whether the goal is met.
    pub fn is_met(&self) -> bool {
        match self.goal {
            Goal::AtLeast(goal) => self.found.median >= goal,
            Goal::AtMost(goal) => self.found.median <= goal,
        }
    }

    /// Whether it is much worse than what was kept.
    pub fn is_regression(&self) -> bool {
        self.kept.is_some_and(|kept| match self.goal {
            Goal::AtLeast(_) => self.found.median < kept * (1.0 - MUCH_WORSE),
            Goal::AtMost(_) => self.found.median > kept * (1.0 + MUCH_WORSE),
        })
    }

    /// Takes over what an earlier run found, for a figure that has become worse since.
    fn compare(&mut self, before: Option<&Self>) {
        let worst = |one: f64, other: f64| match self.goal {
            Goal::AtLeast(_) => one.max(other),
            Goal::AtMost(_) => one.min(other),
        };
        let before = before.map(|before| before.kept.unwrap_or(before.found.median));
        self.kept = before.map(|before| worst(before, self.found.median));
    }
}

impl Section {
    /// Adds a figure of this machine.
    pub fn add(&mut self, what: impl Into<String>, found: Spread, unit: &str) {
        self.absolutes.push(Absolute { what: what.into(), found, unit: unit.to_owned() });
    }
}

/// Keeps what was found in a part, and writes the report anew.
pub fn keep(folder: &Path, part: Part, mut section: Section) -> Result<()> {
    let figures = folder.join("benchmarks");
    std::fs::create_dir_all(&figures)?;
    let file = figures.join("figures.json");
    let mut kept: Kept = match std::fs::read(&file) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => Kept::new(),
    };
    let before = kept.get(part.key());
    for figure in &mut section.goals {
        figure.compare(before.and_then(|section| section.goals.iter().find(|one| one.key == figure.key)));
        let word = if figure.is_met() { "met" } else { "NOT met" };
        println!("  {} {}: {} {}", figure.what, page::figure(figure.found, &figure.unit), page::goal(figure), word);
        if figure.is_regression() {
            println!("  REGRESSION: it was {}", page::one(figure.kept.unwrap_or_default(), &figure.unit));
        }
    }
    kept.insert(part.key().to_owned(), section);
    std::fs::write(&file, serde_json::to_string_pretty(&kept)? + "\n")?;
    std::fs::write(folder.join("BENCHMARKS.md"), page::page(&kept))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(median: f64) -> Figure {
        Figure::times("key", "what", Goal::AtLeast(8.0), Spread { median, low: median, high: median })
    }

    #[test]
    fn a_figure_that_is_a_tenth_worse_is_a_regression_until_it_is_back() {
        let mut worse = figure(8.5);
        worse.compare(Some(&figure(10.0)));
        assert!(worse.is_met() && worse.is_regression());
        let mut still = figure(8.6);
        still.compare(Some(&worse));
        assert!(still.is_regression());
        let mut back = figure(9.5);
        back.compare(Some(&still));
        assert!(!back.is_regression());
    }
}
