//! The words that a document uses for what an answer says without words.

use jiff::civil::Date;

/// The words that a document uses for what an answer says without words.
#[derive(Debug, Clone, Copy)]
pub struct FillWords<'a> {
    /// For yes.
    pub yes: &'a str,
    /// For no.
    pub no: &'a str,
    /// For what does not apply.
    pub not_applicable: &'a str,
    /// The months, from January on.
    pub months: &'a [&'a str; 12],
}

impl FillWords<'static> {
    /// The words of documents: these are in English, whoever reads them.
    pub const ENGLISH: Self = FillWords {
        yes: "yes",
        no: "no",
        not_applicable: "not applicable",
        months: &["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    };
}

impl FillWords<'_> {
    /// A day as it reads in a text: `1 March 2027`.
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month()).ok().and_then(|number| self.months.get(number.checked_sub(1)?)).copied();
        format!("{} {} {}", date.day(), month.unwrap_or_default(), date.year())
    }
}
