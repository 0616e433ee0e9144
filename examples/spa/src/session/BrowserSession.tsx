import { AuthKitProvider, LoginRequiredError, useAuth } from "@workos-inc/authkit-react";
import { type ReactNode, useMemo, useState } from "react";
import { ServiceProblem } from "../service/problem";
import type { Settings } from "../settings";
import { bearerFetch, type GetAccessToken } from "./bearerFetch";
import { isSessionKept } from "./keptSession";
import { endWaitingForWorkOs } from "./patience";
import { rememberReturnPath } from "./rememberedPath";
import { type Session, SessionContext } from "./Session";

endWaitingForWorkOs();

interface Props {
  readonly settings: Settings & { readonly signIn: "browser" };
  readonly children: ReactNode;
}

/** AuthKit keeps the session in the browser, and the service gets its access token. */
export function BrowserSession({ settings, children }: Props) {
  const [hasEnded, setHasEnded] = useState(false);
  return (
    <AuthKitProvider {...settings.authKit} onRefreshFailure={() => setHasEnded(true)}>
      <OfAuthKit settings={settings} hasEnded={hasEnded}>
        {children}
      </OfAuthKit>
    </AuthKitProvider>
  );
}

function OfAuthKit({ settings, hasEnded, children }: Props & { readonly hasEnded: boolean }) {
  const { isLoading, user, getAccessToken, signIn, signOut } = useAuth();
  const { serviceUrl, basePath, authKit } = settings;
  const fetch = useMemo(
    () => bearerFetch(serviceUrl, inOurWords(getAccessToken)),
    [serviceUrl, getAccessToken],
  );

  function state(): Session["state"] {
    if (isLoading) {
      return "loading";
    }
    if (hasEnded) {
      return "ended";
    }
    return user || isSessionKept(authKit.clientId) ? "some" : "none";
  }

  const session: Session = {
    state: state(),
    fetch,
    async signIn(returnPath) {
      rememberReturnPath(returnPath);
      await signIn();
    },
    async signOut() {
      await signOut({ returnTo: new URL(basePath, window.location.origin).href });
    },
  };
  return <SessionContext value={session}>{children}</SessionContext>;
}

function inOurWords(getAccessToken: GetAccessToken): GetAccessToken {
  return async (options) => {
    try {
      return await getAccessToken(options);
    } catch (error) {
      // AuthKit keeps the session through everything else: WorkOS is down, or the network is.
      const isOver = error instanceof LoginRequiredError;
      throw new ServiceProblem(isOver ? "signed_out" : "sign_in_unreachable");
    }
  };
}
