//! Search by words, and the words that slips are corrected by.

use muster_domain::{
    ids::{CustomerId, DocumentId, EvidenceId, PlanId, TaskId, TemplateId, UserId},
    search::{Hit, LONGEST_WORD, SearchWords, forms},
};
use sqlx::PgConnection;

use crate::{CustomerReader, Page, PortfolioReader, Result, Slice, Store, db::Mode, scope::customer_settings};

/// How many things of each kind are ranked: within a customer, and across customers. More hold the
/// words only where these are common ones.
const MOST_OF_ONE: i32 = 500;
const MOST_ACROSS: i32 = 200;

/// A customer whose words have changed since they were last learned.
#[derive(Debug, Clone, Copy)]
pub struct UnlearnedWords {
    customer: CustomerId,
    /// The state of its work that will be known.
    version: i64,
}

impl CustomerReader {
    /// What holds the words, the best first. More than a few hundred of one kind are not counted.
    pub async fn search(&mut self, words: &SearchWords, slice: Slice) -> Result<Page<Hit>> {
        let only = [self.customer.0];
        search(self.connection(), words, Some(&only), false, slice).await
    }
}

impl PortfolioReader {
    /// The same among all the customers that the actor may see, and those customers by their names.
    pub async fn search(&mut self, words: &SearchWords, slice: Slice) -> Result<Page<Hit>> {
        let visible = self.customers.clone();
        search(self.connection(), words, visible.as_deref(), true, slice).await
    }
}

