//! The people of the firm.

use muster_domain::{
    access::{Action, Actor},
    ids::{CustomerId, JobId, UserId},
    people::{FirmPerson, FirmRole, Invitee, MemberRole, MembershipStatus},
    text::{Email, Name},
};
use muster_store::PeopleWriter;

use super::{InvitationLink, invitations::Drawn};
use crate::{
    Conflict, Context, Error, FieldError, Result,
    audit::{Notes as _, TransferredTasks},
    boxed,
};

/// A change of somebody of the firm: what is none stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FirmPersonChange {
    /// What they are in the firm.
    pub role: Option<FirmRole>,
    /// Suspended, or in force again.
    pub is_suspended: Option<bool>,
}

impl Context {
    /// The people of the firm, by name.
    #[boxed]
    pub async fn firm_people(&self, actor: &Actor) -> Result<Vec<FirmPerson>> {
        Ok(self.store.firm_people(actor, self.now()).await?)
    }

    /// One of the firm's people.
    #[boxed]
    pub async fn firm_person(&self, actor: &Actor, user: UserId) -> Result<FirmPerson> {
        self.firm_people(actor).await?.into_iter().find(|one| one.user_id == user).ok_or(Error::NotFound)
    }

    /// Invites somebody to the firm.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the address belongs to somebody of the firm already.
    #[boxed]
    pub async fn invite_firm_person(&self, actor: &Actor, who: &Invitee, role: FirmRole) -> Result<(FirmPerson, Option<InvitationLink>)> {
        let mut writer = self.store.people_writer(actor, self.now()).await?;
        let user = writer.add_person(who).await.map_err(|error| {
            if error.is_constraint("users_email_key") {
                Error::field(FieldError::new("/email", "taken", "belongs to somebody already"))
            } else {
                error.into()
            }
        })?;
        let drawn = self.send_firm_invitation(actor, &mut writer, user, who, role).await?;
        let person = writer.person(user).await?;
        writer.note_made("user.invited", &person)?;
        writer.commit().await?;
        Ok((person, drawn.handed_on(self)))
    }

    /// Sends a new invitation link; the one before ends.
    ///
    /// # Errors
    /// [`Conflict::NotInvited`] where the person can sign in already.
    #[boxed]
    pub async fn invite_firm_person_again(&self, actor: &Actor, user: UserId) -> Result<(FirmPerson, Option<InvitationLink>)> {
        let mut writer = self.store.people_writer(actor, self.now()).await?;
        let person = writer.lock_person(user).await?;
        if person.status != MembershipStatus::Invited {
            return Err(Error::Conflict(Conflict::NotInvited));
        }
        let invitee = Invitee {
            email: Email::parse(&person.email).map_err(Error::internal)?,
            name: Name::parse(&person.name).map_err(Error::internal)?,
        };
        let drawn = self.send_firm_invitation(actor, &mut writer, user, &invitee, person.role).await?;
        let person = writer.person(user).await?;
        writer.note_read("user.invited_again", &person);
        writer.commit().await?;
        Ok((person, drawn.handed_on(self)))
    }

