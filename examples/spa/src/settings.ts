export interface AuthKitSettings {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly apiHostname?: string;
  readonly port?: number;
  readonly https?: boolean;
}

export type Settings = {
  /** Ends with a slash. */
  readonly basePath: string;
  readonly callbackPath: string;
  /** What stands before the paths of the service; empty if it is the page's own origin. */
  readonly serviceUrl: string;
} & (
  | { readonly signIn: "browser"; readonly authKit: AuthKitSettings }
  | { readonly signIn: "service" }
);

interface Environment {
  readonly BASE_URL: string;
  readonly VITE_WORKOS_CLIENT_ID?: string;
  readonly VITE_WORKOS_REDIRECT_URI?: string;
  readonly VITE_WORKOS_API_URL?: string;
  readonly VITE_SERVICE_URL?: string;
  readonly VITE_SIGN_IN?: string;
}

/** What the build was told, or else what is wrong with it: one sentence for each variable. */
export function readSettings(environment: Environment, origin: string): Settings | string[] {
  const basePath = environment.BASE_URL;
  const mistakes: string[] = [];
  const signIn = environment.VITE_SIGN_IN || "browser";
  if (signIn === "service") {
    return { basePath, callbackPath: `${basePath}callback`, serviceUrl: "", signIn };
  }
  if (signIn !== "browser") {
    mistakes.push(`VITE_SIGN_IN is "${signIn}": set it to browser or service.`);
  }
  const clientId = environment.VITE_WORKOS_CLIENT_ID ?? "";
  if (!clientId.startsWith("client_")) {
    mistakes.push(
      `VITE_WORKOS_CLIENT_ID is ${clientId ? `"${clientId}", which is no client id` : "not set"}: ` +
        "set it to the id in the WorkOS dashboard under API Keys, which begins with client_.",
    );
  }
  const redirectUri = environment.VITE_WORKOS_REDIRECT_URI || `${origin}${basePath}callback`;
  const callback = httpUrl(redirectUri);
  if (!callback) {
    mistakes.push(
      `VITE_WORKOS_REDIRECT_URI is "${redirectUri}", which is no URL: set it to ` +
        `${origin}${basePath}callback, or leave it out.`,
    );
  } else if (!callback.pathname.startsWith(basePath) || callback.pathname === basePath) {
    mistakes.push(
      `VITE_WORKOS_REDIRECT_URI is "${redirectUri}", and this page answers only beneath ` +
        `${basePath}: set it to ${callback.origin}${basePath}callback, or leave it out.`,
    );
  }
  const serviceUrl = (environment.VITE_SERVICE_URL ?? "").replace(/\/+$/, "");
  if (serviceUrl && !httpUrl(serviceUrl)) {
    mistakes.push(
      `VITE_SERVICE_URL is "${serviceUrl}", which is no URL: set it to one such as ` +
        "https://api.yourdomain.com, or leave it out if the service is on this page's origin.",
    );
  }
  const apiUrl = environment.VITE_WORKOS_API_URL;
  const api = apiUrl ? httpUrl(apiUrl) : null;
  if (apiUrl && api?.pathname !== "/") {
    mistakes.push(
      `VITE_WORKOS_API_URL is "${apiUrl}", which is no URL without a path: set it to one such as ` +
        "http://localhost:4100, or leave it out for WorkOS itself.",
    );
  }
  if (mistakes.length > 0 || !callback) {
    return mistakes;
  }
  const authKit = { clientId, redirectUri, ...(api && address(api)) };
  return { basePath, callbackPath: callback.pathname, serviceUrl, signIn: "browser", authKit };
}

function httpUrl(text: string): URL | null {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url : null;
}

/** AuthKit has no setting for a URL, only for its parts. */
function address(url: URL) {
  return {
    apiHostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    https: url.protocol === "https:",
  };
}
