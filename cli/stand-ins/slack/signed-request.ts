import { createHmac } from "node:crypto";

/** A request as it goes out, byte for byte. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a request differs from one of Slack's. */
export type Forgery =
  /** Signed with another secret. */
  | "secret"
  /** Another body than the signed one: somebody else clicked. */
  | "body"
  /** Another time than the signed one: now. */
  | "timestamp"
  | "unsigned";

interface Signing {
  readonly secret: string;
  /** When it is signed, in milliseconds since the epoch. */
  readonly at: number;
  /** When it is sent. */
  readonly now: number;
  readonly forged?: Forgery | undefined;
}

/** An interaction as Slack sends it: a form, signed over its raw body (Slack, "Verifying requests from Slack", v0). */
export function signedRequest(payload: object, { secret, at, now, forged }: Signing): SignedRequest {
  const body = formOf(payload);
  const timestamp = seconds(at);
  const key = forged === "secret" ? `not ${secret}` : secret;
  const signature = createHmac("sha256", key).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json,*/*",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      ...(forged !== "unsigned" && {
        "x-slack-request-timestamp": forged === "timestamp" ? seconds(now) : timestamp,
        "x-slack-signature": `v0=${signature}`,
      }),
    },
    body: forged === "body" ? formOf({ ...payload, user: { id: "U0MALLORY", username: "mallory" } }) : body,
  };
}

const seconds = (time: number): string => String(Math.floor(time / 1_000));

const formOf = (payload: object): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
