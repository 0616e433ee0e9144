import { inWords } from "../service/inWords";
import type { ServiceProblem } from "../service/problem";
import { RetryButton } from "./RetryButton";
import { SignInButton } from "./SignInButton";

interface Props {
  readonly problem: ServiceProblem;
  readonly retry?: () => void;
}

/** What went wrong, with the button that mends it. */
export function Problem({ problem, retry }: Props) {
  const { what, advice } = inWords(problem);
  return (
    <div className="problem">
      <div role="alert">
        <p>
          <strong>{what}</strong> {advice}
        </p>
        {problem.code && (
          <p>
            Code: <code>{problem.code}</code>
          </p>
        )}
      </div>
      {problem.kind === "signed_out" && <SignInButton>Sign in again</SignInButton>}
      {problem.kind !== "signed_out" && problem.kind !== "forbidden" && retry && (
        <RetryButton notBefore={problem.retryAt} retry={retry} />
      )}
    </div>
  );
}
