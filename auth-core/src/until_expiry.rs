//! What goes on after the decision: streams and sockets that end with the token.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_sink::Sink;
use tokio::time::{self, Sleep};

use crate::guard::Guard;
use crate::identity::Identity;
use crate::policy::Rule;

impl<P: Rule<Caller = Identity>> Guard<P> {
    /// Ends a stream, or a WebSocket, when the token has expired and `grace` is over: the time that
    /// a client gets to come back with a fresh token. Whatever a policy has allowed is allowed no
    /// longer than that.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use std::time::Duration;
    ///
    /// use auth_core::policy::Authenticated;
    /// use auth_core::{Guard, UntilExpiry, authenticated};
    /// # use futures_core::Stream;
    /// # fn news() -> impl Stream<Item = String> { futures_util::stream::empty() }
    /// # struct Body; impl Body { fn from_stream<S>(_: S) -> Self { Self } }
    ///
    /// #[authenticated]
    /// async fn feed(guard: Guard<Authenticated>) -> Body {
    ///     Body::from_stream(guard.until_expiry(news(), Duration::from_secs(10)))
    /// }
    /// # }
    /// ```
    ///
    /// Call it inside a Tokio runtime, which keeps the time.
    pub fn until_expiry<S>(&self, inner: S, grace: Duration) -> UntilExpiry<S> {
        let left = self.expires_at().duration_since(self.identity().now()).unwrap_or_default();
        UntilExpiry {
            inner: Box::pin(inner),
            end: Box::pin(time::sleep(left.saturating_add(grace))),
            over: false,
        }
    }
}

/// A stream or sink that ends with a token; see [`Guard::until_expiry`].
///
/// As a stream it ends as if there were nothing more. As a sink it takes nothing more, with an error
/// that says why; it still flushes and closes.
///
/// ```
/// use std::time::Duration;
///
/// use auth_core::policy::Authenticated;
/// use auth_core::{Expired, Guard, UntilExpiry};
/// use futures_util::{Sink, SinkExt};
///
/// async fn send<S>(caller: &Guard<Authenticated>, socket: S)
/// where
///     S: Sink<String, Error = std::io::Error>,
/// {
///     let mut socket: UntilExpiry<S> = caller.until_expiry(socket, Duration::from_secs(10));
///     match socket.send("news".to_owned()).await {
///         Ok(()) => println!("sent"),
///         Err(Expired::Token) => println!("come back with a fresh token"),
///         Err(Expired::Sink(error)) => println!("{error}"),
///     }
/// }
/// ```
pub struct UntilExpiry<S> {
    inner: Pin<Box<S>>,
    end: Pin<Box<Sleep>>,
    over: bool,
}

impl<S> UntilExpiry<S> {
    fn poll_over(&mut self, context: &mut Context<'_>) -> bool {
        self.over = self.over || self.end.as_mut().poll(context).is_ready();
        self.over
    }
}

impl<S: Stream> Stream for UntilExpiry<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        if self.poll_over(context) {
            return Poll::Ready(None);
        }
        self.inner.as_mut().poll_next(context)
    }
}

impl<S: Sink<T>, T> Sink<T> for UntilExpiry<S> {
    type Error = Expired<S::Error>;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        if self.poll_over(context) {
            return Poll::Ready(Err(Expired::Token));
        }
        self.inner.as_mut().poll_ready(context).map_err(Expired::Sink)
    }

    fn start_send(mut self: Pin<&mut Self>, item: T) -> Result<(), Self::Error> {
        if self.over {
            return Err(Expired::Token);
        }
        self.inner.as_mut().start_send(item).map_err(Expired::Sink)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.inner.as_mut().poll_flush(context).map_err(Expired::Sink)
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.inner.as_mut().poll_close(context).map_err(Expired::Sink)
    }
}

impl<S> fmt::Debug for UntilExpiry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UntilExpiry").field("over", &self.over).finish_non_exhaustive()
    }
}

/// Why a sink takes nothing more; [`UntilExpiry`] has an example.
#[derive(Debug)]
pub enum Expired<E> {
    /// The token of the caller has expired.
    Token,
    /// The sink itself has failed.
    Sink(E),
}

impl<E> fmt::Display for Expired<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "the token of the caller has expired",
            Self::Sink(_) => "the sink has failed",
        })
    }
}

impl<E: Error + 'static> Error for Expired<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Token => None,
            Self::Sink(error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::SystemTime;

    use futures_util::{SinkExt, StreamExt, sink, stream};
    use serde_json::json;

    use super::*;
    use crate::clock::Clock;
    use crate::policy::Authenticated;
    use crate::token::Claims;

    /// Stands still; the time that passes is Tokio's.
    struct At(u64);

    impl Clock for At {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + Duration::from_secs(self.0)
        }

        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
    }

    /// Of a token that ends at 1000.
    fn guard_at(now: u64) -> Guard<Authenticated> {
        let claims = json!({ "iss": "i", "sub": "s", "exp": 1000 }).to_string();
        let claims = Claims::parse(&claims).unwrap();
        Guard::of(Identity::new(claims, None, Arc::default(), Arc::new(At(now))))
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_when_token_and_grace_are_over() {
        let start = time::Instant::now();
        for (now, grace, expected) in [(700, 0, 300), (700, 10, 310), (999, 2, 3), (1005, 10, 10)] {
            let endless = stream::pending::<u8>();
            let mut guarded = guard_at(now).until_expiry(endless, Duration::from_secs(grace));
            let before = start.elapsed();
            assert_eq!(guarded.next().await, None);
            let lasted = (start.elapsed() - before).as_secs();
            assert_eq!(lasted, expected, "at {now} with {grace}");
            assert_eq!(guarded.next().await, None, "and stays ended");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn until_then_everything_comes_through() {
        let mut guarded = guard_at(0).until_expiry(stream::iter([1, 2]), Duration::ZERO);
        assert_eq!((guarded.next().await, guarded.next().await), (Some(1), Some(2)));
        assert_eq!(guarded.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_taken_out_of_a_full_stream_once_it_is_over() {
        let full = stream::repeat(1);
        let mut guarded = guard_at(990).until_expiry(full, Duration::ZERO);
        assert_eq!(guarded.next().await, Some(1));
        time::advance(Duration::from_secs(10)).await;
        assert_eq!(guarded.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sink_takes_nothing_more_and_still_closes() {
        let mut guarded = guard_at(990).until_expiry(sink::drain(), Duration::ZERO);
        assert!(guarded.send(1).await.is_ok());
        time::advance(Duration::from_secs(10)).await;
        let refused = SinkExt::<u8>::send(&mut guarded, 2).await;
        assert_eq!(refused.unwrap_err().to_string(), "the token of the caller has expired");
        assert!(SinkExt::<u8>::close(&mut guarded).await.is_ok());
    }
}
