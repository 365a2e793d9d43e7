//! Respondents: let in by a link, to single questions of one customer and nothing else.

use super::Decision;
use crate::ids::{CustomerId, PlanId, RespondentId, TemplateId};

/// Somebody who holds a link in force. The fields are private: a respondent is made in one place,
/// from a link that has just been looked up (`store::respondents`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respondent {
    id: RespondentId,
    customer: CustomerId,
    name: String,
    email: String,
    questions: Vec<(PlanId, TemplateId, String)>,
}

impl Respondent {
    /// Makes a respondent of a link in force. `clippy.toml` bans this call outside `store`.
    pub const fn verified(
        id: RespondentId,
        customer: CustomerId,
        name: String,
        email: String,
        questions: Vec<(PlanId, TemplateId, String)>,
    ) -> Self {
        Self { id, customer, name, email, questions }
    }

    /// Who it is.
    pub const fn id(&self) -> RespondentId {
        self.id
    }

    /// The one customer that they answer for.
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }

    /// Their name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Their address.
    pub fn email(&self) -> &str {
        &self.email
    }
}

/// Decides on seeing and answering one question. What was not delegated does not exist.
pub fn decide_respondent(respondent: &Respondent, plan: PlanId, template: TemplateId, key: &str) -> Decision {
    let is_theirs =
        respondent.questions.iter().any(|(of_plan, of_template, one)| *of_plan == plan && *of_template == template && one == key);
    if is_theirs { Decision::Allow } else { Decision::Invisible }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_what_was_delegated_exists() {
        let (plan, template) = (PlanId(Uuid::from_u128(1)), TemplateId(Uuid::from_u128(2)));
        let questions = vec![(plan, template, "team".to_owned())];
        #[allow(clippy::disallowed_methods)]
        let one = Respondent::verified(RespondentId(Uuid::from_u128(3)), CustomerId(1), "A".into(), "a@b.example".into(), questions);
        assert_eq!(decide_respondent(&one, plan, template, "team"), Decision::Allow);
        assert_eq!(decide_respondent(&one, plan, template, "tea"), Decision::Invisible);
        assert_eq!(decide_respondent(&one, PlanId(template.0), template, "team"), Decision::Invisible);
        assert_eq!(decide_respondent(&one, plan, TemplateId(plan.0), "team"), Decision::Invisible);
    }
}
