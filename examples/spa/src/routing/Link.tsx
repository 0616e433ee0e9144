import type { MouseEvent, ReactNode } from "react";
import { navigate, usePathname } from "./location";

interface Props {
  /** Beneath the base path, without a slash at the start. */
  readonly to: string;
  readonly children: ReactNode;
}

export function Link({ to, children }: Props) {
  const href = import.meta.env.BASE_URL + to;
  const isCurrent = usePathname() === href;

  function follow(event: MouseEvent) {
    // Anything else is for the browser: another tab, another window, a download.
    if (event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      navigate(href);
    }
  }
  return (
    <a href={href} onClick={follow} aria-current={isCurrent ? "page" : undefined}>
      {children}
    </a>
  );
}
