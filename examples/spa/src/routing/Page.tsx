import { type ReactNode, useEffect } from "react";
import { hasMoved } from "./location";

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
}

/** A page with its heading, which takes the focus when it is shown in place of another one. */
export function Page({ title, children }: Props) {
  useEffect(() => {
    if (hasMoved()) {
      focusHeading();
    }
  }, []);
  return (
    <>
      <title>{`${title} · Posts`}</title>
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </>
  );
}

export function focusHeading() {
  document.querySelector("h1")?.focus({ preventScroll: true });
}
