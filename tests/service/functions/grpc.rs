//! A tonic service over a real socket: the guards stand in an `impl` that `#[tonic::async_trait]` has
//! expanded before they see it, and outside of it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
use auth_core::tower::AuthLayer;
use auth_core::{Identity, authenticated, require, require_admin};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Response, Status};
use tonic_prost::ProstCodec;
use tower_service::Service;

use super::{Caller, Fixture};

#[derive(Clone, PartialEq, prost::Message)]
struct Post {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(string, tag = "2")]
    title: String,
}

/// What `tonic-prost-build` writes for a service, from here...
#[tonic::async_trait]
trait Posts: Send + Sync + 'static {
    async fn read(&self, request: Request<Post>) -> Result<Response<Post>, Status>;

    async fn delete(&self, request: Request<Post>) -> Result<Response<Post>, Status>;

    async fn edit(&self, request: Request<Post>) -> Result<Response<Post>, Status>;
}

struct PostsServer<T>(Arc<T>);

impl<T> Clone for PostsServer<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> NamedService for PostsServer<T> {
    const NAME: &'static str = "test.Posts";
}

type Answer<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<T: Posts> Service<http::Request<Body>> for PostsServer<T> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answer<Self::Response, Infallible>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let method = Method { posts: Arc::clone(&self.0), path: request.uri().path().to_owned() };
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<Post, Post>::default());
            Ok(grpc.unary(method, request).await)
        })
    }
}

struct Method<T> {
    posts: Arc<T>,
    path: String,
}

impl<T: Posts> Service<Request<Post>> for Method<T> {
    type Response = Response<Post>;
    type Error = Status;
    type Future = Answer<Response<Post>, Status>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Post>) -> Self::Future {
        let (posts, path) = (Arc::clone(&self.posts), self.path.clone());
        Box::pin(async move {
            match path.as_str() {
                "/test.Posts/Read" => posts.read(request).await,
                "/test.Posts/Delete" => posts.delete(request).await,
                "/test.Posts/Edit" => posts.edit(request).await,
                _ => Err(Status::unimplemented(path)),
            }
        })
    }
}
/// ... to here.

#[derive(Clone, Default)]
struct PostsService {
    entered: Arc<AtomicUsize>,
}

/// Posts beyond number 9 are nobody's business. It sees the metadata of the call.
struct Readable;

impl Policy for Readable {
    type State = NoState;

    async fn check(
        request: &RequestView<'_>,
        _caller: &Identity,
        _state: &NoState,
    ) -> Result<Decision, PolicyError> {
        assert_eq!(request.method(), Some(&http::Method::POST));
        tokio::task::yield_now().await;
        match request.header("x-section") {
            Some("open") => Ok(Decision::Allow),
            Some(_) => Ok(Decision::NotFound),
            None => Err(PolicyError::unavailable("no section in the metadata")),
        }
    }
}

impl PostsService {
    fn enter(&self, request: Request<Post>) -> Result<Response<Post>, Status> {
        self.entered.fetch_add(1, Ordering::SeqCst);
        Ok(Response::new(request.into_inner()))
    }

    /// Outside of `#[tonic::async_trait]` the function is asynchronous, so its policy can be waited for.
    #[require(role("editor") && Readable, via = request)]
    async fn edit_when_readable(&self, request: Request<Post>) -> Result<Response<Post>, Status> {
        self.enter(request)
    }
}

#[tonic::async_trait]
impl Posts for PostsService {
    #[authenticated(via = request)]
    async fn read(&self, request: Request<Post>) -> Result<Response<Post>, Status> {
        self.enter(request)
    }

    #[require_admin(via = request)]
    async fn delete(&self, request: Request<Post>) -> Result<Response<Post>, Status> {
        tokio::task::yield_now().await;
        self.enter(request)
    }

    async fn edit(&self, request: Request<Post>) -> Result<Response<Post>, Status> {
        self.edit_when_readable(request).await
    }
}

