//! What each refusal of a use case becomes: its status, its kind, and what it says.

use std::sync::Arc;

use axum::http::StatusCode;
use muster_domain::{access::Denial, tasks::MoveRefusal};
use muster_service::{Conflict, Error, IdentityRefusal, PdfRefusal};

use super::Problem;
use crate::{api::ContentProblemBody, text::ENGLISH};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (t, r) = (&ENGLISH.problem, &ENGLISH.refusals);
        match error {
            Error::NotFound => Self::of_status(StatusCode::NOT_FOUND),
            Error::Forbidden(Denial::NotForTokens) => Self::new(StatusCode::FORBIDDEN, "not-for-tokens", t.forbidden, r.not_for_tokens),
            Error::Forbidden(denial) => Self::new(StatusCode::FORBIDDEN, "forbidden", t.forbidden, denied(denial)),
            Error::Unauthenticated => Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", t.not_signed_in, t.not_signed_in_do),
            Error::BadToken => Self::new(StatusCode::UNAUTHORIZED, "bad-token", t.not_signed_in, r.bad_token),
            Error::WrongCredentials => Self::new(StatusCode::UNAUTHORIZED, "wrong-credentials", t.not_signed_in, r.wrong_credentials),
            Error::CodeRequired => Self::new(StatusCode::UNAUTHORIZED, "totp-required", t.not_signed_in, r.code_required),
            Error::TotpRequired => Self::new(StatusCode::FORBIDDEN, "totp-required", t.forbidden, r.totp_required),
            Error::Identity(refusal) => identity_refused(refusal),
            Error::TooManyAttempts { wait_seconds, .. } => {
                let detail = r.wait.n(u64::try_from(wait_seconds).unwrap_or_default());
                Self {
                    retry_after: Some(wait_seconds),
                    ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", t.too_many, detail)
                }
            }
            Error::TooManyStreams => Self {
                retry_after: Some(60),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", t.too_many, r.too_many_streams)
            },
            Error::Invalid(fields) => {
                let kind = match fields.as_slice() {
                    [only] if only.code == "unknown-reference" => "unknown-reference",
                    _ => "invalid-fields",
                };
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, kind, t.unprocessable, r.fields.n(fields.len())).with_fields(fields)
            }
            Error::Stale { current } => {
                let stale = Self::new(StatusCode::PRECONDITION_FAILED, "stale", t.conflict, r.stale);
                Self { current_version: Some(current), ..stale }
            }
            Error::VersionRequired => Self::new(StatusCode::PRECONDITION_REQUIRED, "version-required", t.conflict, r.version_required),
            Error::Move(refusal) => refused_move(&refusal),
            Error::Document(refusal) => {
                let detail = r.invalid_document_move.with2(refusal.from, refusal.attempted);
                Self::new(StatusCode::CONFLICT, "invalid-transition", t.conflict, detail).allowing(&refusal.allowed)
            }
            Error::Conflict(conflict) => conflicted(conflict),
            Error::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", t.unprocessable, r.key_reused),
            Error::KeyInFlight => {
                Self { retry_after: Some(1), ..Self::new(StatusCode::CONFLICT, "in-flight", t.conflict, r.key_in_flight) }
            }
            Error::FileTooLarge { limit } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                t.too_large,
                r.file_too_large.with(crate::format::size(limit, &ENGLISH)),
            ),
            Error::StorageFull(why) => Self {
                cause: Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(why))),
                ..Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage-full", t.storage_full, r.storage_full)
            },
            Error::StorageAway(why) => Self {
                retry_after: Some(30),
                cause: Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(why))),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage-away", t.unavailable, r.storage_away)
            },
            Error::FileDamaged(why) => Self {
                cause: Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(why))),
                ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "file-damaged", t.internal, r.file_damaged)
            },
            Error::Pdf(refusal) => no_pdf(refusal),
            Error::Unavailable(why) => Self {
                retry_after: Some(2),
                cause: Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(why))),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", t.unavailable, t.unavailable_do)
            },
            Error::Internal(cause) => Self {
                cause: Some(Arc::from(cause)),
                ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", t.internal, t.internal_do)
            },
        }
    }
}

fn no_pdf(refusal: PdfRefusal) -> Problem {
    let words = &ENGLISH.exports;
    let (kind, detail, seconds) = match refusal {
        PdfRefusal::BeingBuilt => ("pdf-being-built", words.pdf_being_built, 60),
        PdfRefusal::NotInstalled => ("pdf-not-installed", words.pdf_not_installed, 3600),
        PdfRefusal::Busy => ("pdf-busy", words.pdf_busy, 10),
        PdfRefusal::TooSlow => ("pdf-too-slow", words.pdf_too_slow, 60),
    };
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, kind, ENGLISH.problem.unavailable, detail).retry_after(seconds)
}

fn denied(denial: Denial) -> &'static str {
    let r = &ENGLISH.refusals;
    match denial {
        Denial::Expired => r.expired,
        Denial::Suspended => r.suspended,
        Denial::NotInRole => r.not_in_role,
        Denial::NotInToken => r.not_in_token,
        Denial::NotForTokens => r.not_for_tokens,
        Denial::OwnEvidence => r.own_evidence,
        Denial::Author => r.author,
    }
}

