import { useEffect, useState } from "react";
import { SignInButton } from "../parts/SignInButton";
import { navigate } from "../routing/location";
import { Page } from "../routing/Page";
import { forgetReturnPath, rememberedReturnPath } from "../session/rememberedPath";
import { useSession } from "../session/Session";
import type { Settings } from "../settings";

/** Where WorkOS sends people back to. */
export function Callback({ settings }: { readonly settings: Settings }) {
  const { state } = useSession();
  // AuthKit takes the code out of the address before it has redeemed it.
  const [{ wasAnswered, error }] = useState(() => arrival(window.location.search));
  const [returnPath] = useState(() =>
    rememberedReturnPath({ ...settings, origin: window.location.origin }),
  );
  const isSettled = state !== "loading";
  const hasFailed = isSettled && state !== "some" && wasAnswered;

  useEffect(() => {
    if (isSettled && !hasFailed) {
      forgetReturnPath();
      navigate(returnPath, { replace: true });
    }
  }, [isSettled, hasFailed, returnPath]);

  if (!hasFailed) {
    return <Page title="Finishing sign in..." />;
  }
  return (
    <Page title="You are not signed in">
      <div className="problem">
        <p role="alert">
          {error === "access_denied"
            ? "The sign-in was cancelled, or you were not let in."
            : "The sign-in could not be finished: it was interrupted, took too long, or began elsewhere."}
        </p>
        <SignInButton returnPath={returnPath}>Try again</SignInButton>
      </div>
    </Page>
  );
}

function arrival(search: string) {
  const parameters = new URLSearchParams(search);
  const error = parameters.get("error");
  return { error, wasAnswered: error !== null || parameters.has("code") };
}
