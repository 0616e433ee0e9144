import { Unauthenticated, useServiceAuth } from "../service/ServiceAuth";
import { SignInButton } from "./SignInButton";
import { SignOutButton } from "./SignOutButton";

/** Who is signed in, and the way in or out. */
export function SignedIn() {
  const { user, error } = useServiceAuth();
  const isPerhapsSignedIn = error !== null && error.kind !== "signed_out";
  return (
    <section className="session" aria-label="Session">
      {user && <span className="who">{user.name ?? user.email ?? "Signed in"}</span>}
      {(user || isPerhapsSignedIn) && <SignOutButton />}
      <Unauthenticated>
        <SignInButton />
      </Unauthenticated>
    </section>
  );
}
