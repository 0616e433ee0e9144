import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useSession } from "../session/Session";
import { readBoolean, readUser, type User } from "./answers";
import { ask } from "./ask";
import { ServiceProblem } from "./problem";
import { type Question, useAnswer } from "./useAnswer";

/** Who is signed in, as the service sees it. */
export interface ServiceAuth {
  readonly isLoading: boolean;
  readonly isAuthenticated: boolean;
  readonly user: User | null;
  readonly isAdmin: boolean;
  /** Why the service did not tell. Nobody is signed out for a service that cannot answer. */
  readonly error: ServiceProblem | null;
  readonly retry: () => void;
}

interface Caller {
  readonly user: User | null;
  readonly isAdmin: boolean;
}

const ServiceAuthContext = createContext<ServiceAuth | null>(null);

const ENDED = new ServiceProblem("signed_out", "session_ended");

export function ServiceAuthProvider({ children }: { readonly children: ReactNode }) {
  const { state, fetch } = useSession();
  const question = useMemo<Question<Caller> | null>(() => {
    if (state !== "some") {
      return null;
    }
    return async (signal) => {
      const [user, isAdmin] = await Promise.all([
        ask(fetch, "/loggedInUser", readUser, signal),
        ask(fetch, "/isAdmin", readBoolean, signal),
      ]);
      return { user, isAdmin };
    };
  }, [state, fetch]);
  const { isLoading, value, problem, retry } = useAnswer(question);

  const auth: ServiceAuth = {
    isLoading: state === "loading" || isLoading,
    isAuthenticated: Boolean(value?.user),
    user: value?.user ?? null,
    isAdmin: value?.isAdmin ?? false,
    error: state === "ended" ? ENDED : problem,
    retry,
  };
  return <ServiceAuthContext value={auth}>{children}</ServiceAuthContext>;
}

export function useServiceAuth(): ServiceAuth {
  const auth = useContext(ServiceAuthContext);
  if (!auth) {
    throw new Error("useServiceAuth was called outside ServiceAuthProvider");
  }
  return auth;
}

interface Gate {
  readonly children: ReactNode;
}

export function AuthLoading({ children }: Gate) {
  return useServiceAuth().isLoading ? children : null;
}

export function Authenticated({ children }: Gate) {
  return useServiceAuth().isAuthenticated ? children : null;
}

/** Nobody is signed in, and the service has not failed to tell. */
export function Unauthenticated({ children }: Gate) {
  const { isLoading, isAuthenticated, error } = useServiceAuth();
  return isLoading || isAuthenticated || error ? null : children;
}
