import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let moved = false;

/** Shows another path of this page. */
export function navigate(path: string, { replace = false } = {}) {
  window.history[replace ? "replaceState" : "pushState"](null, "", path);
  window.scrollTo(0, 0);
  tell();
}

export function usePathname(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** False for the page that the browser has loaded by itself. */
export function hasMoved(): boolean {
  return moved;
}

/** The way back to what is shown now. */
export function currentPath(): string {
  const { pathname, search, hash } = window.location;
  return pathname + search + hash;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  moved = true;
  for (const listener of listeners) {
    listener();
  }
}

window.addEventListener("popstate", tell);
