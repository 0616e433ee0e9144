import type { ServiceFetch, ServiceRequest } from "../session/Session";
import { problemOf, ServiceProblem } from "./problem";

const PATIENCE = 15_000;

/** Asks the service for something. Every failure is a {@link ServiceProblem}. */
export async function ask<T>(
  fetch: ServiceFetch,
  path: string,
  read: (answer: unknown) => T,
  signal: AbortSignal,
): Promise<T> {
  const response = await send(fetch, path, { signal });
  try {
    return read(await response.json());
  } catch {
    throw new ServiceProblem("not_the_service");
  }
}

export async function send(
  fetch: ServiceFetch,
  path: string,
  request: ServiceRequest,
): Promise<Response> {
  const signals = [AbortSignal.timeout(PATIENCE), ...(request.signal ? [request.signal] : [])];
  let response: Response;
  try {
    response = await fetch(path, { ...request, signal: AbortSignal.any(signals) });
  } catch (error) {
    throw error instanceof ServiceProblem ? error : new ServiceProblem("unreachable");
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}
