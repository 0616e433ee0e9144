// Somebody with a browser of their own.

import assert from "node:assert/strict";
import { PATIENCE, until } from "../../javascript/wait.mjs";
import { AUTHENTICATE, claimsOf } from "./authDev.mjs";
import { shown } from "./shown.mjs";

export class Visitor {
  #mayLog = [];
  #token = null;

  static async arrive(stage, chromium) {
    const context = await chromium.newContext();
    context.setDefaultTimeout(PATIENCE);
    const visitor = new Visitor(stage, context);
    stage.watch.follow(visitor);
    visitor.page = await context.newPage();
    return visitor;
  }

  constructor(stage, context) {
    Object.assign(this, { stage, context, lines: [] });
    context.on("request", (request) => {
      this.#token = request.headers().authorization?.replace(/^Bearer /, "") ?? this.#token;
    });
  }

  /** The access token that the page has borne last. */
  get token() {
    assert.ok(this.#token, "the page has borne no token");
    return this.#token;
  }

  /** From now on the console may say that a request of the path was answered so. */
  expect(path, status) {
    const text = new RegExp(`^Failed to load resource: .* status of ${status} `);
    this.expectError(text, (url) => new URL(url).pathname === path);
  }

  /** From now on the console may say this. */
  expectError(text, isFrom = () => true) {
    this.#mayLog.push((said, url) => text.test(said) && isFrom(url));
  }

  /** Until the page is left, AuthKit may ask for tokens of the session that it has forgotten. */
  expectSignOut() {
    this.expect(AUTHENTICATE, 400);
  }

  mayLog(text, url) {
    return this.#mayLog.some((isExpected) => isExpected(text, url));
  }

  /**
   * Another tab of the same browser, opened from the first: they are of one process, and see at once
   * what either of them stores.
   */
  async tab(path = "") {
    const opened = this.context.waitForEvent("page");
    await this.page.evaluate((url) => void window.open(url), this.stage.url + path);
    return opened;
  }

  open(path = "") {
    return this.page.goto(this.stage.url + path);
  }

  /** The part of the page that says who is signed in. */
  session(page = this.page) {
    return page.getByRole("region", { name: "Session" });
  }

  /** Goes where a link of the page leads, without loading it anew. */
  async go(name, page = this.page) {
    await page.getByRole("navigation").getByRole("link", { name }).click();
    await shown(page.getByRole("heading", { level: 1, name }));
  }

  /** Signs in from the page's header, as people do. */
  async signIn(person, page = this.page) {
    await this.session(page).getByRole("button", { name: "Sign in" }).click();
    await this.choose(person, page);
    await this.isSignedIn(person, page);
  }

  /** Says who it is, on the page of WorkOS. */
  async choose(person, page = this.page) {
    await page.waitForURL(`${this.stage.authDev.url}/user_management/authorize?**`);
    await page.getByRole("button", { name: person.email }).click();
    this.stage.watch.signIns += 1;
  }

  async isSignedIn(person, page = this.page) {
    await shown(this.session(page).getByText(person.name, { exact: true }));
    await this.stage.watch.look(this);
    const addresses = await page.evaluate(() => {
      return [location.href, ...navigation.entries().map(({ url }) => url)];
    });
    for (const address of addresses) {
      assert.doesNotMatch(address, /[?&](code|state)=/, "the callback stays in the history");
    }
  }

  async isSignedOut(page = this.page) {
    await shown(this.session(page).getByRole("button", { name: "Sign in" }));
    await shown(page.getByText("Nobody is signed in."));
  }

  /** The account page, with all that the service tells of one. */
  async seesAccount(page = this.page) {
    await shown(page.getByRole("heading", { level: 1, name: "Account" }));
    await shown(page.getByText(`${this.stage.authDev.url}/user_management/`));
    await shown(page.getByText("by the people behind this service"));
  }

  /** What the service says to somebody with this token. */
  async statusWith(token) {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${this.stage.serviceUrl}/me`, { headers })).status;
  }

  /** Waits until the service refuses the token that the page has. */
  async tokenIsOver() {
    const { token } = this;
    await until("the token is refused", async () => (await this.statusWith(token)) === 401);
    assert.equal(this.token, token, "the page has another token by now");
  }

  get sessionId() {
    return claimsOf(this.token).sid;
  }

  /**
   * Signs in anew behind the back of the pages that are open, which do not ask for anything meanwhile:
   * what the browser's cookie has in it is another one's token.
   */
  async replaceSession(person) {
    let url = `${this.stage.serviceUrl}/auth/sign-in?login_hint=${person.email}`;
    for (const status of [303, 302, 303]) {
      const answer = await this.context.request.get(url, { maxRedirects: 0 });
      assert.equal(answer.status(), status, url);
      url = answer.headers().location;
    }
    await this.stage.watch.look(this);
  }

  /** What somebody else would need to be told to see what this one sees. */
  async describe() {
    const pages = this.context.pages().map(async (page) => {
      const text = await page.locator("body").innerText({ timeout: 1000 }).catch(String);
      return `at ${page.url()}\n${text}`;
    });
    return [...(await Promise.all(pages)), "console:", ...this.lines.slice(-10)].join("\n");
  }
}
