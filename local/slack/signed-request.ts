import { createHmac } from "node:crypto";

/** A request as sent, byte for byte. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a forged request differs from Slack's. */
export type Forgery =
  /** Signed with another secret. */
  | "secret"
  /** The body differs from the signed one: another member clicked. */
  | "body"
  /** The timestamp differs from the signed one: now. */
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

/** An interaction as Slack sends it: a form that contains JSON. */
export const signedInteraction = (payload: object, signing: Signing): SignedRequest =>
  signedForm({ payload: JSON.stringify(payload) }, signing, {
    payload: JSON.stringify({ ...payload, user: { id: MALLORY, username: "mallory" } }),
  });

/** A slash command as Slack sends it: a form of fields. */
export const signedCommand = (fields: Fields, signing: Signing): SignedRequest =>
  signedForm(fields, signing, { ...fields, user_id: MALLORY, user_name: "mallory" });

type Fields = Readonly<Record<string, string>>;

const MALLORY = "U0MALLORY";

/**
 * A form, signed over its raw body (Slack, "Verifying requests from Slack", v0).
 * @param altered the fields to send instead if the body is forged
 */
function signedForm(fields: Fields, { secret, at, now, forged }: Signing, altered: Fields): SignedRequest {
  const body = formOf(fields);
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
    body: forged === "body" ? formOf(altered) : body,
  };
}

const seconds = (time: number): string => String(Math.floor(time / 1_000));

const formOf = (fields: Fields): string => new URLSearchParams(fields).toString();
