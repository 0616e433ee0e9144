//! How an [`Auth`] is configured, and what cannot be meant.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{self, Auth};
use crate::clock::{Clock, SystemClock};
use crate::config_error::ConfigError;
use crate::decision::Audit;
use crate::environment;
use crate::issuer::{Issuer, WorkOs};
use crate::keys::{Fetch, RemoteKeys, STALE, STALE_MAX, is_safe_url};
use crate::policy::{AdminDomain, AdminRule, Domain};
use crate::protected_resource::ProtectedResource;
use crate::token::TimeRules;
use crate::verify::{Cache, Verifier};

/// As long as the recipe's own back end takes: a service one second behind must not refuse a token
/// that was issued just now.
const DEFAULT_LEEWAY: Duration = Duration::from_secs(5);

const MAX_LEEWAY: Duration = Duration::from_secs(60);

const DEFAULT_TOKEN_CACHE: usize = 32 * 1024 * 1024;

/// Collects the configuration of an [`Auth`]; [`build`](Self::build) checks it.
///
/// ```
/// # #[cfg(feature = "http-client")]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use auth_core::issuer::{Issuer, WorkOs};
/// use auth_core::{Auth, ProtectedResource, SystemClock};
///
/// let auth = Auth::builder()
///     // Who is trusted.
///     .workos(WorkOs::client("client_01ABCDEFGHJKMNPQRS"))
///     .issuer(Issuer::discover("https://issuer.example", "my-api"))
///     // Who administers: verified addresses of one domain, by the word of one issuer.
///     .admin_domain("yourdomain.com")
///     .admin_issuer("https://api.workos.com/user_management/client_01ABCDEFGHJKMNPQRS")
///     // Time.
///     .leeway(Duration::from_secs(5))
///     .max_token_lifetime(Duration::from_secs(3600))
///     .stale_if_error(Duration::from_secs(600))
///     .clock(SystemClock::default())
///     // What clients are told.
///     .protected_resource(ProtectedResource::new("https://api.yourdomain.com"))
///     // Memory, in bytes.
///     .token_cache(64 * 1024 * 1024)
///     .build()?;
/// # let _ = auth;
/// # Ok(())
/// # }
/// # #[cfg(feature = "http-client")]
/// # build().unwrap();
/// ```
#[must_use]
pub struct AuthBuilder {
    workos: Vec<WorkOs>,
    issuers: Vec<Issuer>,
    /// Each with whether its addresses must be verified.
    admin_domains: Vec<(String, bool)>,
    admin_issuers: Vec<String>,
    leeway: Duration,
    max_lifetime: Option<Duration>,
    stale_if_error: Duration,
    resource_metadata: Option<String>,
    protected_resource: Option<ProtectedResource>,
    audit: Option<Arc<dyn Audit>>,
    token_cache: usize,
    fetch: Option<Arc<dyn Fetch>>,
    clock: Option<Arc<dyn Clock>>,
    #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
    store: Option<Arc<dyn crate::session::Store>>,
}

