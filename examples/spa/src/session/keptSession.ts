/**
 * Whether AuthKit still has a session though it shows nobody: WorkOS could not be reached when the page
 * was loaded. AuthKit does not tell, so this looks where authkit-js 0.20 keeps it.
 */
export function isSessionKept(clientId: string): boolean {
  try {
    return (
      localStorage.getItem(`workos:refresh-token:${clientId}`) !== null ||
      /(?:^|;\s*)workos-has-session=/.test(document.cookie)
    );
  } catch {
    // A browser that stores nothing for this page keeps no session either.
    return false;
  }
}
