import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";

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

/** What clients are made of that act in a consumer's account. */
export interface ConsumerSession {
  readonly keys: ConsumerKeys;
  readonly account: string;
  readonly region: string;
}

/** Enters a consumer's account. @throws what STS refuses */
export type EnterConsumer<Clients> = (role: ConsumerRole, region: string) => Promise<Clients>;

/** A session that ends sooner is not begun to be worked with. */
const SPARE_MS = 5 * 60_000;

interface Session {
  readonly keys: ConsumerKeys;
  readonly endsAt: number;
}

/**
 * Enters consumers' accounts by their roles; a role's session is used in all regions until it ends. STS gives sessions
 * of a session an hour at most (IAM user guide, "role chaining"), which is its default.
 * @param connect makes the clients that are wanted of a session
 */
export function enterConsumers<Clients>(
  sts: STSClient,
  connect: (session: ConsumerSession) => Clients,
): EnterConsumer<Clients> {
  const sessions = new Map<string, Promise<Session>>();
  const made = new Map<string, { readonly keys: ConsumerKeys; readonly clients: Clients }>();
  const enter = (role: ConsumerRole): Promise<Session> => {
    const before = sessions.get(role.arn) ?? Promise.resolve(undefined);
    // Each waits for the one before: several regions that ask at once share a session.
    const entered = before
      .catch(() => undefined)
      .then((known) => (known && known.endsAt - SPARE_MS > Date.now() ? known : begin(sts, role)));
    sessions.set(role.arn, entered);
    return entered;
  };
  return async (role, region) => {
    const { keys } = await enter(role);
    const at = `${role.arn} ${region}`;
    const before = made.get(at);
    if (before?.keys === keys) return before.clients;
    const clients = connect({ keys, region, account: role.arn.split(":")[4] ?? "" });
    made.set(at, { keys, clients });
    return clients;
  };
}

async function begin(sts: STSClient, { arn, externalId, session }: ConsumerRole): Promise<Session> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: arn, ExternalId: externalId, RoleSessionName: session }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw new NoSession(arn);
  return {
    keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    endsAt: Expiration.getTime(),
  };
}

/** STS took the request and gave no keys. */
class NoSession extends Error {
  override readonly name = "NoSession";

  constructor(role: string) {
    super(`STS gave no keys for ${role}, and no reason.`);
  }
}
