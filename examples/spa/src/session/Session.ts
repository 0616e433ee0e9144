import { createContext, useContext } from "react";

export interface ServiceRequest {
  readonly method?: "DELETE";
  readonly signal?: AbortSignal;
}

/** `fetch` for a path of the service, with whatever shows who asks. */
export type ServiceFetch = (path: string, request?: ServiceRequest) => Promise<Response>;

/** How somebody is signed in. Pages do not know whether the browser or the service does it. */
export interface Session {
  /** What the page knows by itself. What a session is worth, only the service can tell. */
  readonly state: "loading" | "none" | "some" | "ended";
  readonly fetch: ServiceFetch;
  /** Leaves the page, and comes back to the path. */
  signIn(returnPath: string): Promise<void>;
  signOut(): Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) {
    throw new Error("useSession was called outside BrowserSession and ServiceSession");
  }
  return session;
}
