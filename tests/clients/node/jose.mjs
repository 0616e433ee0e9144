// jose: verifies tokens as a service in JavaScript does.

import assert from "node:assert/strict";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { startAuthDev } from "./authDev.mjs";
import { run } from "./run.mjs";

const authDev = await startAuthDev();
const { clientId } = authDev;
// Without a cooldown, so that an unknown key is asked for at once.
const newKeySet = () => createRemoteJWKSet(authDev.keySetUrl, { cooldownDuration: 0 });
const keySet = newKeySet();

function verify(token, keys = keySet, issuer = "user-management") {
  const options = { issuer: authDev.issuers[issuer], algorithms: ["RS256"] };
  return jwtVerify(token, keys, issuer === "sso" ? { ...options, audience: clientId } : options);
}

await run("jose", {
  "tokens of both issuers": async () => {
    for (const issuer of ["user-management", "sso"]) {
      const { payload } = await verify(await authDev.token("ada", { issuer }), keySet, issuer);
      assert.equal(payload.sub, "user_01DEVADA");
      assert.equal(payload.email, "ada@acme.test");
      assert.equal(payload.email_verified, true);
      assert.equal(payload.name, "Ada Lovelace");
      assert.equal(payload.picture, "https://acme.test/ada.png");
      assert.equal(payload.org_id, "org_01ACME");
      assert.deepEqual(payload.roles, ["editor"]);
      assert.deepEqual(payload.permissions, ["posts:read", "posts:write"]);
      assert.equal(payload.exp - payload.iat, 300);
      assert.match(payload.sid, /^session_/);
    }
  },

  "the issuers are told apart": async () => {
    const token = await authDev.token("ada", { issuer: "sso" });
    await assert.rejects(verify(token), { code: "ERR_JWT_CLAIM_VALIDATION_FAILED", claim: "iss" });
  },

  "a token for another client is refused": async () => {
    const token = await authDev.token("ada", { issuer: "sso", audience: "client_01OTHER" });
    const refusal = { code: "ERR_JWT_CLAIM_VALIDATION_FAILED", claim: "aud" };
    await assert.rejects(verify(token, keySet, "sso"), refusal);
  },

  "an expired token is refused": async () => {
    const token = await authDev.token("ada", { expired: true });
    await assert.rejects(verify(token), { code: "ERR_JWT_EXPIRED" });
  },

  "a forged token is refused": async () => {
    const token = await authDev.token("ada", { forged: true });
    await assert.rejects(verify(token), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
  },

  "odd keys beside the good one": async () => {
    await authDev.dev("POST", "keys/odd");
    await verify(await authDev.token("ada"), newKeySet());
    await authDev.dev("DELETE", "keys/odd");
  },

  "key rotation": async () => {
    const before = await authDev.token("ada");
    const kid = await authDev.rotateKey();
    const { protectedHeader } = await verify(await authDev.token("ada"));
    assert.equal(protectedHeader.kid, kid);
    await verify(before);
  },

  "a withdrawn key": async () => {
    const token = await authDev.token("ada");
    const { protectedHeader } = await verify(token);
    await authDev.rotateKey();
    await authDev.dev("DELETE", `keys/${protectedHeader.kid}`);
    await assert.rejects(verify(token, newKeySet()), { code: "ERR_JWKS_NO_MATCHING_KEY" });
    await verify(await authDev.token("ada"), newKeySet());
  },
});
