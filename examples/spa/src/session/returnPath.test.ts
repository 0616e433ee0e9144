import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Here, returnPath } from "./returnPath";

const HERE: Here = { origin: "https://app.test", basePath: "/", callbackPath: "/callback" };
const BENEATH: Here = { ...HERE, basePath: "/components/", callbackPath: "/components/callback" };

describe("a path of this page is taken as it is", () => {
  test.each([
    "/",
    "/account",
    "/posts/7?tab=comments&next=%2Fother#top",
    "/search?q=a%20b%26c",
    "/search?q=100%25",
    "/caf%C3%A9",
    "/?next=//elsewhere.test",
    "/http://elsewhere.test",
    "/a/../b",
    "/callbacks",
    "/account?callback#/callback",
    `/${"a".repeat(2047)}`,
  ])("%j", (path) => {
    expect(returnPath(path, HERE)).toBe(path);
  });
});

const ELSEWHERE: [kind: string, paths: string[]][] = [
  ["nothing", [""]],
  ["no slash at the start", ["account", "?next=//evil.com", "#//evil.com", " /account"]],
  ["two slashes", ["//evil.com", "///evil.com", "//evil.com@app.test", "//app.test/account"]],
  ["backslashes", ["/\\evil.com", "\\/evil.com", "\\\\evil.com", "/account\\..", "/?q=\\"]],
  [
    "absolute",
    [
      "https://evil.com",
      "http:evil.com",
      "javascript:alert(1)",
      "data:text/html,x",
      "https://app.test.evil.com",
      "https://app.test@evil.com",
      "https://evil.com/?https://app.test",
      "https://app.test/account",
    ],
  ],
  [
    "control characters",
    [
      "/\t/evil.com",
      "/\n/evil.com",
      "/\r\n/evil.com",
      "/\u0000/evil.com",
      "/\u007f/evil.com",
      "/\u0085/evil.com",
      "\t//evil.com",
      "/account\n",
    ],
  ],
  [
    "encoded",
    [
      "%2f%2fevil.com",
      "/%2f/evil.com",
      "/%2fevil.com",
      "/%2Fevil.com",
      "/%5cevil.com",
      "/%09/evil.com",
      "/%0d%0a/evil.com",
      "/%00/evil.com",
      "/%E2%80%A8/evil.com",
      "/%ff",
    ],
  ],
  [
    "encoded twice",
    ["%252f%252fevil.com", "/%252fevil.com", "/%255cevil.com", "/%2509/evil.com", "/%25ff"],
  ],
  [
    "dots",
    ["/.//evil.com", "/..//evil.com", "/a/..//evil.com", "/%2e/%2fevil.com", "/%252e//evil.com"],
  ],
  [
    "beyond ASCII",
    [
      "\uff0f\uff0fevil.com",
      "/\uff0fevil.com",
      "//evil\u3002com",
      "/\u2028/evil.com",
      "/\u2029/evil.com",
      "/caf\u00e9",
    ],
  ],
  ["too long", [`/${"a".repeat(2048)}`, `/${"a".repeat(8192)}`]],
  [
    "the callback",
    ["/callback", "/callback/", "/callback?code=x", "/callback#x", "/a/../callback", "/%63allback"],
  ],
];

describe.each(ELSEWHERE)("everything else is the first page: %s", (_, paths) => {
  test.each(paths)("%j", (path) => {
    expect(returnPath(path, HERE)).toBe("/");
  });
});

test("nothing remembered is the first page", () => {
  expect(returnPath(null, HERE)).toBe("/");
});

describe("beneath a base path", () => {
  test.each(["/components/", "/components", "/components/account?a=b#c"])("%j is taken", (path) => {
    expect(returnPath(path, BENEATH)).toBe(path);
  });

  test.each([
    "/",
    "/account",
    "/componentsX",
    "/components/../account",
    "/components/%2e%2e/account",
    "/components/callback",
  ])("%j is the first page", (path) => {
    expect(returnPath(path, BENEATH)).toBe("/components/");
  });
});

interface Row {
  readonly raw: string;
  readonly must_refuse: boolean;
}

test("collected open redirects", (context) => {
  const folder = process.env.AUTH_VECTORS ?? "";
  context.skip(folder === "", "AUTH_VECTORS does not name the folder of the test vectors");
  const file = join(folder, "open-redirect", "derived-whatwg.json");
  const rows: Row[] = JSON.parse(readFileSync(file, "utf8"));
  expect(rows.length).toBeGreaterThan(0);
  for (const { raw, must_refuse } of rows) {
    const path = returnPath(raw, HERE);
    expect(new URL(path, "https://app.test/dashboard").origin, raw).toBe("https://app.test");
    if (must_refuse) {
      expect(path, raw).toBe("/");
    }
  }
});
