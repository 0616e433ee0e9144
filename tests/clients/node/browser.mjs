// As much of a browser as AuthKit's client for pages asks for: pages with their storage, cookies,
// and a `fetch` that keeps the same-origin policy. Pages are served nowhere: where a navigation
// ends, there is one.

import { request } from "node:http";

/** Each has a module of its own. */
let pages = 0;

export class Browser {
  #cookies = [];
  #local = new Storages();
  #session = new Storages();

  /** Loads a page in place of the one before, with a script that has nothing in memory yet. */
  async open(address) {
    const page = new Page(this, new URL(address), this.#local, this.#session);
    page.install();
    const script = "./node_modules/@workos-inc/authkit-js/dist/index.mjs";
    pages += 1;
    page.script = await import(new URL(`${script}?page=${pages}`, import.meta.url));
    return page;
  }

  /** Follows redirects from an address until they come to the origin of `home`. */
  async navigate(address, home) {
    let url = new URL(address);
    while (url.origin !== home.origin) {
      const headers = {
        "sec-fetch-mode": "navigate",
        "sec-fetch-site": siteOf(home, url),
        "sec-fetch-dest": "document",
        ...this.cookieHeader(url),
      };
      const answer = await send("GET", url, headers);
      this.keepCookies(url, answer);
      const target = answer.headers.location;
      if (answer.status !== 302 || !target) {
        throw new Error(`${url} does not redirect: ${answer.status} ${answer.body}`);
      }
      url = new URL(target, url);
    }
    return url;
  }

  /** RFC 6265, section 5.4. All is on one host here, so that every request is a same-site one. */
  cookieHeader(url) {
    const cookies = this.#cookies.filter((cookie) => isSentTo(cookie, url));
    const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    return header ? { cookie: header } : {};
  }

  /** What scripts of a page see (`document.cookie`). */
  readableCookies(url) {
    const cookies = this.#cookies.filter((cookie) => isSentTo(cookie, url) && !cookie.httpOnly);
    return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /** For a test to look at. */
  cookie(name) {
    return this.#cookies.find((cookie) => cookie.name === name);
  }

  /** RFC 6265, section 5.3. */
  keepCookies(url, { headers }) {
    for (const line of headers["set-cookie"] ?? []) {
      const [pair, ...attributes] = line.split(";").map((part) => part.trim());
      const [name, value] = split(pair);
      const has = Object.fromEntries(
        attributes.map(split).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const { path, "max-age": age, domain, samesite } = has;
      if (domain && domain.replace(/^\./, "") !== url.hostname) continue;
      if ("secure" in has && url.protocol !== "https:") continue;
      if (samesite === "None" && !("secure" in has)) continue;
      const cookie = { name, value, host: url.hostname, path: path ?? defaultPath(url) };
      cookie.httpOnly = "httponly" in has;
      this.#cookies = this.#cookies.filter(
        (known) => known.name !== name || known.host !== cookie.host || known.path !== cookie.path,
      );
      if (age === undefined || Number(age) > 0) this.#cookies.push(cookie);
    }
  }
}

class Page {
  constructor(browser, location, local, session) {
    this.browser = browser;
    this.location = location;
    this.localStorage = local.of(location.origin);
    this.sessionStorage = session.of(location.origin);
    /** Where the script has sent the browser. */
    this.navigation = new Promise((resolve) => (this.assign = (url) => resolve(String(url))));
  }

  get origin() {
    return this.location.origin;
  }

  install() {
    const page = this;
    const location = {
      get href() {
        return page.location.href;
      },
      get hostname() {
        return page.location.hostname;
      },
      get pathname() {
        return page.location.pathname;
      },
      get search() {
        return page.location.search;
      },
      toString: () => page.location.href,
      assign: this.assign,
    };
    const history = {
      replaceState: (_state, _title, url) => (page.location = new URL(url, page.location)),
    };
    const document = {
      hidden: false,
      get cookie() {
        return page.browser.readableCookies(page.location);
      },
    };
    const { localStorage, sessionStorage, origin } = this;
    const window = { location, history, document, localStorage, sessionStorage, origin };
    const locks = { request: async (_name, _options, callback) => callback() };
    const globals = {
      ...window,
      window,
      navigator: { locks },
      fetch: (url, options) => this.fetch(new URL(url), options),
    };
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }

  /** https://fetch.spec.whatwg.org/#http-cors-protocol, for requests to another origin. */
  async fetch(url, { method = "GET", headers = {}, body, mode = "cors", credentials } = {}) {
    const withCredentials = credentials === "include";
    const common = {
      "sec-fetch-mode": mode,
      "sec-fetch-site": siteOf(this, url),
      "sec-fetch-dest": "empty",
    };
    const needsPreflight =
      mode === "cors" && Object.entries(headers).some((header) => !isSafelisted(header));
    if (needsPreflight) await this.#preflight(url, method, headers, common, withCredentials);

    const answer = await send(
      method,
      url,
      {
        ...headers,
        ...common,
        ...(mode === "cors" && { origin: this.origin }),
        ...(withCredentials && this.browser.cookieHeader(url)),
      },
      body,
    );
    if (withCredentials) this.browser.keepCookies(url, answer);
    if (mode === "no-cors") return Response.error();
    this.#check(answer, withCredentials);
    const type = answer.headers["content-type"];
    const readable = type ? { "content-type": type } : {};
    return new Response(answer.body, { status: answer.status, headers: readable });
  }

  /** Never with cookies. */
  async #preflight(url, method, headers, common, withCredentials) {
    const names = Object.entries(headers)
      .filter((header) => !isSafelisted(header))
      .map(([name]) => name.toLowerCase());
    const answer = await send("OPTIONS", url, {
      ...common,
      origin: this.origin,
      "access-control-request-method": method,
      "access-control-request-headers": names.join(","),
    });
    this.#check(answer, withCredentials);
    if (answer.status < 200 || answer.status > 299)
      refuse(`the preflight's status ${answer.status}`);
    const list = (name) => (answer.headers[name] ?? "").toLowerCase().split(/\s*,\s*/);
    const methods = list("access-control-allow-methods");
    const allows = (list, value) =>
      list.includes(value) || (!withCredentials && list.includes("*"));
    const isSimple = ["GET", "HEAD", "POST"].includes(method);
    if (!isSimple && !allows(methods, method.toLowerCase())) refuse(`the method ${method}`);
    const allowed = list("access-control-allow-headers");
    for (const name of names) if (!allows(allowed, name)) refuse(`the header ${name}`);
  }

  #check({ headers }, withCredentials) {
    const origin = headers["access-control-allow-origin"];
    if (origin !== this.origin && (withCredentials || origin !== "*"))
      refuse(`the origin: ${origin}`);
    if (withCredentials && headers["access-control-allow-credentials"] !== "true") {
      refuse("credentials");
    }
  }
}