fn identity_refused(refusal: IdentityRefusal) -> Problem {
    let (t, r) = (&ENGLISH.problem, &ENGLISH.refusals);
    let unauthorised = |kind, detail| Problem::new(StatusCode::UNAUTHORIZED, kind, t.not_signed_in, detail);
    match refusal {
        IdentityRefusal::Away(why) => Problem {
            retry_after: Some(60),
            cause: Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(why))),
            ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "identity-provider-away", t.unavailable, r.identity_away)
        },
        IdentityRefusal::Cancelled => unauthorised("sign-in-cancelled", r.identity_cancelled),
        IdentityRefusal::NotProven(_) => unauthorised("sign-in-not-proven", r.identity_not_proven),
        IdentityRefusal::AttemptOver => unauthorised("sign-in-over", r.identity_over),
        IdentityRefusal::Unknown => Problem::new(StatusCode::FORBIDDEN, "not-known-here", t.forbidden, r.identity_unknown),
        IdentityRefusal::Inactive => Problem::new(StatusCode::FORBIDDEN, "not-active", t.forbidden, r.identity_inactive),
        IdentityRefusal::LinkedOtherwise => Problem::new(StatusCode::CONFLICT, "linked-otherwise", t.conflict, r.identity_linked),
    }
}

fn refused_move(refusal: &MoveRefusal) -> Problem {
    let (t, r) = (&ENGLISH.problem, &ENGLISH.refusals);
    let conflict = |kind, detail: String| Problem::new(StatusCode::CONFLICT, kind, t.conflict, detail);
    match refusal {
        MoveRefusal::InvalidTransition { from, attempted, allowed } => {
            conflict("invalid-transition", r.invalid_move.with2(from, attempted)).allowing(allowed)
        }
        MoveRefusal::Ignored => conflict("ignored", r.ignored.to_owned()),
        MoveRefusal::AnswerRequired => conflict("answer-required", r.answer_required.to_owned()),
        MoveRefusal::EvidenceRequired => conflict("evidence-required", r.evidence_required.to_owned()),
        MoveRefusal::ApprovalRequired => conflict("approval-required", r.approval_required.to_owned()),
    }
}

fn conflicted(conflict: Conflict) -> Problem {
    use muster_domain::plans::IgnoredKind;
    let (t, r) = (&ENGLISH.problem, &ENGLISH.refusals);
    let problem = |kind, detail: &str| Problem::new(StatusCode::CONFLICT, kind, t.conflict, detail);
    match conflict {
        Conflict::Ignored(what) => {
            let link = match what {
                IgnoredKind::Plan(plan) => format!("/api/v1/plans/{plan}/restore"),
                IgnoredKind::Assignment(plan, template) => format!("/api/v1/plans/{plan}/templates/{template}/restore"),
                IgnoredKind::Task(task) => format!("/api/v1/tasks/{task}/restore"),
            };
            Problem { restore: Some(link), ..problem("ignored", r.ignored) }
        }
        Conflict::DocumentIncomplete { missing } => {
            Problem { missing: Some(missing.into()), ..problem("document-incomplete", r.document_incomplete) }
        }
        Conflict::EvidenceReplaced => problem("evidence-replaced", r.evidence_replaced),
        Conflict::SourceChanged => problem("source-changed", r.source_changed),
        Conflict::NothingToRelease => problem("nothing-to-release", r.nothing_to_release),
        Conflict::NotNewer => problem("not-newer", r.not_newer),
        Conflict::DraftThere(_) => problem("draft-there", r.draft_there),
        Conflict::TemplateArchived => problem("template-archived", r.template_archived),
        Conflict::DraftUnfinished { problems } => Problem {
            problems: Some(problems.iter().map(ContentProblemBody::from).collect()),
            ..problem("draft-unfinished", r.draft_unfinished)
        },
        Conflict::TakenBySomebodyElse => problem("taken", r.taken),
        Conflict::CodeTaken => problem("code-taken", r.code_taken),
        Conflict::NoMailTask => problem("no-mail-task", r.no_mail_task),
        Conflict::NoMailAddress(_) => problem("no-mail-address", r.no_mail_address),
        Conflict::TotpIsOn => problem("totp-is-on", r.totp_is_on),
        Conflict::TotpIsOff => problem("totp-is-off", r.totp_is_off),
        Conflict::MailsGoOut => problem("mails-go-out", r.mails_go_out),
        Conflict::CustomerArchived => problem("archived", r.archived),
        Conflict::Oneself => problem("oneself", r.oneself),
        Conflict::LastAdmin => problem("last-admin", r.last_admin),
        Conflict::NotInvited => problem("not-invited", r.not_invited),
        Conflict::NotAccepted => problem("not-accepted", r.not_accepted),
        Conflict::AlreadyThere => problem("already-there", r.already_there),
        Conflict::NotYourTurn { waits_for } => problem("not-your-turn", &r.not_your_turn.with(waits_for)),
        Conflict::NoApprovalSteps => problem("no-approval-steps", r.no_approval_steps),
        Conflict::NotInReview => problem("not-in-review", r.not_in_review),
        Conflict::DocumentIsFile => problem("document-is-file", ENGLISH.exports.document_is_file),
        Conflict::DocumentTampered => problem("document-tampered", r.document_tampered),
        Conflict::ImportRefused { rows } => problem("import-refused", &ENGLISH.spreadsheets.conflict_refused.n(rows)),
        Conflict::NothingToImport => problem("nothing-to-import", ENGLISH.spreadsheets.conflict_nothing),
        Conflict::ImportStarted => problem("import-started", ENGLISH.spreadsheets.conflict_started),
        Conflict::ImportNotDone => problem("import-not-done", ENGLISH.spreadsheets.conflict_not_done),
        Conflict::ImportPlaceGone => problem("import-place-gone", ENGLISH.spreadsheets.why_place_gone),
        Conflict::ImportPersonGone => problem("import-person-gone", ENGLISH.spreadsheets.why_person_gone),
    }
}
