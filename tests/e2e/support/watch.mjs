// What a browser asks for and says during all journeys of a stage.

import { ADA } from "./authDev.mjs";

/** How JSON Web Tokens begin, and what auth-dev makes codes and refresh tokens of. */
const LIKE_A_TOKEN = /\beyJ[\w-]{8,}\.eyJ|\b[0-9a-f]{32}\b/;
const CALLBACK = /\/callback$/;
const LOCAL = new Set(["localhost", "127.0.0.1"]);

export class Watch {
  #secrets = new Map();
  /** Addresses of requests, of pages before them (`Referer`), and of what a tab has shown. */
  #addresses = [];
  /** What the console or the DOM has had in it. */
  #texts = [];
  #errors = [];
  signIns = 0;
  /** What is going on. */
  journey = "";

  constructor(secrets) {
    for (const secret of secrets) this.keep("what only the service knows", secret);
    this.knownBefore = secrets.length;
  }

  /** A secret, and what to call it. Of a token, its signature is enough to be found by. */
  keep(what, secret) {
    const part = secret?.split(".").at(-1);
    if (part && part.length >= 16) this.#secrets.set(part, what);
  }

  /** Listens to whatever happens in the tabs of somebody. */
  follow(visitor) {
    const { context } = visitor;
    context.on("page", (page) => {
      page.on("framenavigated", (frame) => this.#addresses.push({ url: frame.url(), by: "tab" }));
      page.on("dialog", (dialog) => {
        this.#complain(`a dialog: ${dialog.message()}`);
        dialog.dismiss().catch(() => {});
      });
    });
    context.on("request", (request) => this.#note(request));
    context.on("console", (message) => {
      const { url } = message.location();
      const line = `${message.type()}: ${message.text()} (${url})`;
      visitor.lines.push(line);
      this.#texts.push(["the console", message.text()]);
      if (URL.canParse(url)) this.#addresses.push({ url, by: "tab" });
      if (message.type() === "error" && !visitor.mayLog(message.text(), url)) {
        this.#complain(line);
      }
    });
    context.on("weberror", (error) => {
      visitor.lines.push(String(error.error()));
      this.#complain(`an exception: ${error.error()}`);
    });
  }

  #complain(line) {
    this.#errors.push(`${line}, during "${this.journey}"`);
  }

  #note(request) {
    const url = request.url();
    const { authorization, referer } = request.headers();
    this.#addresses.push({ url, by: request.isNavigationRequest() ? "tab" : "request" });
    if (referer) this.#addresses.push({ url: referer, by: "Referer" });
    this.keep("an access token", authorization?.replace(/^Bearer /, ""));
    const { pathname, searchParams } = new URL(url);
    if (CALLBACK.test(pathname)) this.keep("a code", searchParams.get("code"));
    const body = request.postData() ?? "";
    for (const name of ["code", "code_verifier", "refresh_token"]) {
      this.keep(`a ${name}`, new RegExp(`"${name}":"([^"]+)"`).exec(body)?.[1]);
    }
  }

  /** What a page has in it now, and what the browser keeps of the session. */
  async look({ context }) {
    const { cookies, origins } = await context.storageState();
    for (const { httpOnly, value } of cookies) if (httpOnly) this.keep("a cookie", value);
    for (const { name, value } of origins.flatMap(({ localStorage }) => localStorage)) {
      if (name.startsWith("workos:")) this.keep("a refresh token", value);
    }
    for (const page of context.pages()) this.#texts.push(["a page", await page.content()]);
  }

  #secretIn(text) {
    for (const [secret, what] of this.#secrets) if (text.includes(secret)) return what;
    return null;
  }

  /** Where something secret has come to light. Logs are given by their names. */
  leaks(logs) {
    const leaks = [];
    for (const { url, by } of this.#addresses) {
      const what = this.#secretIn(url);
      // WorkOS sends a browser back with the code in the address: there it is, and nowhere else.
      const isCallback = by === "tab" && CALLBACK.test(new URL(url).pathname);
      if (what && !(what === "a code" && isCallback)) leaks.push(`${what} in an address (${by})`);
    }
    for (const [where, text] of this.#texts) {
      const what = this.#secretIn(text);
      if (what) leaks.push(`${what} in ${where}`);
    }
    for (const [name, log] of Object.entries(logs)) {
      for (const line of log.split("\n")) {
        const what = this.#secretIn(line) ?? (LIKE_A_TOKEN.test(line) && "the like of a token");
        if (what) leaks.push(`${what} in the log of ${name}`);
      }
    }
    return [...new Set(leaks)];
  }

  /** What the console, exceptions and dialogs have complained of, beyond what journeys expect. */
  get errors() {
    return [...new Set(this.#errors)];
  }

  /** What was asked of others than the servers here; a picture is. */
  get strangers() {
    const urls = this.#addresses.map(({ url }) => new URL(url));
    const others = urls.filter(({ protocol, hostname }) => {
      return /^https?:$/.test(protocol) && !LOCAL.has(hostname);
    });
    const addresses = new Set(others.map(({ origin, pathname }) => origin + pathname));
    addresses.delete(ADA.picture);
    return [...addresses];
  }

  /** Whether the sign-ins have left something that could come to light. */
  get hasSeenEnough() {
    const found = this.#secrets.size - this.knownBefore;
    return this.#addresses.length > 0 && found >= this.signIns;
  }
}
