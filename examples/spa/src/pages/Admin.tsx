import { useState } from "react";
import { Answered } from "../parts/Answered";
import { PostList } from "../parts/PostList";
import { Problem } from "../parts/Problem";
import { Protected } from "../parts/Protected";
import { focusHeading, Page } from "../routing/Page";
import { type Post, readPosts } from "../service/answers";
import { send } from "../service/ask";
import { ServiceProblem } from "../service/problem";
import { useServiceAuth } from "../service/ServiceAuth";
import { useService } from "../service/useAnswer";
import { useSession } from "../session/Session";

const ADMINS_ONLY = new ServiceProblem("forbidden", "admin_required");

export function Admin() {
  const { isAdmin } = useServiceAuth();
  return (
    <Page title="Admin area">
      <Protected prompt="Sign in as an administrator to manage posts.">
        {isAdmin ? <Posts /> : <Problem problem={ADMINS_ONLY} />}
      </Protected>
    </Page>
  );
}

interface Failure {
  readonly post: Post;
  readonly problem: ServiceProblem;
}

function Posts() {
  const { fetch } = useSession();
  const posts = useService("/posts", readPosts);
  const [isDeleting, setIsDeleting] = useState(false);
  const [deleted, setDeleted] = useState<readonly Post[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function remove(post: Post) {
    setIsDeleting(true);
    setFailure(null);
    try {
      await send(fetch, `/posts/${post.id}`, { method: "DELETE" });
      setDeleted((deleted) => [...deleted, post]);
      focusHeading();
    } catch (error) {
      setFailure({ post, problem: error as ServiceProblem });
    } finally {
      setIsDeleting(false);
    }
  }

  const last = deleted.at(-1);
  return (
    <>
      <p role="status">{last && `“${last.title}” is deleted.`}</p>
      {failure && <Problem problem={failure.problem} retry={() => remove(failure.post)} />}
      <Answered answer={posts}>
        {(posts) => (
          <PostList
            posts={posts.filter(({ id }) => !deleted.some((post) => post.id === id))}
            action={(post) => (
              <button
                type="button"
                aria-label={`Delete “${post.title}”`}
                disabled={isDeleting}
                onClick={() => remove(post)}
              >
                Delete
              </button>
            )}
          />
        )}
      </Answered>
    </>
  );
}
