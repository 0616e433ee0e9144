//! What goes wrong, and what becomes of everybody meanwhile.

use std::time::{Duration, Instant, SystemTime};

use auth_dev::{Config, Fault};

use crate::browser::{Browser, Tally, at_all, wait_until, with_token};
use crate::cluster::{Cluster, Kept};
use crate::redis_server::eventually;

const AUTHENTICATE: &str = "/user_management/authenticate";

/// What a token has left to live when somebody has signed in.
const REST: Duration = Duration::from_secs(4);

pub(crate) async fn two_instances_refresh_once(kept: Kept) -> Option<String> {
    refresh_once(kept, 2).await
}

pub(crate) async fn three_instances_refresh_once(kept: Kept) -> Option<String> {
    refresh_once(kept, 3).await
}

async fn refresh_once(kept: Kept, count: usize) -> Option<String> {
    let mut cluster = Cluster::start(kept, count, Config::default()).await?;
    let browser = with_a_token_that_is_over(&cluster).await;
    let before = browser.cookies();
    assert_eq!(at_all(&cluster, &before, 50).await, Tally::all_well(50 * count));
    assert_eq!(refreshes(&cluster, 1), 1);
    // Late ones, also at an instance that was not there before.
    cluster.add();
    assert_eq!(at_all(&cluster, &before, 1).await, Tally::all_well(count + 1));
    assert_eq!(refreshes(&cluster, 1), 1);
    let requests = 50 * count + count + 1;
    Some(format!("{requests} requests with the old cookie: 1 refresh, 0 losses, 0 refusals"))
}

pub(crate) async fn a_sign_out_is_seen_by_all(kept: Kept) -> Option<String> {
    let mut cluster = Cluster::start(kept, 3, Config::default()).await?;
    let browser = Browser::signed_in(&cluster, "member@example.org").await;
    let other = Browser::signed_in(&cluster, "admin@example.com").await;
    let before = browser.cookies();
    assert_eq!(at_all(&cluster, &before, 1).await, Tally::all_well(3));
    assert_eq!(browser.sign_out().await, 303);
    let time = refused_by_all(&cluster, &before).await;
    cluster.add();
    assert_eq!(at_all(&cluster, &before, 1).await.lost, 4, "also by one that is new");
    assert_eq!(at_all(&cluster, &other.cookies(), 1).await, Tally::all_well(4));
    Some(format!("refused by all after {time:.1?}, and others stay signed in"))
}

pub(crate) async fn what_ends_at_workos_ends_everywhere(kept: Kept) -> Option<String> {
    let cluster = Cluster::start(kept, 3, Config::default()).await?;
    let browser = Browser::signed_in(&cluster, "member@example.org").await;
    assert_eq!(at_all(&cluster, &browser.cookies(), 1).await, Tally::all_well(3));
    assert!(cluster.workos.delete_user("user_01DEVMEMBER"));
    let time = refused_by_all(&cluster, &browser.cookies()).await;
    Some(format!("one instance got the webhook, all refuse after {time:.1?}"))
}

pub(crate) async fn redis_hangs_and_nobody_is_lost(kept: Kept) -> Option<String> {
    let cluster = Cluster::start(kept, 3, Config::default()).await?;
    let fresh = Browser::signed_in(&cluster, "admin@example.com").await;
    let over = with_a_token_that_is_over(&cluster).await;
    cluster.redis.signal("-STOP");
    assert_eq!(with_token(&cluster).await, Tally::all_well(3), "tokens go on");
    let of_fresh = at_all(&cluster, &fresh.cookies(), 1).await;
    match kept {
        Kept::InCookie => assert_eq!(of_fresh, Tally::all_well(3), "as do sessions with one"),
        Kept::InStore => assert_eq!(of_fresh.refused, 3, "only the store knows"),
    }
    let of_over = at_all(&cluster, &over.cookies(), 1).await;
    assert_eq!(of_over.refused, 3, "only the others know");
    assert_eq!(refreshes(&cluster, 2), 0);
    cluster.redis.signal("-CONT");
    let cookies = [fresh.cookies(), over.cookies()];
    for cookies in &cookies {
        back_to_normal(&cluster, cookies).await;
    }
    assert_eq!(refreshes(&cluster, 2), 1);
    let refusals = of_fresh.refused + of_over.refused;
    Some(format!("tokens went on; {refusals} refusals meanwhile, 1 refresh after it, 0 losses"))
}

pub(crate) async fn redis_restarts_and_forgets_nothing(kept: Kept) -> Option<String> {
    let mut cluster = Cluster::start(kept, 3, Config::default()).await?;
    let browser = Browser::signed_in(&cluster, "admin@example.com").await;
    let signed_out = Browser::signed_in(&cluster, "member@example.org").await;
    let gone = signed_out.cookies();
    signed_out.sign_out().await;
    cluster.redis.restart().await;
    back_to_normal(&cluster, &browser.cookies()).await;
    cluster.add();
    refused_by_all(&cluster, &gone).await;
    Some("the session goes on, and what was signed out stays so".to_owned())
}