impl AuthBuilder {
    pub(crate) fn new() -> Self {
        Self {
            workos: Vec::new(),
            issuers: Vec::new(),
            admin_domains: Vec::new(),
            admin_issuers: Vec::new(),
            leeway: DEFAULT_LEEWAY,
            max_lifetime: None,
            stale_if_error: STALE,
            resource_metadata: None,
            protected_resource: None,
            audit: None,
            token_cache: DEFAULT_TOKEN_CACHE,
            fetch: None,
            clock: None,
            #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
            store: None,
        }
    }

    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let workos = WorkOs::client(environment::required("WORKOS_CLIENT_ID")?);
        let url = environment::optional("WORKOS_API_URL")?;
        Ok(Self::new().workos(url.into_iter().fold(workos, WorkOs::api_url)))
    }

    /// Trusts a WorkOS client. [`Auth::workos`] does so with what suits most.
    pub fn workos(mut self, workos: WorkOs) -> Self {
        self.workos.push(workos);
        self
    }

    /// Trusts an issuer.
    pub fn issuer(mut self, issuer: Issuer) -> Self {
        self.issuers.push(issuer);
        self
    }

    /// People with a verified address in this domain are administrators. Sub-domains are other
    /// domains. May be called again for a further one; without any, nobody is an administrator.
    pub fn admin_domain(mut self, domain: impl Into<String>) -> Self {
        self.admin_domains.push((domain.into(), true));
        self
    }

    /// People with an address in this domain are administrators, **whether or not anybody has
    /// verified the address**. Whoever can sign up with an address that is not theirs is then an
    /// administrator. It is for tokens that cannot carry `email_verified`, of an issuer that lets
    /// nobody choose an address.
    ///
    /// ```
    /// use auth_core::Auth;
    ///
    /// let builder = Auth::workos("client_01ABCDEFGHJKMNPQRS").admin_domain_unverified("corp.example");
    /// # let _ = builder;
    /// ```
    pub fn admin_domain_unverified(mut self, domain: impl Into<String>) -> Self {
        self.admin_domains.push((domain.into(), false));
        self
    }

    /// Only tokens of the issuer of this name make administrators. May be called again for a
    /// further one; without any, the tokens of all issuers do.
    pub fn admin_issuer(mut self, name: impl Into<String>) -> Self {
        self.admin_issuers.push(name.into());
        self
    }

    /// How far the clocks of issuers and this machine may differ: 5 seconds by default, at most 60.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Refuses tokens that live longer than this from `iat` to `exp`, or have no `iat`. It bounds
    /// how long somebody keeps a role that has been taken away. Without it, the issuer alone says how
    /// long its tokens live.
    pub fn max_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.max_lifetime = Some(lifetime);
        self
    }

    /// How long keys are used beyond their time while their server fails: an hour by default, at
    /// most a day. A key that is withdrawn during an outage is accepted for as long, and by an instance
    /// that nobody has asked for a while once more: no request waits for a fetch while its key is known.
    pub fn stale_if_error(mut self, time: Duration) -> Self {
        self.stale_if_error = time;
        self
    }

    /// Describes this service to clients that have no token yet (RFC 9728), and names the document in
    /// every challenge. The router serves it.
    pub fn protected_resource(mut self, resource: ProtectedResource) -> Self {
        self.protected_resource = Some(resource);
        self
    }

    /// Names the metadata of this service (RFC 9728) in every challenge, where something else serves
    /// it. An https URL at this service.
    ///
    /// ```
    /// use auth_core::Auth;
    ///
    /// let builder = Auth::workos("client_01ABCDEFGHJKMNPQRS")
    ///     .resource_metadata("https://api.yourdomain.com/.well-known/oauth-protected-resource");
    /// # let _ = builder;
    /// ```
    pub fn resource_metadata(mut self, url: impl Into<String>) -> Self {
        self.resource_metadata = Some(url.into());
        self
    }

    /// Keeps what guards decide: see [`Audit`]. A request is let in only if that can be kept.
    ///
    /// ```
    /// use auth_core::{Audit, Auth, Decision, Unrecorded};
    ///
    /// struct ToStdout;
    ///
    /// impl Audit for ToStdout {
    ///     fn record(&self, decision: &Decision<'_>) -> Result<(), Unrecorded> {
    ///         println!("{decision:?}");
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let builder = Auth::workos("client_01ABCDEFGHJKMNPQRS").audit(ToStdout);
    /// # let _ = builder;
    /// ```
    pub fn audit(mut self, audit: impl Audit) -> Self {
        self.audit = Some(Arc::new(audit));
        self
    }

    /// How much memory verified tokens may take: 32 MiB by default, 0 for none.
    ///
    /// A token that comes again costs no signature again, and is refused as if it were new: the time,
    /// the key set and revocations are asked each time. Memory is used as tokens come. About 3 KiB for
    /// each caller who is there at the same time are enough.
    pub fn token_cache(mut self, bytes: usize) -> Self {
        self.token_cache = bytes;
        self
    }

    /// Fetches key sets in another way than over HTTPS; [`Fetch`] has an example, with this `fetch`.
    pub fn fetch(mut self, fetch: impl Fetch) -> Self {
        self.fetch = Some(Arc::new(fetch));
        self
    }

    /// Shares with the other instances of the service what is revoked, and what sessions have become.
    /// Without it, an instance knows its own. [`Auth::ready`] begins to follow what others revoke, or
    /// [`SessionsBuilder::build`](crate::session::SessionsBuilder::build) in a Tokio runtime.
    ///
    /// ```
    /// use auth_core::Auth;
    /// use auth_core::session::MemoryStore;
    ///
    /// let builder = Auth::workos("client_01ABCDEFGHJKMNPQRS").store(MemoryStore::new());
    /// # let _ = builder;
    /// ```
    #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
    pub fn store(mut self, store: impl crate::session::Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Tells time in another way than by this machine's clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Checks the configuration. Nothing is fetched yet.
    ///
    /// # Errors
    /// If something in it cannot be meant; the error says what to set.
    pub fn build(self) -> Result<Auth, ConfigError> {
        let mut issuers = self.issuers;
        for workos in self.workos {
            issuers.extend(workos.issuers()?);
        }
        check_issuers(&issuers)?;
        let admin_rule = admin_rule(self.admin_domains, self.admin_issuers, &issuers)?;
        if self.leeway > MAX_LEEWAY {
            return Err(ConfigError::Leeway(self.leeway));
        }
        if self.stale_if_error > STALE_MAX {
            return Err(ConfigError::Stale(self.stale_if_error));
        }
        if let Some(url) = self.resource_metadata.as_ref().filter(|url| !is_safe_url(url)) {
            return Err(ConfigError::ResourceUrl(url.clone()));
        }
        let metadata = self.protected_resource.map(|resource| resource.into_metadata(&issuers));
        let metadata = metadata.transpose().map_err(ConfigError::ResourceUrl)?;
        let resource_metadata =
            self.resource_metadata.or_else(|| metadata.as_ref().map(|known| known.url.clone()));
        let time = TimeRules { leeway: self.leeway, max_lifetime: self.max_lifetime };

        let fetch = self.fetch.map_or_else(shipped_fetch, Ok)?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::default()));
        let issuers = with_key_sets(issuers, self.stale_if_error, &fetch, &clock);
        #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
        let shared = crate::session::Shared::new(Arc::clone(&clock), self.store);
        Ok(Auth::new(auth::Inner {
            verifier: Verifier::new(issuers, clock, time),
            cache: Cache::new(self.token_cache),
            admin_rule: Arc::new(admin_rule),
            resource_metadata: resource_metadata.map(Arc::from),
            #[cfg(any(feature = "actix", feature = "axum"))]
            metadata,
            audit: self.audit,
            #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
            shared,
        }))
    }
}

