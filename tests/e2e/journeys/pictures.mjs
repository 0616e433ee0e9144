// What every page looks like, by day and by night, on a telephone and on a desk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { ADA, ADMIN, AUTHENTICATE } from "../support/authDev.mjs";
import { shown } from "../support/shown.mjs";

const WIDTHS = [390, 1100];

const PORTRAIT =
  '<svg xmlns="http://www.w3.org/2000/svg"><rect width="100%" height="100%" fill="teal"/></svg>';

/** Into the folder SCREENSHOTS, if there is one; wider than the window no page may be. */
async function picture(page, name) {
  await page.mouse.move(0, 0);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(excess <= 0, `${name} is ${excess} pixels wider than ${width}`);
    for (const colorScheme of process.env.SCREENSHOTS ? ["light", "dark"] : []) {
      await page.emulateMedia({ colorScheme });
      const path = join(process.env.SCREENSHOTS, `${name}-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
    }
  }
}

const problem = (status, code, headers) => ({
  status,
  headers,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "about:blank", status, code }),
});

export const picturesOfPage = {
  "no page is too wide": async ({ visit, authDev }) => {
    const visitor = await visit();
    const { page } = visitor;
    const portrait = { contentType: "image/svg+xml", body: PORTRAIT };
    await page.route(ADA.picture, (route) => route.fulfill(portrait));
    await visitor.open();
    await visitor.isSignedOut();
    await picture(page, "home-signed-out");
    await visitor.go("Account");
    await picture(page, "account-signed-out");
    await visitor.open("no-such-page");
    await shown(page.getByRole("heading", { name: "There is no such page" }));
    await picture(page, "not-found");
    await visitor.open("callback?error=access_denied");
    await shown(page.getByRole("button", { name: "Try again" }));
    await picture(page, "callback-error");
    await visitor.open();
    await visitor.session().getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${authDev.url}/**`);
    await picture(page, "auth-dev-sign-in");
    await visitor.choose(ADA);
    await visitor.isSignedIn(ADA);
    await picture(page, "home-member");
    await visitor.go("Account");
    await visitor.seesAccount();
    await picture(page, "account");
    await visitor.go("Admin area");
    await shown(page.getByRole("alert"));
    await picture(page, "admin-as-member");

    visitor.expect("/posts", 503);
    await page.route("**/posts", (route) =>
      route.fulfill(problem(503, "keys_unavailable", { "retry-after": "30" })),
    );
    await visitor.go("Account");
    await shown(page.getByRole("button", { name: /Try again in/ }));
    await picture(page, "account-503");
    visitor.expect(AUTHENTICATE, 503);
    await authDev.fail(AUTHENTICATE, { status: 503 });
    await page.reload();
    await shown(page.getByText("Your sign-in cannot be renewed"));
    await visitor.session().getByRole("button", { name: "Sign out" }).click();
    await shown(page.getByText("You cannot be signed out"));
    await picture(page, "account-workos-away");
    await authDev.heal();
    await page.getByRole("button", { name: "Try again" }).click();
    await visitor.isSignedIn(ADA);
    visitor.expect("/loggedInUser", 401);
    await page.route("**/loggedInUser", (route) => route.fulfill(problem(401, "token_revoked")));
    await visitor.open();
    await shown(page.getByText("You are not signed in any more."));
    await picture(page, "home-ended");
  },

  "no page of administrators is too wide": async ({ visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open("admin");
    await visitor.signIn(ADMIN);
    const deletes = page.getByRole("button", { name: /^Delete/ });
    await shown(deletes);
    await picture(page, "admin-as-admin");
    await deletes.last().click();
    await shown(page.getByRole("status").getByText("is deleted."));
    await picture(page, "admin-deleted");
    await visitor.go("Home");
    await picture(page, "home-admin");
  },
};

export const picturesOfService = {
  "no page of the service is too wide": async ({ stage, visit }) => {
    const visitor = await visit();
    visitor.expect("/auth/callback", 400);
    await visitor.page.goto(`${stage.serviceUrl}/auth/callback?error=access_denied`);
    await picture(visitor.page, "service-callback-failed");
  },
};
