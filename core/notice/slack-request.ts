import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";

/** Slack, "block_actions payload": the fields that matter here. */
const interaction = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  response_url: z.url().optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

interface Click {
  /** Which of the buttons. */
  readonly action: string;
  /** What the button was given as its value: JSON; undefined where it is none. */
  readonly value: unknown;
  readonly who: ClickedBy;
  /** All of what Slack sent. */
  readonly payload: unknown;
}

export interface ClickedBy {
  /** Slack's id of the user. */
  readonly user: string;
  readonly name?: string;
  /** Where Slack takes an answer for them, for half an hour. */
  readonly responseUrl?: string;
}

/**
 * A click on one of the buttons that are looked for.
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
