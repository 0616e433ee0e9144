//! The blocks behind "before" of the chapter about migrating, a file each.
#![allow(dead_code, reason = "they are to be read")]

mod jwt_authorizer;
mod protect_endpoints;
