// What the browser is given to keep.

import assert from "node:assert/strict";
import { MEMBER } from "../support/authDev.mjs";

/** All `Set-Cookie` of the service during an action. */
async function cookiesSetDuring({ context }, { serviceUrl }, action) {
  const answers = [];
  const note = (answer) => {
    if (answer.url().startsWith(`${serviceUrl}/`)) answers.push(answer.headerValues("set-cookie"));
  };
  context.on("response", note);
  await action();
  context.off("response", note);
  return { answers: answers.length, cookies: (await Promise.all(answers)).flat() };
}

export const cookiesOfService = {
  "cookies that no script can see": async ({ stage, visit }) => {
    const visitor = await visit();
    const { context, page } = visitor;
    await visitor.open();
    const set = await cookiesSetDuring(visitor, stage, () => visitor.signIn(MEMBER));
    // One for the sign-in that begins, one that takes it away, one for the session.
    assert.ok(set.cookies.length >= 3, set.cookies.join("\n"));
    for (const cookie of set.cookies) {
      const [, ...attributes] = cookie.split(";").map((part) => part.trim());
      for (const wanted of ["HttpOnly", "SameSite=Lax", "Path=/"]) {
        assert.ok(attributes.includes(wanted), `${wanted} is missing: ${attributes}`);
      }
      assert.doesNotMatch(attributes.join(), /domain/i);
    }
    const kept = await context.cookies();
    assert.equal(kept.length, 1);
    assert.deepEqual(
      { ...kept[0], name: "", value: "", expires: 0 },
      {
        name: "",
        value: "",
        domain: "localhost",
        path: "/",
        expires: 0,
        httpOnly: true,
        secure: false,
        sameSite: "Lax",
      },
    );
    assert.equal(await page.evaluate(() => document.cookie), "");
    assert.deepEqual(
      await page.evaluate(() => [localStorage.length, sessionStorage.length]),
      [0, 0],
    );
  },
};

export const noCookies = {
  "no cookie of the service": async ({ stage, visit }) => {
    const visitor = await visit();
    await visitor.open();
    const set = await cookiesSetDuring(visitor, stage, async () => {
      await visitor.signIn(MEMBER);
      await visitor.go("Account");
      await visitor.seesAccount();
    });
    assert.ok(set.answers > 5, "the service was hardly asked");
    assert.deepEqual(set.cookies, []);
    assert.deepEqual(await visitor.context.cookies(), []);
  },
};
