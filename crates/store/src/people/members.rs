//! The members of a customer: all roles of one person there are rows of their own, kept in step.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{PlanId, UserId},
    people::{Invitee, Member, MemberRole, MemberTerms, MembershipStatus},
};

use super::invitations::Place;
use crate::{CustomerReader, CustomerWriter, Error, Result};

struct MemberRow {
    user_id: i32,
    name: String,
    email: String,
    is_firm: bool,
    status: String,
    roles: Vec<String>,
    expires_on: Option<jiff_sqlx::Date>,
    approval_steps: Vec<String>,
    plan_ids: Option<Vec<uuid::Uuid>>,
    open_tasks: i64,
    invited_until: Option<jiff_sqlx::Timestamp>,
    version: i32,
}

impl TryFrom<MemberRow> for Member {
    type Error = Error;

    fn try_from(row: MemberRow) -> Result<Self> {
        let mut roles = row.roles.iter().map(|role| role.parse()).collect::<Result<Vec<MemberRole>, _>>()?;
        roles.sort_unstable();
        Ok(Self {
            user_id: UserId(row.user_id),
            name: row.name,
            email: row.email,
            is_firm: row.is_firm,
            status: row.status.parse()?,
            roles,
            expires_on: row.expires_on.map(jiff_sqlx::Date::to_jiff),
            approval_steps: row.approval_steps,
            plan_ids: row.plan_ids.map(|ids| ids.into_iter().map(PlanId).collect()),
            open_tasks: row.open_tasks,
            invited_until: row.invited_until.map(jiff_sqlx::Timestamp::to_jiff),
            version: row.version,
        })
    }
}

impl CustomerReader {
    /// The customer's people, those who were taken away left out; by name.
    pub async fn members(&mut self) -> Result<Vec<Member>> {
        self.members_with(None).await
    }

    /// One of the customer's people.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the person is none of them.
    pub async fn member(&mut self, user: UserId) -> Result<Member> {
        self.members_with(Some(user)).await?.pop().ok_or(Error::NotFound)
    }

    async fn members_with(&mut self, user: Option<UserId>) -> Result<Vec<Member>> {
        let (customer, at) = (self.customer.0, self.at);
        let rows = sqlx::query_as!(
            MemberRow,
            r#"SELECT m.user_id, CASE WHEN min(m.status) = 'invited' THEN coalesce(max(m.invited_name), u.email) ELSE u.full_name END AS "name!",
                      u.email, u.role <> 'member' AS "is_firm!", min(m.status) AS "status!", array_agg(m.role::text) AS "roles!",
                      max(m.expires_on) AS "expires_on: jiff_sqlx::Date",
                      coalesce(max(m.approval_steps) FILTER (WHERE m.role = 'approver'), '{}') AS "approval_steps!",
                      CASE WHEN bool_and(m.plan_ids IS NOT NULL) THEN max(m.plan_ids) END AS plan_ids,
                      (SELECT count(*) FROM dna_app.visible_open_tasks t WHERE t.customer_id = $1 AND t.assigned_to = m.user_id) AS "open_tasks!",
                      (SELECT max(i.expires_at) FROM auth.invitations i
                       WHERE i.user_id = m.user_id AND i.customer_id = $1 AND i.used_at IS NULL AND i.ended_at IS NULL AND i.expires_at > $3)
                          AS "invited_until: jiff_sqlx::Timestamp",
                      (SELECT sum(v.version)::integer FROM dna_app.customer_members v WHERE v.customer_id = $1 AND v.user_id = m.user_id) AS "version!"
               FROM dna_app.customer_members m JOIN auth.users u ON u.id = m.user_id
               WHERE m.customer_id = $1 AND m.status <> 'removed' AND ($2::integer IS NULL OR m.user_id = $2)
               GROUP BY m.user_id, u.full_name, u.email, u.role
               ORDER BY (u.role <> 'member'), 2, m.user_id"#,
            customer,
            user.map(|id| id.0),
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(Member::try_from).collect()
    }

    /// The roles that somebody has here today: a task of another role waits for a member.
    pub async fn roles_held(&mut self) -> Result<Vec<MemberRole>> {
        let (customer, today) = (self.customer.0, self.at.to_zoned(jiff::tz::TimeZone::UTC).date());
        let rows = sqlx::query_scalar!(
            r#"SELECT DISTINCT m.role FROM dna_app.customer_members m JOIN auth.users u ON u.id = m.user_id
               WHERE m.customer_id = $1 AND m.status = 'active' AND u.is_active AND (m.expires_on IS NULL OR m.expires_on >= $2)"#,
            customer,
            today.to_sqlx()
        );
        rows.fetch_all(self.connection()).await?.iter().map(|role| Ok(role.parse()?)).collect()
    }

    /// The approval steps that the firm's rules ask for.
    pub async fn approval_steps(&mut self) -> Result<Vec<String>> {
        let steps = sqlx::query_scalar!(
            r#"SELECT DISTINCT approval_step AS "step!" FROM dna_app.task_rules WHERE approval_step IS NOT NULL ORDER BY 1"#
        );
        Ok(steps.fetch_all(self.connection()).await?)
    }

    /// Whether somebody belongs to the firm; none where there is no such person.
    pub async fn is_firm_person(&mut self, user: UserId) -> Result<Option<bool>> {
        let found = sqlx::query_scalar!(r#"SELECT role <> 'member' AS "is_firm!" FROM auth.users WHERE id = $1 AND is_active"#, user.0);
        Ok(found.fetch_optional(self.connection()).await?)
    }

    /// Whether all these plans are the customer's.
    pub async fn has_plans(&mut self, plans: &[PlanId]) -> Result<bool> {
        let customer = self.customer.0;
        let ids: Vec<uuid::Uuid> = plans.iter().map(|plan| plan.0).collect();
        let found = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.customer_iso_plans WHERE customer_id = $1 AND id = ANY($2)"#,
            customer,
            &ids
        );
        Ok(usize::try_from(found.fetch_one(self.connection()).await?).unwrap_or_default() == plans.len())
    }
}

impl CustomerWriter {
    /// Whoever has this address; made, without a way to sign in yet, where there is nobody.
    pub async fn find_or_add_person(&mut self, invitee: &Invitee) -> Result<UserId> {
        let at = self.at;
        Ok(super::find_or_add(self.connection(), invitee, "member", at).await?.0)
    }