/// Every name leads to one issuer and its rules.
fn check_issuers(issuers: &[Issuer]) -> Result<(), ConfigError> {
    if issuers.is_empty() {
        return Err(ConfigError::NoIssuer);
    }
    let mut names: Vec<&str> =
        issuers.iter().flat_map(|issuer| issuer.names()).map(String::as_str).collect();
    names.sort_unstable();
    if let Some([name, _]) = names.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(ConfigError::DuplicateIssuer((*name).to_owned()));
    }
    for issuer in issuers {
        if issuer.names().iter().any(String::is_empty) || issuer.audience().is_empty() {
            return Err(ConfigError::EmptyName);
        }
        if !is_safe_url(issuer.source().url()) {
            return Err(ConfigError::Url(issuer.source().url().to_owned()));
        }
    }
    Ok(())
}

fn admin_rule(
    domains: Vec<(String, bool)>,
    admin_issuers: Vec<String>,
    issuers: &[Issuer],
) -> Result<AdminRule, ConfigError> {
    let domains = domains.into_iter().map(|(domain, must_be_verified)| {
        let name = Domain::parse(&domain).ok_or(ConfigError::AdminDomain(domain))?;
        Ok(AdminDomain { name, must_be_verified })
    });
    for name in &admin_issuers {
        if !issuers.iter().any(|issuer| issuer.names().contains(name)) {
            return Err(ConfigError::AdminIssuer(name.clone()));
        }
    }
    let domains = domains.collect::<Result<_, ConfigError>>()?;
    Ok(AdminRule { domains, issuers: admin_issuers })
}

