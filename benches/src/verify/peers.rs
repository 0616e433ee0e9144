//! The peers, each through the extractor or layer that its users put before a handler.

use std::convert::Infallible;
use std::future::ready;

use axum::extract::FromRequestParts;
use axum_jwt_auth::Decoder;
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use jwt_authorizer::layer::AuthorizationLayer;
use tower::{Layer, Service, service_fn};
use tower_oauth2_resource_server::layer::OAuth2ResourceServerLayer;

use super::Subject;
use crate::harness::{Case, Side};
use crate::ours::at_once;
use crate::peers::{self, ByHand, Claims};

type AxumBody07 = axum07::body::Body;

pub(super) struct Peers<'a> {
    subject: &'a Subject,
    by_hand: ByHand,
    axum_jwt_auth: Decoder<Claims>,
    jwt_authorizer: AuthorizationLayer<Claims>,
    tower_oauth2: OAuth2ResourceServerLayer<(), Claims>,
}

impl<'a> Peers<'a> {
    pub(super) fn new(subject: &'a Subject) -> anyhow::Result<Self> {
        let key_set = &subject.key_set;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let peers = Self {
            subject,
            by_hand: ByHand::new(key_set)?,
            axum_jwt_auth: peers::decoder(key_set)?,
            jwt_authorizer: runtime.block_on(peers::jwt_authorizer_layer(key_set))?,
            tower_oauth2: runtime.block_on(peers::resource_server(key_set))?.into_layer(),
        };
        peers.try_out()?;
        Ok(peers)
    }

    fn try_out(&self) -> anyhow::Result<()> {
        let subject = self.subject;
        subject.try_out("jsonwebtoken", |headers| self.by_hand.authenticate(headers).is_some())?;
        subject.try_out("axum-jwt-auth", |headers| {
            extracts(&mut request(headers).into_parts().0, &self.axum_jwt_auth)
        })?;
        let mut service = self.jwt_authorizer.layer(service_fn(empty_07));
        subject.try_out("jwt-authorizer", |headers| is_ok(&mut service, request(headers)))?;
        let mut service = self.tower_oauth2.layer(service_fn(empty));
        subject.try_out("tower-oauth2-resource-server", |headers| {
            is_ok(&mut service, request(headers))
        })
    }

    pub(super) fn by_hand(&self, crypto: &str) -> Case<'_> {
        let name = format!("jsonwebtoken 11, {crypto}");
        let what = "a function written by hand: header, key by `kid`, `decode` into a struct";
        Case::timed(name, what, Side::Peer, || self.by_hand.authenticate(&self.subject.headers))
    }

    pub(super) fn axum_jwt_auth(&self, crypto: &str) -> Case<'_> {
        let what = "its extractor `Claims<T>` on the parts of a request, keys in its cache";
        let mut parts = request(&self.subject.headers).into_parts().0;
        Case::timed(format!("axum-jwt-auth, {crypto}"), what, Side::Peer, move || {
            extracts(&mut parts, &self.axum_jwt_auth)
        })
    }

    pub(super) fn jwt_authorizer(&self) -> Case<'_> {
        let what = "its layer, before a service that answers at once; *ring* as shipped";
        let mut service = self.jwt_authorizer.layer(service_fn(empty_07));
        let prepare = || request(&self.subject.headers);
        Case::consuming("jwt-authorizer, ring", what, Side::Peer, prepare, move |request| {
            is_ok(&mut service, request)
        })
    }

    pub(super) fn tower_oauth2(&self, crypto: &str) -> Case<'_> {
        let name = format!("tower-oauth2-resource-server, {crypto}");
        let what = "its layer with two tenants, before a service that answers at once";
        let mut service = self.tower_oauth2.layer(service_fn(empty));
        let prepare = || request(&self.subject.headers);
        Case::consuming(name, what, Side::Peer, prepare, move |request| {
            is_ok(&mut service, request)
        })
    }
}

fn request(headers: &HeaderMap) -> Request<()> {
    let mut request = Request::new(());
    headers.clone_into(request.headers_mut());
    request
}

fn extracts(parts: &mut Parts, state: &Decoder<Claims>) -> bool {
    let claims = axum_jwt_auth::Claims::<Claims>::from_request_parts(parts, state);
    matches!(at_once(claims), Some(Ok(_)))
}

fn is_ok<S, B>(service: &mut S, request: Request<()>) -> bool
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let response = at_once(service.call(request));
    response.is_some_and(|Ok(response)| response.status() == StatusCode::OK)
}

fn empty(_: Request<()>) -> std::future::Ready<Result<Response<()>, Infallible>> {
    ready(Ok(Response::new(())))
}

fn empty_07(_: Request<()>) -> std::future::Ready<Result<Response<AxumBody07>, Infallible>> {
    ready(Ok(Response::new(AxumBody07::empty())))
}
