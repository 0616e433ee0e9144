//! The steps of a verification one by one, for those who work on them: `cargo xtask bench steps`.
#![allow(clippy::expect_used, reason = "a benchmark that cannot begin has nothing to say")]

use std::hint::black_box;

use auth_core::steps;
use criterion::{Criterion, criterion_group, criterion_main};

#[path = "../src/ours.rs"]
#[allow(dead_code, reason = "the other benchmarks need more of it")]
mod ours;
#[path = "../src/workload/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the other benchmarks need more of it")]
mod workload;

use workload::{ISSUER, SigningKey};

fn steps(criterion: &mut Criterion) {
    let key = SigningKey::rsa("k1").expect("a key");
    let claims = workload::claims(ISSUER, "ann");
    let token = key.sign(&claims).expect("a token");
    let payload = claims.to_string();
    let headers = workload::bearer(&token).expect("a header");
    let key_set = workload::key_set(&[key]);
    let auth = |cache| ours::ready(ours::workos(cache, &key_set)).expect("a key set");
    let (cold, hot) = (auth(ours::NO_CACHE), auth(ours::CACHE));
    assert!(ours::accepts(&hot, &headers), "the cache has the token");

    criterion.bench_function("form and header", |bencher| {
        bencher.iter(|| steps::form_and_header(black_box(&token)));
    });
    criterion.bench_function("form, header and JSON of the claims", |bencher| {
        bencher.iter(|| steps::json(black_box(&token)));
    });
    criterion.bench_function("JSON of the claims, and what rules are about", |bencher| {
        bencher.iter(|| steps::claims(black_box(&payload)));
    });
    criterion.bench_function("cache hit", |bencher| {
        bencher.iter(|| ours::accepts(&hot, black_box(&headers)));
    });
    criterion.bench_function("all, without the cache", |bencher| {
        bencher.iter(|| ours::accepts(&cold, black_box(&headers)));
    });
}

criterion_group!(benches, steps);
criterion_main!(benches);
