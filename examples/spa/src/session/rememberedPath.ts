import { type Here, returnPath } from "./returnPath";

const KEY = "authReturnPath";

export function rememberReturnPath(path: string) {
  localStorage.setItem(KEY, path);
}

export function rememberedReturnPath(here: Here): string {
  return returnPath(remembered(), here);
}

export function forgetReturnPath() {
  if (remembered() !== null) {
    localStorage.removeItem(KEY);
  }
}

/** Nothing, in a browser that stores nothing for this page. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
