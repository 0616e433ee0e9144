// Ways back from WorkOS that do not go well, and ways back to where nobody should go.

import assert from "node:assert/strict";
import { MEMBER } from "../support/authDev.mjs";
import { shown } from "../support/shown.mjs";

const SCRIPT = `<img src=x onerror="document.title='of others'">Description of others`;
const ERROR = new URLSearchParams({ error: "access_denied", error_description: SCRIPT });
const FOREIGN_CODE = new URLSearchParams({ code: "a-code-of-somebody-else", state: "of-theirs" });

const FOREIGN_PATHS = [
  "//evil.com",
  "/\\evil.com",
  "https://evil.com",
  "/%2Fevil.com",
  "javascript:document.title='of others'",
];

async function showsNothingOfOthers(page) {
  assert.doesNotMatch(await page.content(), /of others|onerror/);
  assert.doesNotMatch(await page.title(), /of others/);
}

/** The page itself takes codes, wherever it is. */
export const callbackOfPage = {
  "an error instead of a code": async ({ stage, visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open("account");
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${stage.authDev.url}/**`);
    await visitor.open(`callback?${ERROR}`);
    await shown(page.getByText("The sign-in was cancelled, or you were not let in."));
    await showsNothingOfOthers(page);
    await page.getByRole("button", { name: "Try again" }).click();
    await visitor.choose(MEMBER);
    await visitor.isSignedIn(MEMBER);
    assert.equal(page.url(), `${stage.url}account`, "where it has begun");
  },

  "a code that this browser has not asked for": async ({ stage, visit, authDev }) => {
    const visitor = await visit();
    const { page } = visitor;
    visitor.expectError(/^Couldn't exchange code\./);
    const before = await authDev.grants();
    await visitor.open(`callback?${FOREIGN_CODE}`);
    await shown(page.getByText("The sign-in could not be finished"));
    assert.equal(await authDev.grants(), before);
    assert.equal(page.url(), `${stage.url}callback`);
    await page.getByRole("button", { name: "Try again" }).click();
    await visitor.choose(MEMBER);
    await visitor.isSignedIn(MEMBER);
    assert.equal(page.url(), stage.url);
  },

  "no way back to another site": async ({ stage, visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    const note = (path) => localStorage.setItem("authReturnPath", path);
    const [first, ...others] = FOREIGN_PATHS;
    // The page answers only beneath its base.
    if (stage.base !== "/") others.push("/account");
    // In the place of what the page has noted when the sign-in began.
    await page.addInitScript((path) => {
      if (location.search.includes("code=")) localStorage.setItem("authReturnPath", path);
    }, first);
    await visitor.open();
    await visitor.signIn(MEMBER);
    assert.equal(page.url(), stage.url, first);
    for (const path of others) {
      await page.evaluate(note, path);
      await visitor.open("callback");
      await visitor.isSignedIn(MEMBER);
      assert.equal(page.url(), stage.url, path);
      assert.doesNotMatch(await page.title(), /of others/);
    }
    // The same with a path of the page shows that it is looked at.
    await page.evaluate(note, `${stage.base}account?x=1#y`);
    await visitor.open("callback");
    await visitor.seesAccount();
    assert.equal(page.url(), `${stage.url}account?x=1#y`);
  },
};

export const callbackAtService = {
  "an error instead of a code": async ({ stage, visit, authDev }) => {
    const visitor = await visit();
    const { page } = visitor;
    await visitor.open();
    await visitor.session().getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${authDev.url}/**`);
    const state = new URL(page.url()).searchParams.get("state");
    visitor.expect("/auth/callback", 400);
    const answer = await page.goto(`${stage.serviceUrl}/auth/callback?${ERROR}&state=${state}`);
    assert.equal(answer.status(), 400);
    await shown(page.getByRole("heading", { name: "You are not signed in" }));
    await showsNothingOfOthers(page);
    await page.getByRole("link", { name: "Go back and try again" }).click();
    await visitor.isSignedOut();
    await visitor.signIn(MEMBER);
  },

  "a code that this browser has not asked for": async ({ stage, visit, authDev }) => {
    const visitor = await visit();
    const { page } = visitor;
    const before = await authDev.grants();
    visitor.expect("/auth/callback", 400);
    const answer = await page.goto(`${stage.serviceUrl}/auth/callback?${FOREIGN_CODE}`);
    assert.equal(answer.status(), 400);
    await shown(page.getByRole("heading", { name: "You are not signed in" }));
    assert.equal(await authDev.grants(), before);
    await visitor.open();
    await visitor.isSignedOut();
  },

  "no way back to another site": async ({ stage, visit }) => {
    const visitor = await visit();
    const { page } = visitor;
    const begin = (path) => {
      const query = new URLSearchParams({ return_to: path });
      return page.goto(`${stage.serviceUrl}/auth/sign-in?${query}`);
    };
    for (const path of FOREIGN_PATHS) {
      await begin(path);
      await visitor.choose(MEMBER);
      await visitor.isSignedIn(MEMBER);
      assert.equal(page.url(), stage.url, path);
      assert.doesNotMatch(await page.title(), /of others/);
    }
    await begin("/account?x=1#y");
    await visitor.choose(MEMBER);
    await visitor.seesAccount();
    assert.equal(page.url(), `${stage.url}account?x=1#y`);
  },
};
