import { useCallback, useEffect, useState } from "react";
import { useSession } from "../session/Session";
import { ask } from "./ask";
import { ServiceProblem } from "./problem";

export type Question<T> = (signal: AbortSignal) => Promise<T>;

export interface Answer<T> {
  readonly isLoading: boolean;
  readonly value: T | null;
  readonly problem: ServiceProblem | null;
  readonly retry: () => void;
}

/** The answer to a GET of the service. `read` must stay the same from one render to the next. */
export function useService<T>(path: string, read: (answer: unknown) => T): Answer<T> {
  const { fetch } = useSession();
  return useAnswer(
    useCallback((signal: AbortSignal) => ask(fetch, path, read, signal), [fetch, path, read]),
  );
}

/** Asks whenever there is another question, and again on `retry`. */
export function useAnswer<T>(question: Question<T> | null): Answer<T> {
  const [attempt, setAttempt] = useState({});
  const [settled, setSettled] = useState<Settled<T> | null>(null);
  useEffect(() => {
    if (!question) {
      return;
    }
    const leaving = new AbortController();
    const settle = (value: T | null, problem: ServiceProblem | null) => {
      if (!leaving.signal.aborted) {
        setSettled({ question, attempt, value, problem });
      }
    };
    question(leaving.signal).then(
      (value) => settle(value, null),
      (error) =>
        settle(null, error instanceof ServiceProblem ? error : new ServiceProblem("failed")),
    );
    return () => leaving.abort();
  }, [question, attempt]);

  const retry = useCallback(() => setAttempt({}), []);
  const isCurrent = settled?.question === question && settled?.attempt === attempt;
  return {
    isLoading: question !== null && !isCurrent,
    value: isCurrent ? settled.value : null,
    problem: isCurrent ? settled.problem : null,
    retry,
  };
}

interface Settled<T> {
  readonly question: Question<T>;
  readonly attempt: object;
  readonly value: T | null;
  readonly problem: ServiceProblem | null;
}
