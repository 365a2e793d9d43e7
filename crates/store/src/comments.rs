//! Comments on tasks.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    comments::Comment,
    ids::{CommentId, TaskId, UserId},
    people::Person,
};

use crate::{CustomerReader, CustomerWriter, Page, Result, Slice};

impl CustomerReader {
    /// One page of what was said about a task, the first comment first.
    pub async fn comments(&mut self, task: TaskId, slice: Slice) -> Result<Page<Comment>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT m.id, m.author_id, u.full_name, (u.role <> 'member') AS "is_firm!", m.body, m.written_at, count(*) OVER () AS "total!"
               FROM dna_app.customer_task_comments m
               JOIN auth.users u ON u.id = m.author_id
               WHERE m.customer_id = $1 AND m.task_id = $2 ORDER BY m.written_at, m.id LIMIT $3 OFFSET $4"#,
            customer,
            task.0,
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let (ids, total) = (rows.iter().map(|row| row.id).collect::<Vec<_>>(), rows.first().map_or(0, |row| row.total));
        let mentions = sqlx::query!(
            r#"SELECT n.comment_id, n.user_id, u.full_name, (u.role <> 'member') AS "is_firm!"
               FROM dna_app.customer_task_comment_mentions n
               JOIN auth.users u ON u.id = n.user_id
               WHERE n.customer_id = $1 AND n.comment_id = ANY($2) ORDER BY lower(u.full_name), n.user_id"#,
            customer,
            &ids
        )
        .fetch_all(self.connection())
        .await?;
        let person = |id: i32, name: &str, is_firm: bool| Person { id: UserId(id), name: name.to_owned(), is_firm };
        let items = rows.into_iter().map(|row| Comment {
            id: CommentId(row.id),
            task_id: task,
            author: person(row.author_id, &row.full_name, row.is_firm),
            written_at: row.written_at.to_jiff(),
            mentions: mentions
                .iter()
                .filter(|one| one.comment_id == row.id)
                .map(|one| person(one.user_id, &one.full_name, one.is_firm))
                .collect(),
            stored: row.body,
        });
        Ok(Page { items: items.collect(), total })
    }

    /// How many comments a task has.
    pub async fn count_comments(&mut self, task: TaskId) -> Result<i64> {
        let customer = self.customer.0;
        let count = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.customer_task_comments WHERE customer_id = $1 AND task_id = $2"#,
            customer,
            task.0
        );
        Ok(count.fetch_one(self.connection()).await?)
    }
}

impl CustomerWriter {
    /// Adds a comment, with the people whom it names.
    pub async fn insert_comment(&mut self, id: CommentId, task: TaskId, body: &str, mentions: &[UserId]) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_task_comments (id, customer_id, task_id, author_id, body, written_at)
               VALUES ($1, $2, $3, $4, $5, $6)"#,
            id.0,
            customer,
            task.0,
            actor,
            body,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        let people: Vec<i32> = mentions.iter().map(|id| id.0).collect();
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_task_comment_mentions (customer_id, comment_id, user_id)
               SELECT $1::integer, $2::uuid, named.id FROM unnest($3::integer[]) AS named (id)"#,
            customer,
            id.0,
            &people
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
