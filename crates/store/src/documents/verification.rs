//! Reading every version that is kept, for verification at the machine itself.

use muster_domain::ids::CustomerId;
use uuid::Uuid;

use super::versions::{StoredVersion, VersionRow};
use crate::{AuditLogs, Result};

/// So many versions are read at a time: each holds its whole text.
const BATCH: i64 = 50;

/// A version as it is kept, with what stands elsewhere about it.
#[derive(Debug)]
pub struct KeptVersion {
    /// The id of its row.
    pub id: Uuid,
    /// The document's name and the version's number, for whoever reads the report.
    pub title: (String, i32),
    /// The version; an error where it can no longer be read.
    pub version: Result<StoredVersion>,
    /// Whether the document, where this is its latest version and not being written at, says the same.
    pub is_mirrored: bool,
    /// Whether the audit log has the approval of just this content; true of what is not approved.
    pub is_in_log: bool,
    /// Whether the files that were made of it are those that were kept: their bytes give the hash
    /// that stands with them and in the audit log, and they were made of this content.
    pub are_files_intact: bool,
}

impl AuditLogs {
    /// The next versions of a customer's documents after an id; none at the end.
    pub async fn kept_versions_after(&mut self, customer: CustomerId, after: Uuid) -> Result<Vec<KeptVersion>> {
        let rows = sqlx::query!(
            r#"SELECT v.id, v.customer_id, v.plan_id, v.template_id, v.document_id, v.number, v.round, v.release_id, v.release_number,
                      v.document_name, v.document_number, v.classification, v.content, v.branding, v.content_sha256, v.steps, v.author_name,
                      v.note, v.written_at, v.submitted_at, v.status, v.decided_at, v.superseded_at,
                      coalesce((SELECT jsonb_agg(jsonb_build_object('position', a.position, 'step', a.step, 'kind', a.decision,
                                    'user_id', a.user_id, 'user_name', a.user_name, 'at', a.at,
                                    'content_sha256', encode(a.content_sha256, 'hex'), 'remark', a.remark) ORDER BY a.at, a.position)
                                FROM dna_app.customer_document_approvals a
                                WHERE a.customer_id = v.customer_id AND a.version_id = v.id), '[]') AS "decisions!",
                      d.status NOT IN ('in_review', 'approved') OR (d.document_version, d.review_round) <> (v.number, v.round)
                          OR (d.status = v.status AND d.content = v.content AND d.document_name = v.document_name
                              AND d.document_number IS NOT DISTINCT FROM v.document_number AND d.classification = v.classification)
                          AS "is_mirrored!",
                      v.status NOT IN ('approved', 'superseded') OR EXISTS (
                          SELECT FROM dna_app.customer_audit_log l
                          WHERE l.customer_id = v.customer_id AND l.subject_kind = 'document' AND l.subject_id = v.document_id::text
                            AND l.action = 'document.approved' AND l.after ->> 'approved_sha256' = encode(v.content_sha256, 'hex'))
                          AS "is_in_log!",
                      NOT EXISTS (
                          SELECT FROM dna_app.customer_document_exports x
                          WHERE x.customer_id = v.customer_id AND x.version_id = v.id
                            AND (x.sha256 <> sha256(x.bytes) OR x.content_sha256 <> v.content_sha256 OR NOT EXISTS (
                                SELECT FROM dna_app.customer_audit_log l
                                WHERE l.customer_id = x.customer_id AND l.subject_kind = 'document' AND l.subject_id = v.document_id::text
                                  AND l.action = 'document.export_kept' AND l.after ->> 'sha256' = encode(x.sha256, 'hex'))))
                          AS "are_files_intact!"
               FROM dna_app.customer_document_versions v
               JOIN dna_app.customer_documents d ON d.customer_id = v.customer_id AND d.id = v.document_id
               WHERE v.customer_id = $1 AND v.id > $2 ORDER BY v.id LIMIT $3"#,
            customer.0,
            after,
            BATCH
        )
        .fetch_all(self.connection())
        .await?;
        let kept = rows.into_iter().map(|row| KeptVersion {
            id: row.id,
            title: (row.document_name.clone(), row.number),
            is_mirrored: row.is_mirrored,
            is_in_log: row.is_in_log,
            are_files_intact: row.are_files_intact,
            version: VersionRow {
                id: row.id,
                customer_id: row.customer_id,
                plan_id: row.plan_id,
                template_id: row.template_id,
                document_id: row.document_id,
                number: row.number,
                round: row.round,
                release_id: row.release_id,
                release_number: row.release_number,
                document_name: row.document_name,
                document_number: row.document_number,
                classification: row.classification,
                content: row.content,
                branding: row.branding,
                content_sha256: row.content_sha256,
                steps: row.steps,
                author_name: row.author_name,
                note: row.note,
                written_at: row.written_at,
                submitted_at: row.submitted_at,
                submitted_by: None,
                submitted_by_name: None,
                submitted_by_is_firm: None,
                status: row.status,
                decided_at: row.decided_at,
                superseded_at: row.superseded_at,
                decisions: row.decisions,
            }
            .try_into(),
        });
        Ok(kept.collect())
    }
}