    /// Changes role or standing of somebody of the firm, if nobody did since `expected`. Their
    /// sessions end.
    ///
    /// # Errors
    /// [`Conflict::Oneself`] for one's own; [`Conflict::LastAdmin`] where nobody else could run the
    /// firm.
    #[boxed]
    pub async fn change_firm_person(&self, actor: &Actor, user: UserId, change: FirmPersonChange, expected: i32) -> Result<FirmPerson> {
        let mut writer = self.store.people_writer(actor, self.now()).await?;
        let before = held(&mut writer, actor, user).await?;
        let role = change.role.unwrap_or(before.role);
        if before.status == MembershipStatus::Invited {
            if change.is_suspended == Some(true) {
                return Err(Error::Conflict(Conflict::NotAccepted));
            }
            writer.set_invited_role(user, role, expected).await?;
            let after = writer.person(user).await?;
            writer.note_changed("user.changed", &before, &after)?;
            writer.commit().await?;
            return Ok(after);
        }
        let is_active = change.is_suspended.map_or(before.status != MembershipStatus::Suspended, |is_suspended| !is_suspended);
        refuse_no_admin(&mut writer, &before, role == FirmRole::Admin && is_active).await?;
        writer.set_person(user, Some(role), is_active, Some(expected)).await?;
        let after = writer.person(user).await?;
        let action = match (before.status == MembershipStatus::Suspended, after.status == MembershipStatus::Suspended) {
            (false, true) => "user.suspended",
            (true, false) => "user.resumed",
            _ => "user.changed",
        };
        writer.note_changed(action, &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }

    /// Takes somebody out of the firm: first out of each customer, where their open tasks go to
    /// `heir` or back to their role, then out of the firm itself. Interrupted, it can be repeated.
    #[boxed]
    pub async fn remove_firm_person(&self, actor: &Actor, user: UserId, heir: Option<UserId>) -> Result<()> {
        let mut writer = self.store.people_writer(actor, self.now()).await?;
        let person = held(&mut writer, actor, user).await?;
        refuse_no_admin(&mut writer, &person, false).await?;
        if let Some(heir) = heir
            && (heir == user || writer.person(heir).await.map_or(true, |one| one.status != MembershipStatus::Active))
        {
            return Err(Error::field(FieldError::unknown_reference("/transfer_to")));
        }
        writer.leave().await?;
        let assigned =
            if person.status == MembershipStatus::Invited { Vec::new() } else { self.store.customers_of_firm_person(actor, user).await? };
        for customer in assigned {
            self.remove_from_customer(actor, customer, user, heir).await?;
        }
        let mut writer = self.store.people_writer(actor, self.now()).await?;
        let person = held(&mut writer, actor, user).await?;
        refuse_no_admin(&mut writer, &person, false).await?;
        writer.end_invitations(user).await?;
        // Whoever has not accepted may be somebody's person all the same, and stays that.
        if person.status != MembershipStatus::Invited {
            writer.set_person(user, None, false, None).await?;
        }
        writer.note_made("user.removed", &person)?;
        Ok(writer.commit().await?)
    }

    async fn remove_from_customer(&self, actor: &Actor, customer: CustomerId, user: UserId, heir: Option<UserId>) -> Result<()> {
        let action = Action::ManageMember { role: MemberRole::Consultant };
        let mut writer = self.store.writer(actor, customer, action, self.now()).await?;
        // An heir who is not assigned there could not see the tasks.
        let heir = match heir {
            Some(heir) if writer.assignable_people().await?.iter().any(|person| person.id == heir) => Some(heir),
            _ => None,
        };
        let tasks = writer.transfer_tasks(user, heir).await?;
        match writer.lock_member(user).await {
            Ok(member) => {
                writer.set_member_status(user, MembershipStatus::Removed).await?;
                writer.note_made("member.removed", &TransferredTasks { from: &member, to: heir, tasks })?;
            }
            Err(muster_store::Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
        Ok(writer.commit().await?)
    }

    async fn send_firm_invitation(
        &self,
        actor: &Actor,
        writer: &mut PeopleWriter,
        user: UserId,
        invitee: &Invitee,
        role: FirmRole,
    ) -> Result<Drawn> {
        let firm = self.firm_name().await?;
        let drawn = self.draw_invitation(actor.name(), invitee, &firm, &[]).await?;
        writer.add_invitation(user, role, &drawn.hash, drawn.expires_at).await?;
        let job = JobId(self.ids.next());
        writer.queue_mail(&self.secret_mail(job, &self.message_id(job), &drawn.mail)).await?;
        Ok(drawn)
    }
}

async fn held(writer: &mut PeopleWriter, actor: &Actor, user: UserId) -> Result<FirmPerson> {
    let person = writer.lock_person(user).await?;
    if user == actor.user_id() { Err(Error::Conflict(Conflict::Oneself)) } else { Ok(person) }
}

/// Somebody has to run the firm.
async fn refuse_no_admin(writer: &mut PeopleWriter, before: &FirmPerson, stays_admin: bool) -> Result<()> {
    if before.role == FirmRole::Admin && !stays_admin && writer.other_admins(before.user_id).await? == 0 {
        return Err(Error::Conflict(Conflict::LastAdmin));
    }
    Ok(())
}
