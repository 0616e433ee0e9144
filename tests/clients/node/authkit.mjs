// @workos-inc/authkit-js: signs in and out as a page does, in both of its modes.

import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { startAuthDev } from "./authDev.mjs";
import { Browser } from "./browser.mjs";
import { run } from "./run.mjs";

const authDev = await startAuthDev();
const { clientId, host } = authDev;
const origin = "http://127.0.0.1:5173";
const redirectUri = `${origin}/callback`;
// That of a service, not that of a page.
const { fetch } = globalThis;
const authenticate = "/user_management/authenticate";

/** The client of a page, as a script of it makes one; with what it calls back. */
async function load(page, devMode) {
  const calls = { redirect: [], refreshFailure: 0 };
  const client = await page.script.createClient(clientId, {
    ...host,
    redirectUri,
    devMode,
    onRedirectCallback: (params) => calls.redirect.push(params),
    onRefreshFailure: () => (calls.refreshFailure += 1),
  });
  return { client, calls };
}

/** From a page without a session to one with it. */
async function signIn(devMode, { at = origin, user = "ada@acme.test", ...options } = {}) {
  const browser = new Browser();
  const start = await browser.open(`${at}/`);
  const { client } = await load(start, devMode);
  assert.equal(client.getUser(), null);
  client.signIn({ loginHint: user, ...options });
  const landed = await browser.navigate(await start.navigation, new URL(redirectUri));
  const page = await browser.open(landed);
  return { browser, page, ...(await load(page, devMode)) };
}

/** Whatever the client says aside. */
async function quietly(action) {
  const kept = { ...console };
  const said = [];
  const note = (...words) => said.push(words.join(" "));
  Object.assign(console, { error: note, warn: note, debug: note });
  try {
    return { result: await action(), said: said.join("\n") };
  } finally {
    Object.assign(console, kept);
  }
}

/** The refresh token, from where this mode keeps it. */
function refreshTokenOf({ browser, page }, devMode) {
  const name = `workos:refresh-token:${clientId}`;
  return devMode ? page.localStorage.getItem(name) : browser.cookie("workos-refresh-token")?.value;
}

async function redeem(refreshToken) {
  const body = { client_id: clientId, grant_type: "refresh_token", refresh_token: refreshToken };
  const answer = await fetch(authDev.url + authenticate, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()).error_description;
}