    /// Gives a person these roles and no others, in one status. Roles that they no longer have stay
    /// as removed rows.
    pub async fn set_member(
        &mut self,
        user: UserId,
        terms: &MemberTerms,
        status: MembershipStatus,
        invited_name: Option<&str>,
    ) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let roles: Vec<String> = terms.roles.iter().map(ToString::to_string).collect();
        let steps: Vec<String> = terms.approval_steps.iter().map(ToString::to_string).collect();
        let plans: Option<Vec<uuid::Uuid>> = terms.plan_ids.as_ref().map(|ids| ids.iter().map(|id| id.0).collect());
        sqlx::query!(
            r#"UPDATE dna_app.customer_members SET status = 'removed', version = version + 1, updated_at = $4
               WHERE customer_id = $1 AND user_id = $2 AND role <> ALL($3::text[]) AND status <> 'removed'"#,
            customer,
            user.0,
            &roles,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_members AS m (customer_id, user_id, role, status, expires_on, approval_steps, plan_ids, invited_name,
                                                          invited_by, created_at, updated_at)
               SELECT $1, $2, r.role, $4, $5, CASE WHEN r.role = 'approver' THEN $6::text[] ELSE '{}' END,
                      CASE WHEN r.role = 'auditor' THEN $7::uuid[] END, $8, $9, $10, $10
               FROM unnest($3::text[]) AS r (role)
               ON CONFLICT (customer_id, user_id, role) DO UPDATE
               SET status = excluded.status, expires_on = excluded.expires_on, approval_steps = excluded.approval_steps, plan_ids = excluded.plan_ids,
                   invited_name = coalesce(excluded.invited_name, m.invited_name), version = m.version + 1, updated_at = excluded.updated_at"#,
            customer,
            user.0,
            &roles,
            status.as_str(),
            terms.expires_on.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Date>,
            &steps,
            plans.as_deref() as Option<&[uuid::Uuid]>,
            invited_name,
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Puts all roles of a person into another status.
    pub async fn set_member_status(&mut self, user: UserId, status: MembershipStatus) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_members SET status = $3, version = version + 1, updated_at = $4
               WHERE customer_id = $1 AND user_id = $2 AND status <> 'removed'"#,
            customer,
            user.0,
            status.as_str(),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Holds the rows of a person here until the end of the transaction.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the person is none of the customer's.
    pub async fn lock_member(&mut self, user: UserId) -> Result<Member> {
        let customer = self.customer.0;
        sqlx::query!(
            "SELECT id FROM dna_app.customer_members WHERE customer_id = $1 AND user_id = $2 ORDER BY id FOR UPDATE",
            customer,
            user.0
        )
        .fetch_all(self.connection())
        .await?;
        self.member(user).await
    }

    /// Gives the open tasks of one person to another, or back to their role. How many there were.
    pub async fn transfer_tasks(&mut self, from: UserId, to: Option<UserId>) -> Result<u64> {
        let (customer, at) = (self.customer.0, self.at);
        let moved = sqlx::query!(
            r#"UPDATE dna_app.customer_tasks SET assigned_to = $3, version = version + 1, updated_at = $4
               WHERE customer_id = $1 AND assigned_to = $2 AND status NOT IN ('completed', 'cancelled')"#,
            customer,
            from.0,
            to.map(|id| id.0),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(moved.rows_affected())
    }

    /// Keeps the hash of a new invitation link for a person of this customer. Earlier ones end.
    pub async fn add_invitation(&mut self, user: UserId, token_hash: &[u8; 32], expires_at: Timestamp) -> Result<()> {
        let (customer, actor, at) = (self.customer, self.actor, self.at);
        super::invitations::replace(self.connection(), user, Place::Customer(customer), actor, token_hash, at, expires_at).await
    }

    /// Ends the invitations of a person to this customer.
    pub async fn end_invitations(&mut self, user: UserId) -> Result<()> {
        let (customer, at) = (self.customer, self.at);
        super::invitations::end(self.connection(), user, Some(customer), at).await
    }
}
