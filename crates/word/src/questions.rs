//! The questions that the placeholders of a document ask.

use muster_domain::templates::{Column, Condition, Question, QuestionKind};

use crate::{
    Problem,
    placeholder::{Placeholder, Says, label_of},
};

/// The questions in the order in which the document first names them.
#[derive(Debug, Default)]
pub(crate) struct Questions(Vec<Asked>);

/// A question while the document is read: what has been said of it so far.
#[derive(Debug)]
struct Asked {
    key: String,
    words: String,
    section: Option<String>,
    says: Says,
    columns: Vec<(Column, bool)>,
    /// Whether a placeholder names it, not only a condition.
    is_in_text: bool,
    /// Whether a condition compares it with something.
    is_compared: bool,
}

impl Questions {
    fn entry(&mut self, key: &str, words: &str, section: Option<&str>) -> &mut Asked {
        let index = self.0.iter().position(|asked| asked.key == key).unwrap_or_else(|| {
            self.0.push(Asked {
                key: key.to_owned(),
                words: words.to_owned(),
                section: section.map(ToOwned::to_owned),
                says: Says::default(),
                columns: Vec::new(),
                is_in_text: false,
                is_compared: false,
            });
            self.0.len() - 1
        });
        &mut self.0[index]
    }

    /// Takes a placeholder in the text under a heading.
    pub(crate) fn placeholder(&mut self, found: &Placeholder, section: Option<&str>) -> Result<(), Problem> {
        let asked = self.entry(&found.key, &found.words, section);
        asked.is_in_text = true;
        asked.say(&found.says)
    }

    /// Takes one cell of a table, under the heading that its column has in the document.
    pub(crate) fn cell(&mut self, found: &Placeholder, heading: Option<&str>, section: Option<&str>) -> Result<(), Problem> {
        let Some((column, words)) = &found.column else { return self.placeholder(found, section) };
        let key = format!("{}.{column}", found.key);
        let asked = self.entry(&found.key, &found.words, section);
        asked.is_in_text = true;
        asked.about_table(&found.says)?;
        let kind = found.says.kind.unwrap_or(QuestionKind::Text);
        if !kind.fits_column() {
            return Err(Problem::KindMisplaced { key, kind: kind.as_str() });
        }
        let label = found.says.label.clone().or_else(|| heading.map(ToOwned::to_owned)).unwrap_or_else(|| label_of(words));
        let new = Column {
            key: column.clone(),
            label,
            kind,
            required: found.says.required.unwrap_or(false),
            options: found.says.options.clone(),
        };
        let is_bare = found.says.is_nothing();
        match asked.columns.iter_mut().find(|(one, _)| one.key == new.key) {
            None => asked.columns.push((new, is_bare)),
            Some(_) if is_bare => {}
            Some(known) if known.1 => *known = (new, false),
            Some((known, _)) if (known.kind, known.required, &known.options) == (new.kind, new.required, &new.options) => {}
            Some(_) => return Err(Problem::Contradiction { key }),
        }
        Ok(())
    }

    /// Takes the condition of an optional section.
    pub(crate) fn condition(&mut self, condition: &Condition<'_>, says: &Says, section: Option<&str>) -> Result<(), Problem> {
        let asked = self.entry(condition.key, condition.key, section);
        asked.is_compared |= condition.value.is_some();
        asked.say(says)
    }

    /// The questions. One that only conditions name is asked as yes or no, unless they compare it
    /// with something: then its choices are not known, and the draft shows what is missing.
    pub(crate) fn finish(self) -> Vec<Question> {
        let is_known = |asked: &Asked| asked.is_in_text || !asked.is_compared || !asked.says.is_nothing();
        self.0.into_iter().filter(is_known).map(Asked::question).collect()
    }
}

impl Asked {
    fn say(&mut self, says: &Says) -> Result<(), Problem> {
        if says.is_nothing() || *says == self.says {
            return Ok(());
        }
        if !self.says.is_nothing() {
            return Err(Problem::Contradiction { key: self.key.clone() });
        }
        self.says = says.clone();
        Ok(())
    }

    /// What a cell says of its whole table.
    fn about_table(&mut self, says: &Says) -> Result<(), Problem> {
        if let Some(label) = &says.table_label {
            if self.says.table_label.as_ref().is_some_and(|known| known != label) {
                return Err(Problem::Contradiction { key: self.key.clone() });
            }
            self.says.table_label = Some(label.clone());
        }
        self.says.table_optional |= says.table_optional;
        Ok(())
    }

    fn question(self) -> Question {
        let says = self.says;
        let mut columns: Vec<Column> = says.columns.clone();
        for (column, _) in self.columns {
            if columns.iter().all(|known| known.key != column.key) {
                columns.push(column);
            }
        }
        let kind = match says.kind {
            Some(kind) => kind,
            None if !columns.is_empty() => QuestionKind::Table,
            None if !self.is_in_text => QuestionKind::YesNo,
            None => QuestionKind::Text,
        };
        let is_by_cells = says.kind.is_none() && kind == QuestionKind::Table;
        // What says nothing at all of itself is asked for; what says something is, when it says so.
        let required = says.required.unwrap_or(if is_by_cells { !says.table_optional } else { says.is_nothing() });
        let label = label_of(&self.words);
        let mark = if kind == QuestionKind::YesNo && !label.ends_with('?') { "?" } else { "" };
        Question {
            key: self.key,
            section: says.section.or(self.section),
            label: says.label.or(says.table_label).unwrap_or_else(|| format!("{label}{mark}")),
            help: says.help,
            example: says.example,
            kind,
            required,
            requires_evidence: says.evidence.is_some(),
            evidence_description: says.evidence.flatten(),
            reuse_key: says.reuse_key,
            options: says.options,
            unit: says.unit,
            minimum: says.minimum,
            maximum: says.maximum,
            columns,
        }
    }
}
