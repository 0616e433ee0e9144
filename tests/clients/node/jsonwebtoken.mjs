// jsonwebtoken: verifies tokens with a key that the service has looked up itself.

import assert from "node:assert/strict";
import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import jwt from "jsonwebtoken";
import { startAuthDev } from "./authDev.mjs";
import { run } from "./run.mjs";

const authDev = await startAuthDev();
const { clientId } = authDev;

async function keys() {
  const answer = await fetch(authDev.keySetUrl);
  assert.equal(answer.headers.get("content-type"), "application/jwk-set+json");
  return (await answer.json()).keys;
}

async function verify(token, issuer = "user-management") {
  const { kid } = jwt.decode(token, { complete: true }).header;
  const key = (await keys()).find((key) => key.kid === kid);
  assert.ok(key, `no key ${kid}`);
  const options = { issuer: authDev.issuers[issuer], algorithms: ["RS256"] };
  if (issuer === "sso") options.audience = clientId;
  return jwt.verify(token, createPublicKey({ key, format: "jwk" }), options);
}

await run("jsonwebtoken", {
  "tokens of both issuers": async () => {
    for (const issuer of ["user-management", "sso"]) {
      const claims = await verify(await authDev.token("ada", { issuer }), issuer);
      assert.equal(claims.sub, "user_01DEVADA");
      assert.equal(claims.email, "ada@acme.test");
    }
  },

  "the issuers are told apart": async () => {
    const token = await authDev.token("ada", { issuer: "sso" });
    await assert.rejects(verify(token), { message: /^jwt issuer invalid/ });
  },

  "a token for another client is refused": async () => {
    const token = await authDev.token("ada", { issuer: "sso", audience: "client_01OTHER" });
    await assert.rejects(verify(token, "sso"), { message: /^jwt audience invalid/ });
  },

  "an expired token is refused": async () => {
    const token = await authDev.token("ada", { expired: true });
    await assert.rejects(verify(token), { name: "TokenExpiredError" });
  },

  "a forged token is refused": async () => {
    const token = await authDev.token("ada", { forged: true });
    await assert.rejects(verify(token), { message: "invalid signature" });
  },

  "the certificate is that of the key": async () => {
    for (const key of await keys()) {
      const certificate = new X509Certificate(Buffer.from(key.x5c[0], "base64"));
      assert.ok(certificate.publicKey.equals(createPublicKey({ key, format: "jwk" })));
      const thumbprint = createHash("sha256").update(certificate.raw).digest("base64url");
      assert.equal(key["x5t#S256"], thumbprint);
    }
  },

  "odd keys beside the good one": async () => {
    await authDev.dev("POST", "keys/odd");
    assert.ok((await keys()).length > 1);
    await verify(await authDev.token("ada"));
    await authDev.dev("DELETE", "keys/odd");
  },

  "key rotation": async () => {
    const before = await authDev.token("ada");
    const kid = await authDev.rotateKey();
    const after = await authDev.token("ada");
    assert.equal(jwt.decode(after, { complete: true }).header.kid, kid);
    await verify(after);
    await verify(before);
  },

  "a withdrawn key": async () => {
    const token = await authDev.token("ada");
    const { kid } = jwt.decode(token, { complete: true }).header;
    await authDev.rotateKey();
    await authDev.dev("DELETE", `keys/${kid}`);
    await assert.rejects(verify(token), { message: `no key ${kid}` });
    await verify(await authDev.token("ada"));
  },
});
