import { describe, expect, test } from "vitest";
import { readSettings } from "./settings";

const ORIGIN = "https://yourdomain.com";
const CLIENT = { BASE_URL: "/", VITE_WORKOS_CLIENT_ID: "client_01XXXXXXXXXXXXXXXXXX" };
const clientId = CLIENT.VITE_WORKOS_CLIENT_ID;

test("a client id is enough", () => {
  expect(readSettings(CLIENT, ORIGIN)).toEqual({
    signIn: "browser",
    basePath: "/",
    callbackPath: "/callback",
    serviceUrl: "",
    authKit: { clientId, redirectUri: "https://yourdomain.com/callback" },
  });
});

test("the callback is beneath the base path", () => {
  const settings = readSettings({ ...CLIENT, BASE_URL: "/components/" }, ORIGIN);
  expect(settings).toMatchObject({
    basePath: "/components/",
    callbackPath: "/components/callback",
    authKit: { redirectUri: "https://yourdomain.com/components/callback" },
  });
});

test("other servers", () => {
  const settings = readSettings(
    {
      ...CLIENT,
      VITE_WORKOS_REDIRECT_URI: "http://localhost:5173/signed-in",
      VITE_WORKOS_API_URL: "http://localhost:4100",
      VITE_SERVICE_URL: "http://localhost:3000/",
    },
    "http://localhost:5173",
  );
  expect(settings).toMatchObject({
    callbackPath: "/signed-in",
    serviceUrl: "http://localhost:3000",
    authKit: { apiHostname: "localhost", port: 4100, https: false },
  });
});

test("a domain of one's own needs no port", () => {
  const settings = readSettings({ ...CLIENT, VITE_WORKOS_API_URL: "https://auth.test/" }, ORIGIN);
  expect(settings).toMatchObject({
    authKit: { clientId, apiHostname: "auth.test", https: true },
  });
  expect(settings).not.toHaveProperty("authKit.port");
});

test("with the service's sessions nothing is needed, and the service is on this origin", () => {
  const environment = {
    BASE_URL: "/",
    VITE_SIGN_IN: "service",
    VITE_SERVICE_URL: "http://localhost:3000",
  };
  expect(readSettings(environment, ORIGIN)).toEqual({
    signIn: "service",
    basePath: "/",
    callbackPath: "/callback",
    serviceUrl: "",
  });
});

describe("a mistake names its variable", () => {
  test.each([
    ["VITE_WORKOS_CLIENT_ID", {}],
    ["VITE_WORKOS_CLIENT_ID", { VITE_WORKOS_CLIENT_ID: "sk_test_1" }],
    ["VITE_SIGN_IN", { ...CLIENT, VITE_SIGN_IN: "cookie" }],
    ["VITE_SERVICE_URL", { ...CLIENT, VITE_SERVICE_URL: "api.yourdomain.com" }],
    ["VITE_WORKOS_API_URL", { ...CLIENT, VITE_WORKOS_API_URL: "localhost:4100" }],
    ["VITE_WORKOS_API_URL", { ...CLIENT, VITE_WORKOS_API_URL: "http://localhost:4100/sso" }],
    ["VITE_WORKOS_REDIRECT_URI", { ...CLIENT, VITE_WORKOS_REDIRECT_URI: "/callback" }],
    [
      "VITE_WORKOS_REDIRECT_URI",
      {
        ...CLIENT,
        BASE_URL: "/components/",
        VITE_WORKOS_REDIRECT_URI: "https://yourdomain.com/callback",
      },
    ],
  ])("%s: %j", (name, environment) => {
    const mistakes = readSettings({ BASE_URL: "/", ...environment }, ORIGIN);
    expect(mistakes).toEqual([expect.stringContaining(name)]);
  });
});