async fn serve(fixture: Option<&Fixture>, posts: PostsService) -> Channel {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let posts = PostsServer(Arc::new(posts));
    match fixture {
        Some(fixture) => {
            let server = Server::builder().layer(AuthLayer::new(fixture.auth.clone()));
            tokio::spawn(server_of(server).add_service(posts).serve_with_incoming(incoming));
        }
        None => {
            tokio::spawn(Server::builder().add_service(posts).serve_with_incoming(incoming));
        }
    }
    Channel::from_shared(url).unwrap().connect().await.unwrap()
}

/// Inference needs to know that it may change.
fn server_of<L>(server: Server<L>) -> Server<L> {
    server
}

async fn call(
    channel: &Channel,
    method: &str,
    metadata: &[(&'static str, &str)],
) -> Result<Post, Status> {
    let mut request = Request::new(Post { id: 7, title: "Guards".to_owned() });
    for (name, value) in metadata {
        request.metadata_mut().append(*name, value.parse().unwrap());
    }
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.unwrap();
    let path = format!("/test.Posts/{method}").parse().unwrap();
    let answer = client.unary(request, path, ProstCodec::<Post, Post>::default()).await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn rpc_methods_answer_with_the_status_of_grpc() {
    let fixture = Fixture::start().await;
    let posts = PostsService::default();
    let channel = serve(Some(&fixture), posts.clone()).await;
    let refused = |code, message| Err((code, message));
    let mut let_in = 0;
    for (caller, method, section, expected) in [
        (Caller::Anonymous, "Read", None, refused(Code::Unauthenticated, "no_credentials")),
        (Caller::Expired, "Read", None, refused(Code::Unauthenticated, "token_expired")),
        (Caller::Member, "Read", None, Ok(7)),
        (Caller::Anonymous, "Delete", None, refused(Code::Unauthenticated, "no_credentials")),
        (Caller::Member, "Delete", None, refused(Code::PermissionDenied, "email_missing")),
        (Caller::Admin, "Delete", None, Ok(7)),
        (Caller::Anonymous, "Edit", None, refused(Code::Unauthenticated, "no_credentials")),
        (Caller::Member, "Edit", Some("open"), refused(Code::PermissionDenied, "forbidden")),
        (Caller::Editor, "Edit", Some("shut"), refused(Code::NotFound, "not_found")),
        (Caller::Editor, "Edit", None, refused(Code::Unavailable, "policy_unavailable")),
        (Caller::Editor, "Edit", Some("open"), Ok(7)),
    ] {
        let token = fixture.token(caller).map(|token| format!("Bearer {token}"));
        let mut metadata = Vec::new();
        metadata.extend(token.as_deref().map(|token| ("authorization", token)));
        metadata.extend(section.map(|section| ("x-section", section)));
        let answer = call(&channel, method, &metadata).await;
        let answer = answer.map(|post| post.id);
        let_in += usize::from(answer.is_ok());
        let answer = answer.as_ref().map_err(|status| (status.code(), status.message())).copied();
        assert_eq!(answer, expected, "{caller:?} {method} {section:?}");
        assert_eq!(posts.entered.load(Ordering::SeqCst), let_in, "{caller:?} {method}");
    }
}

#[tokio::test]
async fn a_call_with_two_credentials_is_no_valid_call() {
    let fixture = Fixture::start().await;
    let channel = serve(Some(&fixture), PostsService::default()).await;
    let token = format!("Bearer {}", fixture.token(Caller::Member).unwrap());
    let metadata = [("authorization", token.as_str()), ("authorization", token.as_str())];
    let refused = call(&channel, "Read", &metadata).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn without_the_layer_nobody_is_let_in() {
    let fixture = Fixture::start().await;
    let posts = PostsService::default();
    let channel = serve(None, posts.clone()).await;
    let token = format!("Bearer {}", fixture.token(Caller::Admin).unwrap());
    let refused = call(&channel, "Delete", &[("authorization", &token)]).await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (Code::Internal, "guard_missing"));
    assert_eq!(posts.entered.load(Ordering::SeqCst), 0);
}
