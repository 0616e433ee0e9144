// Tokens and sessions that end while the page is open.

import assert from "node:assert/strict";
import { until, untilTime } from "../../javascript/wait.mjs";
import { ADMIN, AUTHENTICATE, claimsOf, MEMBER } from "../support/authDev.mjs";
import { gone, shown } from "../support/shown.mjs";

/**
 * Somebody who has the page open, and a token that is over: AuthKit does not know it, since it counts
 * from when it got the token, and the service refuses it.
 */
export async function withTokenThatIsOver({ stage, visit, authDev }, person = MEMBER) {
  const visitor = await visit();
  await visitor.open();
  if (stage.isByService) {
    await visitor.signIn(person);
    await untilTime(await authDev.withTokensFor(1, () => visitor.replaceSession(person)));
  } else {
    // The service takes a token for five seconds beyond its end.
    await authDev.withTokensFor(-2, () => visitor.signIn(person));
    await visitor.tokenIsOver();
  }
  return visitor;
}

/** Long enough that whoever else needs a token comes before it is there. */
const SLOWLY = { delay: "400ms" };

/** From now on counts what would tell a person that something is wrong. */
async function countAlerts(page) {
  await page.evaluate(() => {
    window.alerts = 0;
    const look = () => {
      window.alerts += document.querySelectorAll("[role=alert]").length;
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  });
  return () => page.evaluate(() => window.alerts);
}

export const renewal = {
  "a token that is over is renewed once, and nobody notices": async (setting) => {
    const { stage, authDev } = setting;
    const visitor = await withTokenThatIsOver(setting);
    const { page } = visitor;
    if (!stage.isByService) for (const path of ["/me", "/posts"]) visitor.expect(path, 401);
    const before = await authDev.grants();
    const alerts = await countAlerts(page);
    await authDev.fail(AUTHENTICATE, SLOWLY);
    // Two requests at once: who it is, and the posts.
    await visitor.go("Account");
    await visitor.seesAccount();
    await visitor.go("Home");
    await visitor.go("Account");
    await visitor.seesAccount();
    assert.equal((await authDev.grants()) - before, 1);
    assert.equal(await alerts(), 0);
    await page.reload();
    await visitor.seesAccount();
    await visitor.isSignedIn(MEMBER);
  },

  "two tabs renew at the same time": async (setting) => {
    const { stage, authDev } = setting;
    const visitor = await setting.visit();
    await visitor.open();
    await visitor.signIn(MEMBER);
    const pages = [visitor.page, await visitor.tab("admin")];
    await visitor.isSignedIn(MEMBER, pages[1]);
    if (stage.isByService) {
      await untilTime(await authDev.withTokensFor(1, () => visitor.replaceSession(MEMBER)));
    } else {
      await authDev.withTokensFor(-2, async () => {
        for (const page of pages) {
          await page.reload();
          await visitor.isSignedIn(MEMBER, page);
        }
      });
      await visitor.tokenIsOver();
      for (const path of ["/me", "/posts"]) visitor.expect(path, 401);
    }
    const before = await authDev.grants();
    await authDev.fail(AUTHENTICATE, SLOWLY);
    // Not as by a mouse, which would take turns.
    await Promise.all(
      pages.map((page) => page.getByRole("link", { name: "Account" }).dispatchEvent("click")),
    );
    for (const page of pages) await visitor.seesAccount(page);
    // Each tab has a token of its own, and one session is the service's.
    assert.equal((await authDev.grants()) - before, stage.isByService ? 1 : 2);
    for (const page of pages) {
      await visitor.go("Home", page);
      await page.reload();
      await visitor.isSignedIn(MEMBER, page);
    }
  },

  "a session that has ended at WorkOS": async (setting) => {
    const { stage, authDev } = setting;
    // The service keeps the session's name to itself, but a person ends with all sessions. This one has
    // no name, and is called by the address.
    const person = { email: "leaving@example.org", name: "leaving@example.org" };
    const visitor = await setting.visit();
    const { page } = visitor;
    const introduce = async () => {
      await page.waitForURL(`${authDev.url}/**`);
      await page.getByLabel("E-mail address").fill(person.email);
      await page.getByRole("button", { name: "Continue" }).first().click();
      await visitor.isSignedIn(person);
    };
    const signUp = async () => {
      await visitor.session().getByRole("button", { name: "Sign in" }).click();
      await introduce();
    };
    await visitor.open();
    if (stage.isByService) {
      await signUp();
      const me = await page.evaluate(async () => (await fetch("/me")).json());
      await untilTime(await authDev.withTokensFor(1, () => visitor.replaceSession(person)));
      const id = me.tokenIdentifier.split("|").at(-1);
      await authDev.asClient("DELETE", `/user_management/users/${id}`);
    } else {
      await authDev.withTokensFor(-2, signUp);
      await visitor.tokenIsOver();
      const revocation = { session_id: visitor.sessionId };
      await authDev.asClient("POST", "/user_management/sessions/revoke", revocation);
      visitor.expect("/user_management/authenticate", 400);
    }
    for (const path of ["/me", "/posts", "/loggedInUser", "/isAdmin"]) visitor.expect(path, 401);
    await visitor.go("Account");
    await shown(page.getByRole("alert").getByText("You are not signed in any more."));
    // The service's cookie is asked about on the next page only.
    if (!stage.isByService) await gone(visitor.session().getByText(person.name));
    await page.getByRole("button", { name: "Sign in again" }).first().click();
    await introduce();
    await visitor.seesAccount();
    assert.equal(page.url(), `${stage.url}account`);
  },
};

export const renewalByAuthKit = {
  "AuthKit renews a token before it ends": async ({ visit, authDev }) => {
    const visitor = await visit();
    const { page } = visitor;
    await page.clock.install();
    await visitor.open();
    await visitor.signIn(ADMIN);
    await visitor.go("Account");
    await visitor.seesAccount();
    const { token } = visitor;
    const before = await authDev.grants();
    await page.clock.fastForward(1000 * (claimsOf(token).exp - claimsOf(token).iat - 9));
    await until("a new token", async () => (await authDev.grants()) === before + 1);
    await visitor.go("Home");
    await visitor.go("Account");
    await visitor.seesAccount();
    assert.notEqual(visitor.token, token);
    assert.equal(await authDev.grants(), before + 1);
  },
};
