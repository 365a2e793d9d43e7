//! The people of a customer: inviting, changing, suspending and removing them, and what becomes of
//! their tasks.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use muster_domain::{
    access::{Action, Actor},
    ids::{CustomerId, JobId, PlanId, UserId},
    people::{Invitee, Member, MemberRole, MemberTerms, MembershipStatus},
    plans::Plan,
    text::{Code, Email, Name},
};
use muster_store::{CustomerReader, CustomerWriter};

use super::{InvitationLink, invitations::Drawn};
use crate::{
    Conflict, Context, Created, Error, FieldError, Once, Result,
    audit::{Notes as _, TransferredTasks},
    boxed,
};

/// Who is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newcomer {
    /// Somebody by their address, who is asked by mail.
    Invitee(Invitee),
    /// Somebody of the firm, who is assigned.
    Colleague(UserId),
}

/// A change of a member: what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// The roles, all of them.
    pub roles: Option<Vec<MemberRole>>,
    /// The last day.
    pub expires_on: Option<Option<Date>>,
    /// The approval steps.
    pub approval_steps: Option<Vec<Code>>,
    /// The plans that an auditor is limited to.
    pub plan_ids: Option<Option<Vec<PlanId>>>,
    /// Suspended, or in force again.
    pub is_suspended: Option<bool>,
}

/// Somebody who has been added, and the link to hand on where no mail server does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberInvited {
    /// The person.
    pub member: Member,
    /// The link.
    pub link: Option<InvitationLink>,
}

