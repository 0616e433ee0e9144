import { Answered } from "../parts/Answered";
import { PostList } from "../parts/PostList";
import { Protected } from "../parts/Protected";
import { UserCard } from "../parts/UserCard";
import { Page } from "../routing/Page";
import { readPosts, readTokenIdentifier } from "../service/answers";
import { useService } from "../service/useAnswer";

export function Account() {
  return (
    <Page title="Account">
      <Protected prompt="Sign in to see your account and the posts.">
        <UserCard />
        <Identifier />
        <Posts />
      </Protected>
    </Page>
  );
}

function Identifier() {
  const me = useService("/me", readTokenIdentifier);
  return (
    <section aria-labelledby="identifier">
      <h2 id="identifier">Your identifier</h2>
      <Answered answer={me}>
        {(tokenIdentifier) => (
          <p>
            <code>{tokenIdentifier}</code>
          </p>
        )}
      </Answered>
    </section>
  );
}

function Posts() {
  const posts = useService("/posts", readPosts);
  return (
    <section aria-labelledby="posts">
      <h2 id="posts">Posts</h2>
      <Answered answer={posts}>{(posts) => <PostList posts={posts} />}</Answered>
    </section>
  );
}
