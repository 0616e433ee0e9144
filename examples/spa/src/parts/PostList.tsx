import type { ReactNode } from "react";
import type { Post } from "../service/answers";

interface Props {
  readonly posts: readonly Post[];
  /** What can be done with a post. */
  readonly action?: (post: Post) => ReactNode;
}

export function PostList({ posts, action }: Props) {
  if (posts.length === 0) {
    return <p className="quiet">There are no posts.</p>;
  }
  return (
    <ul className="card posts">
      {posts.map((post) => (
        <li key={post.id}>
          <span>
            {post.title} <span className="quiet">by {post.author}</span>
          </span>
          {action?.(post)}
        </li>
      ))}
    </ul>
  );
}