const inBothModes = (devMode) => ({
  "sign-in URL": async () => {
    const page = await new Browser().open(`${origin}/`);
    const { client } = await load(page, devMode);
    const url = new URL(await client.getSignInUrl({ state: { returnTo: "/posts?a=1&b=2" } }));
    assert.equal(url.origin + url.pathname, `${authDev.url}/user_management/authorize`);
    assert.equal(url.searchParams.get("code_challenge").length, 43);
    const answer = await fetch(url);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /ada@acme\.test/);
  },

  callback: async () => {
    const state = { returnTo: "/posts?a=1&b=2" };
    const { client, calls, page } = await signIn(devMode, { state });
    assert.equal(client.getUser()?.email, "ada@acme.test");
    assert.equal(client.getUser().firstName, "Ada");
    const [params, ...more] = calls.redirect;
    assert.equal(more.length, 0);
    assert.deepEqual(params.state, state);
    assert.equal(params.organizationId, "org_01ACME");
    assert.equal(page.location.href, redirectUri);
  },

  getAccessToken: async () => {
    const { client } = await signIn(devMode);
    const before = await requestsTo(authenticate);
    const claims = decodeJwt(await client.getAccessToken());
    assert.equal(claims.sub, "user_01DEVADA");
    assert.match(claims.sid, /^session_/);
    assert.equal(claims.exp - claims.iat, 300);
    assert.equal(await requestsTo(authenticate), before);
  },

  "forced refresh": async () => {
    const signedIn = await signIn(devMode);
    const used = refreshTokenOf(signedIn, devMode);
    assert.ok(used);
    const before = await signedIn.client.getAccessToken();
    const after = await signedIn.client.getAccessToken({ forceRefresh: true });
    assert.notEqual(after, before);
    assert.equal(decodeJwt(after).sid, decodeJwt(before).sid);
    assert.notEqual(refreshTokenOf(signedIn, devMode), used);
    assert.equal(await redeem(used), "Refresh token already exchanged.");
    await signedIn.client.getAccessToken({ forceRefresh: true });
  },

  "another page load": async () => {
    const { browser, client } = await signIn(devMode);
    const before = decodeJwt(await client.getAccessToken());
    client.dispose();
    const { client: next } = await load(await browser.open(`${origin}/posts`), devMode);
    assert.equal(next.getUser()?.email, "ada@acme.test");
    assert.equal(decodeJwt(await next.getAccessToken()).sid, before.sid);
  },

  "another organization": async () => {
    const options = { user: "grace@acme.test", organizationId: "org_01ACME" };
    const { client } = await signIn(devMode, options);
    assert.equal(decodeJwt(await client.getAccessToken()).org_id, "org_01ACME");
    await client.switchToOrganization({ organizationId: "org_01GLOBEX" });
    assert.equal(decodeJwt(await client.getAccessToken()).org_id, "org_01GLOBEX");
  },

  "an outage keeps the session": async () => {
    const { client, calls } = await signIn(devMode);
    for (const status of [408, 429, 500, 503]) {
      await authDev.dev("POST", "faults", { path: authenticate, status });
      const refresh = () => client.getAccessToken({ forceRefresh: true });
      const { said } = await quietly(() =>
        assert.rejects(refresh(), { name: "RefreshError", isTransient: true, status }),
      );
      // The page can tell an answer from a server that cannot be reached only if CORS allows both.
      assert.doesNotMatch(said, /Failed to fetch/);
    }
    assert.equal(client.getUser()?.email, "ada@acme.test");
    await client.getAccessToken({ forceRefresh: true });
    assert.equal(calls.refreshFailure, 0);
  },

  "an ended session": async () => {
    const { browser, client, calls } = await signIn(devMode);
    await endSession(decodeJwt(await client.getAccessToken()).sid);
    const refresh = () => client.getAccessToken({ forceRefresh: true });
    await quietly(() => assert.rejects(refresh(), { message: "No access token available" }));
    assert.equal(calls.refreshFailure, 1);
    assert.equal(client.getUser(), null);
    client.dispose();
    const { client: next } = await load(await browser.open(`${origin}/`), devMode);
    assert.equal(next.getUser(), null);
  },

  "sign-out": async () => {
    const signedIn = await signIn(devMode);
    const { browser, client, page } = signedIn;
    const refreshToken = refreshTokenOf(signedIn, devMode);
    client.signOut({ returnTo: `${origin}/bye` });
    const landed = await browser.navigate(await page.navigation, page);
    assert.equal(landed.href, `${origin}/bye`);
    assert.equal(await redeem(refreshToken), "Session has already ended.");
    assert.deepEqual(browser.readableCookies(landed), "");
    client.dispose();
    const { client: next } = await load(await browser.open(landed), devMode);
    assert.equal(next.getUser(), null);
  },

  "sign-out without leaving the page": async () => {
    const signedIn = await signIn(devMode);
    const { browser, client, page } = signedIn;
    const refreshToken = refreshTokenOf(signedIn, devMode);
    await client.signOut({ navigate: false });
    assert.equal(await redeem(refreshToken), "Session has already ended.");
    assert.deepEqual(browser.readableCookies(page.location), "");
  },

  "a page of another origin": async () => {
    const at = "http://127.0.0.1:5999";
    const browser = new Browser();
    const start = await browser.open(`${at}/`);
    const url = await (await load(start, devMode)).client.getSignInUrl({
      loginHint: "ada@acme.test",
    });
    const { search } = await browser.navigate(url, new URL(redirectUri));
    const page = await browser.open(`${at}/callback${search}`);
    const { result, said } = await quietly(() => load(page, devMode));
    assert.match(said, /Failed to fetch/);
    assert.equal(result.client.getUser(), null);
  },
});

async function requestsTo(path) {
  return JSON.parse(await authDev.dev("GET", "requests"))[path] ?? 0;
}

async function endSession(sessionId) {
  const answer = await fetch(`${authDev.url}/user_management/sessions/revoke`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${authDev.apiKey}` },
    body: JSON.stringify({ session_id: sessionId }),
  });
  assert.equal(answer.status, 200);
}

const named = (mode, flows) =>
  Object.fromEntries(Object.entries(flows).map(([name, flow]) => [`${mode}, ${name}`, flow]));

await run("@workos-inc/authkit-js", {
  ...named("devMode", inBothModes(true)),
  ...named("browser mode", inBothModes(false)),

  "browser mode, cookies": async () => {
    const { browser, client, page } = await signIn(false);
    await client.getAccessToken({ forceRefresh: true });
    assert.equal(browser.cookie("workos-refresh-token").httpOnly, true);
    assert.equal(browser.readableCookies(page.location), `workos-has-session=${clientId}`);
    assert.equal(refreshTokenOf({ browser, page }, true), null);
  },
});