impl Store {
    /// The words in use that share a form with one that is looked for (`domain::search::forms`).
    pub async fn similar_words(&self, word: &str) -> Result<Vec<String>> {
        let forms: Vec<String> = forms(word).into_iter().collect();
        Ok(sqlx::query_scalar!("SELECT DISTINCT word FROM dna_app.search_words WHERE form = ANY ($1) LIMIT 200", &forms)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Customers whose work has changed since its words were learned.
    pub async fn unlearned_words(&self, limit: i64) -> Result<Vec<UnlearnedWords>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let rows =
            sqlx::query!("SELECT id, workspace_version FROM dna_app.customers WHERE words_version < workspace_version LIMIT $1", limit)
                .fetch_all(&mut *tx)
                .await?;
        Ok(rows.into_iter().map(|row| UnlearnedWords { customer: CustomerId(row.id), version: row.workspace_version }).collect())
    }

    /// Learns the words of a customer: those that are new are kept under all their forms. For the
    /// program itself.
    pub async fn learn_words(&self, of: UnlearnedWords) -> Result<usize> {
        let mut tx = self.begin(Mode::Write, &customer_settings(of.customer, UserId(0))).await?;
        let new = new_words(&mut tx, of.customer).await?;
        let mut pairs: Vec<(String, &str)> =
            new.iter().flat_map(|word| forms(word).into_iter().map(move |form| (form, word.as_str()))).collect();
        // Two servers that learn the same words take them in the same order.
        pairs.sort_unstable();
        let (forms, words): (Vec<String>, Vec<String>) = pairs.into_iter().map(|(form, word)| (form, word.to_owned())).unzip();
        sqlx::query!(
            "INSERT INTO dna_app.search_words (form, word) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING",
            &forms,
            &words
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("UPDATE dna_app.customers SET words_version = $2 WHERE id = $1 AND words_version < $2", of.customer.0, of.version)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(new.len())
    }
}

/// The words of a customer that nobody has used before. Those with digits and the very short and very
/// long ones are never corrected, so they are not kept (`domain::search::is_correctable`).
async fn new_words(connection: &mut PgConnection, customer: CustomerId) -> Result<Vec<String>> {
    let longest = i32::try_from(LONGEST_WORD).unwrap_or(i32::MAX);
    Ok(sqlx::query_scalar!(
        r#"SELECT DISTINCT w.word AS "word!" FROM (
               SELECT dna_app.search_vector(customer_id, title || ' ' || coalesce(description, '')) AS v FROM dna_app.customer_tasks WHERE customer_id = $1
               UNION ALL
               SELECT dna_app.search_vector(customer_id, document_name || ' ' || left(coalesce(content ->> 'body', ''), 100000)
                   || ' ' || left(coalesce(dna_app.search_strings(content -> 'answers'), ''), 100000)) FROM dna_app.customer_documents WHERE customer_id = $1
               UNION ALL
               SELECT dna_app.search_vector(customer_id, left(dna_app.search_strings(value), 100000)) FROM dna_app.customer_answers WHERE customer_id = $1
               UNION ALL
               SELECT dna_app.search_vector(customer_id, filename || ' ' || coalesce(note, '')) FROM dna_app.customer_evidence WHERE customer_id = $1
               UNION ALL
               SELECT dna_app.search_vector(customer_id, body) FROM dna_app.customer_task_comments WHERE customer_id = $1
           ) AS texts CROSS JOIN LATERAL unnest(tsvector_to_array(texts.v)) AS w (word)
           WHERE length(w.word) BETWEEN 4 AND $2 AND w.word !~ '[0-9 ]'
             AND NOT EXISTS (SELECT FROM dna_app.search_words s WHERE s.form = w.word AND s.word = w.word)"#,
        customer.0,
        longest
    )
    .fetch_all(connection)
    .await?)
}

async fn search(
    connection: &mut PgConnection,
    words: &SearchWords,
    customers: Option<&[i32]>,
    is_across: bool,
    slice: Slice,
) -> Result<Page<Hit>> {
    // What stands in a title comes first, in a shorter one before that in a longer one; then the latest.
    let rows = sqlx::query!(
        r#"WITH found AS MATERIALIZED (
               SELECT c.kind, c.customer_id, c.id FROM dna_app.search_candidates($1::text::tsquery, $2) c
               WHERE $3::integer[] IS NULL OR c.customer_id = ANY ($3)
           ), hits AS (
               SELECT CASE WHEN t.generation_source LIKE 'question:%' THEN 'question' ELSE 'task' END AS kind, t.customer_id, t.id AS task_id, t.plan_id,
                      t.template_id, t.document_id, CASE WHEN t.generation_source LIKE 'question:%' THEN substr(t.generation_source, 10) END AS question_key,
                      NULL::uuid AS evidence_id, t.title::text AS title, coalesce(t.description, '') AS text, t.updated_at AS at
               FROM found f JOIN dna_app.customer_tasks t ON f.kind = 'task' AND t.customer_id = f.customer_id AND t.id = f.id
               WHERE NOT t.is_ignored
               UNION ALL
               SELECT 'document', d.customer_id, NULL, d.plan_id, d.template_id, d.id, NULL, NULL, d.document_name, '', d.updated_at
               FROM found f JOIN dna_app.customer_documents d ON f.kind = 'document' AND d.customer_id = f.customer_id AND d.id = f.id
               UNION ALL
               SELECT 'answer', a.customer_id, NULL, a.plan_id, a.template_id, NULL, a.question_key, NULL, coalesce(q.label, a.question_key),
                      left(dna_app.search_strings(a.value), 100000), a.answered_at
               FROM found f JOIN dna_app.customer_answers a ON f.kind = 'answer' AND a.customer_id = f.customer_id AND a.id = f.id
               JOIN dna_app.customer_iso_plan_templates r ON r.customer_id = a.customer_id AND r.plan_id = a.plan_id AND r.template_id = a.template_id
               LEFT JOIN dna_app.template_questions q ON q.release_id = r.release_id AND q.key = a.question_key
               UNION ALL
               SELECT 'evidence', e.customer_id, NULL, NULL, NULL, NULL, NULL, e.id, e.filename, coalesce(e.note, ''), e.received_at
               FROM found f JOIN dna_app.customer_evidence e ON f.kind = 'evidence' AND e.customer_id = f.customer_id AND e.id = f.id
               UNION ALL
               SELECT 'comment', m.customer_id, t.id, t.plan_id, t.template_id, t.document_id, NULL, NULL, t.title, m.body, m.written_at
               FROM found f JOIN dna_app.customer_task_comments m ON f.kind = 'comment' AND m.customer_id = f.customer_id AND m.id = f.id
               JOIN dna_app.customer_tasks t ON t.customer_id = m.customer_id AND t.id = m.task_id AND NOT t.is_ignored
               UNION ALL
               SELECT 'customer', c.id, NULL, NULL, NULL, NULL, NULL, NULL, c.name, coalesce(c.description, ''), c.updated_at
               FROM dna_app.customers c
               WHERE $4 AND ($3::integer[] IS NULL OR c.id = ANY ($3)) AND c.status <> 'archived'
                 AND NOT EXISTS (SELECT FROM unnest($5::text[]) AS w (word) WHERE strpos(lower(c.name), w.word) = 0)
           ), ranked AS (
               SELECT h.*, count(*) OVER () AS total,
                      CASE WHEN v.title @@ $1::text::tsquery THEN ts_rank(v.title, $1::text::tsquery, 1) ELSE 0 END AS rank
               FROM hits h
               CROSS JOIN LATERAL (SELECT dna_app.search_vector(h.customer_id, h.title) AS title OFFSET 0) v
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = h.customer_id AND p.id = h.plan_id
               LEFT JOIN dna_app.customer_iso_plan_templates r
                   ON r.customer_id = h.customer_id AND r.plan_id = h.plan_id AND r.template_id = h.template_id
               WHERE p.is_ignored IS NOT TRUE AND r.is_ignored IS NOT TRUE
               ORDER BY h.kind = 'customer' DESC, rank DESC, h.at DESC, h.title, h.task_id LIMIT $6 OFFSET $7
           )
           SELECT n.kind AS "kind!", n.customer_id AS "customer_id!", c.name AS customer_name, n.task_id, n.plan_id, n.template_id, n.document_id,
                  n.question_key, n.evidence_id, n.title AS "title!", n.total AS "total!", s.code AS "iso_code?", e.name AS "template_name?",
                  d.document_name AS "document_name?",
                  CASE WHEN n.kind = 'document' THEN left(coalesce(d.content ->> 'body', ''), 100000) ELSE n.text END AS "text!",
                  CASE WHEN n.kind = 'document' THEN dna_app.search_strings(d.content -> 'answers') END AS answers
           FROM ranked n
           JOIN dna_app.customers c ON c.id = n.customer_id
           LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = n.customer_id AND p.id = n.plan_id
           LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
           LEFT JOIN dna_app.templates e ON e.id = n.template_id
           LEFT JOIN dna_app.customer_documents d ON d.customer_id = n.customer_id AND d.id = n.document_id
           ORDER BY n.kind = 'customer' DESC, n.rank DESC, n.at DESC, n.title, n.task_id"#,
        words.query(),
        if is_across { MOST_ACROSS } else { MOST_OF_ONE },
        customers,
        is_across,
        words.words(),
        slice.limit,
        slice.offset
    )
    .fetch_all(connection)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let items = rows.into_iter().map(|row| {
        Ok(Hit {
            kind: row.kind.parse()?,
            customer_id: CustomerId(row.customer_id),
            customer_name: row.customer_name,
            title: row.title,
            text: [readable(row.text), row.answers.map(readable).unwrap_or_default()].join(" ").trim().to_owned(),
            path: [row.iso_code, row.template_name, row.document_name].into_iter().flatten().collect(),
            task_id: row.task_id.map(TaskId),
            plan_id: row.plan_id.map(PlanId),
            template_id: row.template_id.map(TemplateId),
            question_key: row.question_key,
            document_id: row.document_id.map(DocumentId),
            evidence_id: row.evidence_id.map(EvidenceId),
        })
    });
    Ok(Page { items: items.collect::<Result<_>>()?, total })
}

/// A text as it is shown around what was found: without the marks of Markdown and the places of answers.
/// What `dna_app.search_strings` gives is a list in JSON's notation; here are its texts.
fn readable(text: String) -> String {
    if let Some(Ok(texts)) = text.starts_with('[').then(|| serde_json::from_str::<Vec<String>>(&text)) {
        return texts.join(" · ");
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        plain.push_str(before);
        plain.push('…');
        rest = after.split_once("}}").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.replace(['#', '*', '|'], "")
}
