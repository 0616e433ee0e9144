import type { ServiceProblem } from "./problem";

interface Words {
  readonly what: string;
  readonly advice: string;
}

/** What happened, and what to do about it, for somebody who does not know what a token is. */
export function inWords({ kind, code }: ServiceProblem): Words {
  switch (kind) {
    case "signed_out":
      return {
        what: "You are not signed in any more.",
        advice:
          "Your sign-in has ended, or the service does not accept it. Sign in again to go on.",
      };
    case "forbidden":
      return { what: "You may not do this.", advice: whatIsMissing(code) };
    case "unavailable":
      return {
        what: "The service cannot answer right now.",
        advice: "This does not sign you out. Try again in a moment.",
      };
    case "unreachable":
      return {
        what: "The service cannot be reached.",
        advice: "This does not sign you out. Check your connection, and try again.",
      };
    case "sign_in_unreachable":
      return {
        what: "Your sign-in cannot be renewed right now.",
        advice: "WorkOS cannot be reached. This does not sign you out. Try again in a moment.",
      };
    case "not_the_service":
      return {
        what: "Something other than the service has answered.",
        advice: "Whoever runs this page should check VITE_SERVICE_URL.",
      };
    case "failed":
      return {
        what: "The service has failed.",
        advice: "Try again. If it stays so, tell whoever runs the service.",
      };
  }
}

function whatIsMissing(code: string | null): string {
  switch (code) {
    case "email_missing":
      return "The service does not see your e-mail address. Ask whoever runs it to add the address to the JWT template.";
    case "email_unverified":
      return "Your e-mail address is not verified. Verify it, and sign in again.";
    case "csrf":
      return "The service did not take this for a request of its own page. Reload the page, and try again.";
    case "admin_required":
      return "This is for administrators, who are known by a verified e-mail address of the right domain. Ask one of them to do it, or whoever runs the service for such an account.";
    default:
      return "Ask an administrator for the permission.";
  }
}
