//! Guessing from the headers of a table what its columns hold.

use std::collections::BTreeMap;

use super::{ImportField, ImportKind, same_name};

/// Headers that stand for a field besides its own word, in English and German.
const fn known_as(field: ImportField) -> &'static [&'static str] {
    use ImportField as F;
    match field {
        F::Customer => &["customer name", "client", "company", "organisation", "organization", "account", "kunde", "mandant", "firma"],
        F::Name => &[
            "full name",
            "customer",
            "customer name",
            "client",
            "company",
            "organisation",
            "organization",
            "person",
            "kunde",
            "firma",
            "firmenname",
        ],
        F::Email => &["e-mail", "mail", "email address", "e-mail address", "mail address", "e-mail-adresse", "mailadresse"],
        F::ContactPerson => &["contact", "contact name", "ansprechpartner", "ansprechperson", "kontakt"],
        F::Phone => &["telephone", "tel", "phone number", "mobile", "telefon", "telefonnummer"],
        F::Address => &["postal address", "street", "location", "adresse", "anschrift"],
        F::Website => &["web", "web site", "homepage", "url", "webseite"],
        F::Description => &["about", "details", "industry", "beschreibung", "branche"],
        F::TimeZone => &["timezone", "zone", "zeitzone"],
        F::Role => &["roles", "member role", "rolle", "rollen"],
        F::ExpiresOn => &["expires", "until", "access until", "valid until", "ablauf", "bis", "gültig bis"],
        F::ApprovalSteps => &["approval step", "steps", "approves", "freigabeschritte"],
        F::Plan => &["standard", "iso standard", "iso code", "framework", "norm", "plan name"],
        F::Template => &["template name", "questionnaire", "document", "vorlage", "fragebogen"],
        F::Title => &["task", "task title", "to do", "todo", "action", "what", "subject", "aufgabe", "titel", "maßnahme"],
        F::DueDate => &["due", "deadline", "due on", "due by", "target date", "fällig", "fällig am", "frist", "termin"],
        F::Priority => &["prio", "importance", "priorität"],
        F::Assignee => &["assigned to", "owner", "responsible", "who", "zuständig", "verantwortlich", "zugewiesen an"],
        F::AssigneeRole => &["responsible role", "for role", "zuständige rolle"],
        F::RequiresEvidence => &["evidence", "evidence required", "needs evidence", "nachweis", "nachweis nötig"],
        F::EvidenceDescription => &["which evidence", "evidence details", "welcher nachweis"],
        F::Notes => &["note", "comment", "comments", "remarks", "notiz", "notizen", "bemerkung", "bemerkungen"],
        F::TaskType => &["type", "kind", "typ", "art"],
    }
}

/// The columns that the headers speak for, each given to one field and each field found once: the
/// field's own word first, then what it is known as.
pub fn guess_columns(kind: ImportKind, headers: &[String]) -> BTreeMap<ImportField, usize> {
    let headers: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    let mut found = BTreeMap::new();
    let is_own = |header: &str, field: ImportField| header == plain(field.as_str());
    let is_known = |header: &str, field: ImportField| known_as(field).iter().any(|word| plain(word) == header);
    for is_meant in [&is_own as &dyn Fn(&str, ImportField) -> bool, &is_known] {
        for field in kind.fields() {
            if found.contains_key(field) {
                continue;
            }
            let free = |at: &usize| !found.values().any(|taken| taken == at);
            if let Some(at) = (0..headers.len()).filter(free).find(|at| is_meant(&headers[*at], *field)) {
                found.insert(*field, at);
            }
        }
    }
    found
}

/// A header without its decoration: `Due_Date:` and `DUE DATE *` are the same.
fn plain(header: &str) -> String {
    let spaced: String =
        header.chars().map(|sign| if matches!(sign, '_' | '-' | '*' | ':' | '(' | ')' | '.') { ' ' } else { sign }).collect();
    same_name(&spaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(kind: ImportKind, headers: &[&str]) -> Vec<(ImportField, usize)> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        guess_columns(kind, &headers).into_iter().collect()
    }

    #[test]
    fn headers_are_understood_as_people_write_them() {
        use ImportField as F;
        assert_eq!(
            guess(ImportKind::Tasks, &["Client", "Task", "DUE_DATE *", "Owner", "Colour"]),
            [(F::Customer, 0), (F::Title, 1), (F::DueDate, 2), (F::Assignee, 3)]
        );
        assert_eq!(
            guess(ImportKind::Customers, &["Firma", "E-Mail", "Ansprechpartner"]),
            [(F::Name, 0), (F::Email, 1), (F::ContactPerson, 2)]
        );
        assert_eq!(
            guess(ImportKind::People, &["Name", "Company", "Mail", "Role"]),
            [(F::Customer, 1), (F::Name, 0), (F::Email, 2), (F::Role, 3)]
        );
    }

    #[test]
    fn a_column_is_given_once() {
        use ImportField as F;
        assert_eq!(guess(ImportKind::Customers, &["Name", "Company", "Name"]), [(F::Name, 0)]);
        assert_eq!(guess(ImportKind::Tasks, &["", " "]), []);
    }
}
