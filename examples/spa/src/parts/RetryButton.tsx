import { useEffect, useState } from "react";
import { focusHeading } from "../routing/Page";

interface Props {
  /** In milliseconds since 1970. */
  readonly notBefore: number;
  readonly retry: () => void;
}

/** Counts down until the service wants to be asked again. */
export function RetryButton({ notBefore, retry }: Props) {
  const seconds = useSecondsUntil(notBefore);
  const isTooEarly = seconds > 0;
  return (
    <button
      type="button"
      className="primary"
      aria-disabled={isTooEarly}
      onClick={() => {
        if (!isTooEarly) {
          // The button goes away with the problem.
          focusHeading();
          retry();
        }
      }}
    >
      {isTooEarly ? `Try again in ${seconds} s` : "Try again"}
    </button>
  );
}

function useSecondsUntil(time: number): number {
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((time - now) / 1000));
  const isWaiting = seconds > 0;
  useEffect(() => {
    if (!isWaiting) {
      return;
    }
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return seconds;
}
