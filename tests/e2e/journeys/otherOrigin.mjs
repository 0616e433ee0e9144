// A page on an origin of its own, which the service names in `PAGE_ORIGIN`.

import assert from "node:assert/strict";
import { MEMBER } from "../support/authDev.mjs";

export const otherOrigin = {
  "pages of a third origin are not answered": async ({ stage, visit }) => {
    const { serviceUrl, origin } = stage;
    const allowed = async (asking, method, headers = {}) => {
      const url = `${serviceUrl}/loggedInUser`;
      const answer = await fetch(url, { method, headers: { origin: asking, ...headers } });
      return answer.headers.get("access-control-allow-origin");
    };
    const preflight = {
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    };
    assert.equal(await allowed(origin, "GET"), origin);
    assert.equal(await allowed(origin, "OPTIONS", preflight), origin);
    const strangers = [`${origin}0`, "https://evil.com", "null", serviceUrl, `${origin}.evil.com`];
    for (const stranger of strangers) {
      for (const request of [["GET"], ["OPTIONS", preflight]]) {
        assert.equal(await allowed(stranger, ...request), null, stranger);
      }
    }

    // The same page at another name of this machine, in a browser.
    const visitor = await visit();
    await visitor.open();
    await visitor.signIn(MEMBER);
    const ask = (url) =>
      fetch(url).then(
        (answer) => answer.status,
        (error) => error.name,
      );
    assert.equal(await visitor.page.evaluate(ask, `${serviceUrl}/loggedInUser`), 200);
    const stranger = await visitor.context.newPage();
    await stranger.goto(stage.url.replace("localhost", "127.0.0.1"));
    visitor.expectError(/has been blocked by CORS policy/);
    visitor.expectError(/^Failed to load resource: net::ERR_FAILED/, (url) =>
      url.startsWith(serviceUrl),
    );
    assert.equal(await stranger.evaluate(ask, `${serviceUrl}/loggedInUser`), "TypeError");
  },
};
