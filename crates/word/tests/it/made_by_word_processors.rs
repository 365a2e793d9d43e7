//! Files that programs made, not these tests.

use muster_domain::templates::QuestionKind;
use muster_word::{Limits, read};

#[test]
fn a_file_made_by_python_docx() {
    let read = read(include_bytes!("../files/supplier-policy.docx"), &Limits::default()).unwrap();
    let content = &read.content;
    assert_eq!(content.document_title, "Supplier policy of {{organisation_name}}");
    assert_eq!(content.problems(), [], "{content:#?}");
    assert!(read.notices.is_empty(), "{:?}", read.notices);
    assert_eq!(content.body, include_str!("../files/supplier-policy.md"));
    let kinds: Vec<_> = content.questions.iter().map(|question| (question.key.as_str(), question.kind, question.required)).collect();
    assert_eq!(
        kinds,
        [
            ("organisation_name", QuestionKind::Text, true),
            ("owner", QuestionKind::Person, true),
            ("valid_from", QuestionKind::Date, true),
            ("rhythm", QuestionKind::Choice, true),
            ("uses_cloud", QuestionKind::YesNo, true),
            ("cloud_rules", QuestionKind::LongText, false),
            ("suppliers", QuestionKind::Table, true),
        ]
    );
}
