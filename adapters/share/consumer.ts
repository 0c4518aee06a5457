import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Refusal } from "../../core/share/explain-refusal.ts";

/** The role to assume in a consumer account. */
export interface ConsumerRole {
  readonly arn: string;
  readonly externalId: string;
  /** The session name in the account's trail; 2 to 64 letters, digits and `+=,.@-_`. */
  readonly session: string;
}

/** Credentials of the role's session. */
interface ConsumerKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A session of a consumer's role in a region, for that account's clients. */
export interface ConsumerSession {
  readonly keys: ConsumerKeys;
  readonly account: string;
  readonly region: string;
}

/** A session that expires within this time is not used. */
const SPARE_MS = 5 * 60_000;

interface Entered {
  readonly keys: ConsumerKeys;
  readonly endsAt: number;
  /** By region; the same object while the credentials are the same. */
  readonly sessions: Map<string, ConsumerSession>;
}

/** The sessions of each STS client, by role ARN. */
const entries = new WeakMap<STSClient, Map<string, Promise<Entered>>>();

/**
 * Assumes a consumer account's role; the credentials serve all regions until they expire. With role chaining, STS
 * limits a session to one hour (IAM user guide, "role chaining"), which is its default.
 * @throws errors of STS
 */
export async function enterConsumer(sts: STSClient, role: ConsumerRole, region: string): Promise<ConsumerSession> {
  const entered = entries.get(sts) ?? new Map<string, Promise<Entered>>();
  entries.set(sts, entered);
  const before = entered.get(role.arn) ?? Promise.resolve(undefined);
  // Each call waits for the previous one, so that concurrent regions share the credentials.
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

/** STS accepted the request and returned no credentials. */
class NoSession extends Error {
  override readonly name = "NoSession";

  constructor(role: string) {
    super(`STS returned no credentials for ${role}, and no error; a retry assumes it again.`);
  }
}

/** Throttling errors, whatever their status code (SDK, `@smithy/core`'s list of throttling errors). */
const PATIENCE =
  /Throttl|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown|ConcurrentModification|RequestTimeout/;

/**
 * AWS's refusal of a request. Throttling and failures of AWS or the network say nothing about permissions.
 * @returns undefined where AWS did not refuse
 */
export function toRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const { httpStatusCode: status = 0 } = error.$metadata as { readonly httpStatusCode?: number };
  if (status < 400 || status >= 500 || PATIENCE.test(error.name)) return undefined;
  return { code: error.name, message: error.message };
}
