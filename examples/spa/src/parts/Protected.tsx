import type { ReactNode } from "react";
import {
  Authenticated,
  AuthLoading,
  Unauthenticated,
  useServiceAuth,
} from "../service/ServiceAuth";
import { Loading } from "./Loading";
import { Problem } from "./Problem";
import { SignInButton } from "./SignInButton";

interface Props {
  /** What strangers are told. */
  readonly prompt: string;
  readonly children: ReactNode;
}

/** For people whom the service knows; all others are told how to become one. */
export function Protected({ prompt, children }: Props) {
  const { error, retry } = useServiceAuth();
  return (
    <>
      <AuthLoading>
        <Loading />
      </AuthLoading>
      {error && <Problem problem={error} retry={retry} />}
      <Unauthenticated>
        <p>{prompt}</p>
        <SignInButton />
      </Unauthenticated>
      <Authenticated>{children}</Authenticated>
    </>
  );
}
