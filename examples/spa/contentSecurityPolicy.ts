import type { Plugin } from "vite";

type Environment = Record<string, string | undefined>;

/** Writes into the built page what it may load: its own files, pictures of people, and two servers. */
export function contentSecurityPolicy(environment: Environment): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        injectTo: "head-prepend",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy(environment) },
      },
    ],
  };
}

function policy(environment: Environment): string {
  const common = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' https:",
    "base-uri 'none'",
  ];
  if (environment.VITE_SIGN_IN === "service") {
    // Without `form-action`: browsers hold the redirects of a sign-out against it, and those lead to
    // WorkOS and back.
    return [...common, "connect-src 'self'"].join("; ");
  }
  const servers = [
    environment.VITE_WORKOS_API_URL || "https://api.workos.com",
    ...(environment.VITE_SERVICE_URL ? [environment.VITE_SERVICE_URL] : []),
  ];
  const origins = servers.flatMap((url) => URL.parse(url)?.origin ?? []);
  const connections = ["connect-src 'self'", ...origins].join(" ");
  return [...common, connections, "form-action 'none'"].join("; ");
}