pub(crate) async fn redis_hangs_in_the_middle_of_a_refresh(kept: Kept) -> Option<String> {
    let cluster = Cluster::start(kept, 3, Config::default()).await?;
    let browser = with_a_token_that_is_over(&cluster).await;
    let before = browser.cookies();
    let slow = Fault { delay: Duration::from_millis(700), ..Fault::at(AUTHENTICATE) };
    cluster.workos.fail(slow);
    let url = format!("{}/me", cluster.instances[0].url);
    let (status, ()) = tokio::join!(browser.get(&url), async {
        eventually("a refresh begins", async || refreshes(&cluster, 1) == 1).await;
        cluster.redis.signal("-STOP");
    });
    assert_eq!(status, 200, "who has refreshed has it");
    cluster.redis.signal("-CONT");
    back_to_normal(&cluster, &before).await;
    assert_eq!(refreshes(&cluster, 1), 1);
    Some("the others got what they had not heard of: 1 refresh, 0 losses".to_owned())
}

pub(crate) async fn an_instance_dies_in_the_middle_of_a_refresh(kept: Kept) -> Option<String> {
    let mut cluster = Cluster::start(kept, 3, Config::default()).await?;
    let browser = with_a_token_that_is_over(&cluster).await;
    let before = browser.cookies();
    cluster.workos.fail(Fault { hang: true, ..Fault::at(AUTHENTICATE) });
    let request = reqwest::Client::new().get(format!("{}/me", cluster.instances[2].url));
    let request = tokio::spawn(request.header("cookie", &before).send());
    eventually("a refresh begins", async || refreshes(&cluster, 1) == 1).await;
    cluster.instances.remove(2).kill();
    assert!(request.await.unwrap().is_err(), "the connection is gone");
    let since = Instant::now();
    assert_eq!(at_all(&cluster, &before, 10).await, Tally::all_well(20));
    let waited = since.elapsed();
    assert_eq!(refreshes(&cluster, 1), 2);
    Some(format!(
        "the others waited {waited:.1?} for it and took over: 1 refresh, 0 losses, 0 refusals"
    ))
}

/// Tokens that are due all the time, and Redis hangs and restarts meanwhile.
pub(crate) async fn a_rough_quarter_of_a_minute(kept: Kept) -> Option<String> {
    let short = Config { token_lifetime: Duration::from_secs(6), ..Config::default() };
    let mut cluster = Cluster::start(kept, 3, short).await?;
    let urls: Vec<String> =
        cluster.instances.iter().map(|instance| format!("{}/me", instance.url)).collect();
    let mut people = Vec::new();
    for _ in 0..10 {
        people.push(Browser::signed_in(&cluster, "member@example.org").await);
    }
    let end = Instant::now() + Duration::from_secs(15);
    let visits: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(number, browser)| {
            let urls = urls.clone();
            tokio::spawn(async move {
                let (mut tally, mut at) = (Tally::default(), number);
                while Instant::now() < end {
                    // Two at once, as pages do, at instances that change.
                    let (one, two) =
                        (&urls[at % urls.len()], &urls[(at / urls.len() + 1) % urls.len()]);
                    let (one, two) = tokio::join!(browser.get(one), browser.get(two));
                    tally.count(one);
                    tally.count(two);
                    at += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                (browser, tally)
            })
        })
        .collect();
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        cluster.redis.signal("-STOP");
        tokio::time::sleep(Duration::from_millis(1500)).await;
        cluster.redis.signal("-CONT");
        tokio::time::sleep(Duration::from_secs(2)).await;
        cluster.redis.restart().await;
    }
    let mut total = Tally::default();
    for visit in visits {
        let (browser, tally) = visit.await.unwrap();
        total.requests += tally.requests;
        total.refused += tally.refused;
        total.lost += tally.lost;
        total.other += tally.other;
        back_to_normal(&cluster, &browser.cookies()).await;
    }
    assert_eq!((total.lost, total.other), (0, 0), "{total:?}");
    let refreshes = refreshes(&cluster, 10);
    Some(format!(
        "10 people, {} requests, {refreshes} refreshes, 0 losses, {} refusals while Redis hung \
         twice and restarted twice",
        total.requests, total.refused
    ))
}

/// Calls for tokens, without those that signed somebody in.
fn refreshes(cluster: &Cluster, sign_ins: u64) -> u64 {
    cluster.workos.requests(AUTHENTICATE) - sign_ins
}

/// Somebody whose token has just ended, and WorkOS with the right time.
async fn with_a_token_that_is_over(cluster: &Cluster) -> Browser {
    cluster.issue_tokens_for(REST);
    let browser = Browser::signed_in(cluster, "member@example.org").await;
    cluster.correct_the_clock();
    wait_until(SystemTime::now() + REST).await;
    browser
}

/// Until all instances refuse a cookie.
async fn refused_by_all(cluster: &Cluster, cookies: &str) -> Duration {
    let since = Instant::now();
    let all = cluster.instances.len();
    eventually("all instances refuse", async || at_all(cluster, cookies, 1).await.lost == all)
        .await;
    since.elapsed()
}

async fn back_to_normal(cluster: &Cluster, cookies: &str) {
    let all = cluster.instances.len();
    eventually("all is well again", async || {
        let tally = at_all(cluster, cookies, 1).await;
        assert_eq!(tally.lost, 0, "somebody was signed out");
        tally == Tally::all_well(all)
    })
    .await;
}
