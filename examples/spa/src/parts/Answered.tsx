import type { ReactNode } from "react";
import type { Answer } from "../service/useAnswer";
import { Loading } from "./Loading";
import { Problem } from "./Problem";

interface Props<T> {
  readonly answer: Answer<T>;
  readonly children: (value: T) => ReactNode;
}

/** What is made of an answer, once it is there, or why it is not. */
export function Answered<T>({ answer, children }: Props<T>) {
  if (answer.problem) {
    return <Problem problem={answer.problem} retry={answer.retry} />;
  }
  return answer.value === null ? <Loading /> : children(answer.value);
}
