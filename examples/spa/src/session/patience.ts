/** As long as AuthKit waits for another tab. */
const PATIENCE = 10_000;

/**
 * AuthKit waits for WorkOS without an end, and with it every request that needs a token. From now on
 * what is not answered in time fails like what cannot be reached, which AuthKit takes for an outage.
 */
export function endWaitingForWorkOs() {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (!(input instanceof URL) || input.pathname !== "/user_management/authenticate") {
      return fetch(input, init);
    }
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      return await fetch(input, { ...init, signal });
    } catch (error) {
      // A `TimeoutError` would be that of AuthKit's lock.
      throw new TypeError("WorkOS does not answer", { cause: error });
    }
  };
}
