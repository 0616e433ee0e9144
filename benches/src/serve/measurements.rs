//! The services that are measured, and what the tables say of them.

use crate::harness::Side;
use crate::server::Service;

pub(super) const UNGUARDED: &str = "unguarded";
pub(super) const HOT: &str = "ours, hot";

/// A row of a table.
pub(super) struct Measurement {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) side: Side,
    pub(super) service: Service,
}

pub(super) const ON_AXUM: [Measurement; 10] = [
    limit(Service::AxumUnguarded),
    hot(Service::AxumOursHot),
    role(Service::AxumOursRole),
    cold(Service::AxumOursCold),
    peer(
        "jsonwebtoken by hand",
        "an extractor of one's own, aws-lc, keys parsed once",
        Service::AxumJsonwebtoken,
    ),
    peer("axum-jwt-auth", "as shipped: RustCrypto", Service::AxumJwtAuth),
    peer("axum-jwt-auth, aws-lc", "at its best: aws-lc installed", Service::AxumJwtAuthAwsLc),
    peer(
        "jwt-authorizer",
        "as shipped: ring; its check in an extractor, for its layer is for axum 0.7",
        Service::AxumJwtAuthorizer,
    ),
    peer(
        "tower-oauth2-resource-server",
        "as shipped: RustCrypto",
        Service::AxumOauth2ResourceServer,
    ),
    peer(
        "tower-oauth2-resource-server, aws-lc",
        "at its best: aws-lc installed",
        Service::AxumOauth2ResourceServerAwsLc,
    ),
];

pub(super) const ON_ACTIX: [Measurement; 6] = [
    limit(Service::ActixUnguarded),
    hot(Service::ActixOursHot),
    role(Service::ActixOursRole),
    cold(Service::ActixOursCold),
    peer(
        "actix-web-httpauth",
        "with jsonwebtoken and aws-lc in its validator",
        Service::ActixHttpauth,
    ),
    peer(
        "actix-web-grants",
        "`#[protect(\"admin\")]`, with jsonwebtoken and aws-lc in its extractor",
        Service::ActixGrants,
    ),
];

const fn limit(service: Service) -> Measurement {
    let what = "the framework alone; a token is sent, and nobody looks at it";
    Measurement { name: UNGUARDED, what, side: Side::Limit, service }
}

const fn hot(service: Service) -> Measurement {
    ours(HOT, "`#[authenticated]`; the token is known", service)
}

const fn role(service: Service) -> Measurement {
    ours("ours, hot, role", "`#[require(role(\"admin\"))]`; the token is known", service)
}

const fn cold(service: Service) -> Measurement {
    let what = "`#[authenticated]` without the cache: every request pays for RSA";
    ours("ours, cold", what, service)
}

const fn ours(name: &'static str, what: &'static str, service: Service) -> Measurement {
    Measurement { name, what, side: Side::Ours, service }
}

const fn peer(name: &'static str, what: &'static str, service: Service) -> Measurement {
    Measurement { name, what, side: Side::Peer, service }
}
