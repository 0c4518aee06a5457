import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Refusal } from "../../core/share/explain-refusal.ts";

/** The role by which a consumer's account is entered. */
export interface ConsumerRole {
  readonly arn: string;
  readonly externalId: string;
  /** What the account's trail calls who came; 2 to 64 letters, digits and `+=,.@-_`. */
  readonly session: string;
}

/** Keys of the role's session. */
interface ConsumerKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A session of a consumer's role in a region: clients in that account are made of it. */
export interface ConsumerSession {
  readonly keys: ConsumerKeys;
  readonly account: string;
  readonly region: string;
}

/** A session that ends sooner is not begun to be worked with. */
const SPARE_MS = 5 * 60_000;

interface Entered {
  readonly keys: ConsumerKeys;
  readonly endsAt: number;
  /** By region; the same object for as long as the keys are the same. */
  readonly sessions: Map<string, ConsumerSession>;
}

/** What each client of STS entered, by the role's ARN. */
const entries = new WeakMap<STSClient, Map<string, Promise<Entered>>>();

/**
 * Enters a consumer's account by its role; the role's keys are used in all regions until they end. STS gives sessions
 * of a session an hour at most (IAM user guide, "role chaining"), which is its default.
 * @throws what STS refuses
 */
export async function enterConsumer(sts: STSClient, role: ConsumerRole, region: string): Promise<ConsumerSession> {
  const entered = entries.get(sts) ?? new Map<string, Promise<Entered>>();
  entries.set(sts, entered);
  const before = entered.get(role.arn) ?? Promise.resolve(undefined);
  // Each waits for the one before: several regions that ask at once share the keys.
  const entering = before
    .catch(() => undefined)
    .then((known) => (known && known.endsAt - SPARE_MS > Date.now() ? known : begin(sts, role)));
  entered.set(role.arn, entering);
  const { keys, sessions } = await entering;
  const session = sessions.get(region) ?? { keys, region, account: role.arn.split(":")[4] ?? "" };
  sessions.set(region, session);
  return session;
}

async function begin(sts: STSClient, { arn, externalId, session }: ConsumerRole): Promise<Entered> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: arn, ExternalId: externalId, RoleSessionName: session }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw new NoSession(arn);
  return {
    keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    endsAt: Expiration.getTime(),
    sessions: new Map(),
  };
}

/** STS took the request and gave no keys. */
class NoSession extends Error {
  override readonly name = "NoSession";

  constructor(role: string) {
    super(`STS gave no keys for ${role}, and no reason.`);
  }
}

/** Errors that ask for patience, whatever their status says (SDK, `@smithy/core`'s list of throttling errors). */
const PATIENCE =
  /Throttl|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown|ConcurrentModification|RequestTimeout/;

/**
 * What AWS refused, as far as it is an answer: a request that was too many, or a failure of AWS's or of the network's,
 * says nothing about rights.
 * @returns undefined where it is no answer
 */
export function toRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const { httpStatusCode: status = 0 } = error.$metadata as { readonly httpStatusCode?: number };
  if (status < 400 || status >= 500 || PATIENCE.test(error.name)) return undefined;
  return { code: error.name, message: error.message };
}
