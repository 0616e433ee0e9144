//! Signing in: to WorkOS and back.

use std::fmt;
use std::sync::Arc;

use url::form_urlencoded;
use zeroize::Zeroizing;

use super::super::Inner;
use super::super::cookie::CookieName;
use super::super::head::Head;
use super::super::refresh::Rejected;
use super::super::return_path::return_path;
use super::super::seal::Purpose;
use super::super::transaction::{self, Transaction};
use super::super::workos::{Hints, NoSession};
use super::Answer;
use crate::error::{AuthError, Code};

/// As many sign-ins as a browser can have begun at the same time, one in each tab.
const MAX_TRANSACTIONS: usize = 4;

impl Inner {
    /// `GET`: sends a browser to WorkOS.
    pub(crate) fn sign_in(&self, head: &impl Head, query: &str) -> Answer {
        let parameters = Query::parse(query);
        let path = return_path(parameters.one("return_to").ok().flatten().unwrap_or("/"));
        let hints = Hints::of(|name| parameters.one(name).ok().flatten().map(str::to_owned));
        let begun = self.begin(path, &hints, self.abandoned(head));
        begun.unwrap_or_else(|error| self.refusal("GET", &self.paths.sign_in, error, Vec::new()))
    }

    fn begin(
        &self,
        path: &str,
        hints: &Hints,
        mut set_cookies: Vec<String>,
    ) -> Result<Answer, AuthError> {
        let failed = |why: &dyn fmt::Display| {
            AuthError::new(Code::SessionFailed).because(format!("no sign-in can begin: {why}"))
        };
        let transaction = Transaction::begin(path.to_owned(), self.auth.seconds());
        let transaction = transaction.map_err(|_| failed(&"there is no randomness"))?;
        let known_by = Transaction::known_by(transaction.state()).unwrap_or_default();
        let name = self.transaction_cookie(known_by);
        let plain = serde_json::to_vec(&transaction).map_err(|error| failed(&error))?;
        let sealed = self.sealer.seal(Purpose::Transaction, name.as_str(), &Zeroizing::new(plain));
        let sealed = sealed.map_err(|error| failed(&error))?;
        let cookies = name.set(&sealed, transaction::LIFETIME);
        set_cookies.extend(cookies.map_err(|error| failed(&error))?);
        let target =
            self.api.authorization_url(transaction.state(), &transaction.challenge(), hints);
        Ok(Answer::redirect(target, set_cookies))
    }

    /// A browser that begins again and again drops what it has begun first.
    fn abandoned(&self, head: &impl Head) -> Vec<String> {
        let prefix = self.transaction_cookie("");
        let values = head.values("cookie").filter_map(|value| std::str::from_utf8(value).ok());
        let names = values.flat_map(|value| value.split(';')).filter_map(|pair| {
            let (name, _) = pair.trim_start().split_once('=')?;
            name.strip_prefix(prefix.as_str())
        });
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        let begun: Vec<CookieName> =
            names.into_iter().map(|state| self.transaction_cookie(state)).collect();
        let too_many = (begun.len() + 1).saturating_sub(MAX_TRANSACTIONS);
        begun.iter().take(too_many).flat_map(CookieName::clear).collect()
    }

    /// One for each transaction, so that two tabs do not disturb each other.
    fn transaction_cookie(&self, known_by: &str) -> CookieName {
        CookieName::ours_and_short(&format!("sign-in-{known_by}"), self.is_https)
    }

    /// `GET`: a browser comes back from WorkOS with a code.
    pub(crate) async fn call_back(self: &Arc<Self>, head: &impl Head, query: &str) -> Answer {
        let parameters = Query::parse(query);
        let state = parameters.one("state").ok().flatten().unwrap_or_default();
        // Whatever comes of it, the transaction is over.
        let known_by = Transaction::known_by(state);
        let mut set_cookies =
            known_by.map_or_else(Vec::new, |it| self.transaction_cookie(it).clear());
        match self.session_of_callback(head, &parameters).await {
            Ok((target, cookies)) => {
                set_cookies.extend(cookies);
                Answer::redirect(target, set_cookies)
            }
            Err(error) => self.failed(error, set_cookies),
        }
    }

