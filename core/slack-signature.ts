import { createHmac, timingSafeEqual } from "node:crypto";

/** A request as it came, before anybody believes it. */
export interface SignedBody {
  /** The raw bytes as text: a form that was parsed and written again has another signature. */
  readonly body: string;
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature`: `v0=<hex>`. */
  readonly signature: string | undefined;
}

export type SignatureVerdict = "genuine" | "unsigned" | "forged" | "late";

/** Slack, "Verifying requests from Slack": older requests may be somebody's who overheard them. */
const WINDOW_SECONDS = 5 * 60;

/**
 * Whether Slack sent this, and now: HMAC-SHA256 with the app's signing secret over `v0:<timestamp>:<raw body>` (Slack,
 * "Verifying requests from Slack"). What is not signed with the secret is never called late: nobody learns from it.
 */
export function checkSlackSignature(
  { body, timestamp, signature }: SignedBody,
  signingSecret: string,
  now: Date,
): SignatureVerdict {
  if (!timestamp || !signature) return "unsigned";
  const wanted = `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  if (!isSame(signature, wanted)) return "forged";
  // Signed by Slack, so it is a number.
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WINDOW_SECONDS ? "genuine" : "late";
}

/** In a time that says nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
