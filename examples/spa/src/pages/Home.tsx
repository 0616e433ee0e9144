import { Protected } from "../parts/Protected";
import { UserCard } from "../parts/UserCard";
import { Page } from "../routing/Page";
import { useServiceAuth } from "../service/ServiceAuth";

export function Home() {
  const { isAdmin } = useServiceAuth();
  return (
    <Page title="Home">
      <p>
        People sign in with WorkOS AuthKit; a Rust service decides who they are and what they may
        do. All that stands here about somebody is what the service answers.
      </p>
      <section aria-labelledby="you">
        <h2 id="you">Who you are</h2>
        <Protected prompt="Nobody is signed in.">
          <UserCard />
          <p>
            {isAdmin
              ? "You are an administrator: the admin area is open to you."
              : "You are no administrator: you may read posts, and not delete them."}
          </p>
        </Protected>
      </section>
    </Page>
  );
}
