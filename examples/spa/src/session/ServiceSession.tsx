import type { ReactNode } from "react";
import { type ServiceFetch, type Session, SessionContext } from "./Session";

/** The service keeps the session, and the browser its cookie, which no script can see. */
export function ServiceSession({ children }: { readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

const cookieFetch: ServiceFetch = (path, request) =>
  fetch(path, { ...request, credentials: "same-origin" });

const session: Session = {
  state: "some",
  fetch: cookieFetch,
  async signIn(returnPath) {
    window.location.assign(`/auth/sign-in?return_to=${encodeURIComponent(returnPath)}`);
  },
  async signOut() {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/auth/sign-out";
    document.body.append(form);
    form.submit();
  },
};
