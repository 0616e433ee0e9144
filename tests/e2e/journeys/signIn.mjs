// In and out, in every way to sign in.

import assert from "node:assert/strict";
import { ADMIN, MEMBER } from "../support/authDev.mjs";
import { gone, shown } from "../support/shown.mjs";

/** What the page says of a delete that the service refuses. */
const REFUSED = /You may not do this\..*This is for administrators/;

const deleteButtons = (page) => page.getByRole("button", { name: /^Delete “/ });

export const signInAndOut = {
  "a member signs in, and may not what administrators may": async ({ stage, visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open();
    await shown(page.getByText("Nobody is signed in."));
    await visitor.signIn(MEMBER);
    assert.equal(page.url(), stage.url);
    await shown(page.getByText(MEMBER.email));
    await shown(page.getByText("You are no administrator"));
    await visitor.go("Admin area");
    await shown(page.getByRole("alert").getByText(REFUSED));
    assert.equal(await deleteButtons(page).count(), 0);
  },

  "an administrator deletes a post": async ({ visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open();
    await visitor.signIn(ADMIN);
    await shown(page.getByText("You are an administrator"));
    await visitor.go("Admin area");
    const first = deleteButtons(page).first();
    await shown(first);
    const title = (await first.getAttribute("aria-label")).replace("Delete ", "");
    await first.click();
    await shown(page.getByRole("status").getByText(`${title} is deleted.`));
    await gone(page.getByRole("button", { name: `Delete ${title}` }));
    // The service knows it, too, and not only the page.
    await page.reload();
    await shown(deleteButtons(page));
    assert.equal(await page.getByRole("button", { name: `Delete ${title}` }).count(), 0);
  },

  "a deep link comes back to itself": async ({ stage, visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open("account?x=1#y");
    await shown(page.getByText("Sign in to see your account and the posts."));
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await visitor.choose(MEMBER);
    await visitor.isSignedIn(MEMBER);
    await visitor.seesAccount();
    assert.equal(page.url(), `${stage.url}account?x=1#y`);
  },

  "signed out is signed out": async ({ stage, visit, authDev }) => {
    const visitor = await visit();
    const { context, page } = visitor;
    await visitor.open();
    await visitor.signIn(MEMBER);
    const before = await context.storageState();
    visitor.expectSignOut();
    await visitor.session().getByRole("button", { name: "Sign out" }).click();
    await visitor.isSignedOut();
    assert.equal(page.url(), stage.url);
    await page.reload();
    await visitor.isSignedOut();

    const after = await context.storageState();
    if (stage.isByService) {
      assert.deepEqual(after.cookies, []);
      const cookie = before.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
      const answer = await fetch(`${stage.serviceUrl}/me`, { headers: { cookie } });
      assert.equal(answer.status, 401, "the old cookie");
    } else {
      assert.deepEqual(refreshTokens(after), []);
      const [old] = refreshTokens(before);
      assert.equal(await authDev.redeem(old), "Session has already ended.");
    }
  },
};

export const whoIsWho = {
  "what stands there is what the service says": async ({ visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    const headers = { "access-control-allow-origin": "*" };
    await page.route("**/loggedInUser", async (route) => {
      const answer = await route.fetch();
      const user = await answer.json();
      await route.fulfill({ headers, json: user && { ...user, name: "Another Name" } });
    });
    await visitor.open();
    await visitor.signIn({ ...MEMBER, name: "Another Name" });

    // A page that takes somebody for an administrator does not make one.
    await page.route("**/isAdmin", (route) => route.fulfill({ headers, json: true }));
    await page.reload();
    await visitor.go("Admin area");
    await shown(deleteButtons(page));
    const posts = await deleteButtons(page).count();
    page.on("response", (answer) => {
      const { pathname } = new URL(answer.url());
      if (answer.request().method() === "DELETE") visitor.expect(pathname, 403);
    });
    await deleteButtons(page).first().click();
    await shown(page.getByRole("alert").getByText(REFUSED));
    await shown(page.getByText("admin_required"));
    await page.reload();
    await shown(deleteButtons(page));
    assert.equal(await deleteButtons(page).count(), posts);
  },

  "by the keyboard alone": async ({ visit, authDev }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open();
    await visitor.isSignedOut();
    await press(page, visitor.session().getByRole("button", { name: "Sign in" }));
    await page.waitForURL(`${authDev.url}/**`);
    await press(page, page.getByRole("button", { name: ADMIN.email }));
    await visitor.isSignedIn(ADMIN);
    await press(page, page.getByRole("link", { name: "Admin area" }));
    await focused(page.getByRole("heading", { level: 1, name: "Admin area" }));
    await press(page, deleteButtons(page).first());
    await shown(page.getByRole("status").getByText("is deleted."));
    await focused(page.getByRole("heading", { level: 1 }));
    await press(page, page.getByRole("link", { name: "Account" }));
    await focused(page.getByRole("heading", { level: 1, name: "Account" }));
    await page.goBack();
    await focused(page.getByRole("heading", { level: 1, name: "Admin area" }));
    visitor.expectSignOut();
    await press(page, visitor.session().getByRole("button", { name: "Sign out" }));
    await visitor.isSignedOut();
  },
};

/** Those that AuthKit keeps for a page on this machine. */
function refreshTokens({ origins }) {
  const stored = origins.flatMap(({ localStorage }) => localStorage);
  return stored.filter(({ name }) => name.startsWith("workos:refresh")).map(({ value }) => value);
}

/** Tab by tab to something that is there, and Enter. */
async function press(page, target) {
  await shown(target);
  for (let tabs = 0; tabs < 20; tabs += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) {
      return page.keyboard.press("Enter");
    }
  }
  throw new Error(`the Tab key does not lead to ${target}`);
}

async function focused(target) {
  await shown(target);
  await target
    .page()
    .waitForFunction((element) => element === document.activeElement, await target.elementHandle());
}
