/** As long as the service takes. */
const MAX_LENGTH = 2048;

/** Servers and proxies decode once, some twice. */
const DECODINGS = 2;

export interface Here {
  readonly origin: string;
  /** Ends with a slash. */
  readonly basePath: string;
  readonly callbackPath: string;
}

/** Where to go after a sign-in: the wanted path if it is one of this page, and else the first page. */
export function returnPath(wanted: string | null, here: Here): string {
  return wanted !== null && isPathOfPage(wanted, here) ? wanted : here.basePath;
}

function isPathOfPage(path: string, here: Here): boolean {
  // A location has nothing beyond printable ASCII: all else is escaped.
  if (path.length > MAX_LENGTH || !/^[!-~]+$/.test(path)) {
    return false;
  }
  let decoded: string | null = path;
  for (let decodings = 0; decodings <= DECODINGS; decodings++) {
    if (decoded === null || !isPlain(decoded) || !staysHere(decoded, here)) {
      return false;
    }
    decoded = decodeOnce(decoded);
  }
  return true;
}

/** One slash at the start, and nothing that a browser drops or takes for a slash. */
function isPlain(path: string): boolean {
  return /^\/(?![/\\])[^\\\p{Cc}\u2028\u2029]*$/u.test(path);
}

/** What a browser makes of it. */
function staysHere(path: string, { origin, basePath, callbackPath }: Here): boolean {
  const url = URL.parse(path, origin);
  if (url?.origin !== origin) {
    return false;
  }
  const pathname = url.pathname.replace(/(?<=.)\/$/, "");
  const isBeneath = url.pathname.startsWith(basePath) || `${url.pathname}/` === basePath;
  // `/.//evil.com` is `//evil.com` to whoever resolves the dots first.
  return isBeneath && !url.pathname.startsWith("//") && pathname !== callbackPath;
}

function decodeOnce(text: string): string | null {
  try {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  } catch {
    return null;
  }
}