impl Context {
    /// The people of a customer, by name.
    #[boxed]
    pub async fn members(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<Member>> {
        Ok(self.store.reader(actor, customer, Action::ReadPeople, self.now()).await?.members().await?)
    }

    /// One of a customer's people.
    #[boxed]
    pub async fn member(&self, actor: &Actor, customer: CustomerId, user: UserId) -> Result<Member> {
        Ok(self.store.reader(actor, customer, Action::ReadPeople, self.now()).await?.member(user).await?)
    }

    /// What a member can be limited to: the approval steps that the firm's rules ask for, and the
    /// customer's plans.
    #[boxed]
    pub async fn member_choices(&self, actor: &Actor, customer: CustomerId) -> Result<(Vec<String>, Vec<Plan>)> {
        let mut reader = self.store.reader(actor, customer, Action::ReadPeople, self.now()).await?;
        Ok((reader.approval_steps().await?, reader.plans().await?))
    }

    /// Adds somebody to a customer: people of the customer are invited by mail and count once they
    /// have accepted, consultants of the firm are assigned and count at once.
    ///
    /// # Errors
    /// [`Conflict::AlreadyThere`] where the person is one of the customer's people already.
    #[boxed]
    pub async fn invite_member(
        &self,
        actor: &Actor,
        customer: CustomerId,
        who: &Newcomer,
        terms: &MemberTerms,
        once: &Once,
    ) -> Result<Created<MemberInvited>> {
        let mut writer = self.member_writer(actor, customer, &terms.roles).await?;
        refuse_misplaced(terms)?;
        // Only the firm's own people are known by number; all others are asked at their address.
        if matches!(who, Newcomer::Colleague(_)) && terms.roles != [MemberRole::Consultant] {
            return Err(Error::field(FieldError::unknown_reference("/user_id")));
        }
        if let Some(before) = once.answered::<Member>(&mut writer).await? {
            writer.leave().await?;
            return Ok(Created { value: MemberInvited { member: before, link: None }, is_new: true });
        }
        let (member, drawn) = self.add_member_in(&mut writer, actor.name(), who, terms).await?;
        once.keep(&mut writer, &member).await?;
        writer.commit().await?;
        Ok(Created { value: MemberInvited { member, link: drawn.and_then(|drawn| drawn.handed_on(self)) }, is_new: true })
    }

    /// Adds somebody in a transaction that is under way, in the name of `from`.
    pub(crate) async fn add_member_in(
        &self,
        writer: &mut CustomerWriter,
        from: &str,
        who: &Newcomer,
        terms: &MemberTerms,
    ) -> Result<(Member, Option<Drawn>)> {
        let terms = settled(terms, writer).await?;
        let (user, status, name) = match who {
            Newcomer::Colleague(user) => (*user, MembershipStatus::Active, None),
            Newcomer::Invitee(invitee) => {
                (writer.find_or_add_person(invitee).await?, MembershipStatus::Invited, Some(invitee.name.as_str()))
            }
        };
        self.refuse_wrong_side(writer, who, user, &terms).await?;
        match writer.lock_member(user).await {
            Err(muster_store::Error::NotFound) => {}
            Err(other) => return Err(other.into()),
            Ok(_) => return Err(Error::Conflict(Conflict::AlreadyThere)),
        }
        writer.set_member(user, &terms, status, name).await?;
        let drawn = match who {
            Newcomer::Colleague(_) => None,
            Newcomer::Invitee(invitee) => Some(self.send_invitation(from, writer, user, invitee, &terms.roles).await?),
        };
        let member = writer.member(user).await?;
        writer.note_made(if drawn.is_some() { "member.invited" } else { "member.assigned" }, &member)?;
        Ok((member, drawn))
    }

    /// Takes somebody's access away in a transaction that is under way, with the links that they were sent.
    pub(crate) async fn remove_member_in(&self, writer: &mut CustomerWriter, member: &Member) -> Result<()> {
        let tasks = writer.transfer_tasks(member.user_id, None).await?;
        writer.set_member_status(member.user_id, MembershipStatus::Removed).await?;
        writer.end_invitations(member.user_id).await?;
        writer.note_made("member.removed", &TransferredTasks { from: member, to: None, tasks })
    }

    /// Sends a new invitation link; the one before ends.
    ///
    /// # Errors
    /// [`Conflict::NotInvited`] where the person has accepted already.
    #[boxed]
    pub async fn invite_member_again(&self, actor: &Actor, customer: CustomerId, user: UserId) -> Result<MemberInvited> {
        let (mut writer, member) = self.held_member(actor, customer, user).await?;
        if member.status != MembershipStatus::Invited {
            return Err(Error::Conflict(Conflict::NotInvited));
        }
        let invitee = Invitee {
            email: Email::parse(&member.email).map_err(Error::internal)?,
            name: Name::parse(&member.name).map_err(Error::internal)?,
        };
        let drawn = self.send_invitation(actor.name(), &mut writer, user, &invitee, &member.roles).await?;
        let member = writer.member(user).await?;
        writer.note_read("member.invited_again", &member);
        writer.commit().await?;
        Ok(MemberInvited { member, link: drawn.handed_on(self) })
    }

    /// Changes roles, limits or standing of a member, if nobody did since `expected`.
    #[boxed]
    pub async fn change_member(
        &self,
        actor: &Actor,
        customer: CustomerId,
        user: UserId,
        change: &MemberChange,
        expected: i32,
    ) -> Result<Member> {
        let (mut writer, before) = self.held_member(actor, customer, user).await?;
        if before.version != expected {
            return Err(Error::Stale { current: before.version });
        }
        let terms = changed_terms(&before, change)?;
        for role in &terms.roles {
            self.store.allow(actor, customer, Action::ManageMember { role: *role }, self.now())?;
        }
        let terms = settled(&terms, &mut writer).await?;
        self.refuse_wrong_side(&mut writer, &Newcomer::Colleague(user), user, &terms).await?;
        let status = match (before.status, change.is_suspended) {
            // Suspended and taken back, they would be in without ever having accepted.
            (MembershipStatus::Invited, Some(true)) => return Err(Error::Conflict(Conflict::NotAccepted)),
            (_, Some(true)) => MembershipStatus::Suspended,
            (MembershipStatus::Suspended, Some(false)) => MembershipStatus::Active,
            (status, _) => status,
        };
        writer.set_member(user, &terms, status, None).await?;
        let after = writer.member(user).await?;
        let action = match (before.status, after.status) {
            (was, MembershipStatus::Suspended) if was != MembershipStatus::Suspended => "member.suspended",
            (MembershipStatus::Suspended, now) if now != MembershipStatus::Suspended => "member.resumed",
            _ => "member.changed",
        };
        writer.note_changed(action, &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }

    /// Takes somebody's access to a customer away. Their open tasks go to `heir`, or back to the
    /// role that they were for.
    #[boxed]
    pub async fn remove_member(&self, actor: &Actor, customer: CustomerId, user: UserId, heir: Option<UserId>) -> Result<()> {
        let (mut writer, member) = self.held_member(actor, customer, user).await?;
        refuse_unknown_heir(&mut writer, user, heir).await?;
        let tasks = writer.transfer_tasks(user, heir).await?;
        writer.set_member_status(user, MembershipStatus::Removed).await?;
        writer.end_invitations(user).await?;
        writer.note_made("member.removed", &TransferredTasks { from: &member, to: heir, tasks })?;
        Ok(writer.commit().await?)
    }

    /// Gives somebody's open tasks to somebody else, or back to the role that they were for. How
    /// many there were.
    #[boxed]
    pub async fn transfer_tasks(&self, actor: &Actor, customer: CustomerId, user: UserId, heir: Option<UserId>) -> Result<u64> {
        let (mut writer, member) = self.held_member(actor, customer, user).await?;
        refuse_unknown_heir(&mut writer, user, heir).await?;
        let tasks = writer.transfer_tasks(user, heir).await?;
        writer.note_made("tasks.transferred", &TransferredTasks { from: &member, to: heir, tasks })?;
        writer.commit().await?;
        Ok(tasks)
    }

    /// A writer for people with these roles.
    async fn member_writer(&self, actor: &Actor, customer: CustomerId, roles: &[MemberRole]) -> Result<CustomerWriter> {
        let at = self.now();
        let role = roles.first().copied().unwrap_or(MemberRole::Contributor);
        let writer = self.store.writer(actor, customer, Action::ManageMember { role }, at).await?;
        for role in roles {
            self.store.allow(actor, customer, Action::ManageMember { role: *role }, at)?;
        }
        Ok(writer)
    }

    /// A member whom the actor may change, held.
    async fn held_member(&self, actor: &Actor, customer: CustomerId, user: UserId) -> Result<(CustomerWriter, Member)> {
        let mut writer = self.member_writer(actor, customer, &[]).await?;
        let member = writer.lock_member(user).await?;
        for role in &member.roles {
            self.store.allow(actor, customer, Action::ManageMember { role: *role }, self.now())?;
        }
        // Who could change themselves could lock everybody out, or give themselves more.
        if user == actor.user_id() {
            return Err(Error::Conflict(Conflict::Oneself));
        }
        Ok((writer, member))
    }

    async fn send_invitation(
        &self,
        from: &str,
        writer: &mut CustomerWriter,
        user: UserId,
        invitee: &Invitee,
        roles: &[MemberRole],
    ) -> Result<Drawn> {
        let customer = writer.customer().await?;
        let drawn = self.draw_invitation(from, invitee, &customer.name, roles).await?;
        writer.add_invitation(user, &drawn.hash, drawn.expires_at).await?;
        let job = JobId(self.ids.next());
        writer.queue_mail(&self.secret_mail(job, &self.message_id(job), &drawn.mail)).await?;
        Ok(drawn)
    }

    /// Consultants belong to the firm, and all others do not.
    async fn refuse_wrong_side(&self, writer: &mut CustomerWriter, who: &Newcomer, user: UserId, terms: &MemberTerms) -> Result<()> {
        let is_firm = writer.is_firm_person(user).await?;
        match (terms.roles.contains(&MemberRole::Consultant), is_firm, who) {
            (true, Some(true), _) | (false, Some(false), _) => Ok(()),
            (_, _, Newcomer::Colleague(_)) => Err(Error::field(FieldError::unknown_reference("/user_id"))),
            (true, ..) => Err(Error::field(FieldError::new("/email", "not-of-the-firm", "does not belong to a consultant of the firm"))),
            (false, ..) => Err(Error::field(FieldError::new("/email", "of-the-firm", "belongs to somebody of the firm"))),
        }
    }
}

/// The terms with what goes without saying: an auditor's access ends, within a year unless a day is given.
async fn settled(terms: &MemberTerms, writer: &mut CustomerWriter) -> Result<MemberTerms> {
    let mut terms = terms.clone();
    if terms.roles.contains(&MemberRole::Auditor) && terms.expires_on.is_none() {
        terms.expires_on = today(writer.at()).checked_add(1.year()).ok();
    }
    if let Some(plans) = &terms.plan_ids
        && !writer.has_plans(plans).await?
    {
        return Err(Error::field(FieldError::unknown_reference("/plan_ids")));
    }
    Ok(terms)
}

fn changed_terms(before: &Member, change: &MemberChange) -> Result<MemberTerms> {
    let roles = change.roles.clone().unwrap_or_else(|| before.roles.clone());
    let steps = before.approval_steps.iter().map(|step| Code::parse(step)).collect::<Result<_, _>>().map_err(Error::internal)?;
    // What a role that is taken away brought with it goes too.
    let is_auditor = roles == [MemberRole::Auditor];
    let is_approver = roles.contains(&MemberRole::Approver);
    let terms = MemberTerms {
        expires_on: change.expires_on.unwrap_or(before.expires_on),
        approval_steps: if is_approver {
            change.approval_steps.clone().unwrap_or(steps)
        } else {
            change.approval_steps.clone().unwrap_or_default()
        },
        plan_ids: if is_auditor {
            change.plan_ids.clone().unwrap_or_else(|| before.plan_ids.clone())
        } else {
            change.plan_ids.clone().flatten()
        },
        roles,
    };
    refuse_misplaced(&terms)?;
    Ok(terms)
}

/// Which limits go with which roles.
fn refuse_misplaced(terms: &MemberTerms) -> Result<()> {
    let mut errors = Vec::new();
    if terms.roles.is_empty() {
        errors.push(FieldError::new("/roles", "blank", "must name at least one role"));
    }
    if terms.roles.contains(&MemberRole::Consultant) && terms.roles.len() > 1 {
        errors.push(FieldError::new("/roles", "consultant-alone", "must not join consultant with another role"));
    }
    if terms.plan_ids.is_some() && terms.roles != [MemberRole::Auditor] {
        errors.push(FieldError::new("/plan_ids", "misplaced", "limit auditors only, and those who are nothing else"));
    }
    if !terms.approval_steps.is_empty() && !terms.roles.contains(&MemberRole::Approver) {
        errors.push(FieldError::new("/approval_steps", "misplaced", "are for approvers only"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

async fn refuse_unknown_heir(reader: &mut CustomerReader, user: UserId, heir: Option<UserId>) -> Result<()> {
    let Some(heir) = heir else { return Ok(()) };
    let is_known = heir != user && reader.assignable_people().await?.iter().any(|person| person.id == heir);
    if is_known { Ok(()) } else { Err(Error::field(FieldError::unknown_reference("/transfer_to"))) }
}

fn today(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
