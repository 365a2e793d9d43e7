//! The way to the mail server.

use crate::boxed;
use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    address::AddressError,
    message::{
        Mailbox as Written, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use muster_domain::mail::{Mail, Mailbox};

/// How long one step of the talk with a mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long handing over one mail may take; shorter than the lease of its job.
const HAND_OVER: Duration = Duration::from_secs(180);

/// A mail server, and the address that mails come from.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Where the reader's mail program ends this kind of mail (RFC 2369).
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

/// That it may do so with one request and nothing else (RFC 8058).
#[derive(Debug, Clone, Copy)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        // An address must not be broken into lines or encoded words: programs read it as it stands.
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
    }
}

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// Why a mail was not handed over.
#[derive(Debug)]
pub struct NotSent {
    /// What happened, for the outbox page.
    pub why: String,
    /// Whether the server has refused this mail for good, so that trying again changes nothing.
    pub is_final: bool,
}

impl Mailer {
    /// A mail server by its address: `smtps://user:password@host`, or `smtp://host:port`, with
    /// `?tls=required` where the connection shall turn to TLS.
    ///
    /// # Errors
    /// Words about what cannot be read in the address, which may hold a password and is not repeated.
    pub fn new(url: &str, from: Mailbox) -> Result<Self, String> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| error.to_string())?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    /// The domain that mails come from.
    pub fn domain(&self) -> &str {
        self.from.address.as_str().rsplit('@').next().unwrap_or_default()
    }

    /// Hands a mail to the server, from `sender` or from whom the program was started with. `Ok`:
    /// the server has accepted it.
    #[boxed]
    pub async fn send(&self, mail: &Mail, message_id: &str, sender: Option<&Mailbox>) -> Result<(), NotSent> {
        let message = Self::write(mail, message_id, sender.unwrap_or(&self.from)).map_err(|why| NotSent { why, is_final: true })?;
        match tokio::time::timeout(HAND_OVER, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let code = error.status().map(u16::from).unwrap_or_default();
                // 530 to 538 are about our own sign-in: no fault of the mail, and soon put right.
                let is_final = error.is_permanent() && !(530..=538).contains(&code);
                Err(NotSent { why: in_words(&error), is_final })
            }
            Err(_) => Err(NotSent { why: "the mail server took too long".to_owned(), is_final: false }),
        }
    }

    fn write(mail: &Mail, message_id: &str, from: &Mailbox) -> Result<Message, String> {
        let mut builder = Message::builder();
        if let Some(url) = &mail.unsubscribe {
            builder = builder.header(ListUnsubscribe(format!("<{url}>"))).header(ListUnsubscribePost);
        }
        builder
            .from(written(from).map_err(|error| error.to_string())?)
            .to(written(&mail.to).map_err(|error| error.to_string())?)
            .subject(mail.subject.as_str())
            .message_id(Some(format!("<{message_id}>")))
            .multipart(MultiPart::alternative_plain_html(mail.text.as_str().to_owned(), mail.html.clone()))
            .map_err(|error| error.to_string())
    }
}

fn written(mailbox: &Mailbox) -> Result<Written, AddressError> {
    Ok(Written::new(mailbox.name.as_ref().map(ToString::to_string), mailbox.address.as_str().parse()?))
}

/// An error with what is behind it, in one line of bounded length.
fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = cause.source();
    }
    words.chars().filter(|character| !character.is_control()).take(500).collect()
}
