import { useState } from "react";
import { useSession } from "../session/Session";

export function SignOutButton() {
  const { signOut } = useSession();
  const [hasFailed, setHasFailed] = useState(false);
  return (
    <>
      <button type="button" onClick={() => signOut().catch(() => setHasFailed(true))}>
        Sign out
      </button>
      {hasFailed && (
        <p role="alert">
          You cannot be signed out while WorkOS cannot be reached. Try again later.
        </p>
      )}
    </>
  );
}
