// auth-dev in the place of WorkOS, and what a test wants of it.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuthDevApi } from "../../javascript/authDevApi.mjs";
import { Program } from "../../javascript/program.mjs";

export const AUTHENTICATE = "/user_management/authenticate";
export const CLIENT_ID = "client_01E2E";
export const API_KEY = "sk_test_e2e_of_no_use_anywhere";

export const ADMIN = { email: "admin@example.com", name: "Admin Example" };
export const MEMBER = { email: "member@example.org", name: "Member Example" };
/** She has a picture, on a host of its own. */
export const ADA = {
  email: "ada@example.org",
  name: "Ada Lovelace",
  picture: "https://pictures.example.com/ada.svg",
};

export class AuthDev extends AuthDevApi {
  /** `places` are the URLs of pages, each with a slash at the end; the first is that of a sign-out. */
  static async start({ port, folder, places, redirectUris }) {
    const path = join(folder, "seed.toml");
    const values = {
      client_id: CLIENT_ID,
      api_key: API_KEY,
      redirect_uris: redirectUris,
      sign_out_uris: places,
      cors_origins: [...new Set(places.map((place) => new URL(place).origin))],
    };
    const users = [ADMIN, MEMBER, ADA].map((user) => `[[users]]\n${toml(described(user))}`);
    writeFileSync(path, [toml(values), ...users].join("\n"));
    const program = await Program.start(process.env.AUTH_DEV, {
      args: ["serve", "--port", String(port), "--seed", path],
      env: {},
      folder,
      ready: "VITE_WORKOS_API_URL=",
    });
    return new AuthDev(`http://localhost:${port}`, program);
  }

  constructor(url, program) {
    super(url);
    this.program = program;
  }

  /** How often somebody has asked for tokens. */
  async grants() {
    return JSON.parse(await this.dev("GET", "requests"))[AUTHENTICATE] ?? 0;
  }

  /** Every request of a path goes wrong in the same way, until all is healed. */
  fail(path, fault) {
    return this.dev("POST", "faults", { path, count: null, ...fault });
  }

  heal() {
    return this.dev("DELETE", "faults");
  }

  /** Asks as a client with the API key. */
  async asClient(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.text()}`);
  }

  /** What comes of a refresh token that somebody else has. */
  async redeem(refreshToken) {
    const body = { client_id: CLIENT_ID, grant_type: "refresh_token", refresh_token: refreshToken };
    const answer = await fetch(this.url + AUTHENTICATE, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await answer.json()).error_description ?? "taken";
  }
}

/** Texts and lists of texts are written alike in TOML and in JSON. */
function toml(values) {
  const lines = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return lines.join("\n");
}

function described({ email, name, picture }) {
  const [first_name, last_name] = name.split(" ");
  return { email, first_name, last_name, ...(picture && { profile_picture_url: picture }) };
}

/** The claims of a token, whose signature is for others to check. */
export function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
}
