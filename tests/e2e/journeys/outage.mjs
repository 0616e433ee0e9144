// WorkOS is away while somebody is signed in: nobody is thrown out.

import assert from "node:assert/strict";
import { PATIENCE, until } from "../../javascript/wait.mjs";
import { AUTHENTICATE, MEMBER } from "../support/authDev.mjs";
import { shown } from "../support/shown.mjs";
import { withTokenThatIsOver } from "./renewal.mjs";

const OUTAGES = {
  "WorkOS answers 503": { status: 503 },
  "WorkOS does not answer": { hang: true },
};

/** Longer than the page and the service wait for WorkOS. */
const OUTAGE_PATIENCE = 2 * PATIENCE;

const alert = (page) => page.getByRole("alert").first();

/** Every problem on a page has a button, which may count down first. */
async function tryAgain(page) {
  const buttons = page.getByRole("button", { name: /^Try again$/ });
  await until("no problem is left", async () => {
    if (await buttons.first().isVisible()) await buttons.first().click();
    return (await page.getByRole("alert").count()) === 0;
  });
}

const journeys = Object.entries(OUTAGES).map(([name, fault]) => [
  name,
  async (setting) => {
    const { stage, authDev } = setting;
    const visitor = await withTokenThatIsOver(setting);
    const { page } = visitor;
    const words = stage.isByService
      ? /The service cannot answer right now\. This does not sign you out\./
      : /Your sign-in cannot be renewed right now\. .*This does not sign you out\./;
    for (const path of ["/me", "/posts", "/loggedInUser", "/isAdmin"]) {
      visitor.expect(path, stage.isByService ? 503 : 401);
    }
    visitor.expect(AUTHENTICATE, 503);
    await authDev.fail(AUTHENTICATE, fault);
    await visitor.go("Account");
    await shown(alert(page).getByText(words), OUTAGE_PATIENCE);
    await shown(visitor.session().getByText(MEMBER.name));
    await authDev.heal();
    await tryAgain(page);
    await visitor.seesAccount();

    // The same for somebody who comes back to the page meanwhile, and has nothing but the session.
    if (stage.isByService) return;
    await authDev.fail(AUTHENTICATE, fault);
    await page.reload();
    await shown(alert(page).getByText(words), OUTAGE_PATIENCE);
    await visitor.session().getByRole("button", { name: "Sign out" }).click();
    await shown(
      visitor.session().getByText("You cannot be signed out while WorkOS cannot be reached."),
    );
    await authDev.heal();
    await page.getByRole("main").getByRole("button", { name: "Try again" }).first().click();
    await visitor.isSignedIn(MEMBER);
    await visitor.seesAccount();
    assert.equal(page.url(), `${stage.url}account`);
  },
]);

export const outage = Object.fromEntries(journeys);
