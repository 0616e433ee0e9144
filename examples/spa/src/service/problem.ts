export type ProblemKind =
  | "signed_out"
  | "forbidden"
  | "unavailable"
  | "unreachable"
  | "sign_in_unreachable"
  | "not_the_service"
  | "failed";

/** Why there is no answer of the service, as far as a person can do something about it. */
export class ServiceProblem extends Error {
  readonly kind: ProblemKind;
  readonly code: string | null;
  /** When it makes sense to try again, in milliseconds since 1970. */
  readonly retryAt: number;

  constructor(kind: ProblemKind, code: string | null = null, retryAt = 0) {
    super(code ?? kind);
    this.kind = kind;
    this.code = code;
    this.retryAt = retryAt;
  }
}

/** What an answer that is no success says. */
export async function problemOf(response: Response): Promise<ServiceProblem> {
  const retryAt = retryTime(response.headers.get("Retry-After"), Date.now());
  return new ServiceProblem(kindOf(response.status), await codeOf(response), retryAt);
}

function kindOf(status: number): ProblemKind {
  switch (status) {
    case 401:
      return "signed_out";
    case 403:
      return "forbidden";
    case 429:
    case 502:
    case 503:
    case 504:
      return "unavailable";
    default:
      return "failed";
  }
}

async function codeOf(response: Response): Promise<string> {
  try {
    const { code } = await response.json();
    const isCode = typeof code === "string" && /^[a-z0-9_]{1,64}$/.test(code);
    return isCode ? code : String(response.status);
  } catch {
    return String(response.status);
  }
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
export function retryTime(header: string | null, now: number): number {
  if (header === null) {
    return 0;
  }
  return /^\d+$/.test(header) ? now + Number(header) * 1000 : Date.parse(header) || 0;
}
