//! README and the chapters of the guide, so that their code is compiled and run as tests.

#[cfg(doctest)]
mod chapters {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("src/getting-started.md")]
    struct GettingStarted;

    #[doc = include_str!("src/guards.md")]
    struct Guards;

    #[doc = include_str!("src/policies.md")]
    struct Policies;

    #[doc = include_str!("src/workos.md")]
    struct WorkOs;

    #[doc = include_str!("src/sessions.md")]
    struct Sessions;

    #[doc = include_str!("src/testing.md")]
    struct Testing;

    #[doc = include_str!("src/operating.md")]
    struct Operating;

    #[doc = include_str!("src/migrating.md")]
    struct Migrating;

    #[doc = include_str!("src/convex.md")]
    struct Convex;
}
