// The cookie `wos-session`, shared by a service in Rust (the example on axum) and one in JavaScript.

import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { WorkOS } from "@workos-inc/node";
import { defaults, seal, unseal } from "iron-webcrypto";
import { freePort, Program } from "../../javascript/program.mjs";
import { untilTime } from "../../javascript/wait.mjs";
import { signIn, startAuthDev } from "./authDev.mjs";
import { run } from "./run.mjs";

const cookiePassword = "a password of at least 32 characters";
const origin = `http://localhost:${await freePort()}`;
const redirectUri = `${origin}/auth/callback`;
const authDev = await startAuthDev({ redirectUri });
const { apiKey, clientId, host } = authDev;
const users = new WorkOS({ apiKey, clientId, ...host }).userManagement;
await startService();

async function startService() {
  const path = process.env.EXAMPLE;
  assert.ok(path, "EXAMPLE is not set: run `cargo xtask clients`, or name the example on axum");
  await Program.start(path, {
    // Where no `.env` is.
    folder: tmpdir(),
    env: {
      PORT: new URL(origin).port,
      ADMIN_DOMAIN: "acme.test",
      SESSIONS: "javascript",
      WORKOS_API_KEY: apiKey,
      WORKOS_API_URL: authDev.url,
      WORKOS_CLIENT_ID: clientId,
      WORKOS_COOKIE_PASSWORD: cookiePassword,
      WORKOS_REDIRECT_URI: redirectUri,
    },
    ready: "Stop it with",
  });
}

/** What a browser makes of it: all cookies that have a value. */
function cookies(answer) {
  const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0].split("="));
  return Object.fromEntries(pairs.filter(([, value]) => value));
}

/** Signs somebody in at the service; the value of its cookie. */
async function signedInByService(loginHint) {
  const url = `${origin}/auth/sign-in?login_hint=${loginHint}`;
  const begun = await fetch(url, { redirect: "manual" });
  const cookie = Object.entries(cookies(begun)).map((pair) => pair.join("="));
  const callback = await signIn(begun.headers.get("location"));
  const headers = { cookie: cookie.join("; ") };
  const back = await fetch(callback, { redirect: "manual", headers });
  assert.equal(back.status, 303, await back.text());
  return cookies(back)["wos-session"];
}

async function signedInByNode(loginHint) {
  const url = users.getAuthorizationUrl({ provider: "authkit", redirectUri, loginHint });
  const code = (await signIn(url)).searchParams.get("code");
  const session = { sealSession: true, cookiePassword };
  return (await users.authenticateWithCode({ code, session })).sealedSession;
}

const load = (sessionData, password = cookiePassword) =>
  users.loadSealedSession({ sessionData, cookiePassword: password });

const atService = (path, value, options = {}) =>
  fetch(origin + path, {
    redirect: "manual",
    ...options,
    headers: { cookie: `wos-session=${value}`, ...options.headers },
  });

async function whoAtService(value) {
  const answer = await atService("/loggedInUser", value);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json())?.email;
}

await run("@workos-inc/node", {
  "wos-session of the Rust service, read": async () => {
    const answer = await load(await signedInByService("ada@acme.test")).authenticate();
    assert.equal(answer.authenticated, true, answer.reason);
    assert.equal(answer.user.email, "ada@acme.test");
    assert.equal(answer.user.firstName, "Ada");
    assert.equal(answer.organizationId, "org_01ACME");
    assert.deepEqual(answer.user.metadata, { team: "engines" });
  },

  "wos-session of the Rust service, refreshed": async () => {
    const refreshed = await load(await signedInByService("ada@acme.test")).refresh();
    assert.equal(refreshed.authenticated, true, refreshed.reason);
    assert.equal(await whoAtService(refreshed.sealedSession), "ada@acme.test");
  },

  "wos-session, taken by the Rust service": async () => {
    const sealed = await signedInByNode("ada@acme.test");
    assert.equal(await whoAtService(sealed), "ada@acme.test");
    const refreshed = await load(sealed).refresh();
    assert.equal(await whoAtService(refreshed.sealedSession), "ada@acme.test");
  },

  "wos-session, refreshed by the Rust service": async () => {
    let sealed;
    const end = await authDev.withTokensFor(2, async () => {
      sealed = await signedInByNode("ada@acme.test");
    });
    await untilTime(end);
    const answer = await atService("/me", sealed);
    assert.equal(answer.status, 200, await answer.text());
    const fresh = cookies(answer)["wos-session"];
    assert.notEqual(fresh, sealed);
    const read = await load(fresh).authenticate();
    assert.equal(read.authenticated, true, read.reason);
    assert.equal(read.user.firstName, "Ada");
    assert.equal((await load(fresh).refresh()).authenticated, true);
  },

  "wos-session, signed out by the Rust service": async () => {
    const sealed = await signedInByNode("ada@acme.test");
    const options = { method: "POST", headers: { "sec-fetch-site": "same-origin" } };
    const answer = await atService("/auth/sign-out", sealed, options);
    assert.equal(answer.status, 303);
    assert.match(answer.headers.getSetCookie().join(), /wos-session=;.*Max-Age=0/);
    await fetch(answer.headers.get("location"), { redirect: "manual" });
    assert.equal((await load(sealed).refresh()).reason, "invalid_grant");
    assert.equal((await atService("/me", sealed)).status, 401);
  },

  "wos-session, of another password": async () => {
    const other = "another password of at least 32 characters";
    const ours = await signedInByService("ada@acme.test");
    assert.equal((await load(ours, other).authenticate()).authenticated, false);
    const plain = await unseal(ours.replace(/~2$/, ""), { 1: cookiePassword }, defaults);
    const sealed = await seal(plain, { id: "1", secret: other }, { ...defaults, ttl: 0 });
    assert.equal((await atService("/me", `${sealed}~2`)).status, 401);
  },
});
