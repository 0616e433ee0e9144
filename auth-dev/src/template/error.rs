//! What is wrong with a JWT template.

/// What is wrong with a JWT template.
///
/// Most is found when the server starts, as [`ConfigError::Template`](crate::ConfigError::Template):
///
/// ```
/// use auth_dev::{AuthDev, Config, ConfigError, Error, TemplateError};
///
/// async fn mistake(template: &str) -> Option<TemplateError> {
///     let config = Config { jwt_template: template.to_owned(), ..Config::default() };
///     match AuthDev::start(config).await {
///         Err(Error::Config(ConfigError::Template(error))) => Some(error),
///         _ => None,
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// for (template, expected) in [
///     (r#"{ "a": {{user.email }"#, TemplateError::Unterminated),
///     (r#"{ "a": {{user..email}} }"#, TemplateError::Expression("user..email".to_owned())),
///     (r#"{ "a": {{usr.email}} }"#, TemplateError::Unknown("usr".to_owned())),
///     (r#"{ "sub": {{user.email}} }"#, TemplateError::Reserved("sub".to_owned())),
/// ] {
///     assert_eq!(mistake(template).await, Some(expected));
/// }
/// assert!(matches!(mistake("[]").await, Some(TemplateError::NoObject(_))));
/// # }
/// ```
///
/// The rest depends on the user, and is found when a token is made:
///
/// ```
/// use auth_dev::{AuthDev, Config, Error, TemplateError, TokenOptions, User};
///
/// async fn mistake(template: &str) -> Result<Option<TemplateError>, Error> {
///     let mut ada = User::new("ada@acme.test");
///     ada.metadata.insert("notes".to_owned(), "x".repeat(4000));
///     let jwt_template = template.to_owned();
///     let config = Config { jwt_template, users: vec![ada], ..Config::default() };
///     match AuthDev::start(config).await?.token("ada", &TokenOptions::default()) {
///         Err(Error::Template(error)) => Ok(Some(error)),
///         token => token.map(|_| None),
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Error> {
/// let in_string = mistake(r#"{ "a": "{{user.metadata}}" }"#).await?;
/// assert_eq!(in_string, Some(TemplateError::ObjectInString));
/// let too_large = mistake(r#"{ "a": {{user.metadata}} }"#).await?;
/// assert!(matches!(too_large, Some(TemplateError::TooLarge(bytes)) if bytes > 3072));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// `{{` without `}}`.
    #[error("`{{{{` has no `}}}}`")]
    Unterminated,
    /// Neither paths nor texts, with `||` between them.
    #[error(
        "`{{{{{0}}}}}` is no expression: write a path such as `user.email`, or several and texts \
         such as `'none'` with `||` between them"
    )]
    Expression(String),
    /// A path that begins with something else than what there is.
    #[error(
        "nothing is called `{0}`: a path begins with `user`, `organization` or \
         `organization_membership`"
    )]
    Unknown(String),
    /// What comes out is no JSON object with members.
    #[error("it makes no JSON object: {0}")]
    NoObject(String),
    /// It sets what the issuer sets.
    #[error("it sets `{0}`, which is the issuer's: remove it")]
    Reserved(String),
    /// An object or a list stands in a string.
    #[error("an object or a list stands in a string: remove the quotes around the expression")]
    ObjectInString,
    /// More than a token can carry, in bytes of JSON.
    #[error("it makes {0} bytes of claims: at most 3072 fit into a token")]
    TooLarge(usize),
}
