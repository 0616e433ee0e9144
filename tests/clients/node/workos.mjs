// @workos-inc/node: signs in, keeps and ends sessions as a service in JavaScript does.

import assert from "node:assert/strict";
import {
  AuthenticationException,
  NotFoundException,
  OauthException,
  SignatureVerificationException,
  UnauthorizedException,
  WorkOS,
} from "@workos-inc/node";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { signIn, startAuthDev } from "./authDev.mjs";
import { run } from "./run.mjs";
import { startReceiver } from "./webhook.mjs";

const receiver = await startReceiver();
const authDev = await startAuthDev({ webhook: receiver });
const { apiKey, clientId, host } = authDev;
const redirectUri = "http://127.0.0.1:5173/callback";
const cookiePassword = "a password of at least 32 characters";

const service = (options = {}) => new WorkOS({ apiKey, clientId, ...host, ...options });
const workos = service();
const users = workos.userManagement;
const page = new WorkOS({ clientId, ...host });

async function codeOf(loginHint, options = {}) {
  const url = users.getAuthorizationUrl({
    provider: "authkit",
    redirectUri,
    loginHint,
    ...options,
  });
  return (await signIn(url)).searchParams.get("code");
}

async function session(loginHint, options) {
  return users.authenticateWithCode({ code: await codeOf(loginHint, options) });
}

function refresh(refreshToken, options = {}) {
  return users.authenticateWithRefreshToken({ refreshToken, ...options });
}

async function sealed(loginHint) {
  const code = await codeOf(loginHint);
  const options = { sealSession: true, cookiePassword };
  return (await users.authenticateWithCode({ code, session: options })).sealedSession;
}

const load = (sessionData, client = workos) =>
  client.userManagement.loadSealedSession({ sessionData, cookiePassword });

async function event() {
  const { body, signature } = await receiver.next();
  const known = { sigHeader: signature, secret: receiver.secret };
  const tampered = body.replace('"object":"event"', '"object":"Event"');
  assert.notEqual(tampered, body);
  for (const wrong of [{ payload: tampered }, { payload: body, secret: "whsec_other" }]) {
    const refused = workos.webhooks.constructEvent({ ...known, ...wrong });
    await assert.rejects(refused, SignatureVerificationException);
  }
  return workos.webhooks.constructEvent({ ...known, payload: body });
}

const invalidGrant = (errorDescription) => (error) => {
  assert.ok(error instanceof OauthException, String(error));
  assert.deepEqual([error.status, error.error], [400, "invalid_grant"]);
  assert.equal(error.errorDescription, errorDescription);
  return true;
};

