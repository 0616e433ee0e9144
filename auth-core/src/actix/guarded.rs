//! The handler as the router runs it: guard first, whatever else the request has.

use std::convert::Infallible;

use actix_web::dev::{Handler, ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpResponse, Responder, Route};

use super::app_data::FromAppData;
use super::extract;
use super::guard_first::{GuardFirst, arguments_of};
use crate::policy::{Rule, WaitedFor};

/// actix starts all extractors side by side. So the guard is waited for here, and the payload kept
/// aside until it has let the request in.
pub(super) fn route<H, Args>(handler: H) -> Route
where
    H: Handler<Args, Output: Responder>
        + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>,
    Args: FromRequest + 'static,
{
    Route::new().service(fn_service(move |request| run(handler.clone(), request)))
}

async fn run<H, Args>(
    handler: H,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, Infallible>
where
    H: Handler<Args, Output: Responder>
        + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>,
    Args: FromRequest,
{
    // A service that logs its requests shall not log this.
    if let Some(credential) = request.headers_mut().get_mut(AUTHORIZATION) {
        credential.set_sensitive(true);
    }
    let (request, mut payload) = request.into_parts();
    // What another scope has waited for, with another state, does not count here.
    request.extensions_mut().remove::<WaitedFor>();
    let decided = match extract::guard_now(&request) {
        Some(decided) => decided,
        None => extract::guard(&request).await,
    };
    let guard = match decided {
        Ok(guard) => guard,
        Err(refusal) => return Ok(ServiceResponse::from_err(refusal, request)),
    };
    let response = match H::Rest::from_request(&request, &mut payload).await {
        Ok(rest) => {
            let arguments = arguments_of::<H, Args>(guard, rest);
            handler.call(arguments).await.respond_to(&request).map_into_boxed_body()
        }
        Err(error) => HttpResponse::from_error(error),
    };
    Ok(ServiceResponse::new(request, response))
}
