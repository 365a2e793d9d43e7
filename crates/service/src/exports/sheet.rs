//! The sheet of a document: its text with the frame that the files have around it.

use jiff::Timestamp;
use muster_domain::{
    clock,
    documents::{Branding, Classification, Decision, DecisionKind, Document, DocumentContent, DocumentStatus, DocumentVersion, Sha256},
    firm::Logo,
};
use muster_paper::{Approval, Frame, FrameWords, Paper, Picture, Sheet};

/// What marks a question that has no answer.
const GAP: &str = "No answer yet";

/// The draft as it stands.
pub(super) fn of_draft(document: &Document, branding: &Branding, logo: Option<Logo>, zone: &str) -> Sheet {
    let frame = Frame {
        name: document.name.clone(),
        number: document.document_number.clone(),
        version: version(document.document_version),
        mark: Some("Draft".to_owned()),
        classification: classification(document.classification).to_owned(),
        identity: format!("{}-{}-draft-{}", document.id, document.document_version, document.version),
        ..frame(branding, logo, document.updated_at, zone)
    };
    Sheet::new(frame, paper(&document.content))
}

/// A version as it was handed in. What was approved bears no mark, also when it has been replaced
/// since: its file is the one that was approved.
pub(super) fn of_version(version_: &DocumentVersion, logo: Option<Logo>, zone: &str) -> Sheet {
    let mark = match version_.status {
        DocumentStatus::Approved | DocumentStatus::Superseded => None,
        DocumentStatus::InReview => Some("In review"),
        DocumentStatus::Draft | DocumentStatus::Rejected => Some("Draft"),
    };
    let approvals = if mark.is_none() { approvals(&version_.round.decisions, zone) } else { Vec::new() };
    let at = if mark.is_none() { version_.decided_at.unwrap_or(version_.submitted_at) } else { version_.submitted_at };
    let frame = Frame {
        name: version_.name.clone(),
        number: version_.document_number.clone(),
        version: version(version_.which.number),
        mark: mark.map(ToOwned::to_owned),
        classification: classification(version_.classification).to_owned(),
        identity: format!("{}-{}-{}", version_.document_id, version_.which.number, version_.which.round),
        approvals,
        ..frame(&version_.branding, logo, at, zone)
    };
    Sheet::new(frame, paper(&version_.content))
}

fn paper(content: &DocumentContent) -> Paper {
    Paper::of(content, &|_, label| format!("{GAP}: {label}"))
}

/// The parts of a frame that do not depend on the kind of version. A logo that is not the one that
/// stood when the version was handed in is left out.
fn frame(branding: &Branding, logo: Option<Logo>, at: Timestamp, zone: &str) -> Frame {
    let word = |text: &str| text.to_owned();
    let as_it_stood = |logo: &Logo| branding.logo_sha256.as_deref() == Some(&*Sha256::of(logo.bytes()).to_string());
    let logo = logo.filter(as_it_stood).map(|logo| Picture { media_type: logo.media_type(), bytes: logo.bytes().to_vec() });
    Frame {
        language: word("en"),
        name: String::new(),
        number: None,
        version: String::new(),
        mark: None,
        classification: String::new(),
        organisation: branding.customer_name.clone(),
        firm: branding.firm_name.clone(),
        logo,
        date: clock::day_in(at, zone).strftime("%-d %B %Y").to_string(),
        made_at: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        identity: String::new(),
        approvals: Vec::new(),
        words: FrameWords {
            approvals: word("Review and approval"),
            step: word("Step"),
            approver: word("Name"),
            at: word("When"),
            page: word("Page {} of {}"),
        },
    }
}

fn version(number: i32) -> String {
    format!("Version {number}")
}

const fn classification(of: Classification) -> &'static str {
    match of {
        Classification::Public => "Public",
        Classification::Internal => "Internal",
        Classification::Confidential => "Confidential",
        Classification::StrictlyConfidential => "Strictly confidential",
    }
}

fn approvals(decisions: &[Decision], zone: &str) -> Vec<Approval> {
    let mut passed: Vec<&Decision> = decisions.iter().filter(|one| one.kind != DecisionKind::Rejected).collect();
    passed.sort_by_key(|one| one.position);
    let approval = |one: &Decision| Approval { step: step(one), name: one.user_name.clone(), at: moment(one.at, zone) };
    passed.into_iter().map(approval).collect()
}

/// "Reviewed", "Approved (CISO)".
fn step(one: &Decision) -> String {
    match one.kind {
        DecisionKind::Reviewed | DecisionKind::Rejected => "Reviewed".to_owned(),
        DecisionKind::Approved => format!("Approved ({})", role(&one.step)),
    }
}

/// The name of an approval step: short ones are initials.
fn role(step: &str) -> String {
    let words = step.replace('_', " ");
    if words.chars().count() <= 4 {
        return words.to_uppercase();
    }
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// "13 March 2026, 16:24 CET".
fn moment(at: Timestamp, zone: &str) -> String {
    let zoned = at.in_tz(zone).unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.strftime("%-d %B %Y, %H:%M %Z").to_string()
}
