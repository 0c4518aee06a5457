import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";

/** The fields used of Slack's "block_actions payload". */
const interaction = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  response_url: z.url().optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

interface Click {
  /** The button's `action_id`. */
  readonly action: string;
  /** The button's value, parsed; undefined if it is not JSON. */
  readonly value: unknown;
  readonly who: ClickedBy;
  /** Everything that Slack sent. */
  readonly payload: unknown;
}

export interface ClickedBy {
  /** Slack's id of the user. */
  readonly user: string;
  readonly name?: string;
  /** The address for replies to the user; Slack accepts them for 30 minutes. */
  readonly responseUrl?: string;
}

/**
 * Reads a click on one of the wanted buttons.
 * @param form as Slack sends it, with the interaction in its `payload`
 * @returns undefined for every other interaction
 */
export function readClick(form: URLSearchParams, isLookedFor: (action: string) => boolean): Click | undefined {
  const payload = parseJson(form.get("payload"));
  const read = interaction.safeParse(payload);
  const action = read.data?.actions.find(({ action_id: id }) => isLookedFor(id));
  if (!read.success || !action) return undefined;
  const { user, response_url: responseUrl } = read.data;
  const name = user.username ?? user.name;
  return {
    action: action.action_id,
    value: parseJson(action.value),
    who: { user: user.id, ...(name && { name }), ...(responseUrl && { responseUrl }) },
    payload,
  };
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** A request as received, before its signature is verified. */
export interface SignedBody {
  /** The raw body: a form that was parsed and serialized again has a different signature. */
  readonly body: string;
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature`: `v0=<hex>`. */
  readonly signature: string | undefined;
}

export type SignatureVerdict = "genuine" | "unsigned" | "forged" | "late";

/** Older requests may be replayed (Slack, "Verifying requests from Slack"). */
const WINDOW_SECONDS = 5 * 60;

/**
 * Verifies that Slack sent a request within the last five minutes: HMAC-SHA256 with the app's signing secret over
 * `v0:<timestamp>:<raw body>` (Slack, "Verifying requests from Slack"). A wrong signature is always `forged`, never `late`,
 * so that an attacker learns nothing.
 */
export function checkSlackSignature(
  { body, timestamp, signature }: SignedBody,
  signingSecret: string,
  now: Date,
): SignatureVerdict {
  if (!timestamp || !signature) return "unsigned";
  const wanted = `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  if (!isSame(signature, wanted)) return "forged";
  // Slack signed it, so it is a number.
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WINDOW_SECONDS ? "genuine" : "late";
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
