// auth-dev in the place of WorkOS, asked for what WorkOS has no path for.

import assert from "node:assert/strict";

// Whatever a page makes of it later.
const { fetch } = globalThis;

/** What auth-dev gives a token to live, in seconds. */
const LIFETIME = 300;

export class AuthDevApi {
  constructor(url) {
    this.url = url;
  }

  /** The text that a path below `/_dev/` is answered with. */
  async dev(method, path, body) {
    const headers = body ? { "content-type": "application/json" } : {};
    const request = { method, headers, body: body && JSON.stringify(body) };
    const answer = await fetch(`${this.url}/_dev/${path}`, request);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} /_dev/${path}: ${answer.status} ${text}`);
    return text;
  }

  /** What is issued meanwhile has so many seconds left; gives the time when nothing of it is left. */
  async withTokensFor(seconds, action) {
    const ago = (LIFETIME - seconds) * 1000;
    await this.#setClock(Date.now() - ago);
    await action();
    const end = Date.now() + seconds * 1000;
    await this.#setClock(Date.now());
    return end;
  }

  async #setClock(time) {
    await this.dev("POST", "clock", { time: new Date(time).toISOString() });
  }
}