/// Issuers with the same source share one key set.
fn with_key_sets(
    issuers: Vec<Issuer>,
    stale_for: Duration,
    fetch: &Arc<dyn Fetch>,
    clock: &Arc<dyn Clock>,
) -> Vec<(Issuer, Arc<RemoteKeys>)> {
    let mut with_keys: Vec<(Issuer, Arc<RemoteKeys>)> = Vec::new();
    for issuer in issuers {
        let shared = with_keys.iter().find(|(_, keys)| keys.source() == issuer.source());
        let keys = shared.map(|(_, keys)| Arc::clone(keys)).unwrap_or_else(|| {
            RemoteKeys::new(
                issuer.source().clone(),
                stale_for,
                Arc::clone(fetch),
                Arc::clone(clock),
            )
        });
        with_keys.push((issuer, keys));
    }
    with_keys
}

/// Nothing of the configuration, which may hold a secret in the wrong place until it is checked.
impl fmt::Debug for AuthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthBuilder").finish_non_exhaustive()
    }
}

#[cfg(feature = "http-client")]
fn shipped_fetch() -> Result<Arc<dyn Fetch>, ConfigError> {
    let fetch = crate::keys::HttpFetch::new().map_err(ConfigError::HttpClient)?;
    Ok(Arc::new(fetch))
}

