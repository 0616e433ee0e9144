import type { ServiceFetch, ServiceRequest } from "./Session";

export type GetAccessToken = (options?: { forceRefresh?: boolean }) => Promise<string>;

/**
 * Bears the access token. When the service refuses it, the request is repeated once with a fresh one,
 * which requests that are refused at the same time share.
 */
export function bearerFetch(
  serviceUrl: string,
  getAccessToken: GetAccessToken,
  fetch: typeof globalThis.fetch = (...request) => globalThis.fetch(...request),
): ServiceFetch {
  let renewal: Promise<string> | null = null;

  function send(token: string, path: string, request: ServiceRequest) {
    return fetch(serviceUrl + path, {
      ...request,
      // The service refuses a request with both a token and a cookie.
      credentials: "omit",
      headers: { Authorization: `Bearer ${token}` },
    });
  }

  async function renewed(refused: string) {
    const current = await getAccessToken();
    return current === refused ? getAccessToken({ forceRefresh: true }) : current;
  }

  function renew(refused: string) {
    renewal ??= renewed(refused).finally(() => {
      renewal = null;
    });
    return renewal;
  }

  return async (path, request = {}) => {
    const token = await getAccessToken();
    const response = await send(token, path, request);
    return response.status === 401 ? send(await renew(token), path, request) : response;
  };
}