    async fn session_of_callback(
        self: &Arc<Self>,
        head: &impl Head,
        parameters: &Query,
    ) -> Result<(String, Vec<String>), AuthError> {
        let mismatch = |why: &'static str| AuthError::new(Code::StateMismatch).because(why);
        let [state, code, error, issuer] =
            ["state", "code", "error", "iss"].map(|name| parameters.one(name));
        let (state, code, error, issuer) = (state?, code?, error?, issuer?);
        let state = state.ok_or_else(|| mismatch("the callback has no `state`"))?;
        let transaction = self
            .transaction_of(head, state)
            .ok_or_else(|| mismatch("no sign-in of this browser has begun with this `state`"))?;
        if issuer.is_some_and(|name| !self.auth.issuer_names().any(|known| known == name)) {
            return Err(AuthError::new(Code::IssuerMismatch)
                .because("the callback comes from another issuer (`iss`)"));
        }
        let code = match (code, error) {
            (Some(code), None) => code,
            (None, Some(_)) => return Err(mismatch("WorkOS has broken the sign-in off (`error`)")),
            _ => return Err(mismatch("the callback has both `code` and `error`, or neither")),
        };
        let issued = self.api.redeem_code(code, transaction.verifier()).await;
        let issued = issued.map_err(|error| {
            let code = match &error {
                NoSession::InvalidGrant(_) | NoSession::Refused { .. } => Code::SignInRefused,
                NoSession::Unavailable(_) => Code::SessionUnavailable,
                NoSession::Malformed(_) => Code::SignInFailed,
            };
            AuthError::new(code).because(error.to_string())
        })?;
        let session = self.accept(issued).await.map_err(|rejected| match rejected {
            Rejected::Ended(why) | Rejected::Unusable(why) => {
                AuthError::new(Code::SignInFailed).because(why)
            }
            Rejected::Unverified(error) => {
                let is_passing = error.code() == Code::KeysUnavailable;
                let code = if is_passing { Code::SessionUnavailable } else { Code::SignInFailed };
                AuthError::new(code)
                    .because(format!("its access token is refused, {}", error.code()))
                    .heard_with(error.detail())
            }
        })?;
        self.replace_session(head, &session.id).await?;
        let session = self.keep(session).await?;
        let set_cookies = self.session_cookies(&session)?;
        Ok((transaction.return_path, set_cookies))
    }

    /// Whoever has known the session that this browser had before knows nothing any more.
    async fn replace_session(&self, head: &impl Head, new_id: &str) -> Result<(), AuthError> {
        let Ok(Some(found)) = self.found(head) else { return Ok(()) };
        let Some(before) = self.session_of(found).await? else { return Ok(()) };
        self.forget(&before).await?;
        if before.data.id != new_id {
            self.revoke_everywhere(&before.data.id).await;
        }
        Ok(())
    }

    fn transaction_of(&self, head: &impl Head, state: &str) -> Option<Transaction> {
        let name = self.transaction_cookie(Transaction::known_by(state)?);
        let sealed = name.find(head.values("cookie")).ok().flatten()?;
        let opened = self.sealer.open(Purpose::Transaction, name.as_str(), &sealed)?;
        let transaction: Transaction = serde_json::from_slice(&opened.plain).ok()?;
        transaction.is_answered_by(state, self.auth.seconds()).then_some(transaction)
    }
}

/// The parameters of a query, each with all its values.
struct Query(Vec<(String, String)>);

impl Query {
    fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// A parameter that is there once; an error if it is there more often.
    fn one(&self, name: &str) -> Result<Option<&str>, AuthError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(value),
            Some(_) => Err(AuthError::new(Code::StateMismatch)
                .because(format!("the callback has the parameter `{name}` more than once"))),
        }
    }
}