#[cfg(not(feature = "http-client"))]
fn shipped_fetch() -> Result<Arc<dyn Fetch>, ConfigError> {
    Err(ConfigError::NoFetch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(builder: AuthBuilder) -> ConfigError {
        builder.fetch(Nothing).build().unwrap_err()
    }

    #[test]
    fn a_client_id_that_cannot_be_one_is_an_error() {
        assert!(Auth::workos("client_01TEST").fetch(Nothing).build().is_ok());
        for id in ["", "undefined", "client_", "client_01 X", "sk_test_01X", "client_../x"] {
            let error = error(Auth::workos(id));
            assert!(matches!(error, ConfigError::ClientId(_)), "{id}");
            assert!(error.to_string().contains("set WORKOS_CLIENT_ID"), "{error}");
        }
    }

    #[test]
    fn a_secret_in_the_wrong_place_is_not_shown() {
        let with_password = WorkOs::client("client_01A").api_url("https://u:SECRET@a.test");
        for error in
            [error(Auth::workos("sk_live_SECRET")), error(Auth::builder().workos(with_password))]
        {
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
        }
        let builder = Auth::workos("sk_live_SECRET");
        assert!(!format!("{builder:?}").contains("SECRET"));
        assert!(!format!("{:?}", WorkOs::client("sk_live_SECRET")).contains("SECRET"));
    }

    #[test]
    fn a_domain_that_nobody_has_an_address_in_is_an_error() {
        for domain in ["", ".", "com", "@example.com", "*.example.com", "ex\u{e4}mple.com"] {
            for builder in [
                Auth::workos("client_01TEST").admin_domain(domain),
                Auth::workos("client_01TEST").admin_domain_unverified(domain),
            ] {
                assert!(matches!(error(builder), ConfigError::AdminDomain(_)), "{domain}");
            }
        }
    }

    #[test]
    fn keys_from_an_unsafe_place_are_an_error() {
        let workos = || WorkOs::client("client_01TEST");
        for url in ["http://auth.example.com", "https://auth.example.com/", "file:///keys", ""] {
            for builder in [
                Auth::builder().workos(workos().api_url(url)),
                Auth::builder().workos(workos().auth_domain(url)),
            ] {
                assert!(matches!(error(builder), ConfigError::Url(_)), "{url}");
            }
        }
        for url in ["http://auth.example.com", "https://u@auth.example.com", "data:,{}", ""] {
            let builder = Auth::builder().issuer(Issuer::new("name", url, "audience"));
            assert!(matches!(error(builder), ConfigError::Url(_)), "{url}");
        }
        let unsafe_discovery =
            Auth::builder().issuer(Issuer::discover("http://a.test", "audience"));
        assert!(matches!(error(unsafe_discovery), ConfigError::Url(_)));
    }

    #[test]
    fn a_name_leads_to_one_issuer() {
        let issuer = |name| Issuer::new(name, "https://keys.test/", "audience");
        let cases = [
            Auth::builder().issuer(issuer("a")).issuer(issuer("a")),
            Auth::builder().issuer(issuer("a")).issuer(issuer("b").alias("a")),
            Auth::builder().issuer(issuer("a").alias("a")),
            Auth::workos("client_01A").workos(WorkOs::client("client_01B")),
            Auth::workos("client_01A").issuer(issuer("https://api.workos.com")),
        ];
        for builder in cases {
            assert!(matches!(error(builder), ConfigError::DuplicateIssuer(_)));
        }
        let similar = Auth::builder().issuer(issuer("a")).issuer(issuer("A").alias("a/"));
        assert!(similar.fetch(Nothing).build().is_ok());

        assert!(matches!(error(Auth::builder()), ConfigError::NoIssuer));
        assert!(matches!(error(Auth::builder().issuer(issuer(""))), ConfigError::EmptyName));
        let nobody = Issuer::new("a", "https://keys.test/", "");
        assert!(matches!(error(Auth::builder().issuer(nobody)), ConfigError::EmptyName));
    }

    #[test]
    fn other_configuration_that_cannot_be_meant() {
        let workos = || Auth::workos("client_01TEST");
        let too_long = workos().leeway(Duration::from_secs(61));
        assert!(matches!(error(too_long), ConfigError::Leeway(_)));
        let stale = workos().stale_if_error(Duration::from_secs(24 * 3600));
        assert!(stale.fetch(Nothing).build().is_ok());
        let too_stale = workos().stale_if_error(Duration::from_secs(24 * 3600 + 1));
        assert!(matches!(error(too_stale), ConfigError::Stale(_)));
        let quoted = workos().resource_metadata("https://a.test/\"x");
        assert!(matches!(error(quoted), ConfigError::ResourceUrl(_)));
        let stranger = workos().admin_issuer("https://issuer.test");
        assert!(matches!(error(stranger), ConfigError::AdminIssuer(_)));
        let known =
            workos().leeway(Duration::from_secs(60)).admin_issuer("https://api.workos.com/");
        assert!(known.fetch(Nothing).build().is_ok());
    }

    #[test]
    fn a_handle_says_whom_it_trusts() {
        let auth = Auth::workos("client_01TEST").fetch(Nothing).build().unwrap();
        let names: Vec<&str> = auth.issuer_names().collect();
        let (sso, user_management) = (
            ["https://api.workos.com/", "https://api.workos.com"],
            "/user_management/client_01TEST",
        );
        assert_eq!(names, [sso[0], sso[1], &format!("{}{user_management}", sso[1])]);
        let key_sets: Vec<_> = auth.key_sets().collect();
        let [(url, keys)] = &key_sets[..] else { panic!("the two issuers share one key set") };
        assert_eq!(*url, "https://api.workos.com/sso/jwks/client_01TEST");
        assert_eq!(keys.key_ids().count(), 0, "nothing is loaded yet");
    }

    struct Nothing;

    impl Fetch for Nothing {
        fn fetch<'a>(&'a self, _url: &'a str) -> crate::keys::FetchFuture<'a> {
            Box::pin(std::future::pending())
        }
    }
}
