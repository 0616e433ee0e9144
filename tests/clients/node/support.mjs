// What the clients have in common: a server each, and how a flow is told.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// Whatever a page makes of it later.
const { fetch } = globalThis;
const FLOW_TIMEOUT = 30_000;
export const WEBHOOK_SECRET = "whsec_clients";

/**
 * Starts `auth-dev serve` for this process, and knows of it what it tells a service to put into its
 * environment. Events go to `webhookUrl`, and codes also to `redirectUri`.
 */
export async function startAuthDev(webhookUrl, redirectUri) {
  const program = process.env.AUTH_DEV;
  assert.ok(
    program,
    "AUTH_DEV is not set: run `cargo xtask clients`, or name the program auth-dev",
  );
  let seed = readFileSync(new URL("../seed.toml", import.meta.url), "utf8");
  if (webhookUrl) {
    seed += `\n[webhook]\nurl = "${webhookUrl}"\nsecret = "${WEBHOOK_SECRET}"\n`;
  }
  const folder = mkdtempSync(join(tmpdir(), "auth-clients-"));
  const path = join(folder, "seed.toml");
  writeFileSync(path, seed);
  const more = redirectUri ? ["--redirect-uri", redirectUri] : [];
  const server = spawn(program, ["serve", "--port", "0", "--seed", path, ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = {};
  const wanted = ["WORKOS_CLIENT_ID", "WORKOS_API_KEY", "WORKOS_API_URL"];
  for await (const line of createInterface({ input: server.stdout })) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name) environment[name] = value;
    if (wanted.every((name) => name in environment)) break;
  }
  for (const name of wanted) assert.ok(environment[name], `auth-dev serve has not told ${name}`);
  server.stdout.resume();
  return new AuthDev(environment);
}

class AuthDev {
  constructor({ WORKOS_CLIENT_ID, WORKOS_API_KEY, WORKOS_API_URL }) {
    this.clientId = WORKOS_CLIENT_ID;
    this.apiKey = WORKOS_API_KEY;
    this.url = WORKOS_API_URL;
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

  /** Asks for what WorkOS has no path for. */
  async dev(method, path, body) {
    const headers = body ? { "content-type": "application/json" } : {};
    const request = { method, headers, body: body && JSON.stringify(body) };
    const answer = await fetch(`${this.url}/_dev/${path}`, request);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} /_dev/${path}: ${answer.status} ${text}`);
    return text;
  }

  token(user, options = {}) {
    return this.dev("GET", `token/${user}?${new URLSearchParams(options)}`);
  }

  async rotateKey() {
    return JSON.parse(await this.dev("POST", "keys/rotate")).kid;
  }
}

/** A port that nobody has. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** Signs somebody in, as a browser does with a `login_hint`; where the client is called back. */
export async function signIn(authorizationUrl) {
  const answer = await fetch(authorizationUrl, { redirect: "manual" });
  assert.equal(answer.status, 302, await answer.text());
  return new URL(answer.headers.get("location"));
}

/** Receives events, the first come first. */
export async function startReceiver() {
  const events = [];
  const waiting = [];
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(200).end();
    const event = { body, signature: request.headers["workos-signature"] };
    const next = waiting.shift();
    next ? next(event) : events.push(event);
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  return {
    url: `http://127.0.0.1:${receiver.address().port}/webhook`,
    next: async () => events.shift() ?? (await new Promise((resolve) => waiting.push(resolve))),
  };
}

/** Runs the flows of a client, one after the other; a line for each. Ends the process. */
export async function run(client, flows) {
  const description = new URL(`node_modules/${client}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(description, "utf8"));
  let failed = false;
  for (const [name, flow] of Object.entries(flows)) {
    let verdict = "ok";
    try {
      await inTime(flow());
    } catch (error) {
      failed = true;
      verdict = `FAILED: ${String(error?.message ?? error)
        .replace(/\s+/g, " ")
        .slice(0, 500)}`;
    }
    console.log(`client ${client} ${version}: ${name}: ${verdict}`);
  }
  process.exit(failed ? 1 : 0);
}

function inTime(flow) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("it takes too long")), FLOW_TIMEOUT).unref();
  });
  return Promise.race([flow, late]);
}
