// WorkOS signs with another key, its key server is away meanwhile, and the old key is withdrawn.

import assert from "node:assert/strict";
import { PATIENCE, untilTime } from "../../javascript/wait.mjs";
import { ADMIN, CLIENT_ID, MEMBER } from "../support/authDev.mjs";
import { shown } from "../support/shown.mjs";

/** The least time between two fetches of keys that unknown keys can cause, and a second more. */
const COOLDOWN = 31_000;

export const keys = {
  "a new key, while its server is away, and the end of the old one": async (setting) => {
    const { stage, authDev, visit } = setting;
    const before = await visit();
    await before.open();
    await before.signIn(MEMBER);
    const keySet = `/sso/jwks/${CLIENT_ID}`;
    const known = JSON.parse(await (await fetch(authDev.url + keySet)).text()).keys;

    await untilTime(stage.startedAt + COOLDOWN);
    await authDev.fail(keySet, { status: 503 });
    await authDev.dev("POST", "keys/rotate");
    // Whom the service knows it goes on knowing.
    await before.go("Account");
    await before.seesAccount();

    // Of somebody new it cannot tell, and says so.
    const after = await visit();
    for (const path of ["/loggedInUser", "/isAdmin", "/auth/callback"]) after.expect(path, 503);
    await after.open();
    await after.session().getByRole("button", { name: "Sign in" }).click();
    await after.choose(ADMIN);
    const failedAt = Date.now();
    if (stage.isByService) {
      await shown(after.page.getByRole("heading", { name: "You are not signed in" }));
    } else {
      const alert = after.page.getByRole("alert");
      await shown(alert.getByText("The service cannot answer right now."));
      await shown(alert.getByText("keys_unavailable"));
      await shown(after.session().getByRole("button", { name: "Sign out" }));
    }
    await authDev.heal();
    for (const { kid } of known) await authDev.dev("DELETE", `keys/${kid}`);
    if (stage.isByService) {
      await untilTime(failedAt + COOLDOWN);
      await after.page.getByRole("link", { name: "Go back and try again" }).click();
      await after.signIn(ADMIN);
    } else {
      // It counts down first.
      const again = after.page.getByRole("button", { name: "Try again", exact: true });
      await again.click({ timeout: COOLDOWN + PATIENCE });
      await after.isSignedIn(ADMIN);
    }
    await after.go("Account");
    await after.seesAccount();

    // What the withdrawn key has signed is refused. AuthKit gets itself something better; the service
    // has no reason to before the token's end, and the person signs in again.
    const grants = await authDev.grants();
    for (const path of ["/me", "/posts"]) before.expect(path, 401);
    await before.go("Home");
    await before.go("Account");
    if (stage.isByService) {
      await shown(before.page.getByRole("alert").getByText("You are not signed in any more."));
      await before.page.getByRole("button", { name: "Sign in again" }).first().click();
      await before.choose(MEMBER);
    }
    await before.seesAccount();
    assert.equal(await authDev.grants(), grants + 1);
  },
};