/** What a script learns of it is a `TypeError`. */
function refuse(what) {
  throw new TypeError("Failed to fetch", { cause: `CORS does not allow ${what}` });
}

function isSafelisted([name, value]) {
  const types = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
  switch (name.toLowerCase()) {
    case "accept":
    case "accept-language":
    case "content-language":
      return true;
    case "content-type":
      return types.includes(value.split(";")[0].trim().toLowerCase());
    default:
      return false;
  }
}

/** Sites know no ports. */
function siteOf(page, url) {
  if (page.origin === url.origin) return "same-origin";
  const host = new URL(page.origin).hostname;
  return host === url.hostname ? "same-site" : "cross-site";
}

function isSentTo(cookie, url) {
  const folder = cookie.path.endsWith("/") ? cookie.path : `${cookie.path}/`;
  const isInPath = url.pathname === cookie.path || url.pathname.startsWith(folder);
  return cookie.host === url.hostname && isInPath;
}

function defaultPath({ pathname }) {
  return pathname.slice(0, pathname.lastIndexOf("/")) || "/";
}

function split(pair) {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Not Node's `fetch`, which has no words for what only browsers send. */
function send(method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, async (answer) => {
      try {
        let text = "";
        for await (const chunk of answer.setEncoding("utf8")) text += chunk;
        resolve({ status: answer.statusCode, headers: answer.headers, body: text });
      } catch (error) {
        reject(new TypeError("Failed to fetch", { cause: error }));
      }
    });
    sent.on("error", (error) => reject(new TypeError("Failed to fetch", { cause: error })));
    sent.end(body);
  });
}

class Storages {
  #byOrigin = new Map();
  of(origin) {
    if (!this.#byOrigin.has(origin)) this.#byOrigin.set(origin, new Storage());
    return this.#byOrigin.get(origin);
  }
}

class Storage {
  #items = new Map();
  getItem(name) {
    return this.#items.get(name) ?? null;
  }
  setItem(name, value) {
    this.#items.set(name, String(value));
  }
  removeItem(name) {
    this.#items.delete(name);
  }
}
