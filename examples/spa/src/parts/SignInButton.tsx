import { type ReactNode, useState } from "react";
import { currentPath } from "../routing/location";
import { useSession } from "../session/Session";

interface Props {
  readonly returnPath?: string;
  readonly children?: ReactNode;
}

/** Comes back to where one is, unless another path is given. */
export function SignInButton({ returnPath, children = "Sign in" }: Props) {
  const { signIn } = useSession();
  const [hasFailed, setHasFailed] = useState(false);
  return (
    <>
      <button
        type="button"
        className="primary"
        onClick={() => signIn(returnPath ?? currentPath()).catch(() => setHasFailed(true))}
      >
        {children}
      </button>
      {hasFailed && (
        <p role="alert">
          The sign-in cannot begin. It needs a page over https, and a browser that lets it store
          data.
        </p>
      )}
    </>
  );
}
