import { expect, test } from "vitest";
import { bearerFetch } from "./bearerFetch";

/** Tokens `token-1`, `token-2`, ..., of which the service takes those from `firstGood` on. */
function setUp(firstGood: number) {
  let current = 1;
  const sent: { url: string; token: number; request: RequestInit }[] = [];
  const refreshes: (() => void)[] = [];
  let holdsRefreshes = false;

  async function getAccessToken(options?: { forceRefresh?: boolean }) {
    if (options?.forceRefresh) {
      await new Promise<void>((refreshed) => {
        refreshes.push(refreshed);
        if (!holdsRefreshes) {
          refreshed();
        }
      });
      current += 1;
    }
    return `token-${current}`;
  }

  async function service(url: RequestInfo | URL, request: RequestInit = {}) {
    const token = Number(new Headers(request.headers).get("Authorization")?.replace(/\D+/, ""));
    sent.push({ url: String(url), token, request });
    return new Response(null, { status: token >= firstGood ? 204 : 401 });
  }

  const fetch = bearerFetch("https://service.test", getAccessToken, service);
  const holdRefreshes = () => {
    holdsRefreshes = true;
  };
  return { fetch, sent, refreshes, holdRefreshes };
}

const tokens = (sent: { token: number }[]) => sent.map(({ token }) => token);

test("a request bears the token, and no cookie", async () => {
  const { fetch, sent } = setUp(1);
  const response = await fetch("/posts/7", { method: "DELETE" });
  expect(response.status).toBe(204);
  expect(sent).toEqual([
    {
      url: "https://service.test/posts/7",
      token: 1,
      request: {
        method: "DELETE",
        credentials: "omit",
        headers: { Authorization: "Bearer token-1" },
      },
    },
  ]);
});

test("a refused request is repeated once with a fresh token", async () => {
  const { fetch, sent, refreshes } = setUp(2);
  const response = await fetch("/posts/7", { method: "DELETE" });
  expect(response.status).toBe(204);
  expect(tokens(sent)).toEqual([1, 2]);
  expect(sent[1]?.request.method).toBe("DELETE");
  expect(sent[1]?.request.credentials).toBe("omit");
  expect(refreshes.length).toBe(1);
});

test("a request that is refused again is not repeated again", async () => {
  const { fetch, sent, refreshes } = setUp(99);
  const response = await fetch("/me");
  expect(response.status).toBe(401);
  expect(tokens(sent)).toEqual([1, 2]);
  expect(refreshes.length).toBe(1);
});

test("requests that are refused at the same time share one refresh", async () => {
  const { fetch, sent, refreshes, holdRefreshes } = setUp(2);
  holdRefreshes();
  const responses = Promise.all(["/me", "/posts", "/isAdmin"].map((path) => fetch(path)));
  await expect.poll(() => tokens(sent)).toEqual([1, 1, 1]);
  await expect.poll(() => refreshes.length).toBe(1);
  refreshes[0]?.();
  expect((await responses).map(({ status }) => status)).toEqual([204, 204, 204]);
  expect(tokens(sent)).toEqual([1, 1, 1, 2, 2, 2]);
  expect(refreshes.length).toBe(1);
});

test("a request that is refused after another one's refresh takes the token of that", async () => {
  let current = "old";
  const refreshes: string[] = [];
  let refuseSlow = () => {};
  const slow = new Promise<void>((refused) => {
    refuseSlow = refused;
  });
  const fetch = bearerFetch(
    "",
    async (options) => {
      if (options?.forceRefresh) {
        refreshes.push(current);
        current = "new";
      }
      return current;
    },
    async (path, request) => {
      const isOld = new Headers(request?.headers).get("Authorization") === "Bearer old";
      if (isOld && path === "/slow") {
        await slow;
      }
      return new Response(null, { status: isOld ? 401 : 204 });
    },
  );
  const refusedLater = fetch("/slow");
  expect((await fetch("/fast")).status).toBe(204);
  refuseSlow();
  expect((await refusedLater).status).toBe(204);
  expect(refreshes).toEqual(["old"]);
});

test("a refresh that fails is told to all who wait for it, and tried anew by the next", async () => {
  let isDown = true;
  let refreshes = 0;
  const fetch = bearerFetch(
    "",
    async (options) => {
      if (!options?.forceRefresh) {
        return "old";
      }
      refreshes += 1;
      if (isDown) {
        throw new Error("WorkOS is down");
      }
      return "new";
    },
    async (_, request) => {
      const isNew = new Headers(request?.headers).get("Authorization") === "Bearer new";
      return new Response(null, { status: isNew ? 204 : 401 });
    },
  );
  const both = await Promise.allSettled([fetch("/me"), fetch("/posts")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(refreshes).toBe(1);
  isDown = false;
  expect((await fetch("/me")).status).toBe(204);
  expect(refreshes).toBe(2);
});

test("other refusals are no reason for a refresh", async () => {
  for (const status of [400, 403, 500, 503]) {
    let refreshes = 0;
    const fetch = bearerFetch(
      "",
      async (options) => {
        refreshes += options?.forceRefresh ? 1 : 0;
        return "token";
      },
      async () => new Response(null, { status }),
    );
    expect((await fetch("/me")).status).toBe(status);
    expect(refreshes).toBe(0);
  }
});
