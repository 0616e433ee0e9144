import { describe, expect, test } from "vitest";
import { ask, send } from "./ask";
import { problemOf, retryTime, ServiceProblem } from "./problem";

function refusal(status: number, body: string, headers: HeadersInit = {}) {
  return new Response(body, { status, headers });
}

describe("a refusal", () => {
  test.each([
    [401, '{"status":401,"code":"token_expired"}', "signed_out", "token_expired"],
    [403, '{"status":403,"code":"admin_required"}', "forbidden", "admin_required"],
    [503, '{"status":503,"code":"keys_unavailable"}', "unavailable", "keys_unavailable"],
    [429, "", "unavailable", "429"],
    [502, "<h1>Bad gateway</h1>", "unavailable", "502"],
    [500, '{"code":"guard_missing"}', "failed", "guard_missing"],
    [400, '{"code":"<b>no code</b>"}', "failed", "400"],
    [404, '{"code":7}', "failed", "404"],
    [404, "null", "failed", "404"],
  ])("%i %s", async (status, body, kind, code) => {
    const problem = await problemOf(refusal(status, body));
    expect(problem).toMatchObject({ kind, code });
  });

  test("says when to try again", async () => {
    const before = Date.now();
    const { retryAt } = await problemOf(refusal(503, "", { "Retry-After": "30" }));
    expect(retryAt).toBeGreaterThanOrEqual(before + 30_000);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 30_000);
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 0, 1);
  test.each([
    [null, 0],
    ["0", now],
    ["120", now + 120_000],
    ["Thu, 01 Jan 2026 00:00:05 GMT", now + 5_000],
    ["soon", 0],
  ])("%j", (header, time) => {
    expect(retryTime(header, now)).toBe(time);
  });
});

describe("asking", () => {
  const { signal } = new AbortController();
  const fails = (error: unknown) => async () => {
    throw error;
  };

  test("a network that is down is a problem of its own", async () => {
    const asked = send(fails(new TypeError("Failed to fetch")), "/me", {});
    await expect(asked).rejects.toMatchObject({ kind: "unreachable" });
  });

  test("why there is no token is told as it is", async () => {
    const problem = new ServiceProblem("sign_in_unreachable");
    await expect(send(fails(problem), "/me", {})).rejects.toBe(problem);
  });

  test.each([
    ["a page", "<!doctype html>"],
    ["something else", '"yes"'],
  ])("%s in place of the answer is not from the service", async (_, body) => {
    const read = (answer: unknown) => {
      if (typeof answer !== "boolean") {
        throw new TypeError("no boolean");
      }
      return answer;
    };
    const asked = ask(async () => new Response(body), "/isAdmin", read, signal);
    await expect(asked).rejects.toMatchObject({ kind: "not_the_service" });
  });
});
