// auth-dev in the place of WorkOS, with what the clients want of it.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthDevApi } from "../../javascript/authDevApi.mjs";
import { Program } from "../../javascript/program.mjs";

// Whatever a page makes of it later.
const { fetch } = globalThis;

const SEED = new URL("../seed.toml", import.meta.url);

/**
 * Starts `auth-dev serve` for this process, and knows of it what it tells a service to put into its
 * environment. Events go to `webhook`, and codes also to `redirectUri`.
 */
export async function startAuthDev({ webhook, redirectUri } = {}) {
  const path = process.env.AUTH_DEV;
  assert.ok(path, "AUTH_DEV is not set: run `cargo xtask clients`, or name the program auth-dev");
  const folder = mkdtempSync(join(tmpdir(), "auth-clients-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const seed = join(folder, "seed.toml");
  const receiver = webhook
    ? `\n[webhook]\nurl = "${webhook.url}"\nsecret = "${webhook.secret}"\n`
    : "";
  writeFileSync(seed, readFileSync(SEED, "utf8") + receiver);
  const more = redirectUri ? ["--redirect-uri", redirectUri] : [];
  const program = await Program.start(path, {
    args: ["serve", "--port", "0", "--seed", seed, ...more],
    env: {},
    folder,
    ready: "VITE_WORKOS_API_URL=",
  });

  const told = Object.fromEntries(
    [...program.output.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  for (const name of ["WORKOS_CLIENT_ID", "WORKOS_API_KEY", "WORKOS_API_URL"]) {
    assert.ok(told[name], `auth-dev serve has not told ${name}`);
  }
  return new AuthDev(told);
}

class AuthDev extends AuthDevApi {
  constructor({ WORKOS_CLIENT_ID, WORKOS_API_KEY, WORKOS_API_URL }) {
    super(WORKOS_API_URL);
    this.clientId = WORKOS_CLIENT_ID;
    this.apiKey = WORKOS_API_KEY;
  }

  /** As the options of the clients have it. */
  get host() {
    const { hostname, port } = new URL(this.url);
    return { apiHostname: hostname, port: Number(port), https: false };
  }

  get keySetUrl() {
    return new URL(`/sso/jwks/${this.clientId}`, this.url);
  }

  get issuers() {
    return {
      "user-management": `${this.url}/user_management/${this.clientId}`,
      sso: `${this.url}/`,
    };
  }

  token(user, options = {}) {
    return this.dev("GET", `token/${user}?${new URLSearchParams(options)}`);
  }

  async rotateKey() {
    return JSON.parse(await this.dev("POST", "keys/rotate")).kid;
  }
}

/** Signs somebody in, as a browser does with a `login_hint`; where the client is called back. */
export async function signIn(authorizationUrl) {
  const answer = await fetch(authorizationUrl, { redirect: "manual" });
  assert.equal(answer.status, 302, await answer.text());
  return new URL(answer.headers.get("location"));
}