await run("@workos-inc/node", {
  "authorization code, confidential client": async () => {
    const state = 'a state with = & ? # % " and ü';
    const url = users.getAuthorizationUrl({
      provider: "authkit",
      redirectUri,
      state,
      loginHint: "ada@acme.test",
    });
    const callback = await signIn(url);
    assert.equal(callback.origin + callback.pathname, redirectUri);
    assert.equal(callback.searchParams.get("state"), state);
    const code = callback.searchParams.get("code");
    const answer = await users.authenticateWithCode({ code });
    assert.equal(answer.organizationId, "org_01ACME");
    assert.equal(answer.authenticationMethod, "Password");
    assert.equal(answer.impersonator, undefined);
    const { user } = answer;
    assert.equal(user.object, "user");
    assert.equal(user.id, "user_01DEVADA");
    assert.equal(user.email, "ada@acme.test");
    assert.equal(user.emailVerified, true);
    assert.deepEqual([user.firstName, user.lastName], ["Ada", "Lovelace"]);
    assert.equal(user.profilePictureUrl, "https://acme.test/ada.png");
    assert.equal(user.externalId, "ada-1");
    assert.equal(user.locale, "en-GB");
    assert.deepEqual(user.metadata, { team: "engines" });
    for (const time of [user.lastSignInAt, user.createdAt, user.updatedAt]) {
      assert.equal(new Date(time).toISOString(), time);
    }
    const keys = createRemoteJWKSet(authDev.keySetUrl);
    const issuer = authDev.issuers["user-management"];
    const { payload } = await jwtVerify(answer.accessToken, keys, { issuer });
    assert.equal(payload.sub, user.id);

    const again = users.authenticateWithCode({ code });
    await assert.rejects(again, (error) => error.error === "invalid_grant");
  },

  "authorization code, public client with PKCE": async () => {
    const request = { provider: "authkit", redirectUri, loginHint: "ada@acme.test" };
    const asked = await page.userManagement.getAuthorizationUrlWithPKCE(request);
    const callback = await signIn(asked.url);
    assert.equal(callback.searchParams.get("state"), asked.state);
    const code = callback.searchParams.get("code");
    const { codeVerifier } = asked;
    const answer = await page.userManagement.authenticateWithCode({ code, codeVerifier });
    assert.equal(answer.user.email, "ada@acme.test");
    const next = await page.userManagement.authenticateWithRefreshToken({
      refreshToken: answer.refreshToken,
    });
    assert.equal(decodeJwt(next.accessToken).sid, decodeJwt(answer.accessToken).sid);
  },

  "authorization code, the verifier of another request": async () => {
    const request = { provider: "authkit", redirectUri, loginHint: "ada@acme.test" };
    const asked = await page.userManagement.getAuthorizationUrlWithPKCE(request);
    const { codeVerifier } = await page.userManagement.getAuthorizationUrlWithPKCE(request);
    const code = (await signIn(asked.url)).searchParams.get("code");
    const refused = page.userManagement.authenticateWithCode({ code, codeVerifier });
    await assert.rejects(refused, (error) => error.error === "invalid_grant");
  },

  "authorization code, a wrong API key": async () => {
    const stranger = service({ apiKey: "sk_test_other" });
    const code = await codeOf("ada@acme.test");
    const refused = stranger.userManagement.authenticateWithCode({ code });
    await assert.rejects(refused, (error) => error.error === "invalid_client");
  },

  "refresh with rotation": async () => {
    const first = await session("ada@acme.test");
    const second = await refresh(first.refreshToken);
    assert.notEqual(second.refreshToken, first.refreshToken);
    assert.notEqual(second.accessToken, first.accessToken);
    assert.equal(second.user.id, first.user.id);
    assert.equal(second.organizationId, "org_01ACME");
    assert.equal(decodeJwt(second.accessToken).sid, decodeJwt(first.accessToken).sid);
    const used = refresh(first.refreshToken);
    await assert.rejects(used, invalidGrant("Refresh token already exchanged."));
    await refresh(second.refreshToken);
  },

  "refresh into an organization": async () => {
    const acme = await session("grace@acme.test", { organizationId: "org_01ACME" });
    assert.deepEqual(decodeJwt(acme.accessToken).roles, ["reader"]);
    const organizationId = "org_01GLOBEX";
    const globex = await refresh(acme.refreshToken, { organizationId });
    assert.equal(globex.organizationId, organizationId);
    const claims = decodeJwt(globex.accessToken);
    assert.equal(claims.org_id, organizationId);
    assert.deepEqual([claims.role, claims.roles], ["editor", ["editor"]]);
    assert.deepEqual(claims.permissions, ["posts:read", "posts:write"]);
    const next = await refresh(globex.refreshToken);
    assert.equal(next.organizationId, organizationId);
  },

  "refresh into an organization of others": async () => {
    const { refreshToken } = await session("ada@acme.test");
    const refused = refresh(refreshToken, { organizationId: "org_01GLOBEX" });
    await assert.rejects(refused, (error) => error.error === "invalid_request");
    assert.equal((await refresh(refreshToken)).organizationId, "org_01ACME");
  },

  "sealed session": async () => {
    const answer = await load(await sealed("ada@acme.test")).authenticate();
    assert.equal(answer.authenticated, true);
    assert.match(answer.sessionId, /^session_/);
    assert.equal(answer.organizationId, "org_01ACME");
    assert.equal(answer.role, "editor");
    assert.deepEqual(answer.permissions, ["posts:read", "posts:write"]);
    assert.deepEqual(answer.entitlements, ["reports"]);
    assert.deepEqual(answer.featureFlags, ["beta"]);
    assert.equal(answer.user.email, "ada@acme.test");
  },

  "sealed session, only from our issuer": async () => {
    const sessionData = await sealed("ada@acme.test");
    const ours = service({ issuer: authDev.issuers["user-management"] });
    assert.equal((await load(sessionData, ours).authenticate()).authenticated, true);
    const others = service({ issuer: authDev.issuers.sso });
    const { authenticated, reason } = await load(sessionData, others).authenticate();
    assert.deepEqual([authenticated, reason], [false, "invalid_jwt"]);
  },

  "sealed session, refresh": async () => {
    const cookie = load(await sealed("ada@acme.test"));
    const before = await cookie.authenticate();
    const answer = await cookie.refresh();
    assert.equal(answer.authenticated, true, answer.reason);
    assert.equal(answer.sessionId, before.sessionId);
    const after = await load(answer.sealedSession).authenticate();
    assert.equal(after.authenticated, true);
    assert.notEqual(after.accessToken, before.accessToken);
  },

  "sealed session, refresh of a used token": async () => {
    const sessionData = await sealed("ada@acme.test");
    await load(sessionData).refresh();
    const { authenticated, reason, retryable } = await load(sessionData).refresh();
    assert.deepEqual([authenticated, reason, retryable], [false, "invalid_grant", false]);
  },

  "sealed session, refresh in an outage": async () => {
    const cookie = load(await sealed("ada@acme.test"), service({ maxRetries: 0 }));
    const path = "/user_management/authenticate";
    for (const [status, expected] of [
      [503, "server_error"],
      [429, "rate_limit_exceeded"],
    ]) {
      await authDev.dev("POST", "faults", { path, status, body: { message: "an outage" } });
      const { authenticated, reason, retryable } = await cookie.refresh();
      assert.deepEqual([authenticated, reason, retryable], [false, expected, true]);
    }
    assert.equal((await cookie.refresh()).authenticated, true);
  },

  "sealed session, sign-out": async () => {
    const cookie = load(await sealed("ada@acme.test"));
    const returnTo = "http://127.0.0.1:5173/bye";
    assert.equal((await signIn(await cookie.getLogoutUrl({ returnTo }))).href, returnTo);
    assert.equal((await receiver.next()).body.includes('"session.revoked"'), true);
    assert.equal((await cookie.refresh()).reason, "invalid_grant");
    const url = await cookie.getLogoutUrl({ returnTo: "http://evil.test/" });
    const answer = await fetch(url, { redirect: "manual" });
    assert.equal(answer.headers.get("location"), null);
  },

  "single sign-on": async () => {
    const connection = "conn_01DEV";
    const loginHint = "ada@acme.test";
    const url = workos.sso.getAuthorizationUrl({ connection, clientId, redirectUri, loginHint });
    const code = (await signIn(url)).searchParams.get("code");
    const { accessToken, profile } = await workos.sso.getProfileAndToken({ code, clientId });
    assert.match(profile.id, /^prof_/);
    assert.equal(profile.connectionId, connection);
    assert.equal(profile.connectionType, "GenericOIDC");
    assert.equal(profile.organizationId, "org_01ACME");
    assert.equal(profile.email, loginHint);
    assert.deepEqual([profile.firstName, profile.lastName], ["Ada", "Lovelace"]);
    assert.deepEqual(profile.role, { slug: "editor" });
    assert.ok(profile.idpId && profile.rawAttributes);
    assert.deepEqual(await workos.sso.getProfile({ accessToken }), profile);
    const keys = createRemoteJWKSet(authDev.keySetUrl);
    await jwtVerify(accessToken, keys, { issuer: authDev.issuers.sso, audience: clientId });

    const again = workos.sso.getProfileAndToken({ code, clientId });
    await assert.rejects(again, (error) => error.error === "invalid_grant");
    const refused = workos.sso.getProfile({ accessToken: "none" });
    await assert.rejects(refused, UnauthorizedException);
  },

  "single sign-on, public client with PKCE": async () => {
    const asked = await page.sso.getAuthorizationUrlWithPKCE({
      organization: "org_01ACME",
      clientId,
      redirectUri,
      loginHint: "ada@acme.test",
    });
    const callback = await signIn(asked.url);
    assert.equal(callback.searchParams.get("state"), asked.state);
    const code = callback.searchParams.get("code");
    const { codeVerifier } = asked;
    const { profile } = await page.sso.getProfileAndToken({ code, clientId, codeVerifier });
    assert.equal(profile.email, "ada@acme.test");
  },

  "a user": async () => {
    const { user } = await session("ada@acme.test");
    const found = await users.getUser(user.id);
    assert.equal(found.email, user.email);
    assert.deepEqual(found, user);
    await assert.rejects(users.getUser("user_01NOBODY"), NotFoundException);
    const stranger = service({ apiKey: "sk_test_other" }).userManagement;
    await assert.rejects(stranger.getUser(user.id), UnauthorizedException);
  },

  "a revoked session, and its event": async () => {
    const { accessToken, refreshToken, user } = await session("grace@acme.test", {
      organizationId: "org_01ACME",
    });
    const sessionId = decodeJwt(accessToken).sid;
    await users.revokeSession({ sessionId });
    const { id, event: name, data, createdAt } = await event();
    assert.match(id, /^event_/);
    assert.equal(name, "session.revoked");
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.equal(data.id, sessionId);
    assert.equal(data.userId, user.id);
    assert.equal(data.organizationId, "org_01ACME");
    assert.deepEqual([data.status, data.authMethod], ["revoked", "password"]);
    await assert.rejects(refresh(refreshToken), (error) => error.error === "invalid_grant");
  },

  "a deleted user, and the event": async () => {
    const { accessToken, refreshToken, user } = await session("leaving@example.test");
    await users.deleteUser(user.id);
    const [first, second] = [await event(), await event()];
    // Nobody promises an order.
    const events = Object.fromEntries([first, second].map(({ event, data }) => [event, data]));
    assert.equal(events["session.revoked"].id, decodeJwt(accessToken).sid);
    assert.equal(events["user.deleted"].id, user.id);
    assert.equal(events["user.deleted"].email, user.email);
    await assert.rejects(users.getUser(user.id), NotFoundException);
    await assert.rejects(refresh(refreshToken), (error) => error.error === "invalid_grant");
  },

  "what has to be done before a session": async () => {
    const cases = [
      ["factor@example.test", 403, "mfa_challenge"],
      ["unverified@example.test", 403, "email_verification_required"],
      ["choice@example.test", 403, "organization_selection_required"],
      ["connection@example.test", 400, "sso_required"],
    ];
    for (const [loginHint, status, code] of cases) {
      const refused = session(loginHint);
      await assert.rejects(refused, (error) => {
        assert.ok(error instanceof AuthenticationException, `${code}: ${error}`);
        assert.deepEqual([error.status, error.code], [status, code]);
        assert.notEqual(error.message, "The request could not be completed.");
        if (status === 403) assert.ok(error.pendingAuthenticationToken, code);
        if (code === "organization_selection_required") {
          const ids = error.rawData.organizations.map(({ id }) => id);
          assert.deepEqual(ids, ["org_01ACME", "org_01GLOBEX"]);
        }
        return true;
      });
    }
    // No session has begun that could end.
    await users.deleteUser("user_01DEVFACTOR");
    assert.equal((await event()).event, "user.deleted");
  },
});
