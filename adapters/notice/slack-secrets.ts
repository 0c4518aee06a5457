import { DescribeKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeParametersCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { type SlackSecret, slackKeyAlias, slackSecretParameter } from "../../core/notice/slack-secrets.ts";
import { unlessError } from "../unless-error.ts";

/** How long a value is used without another read. */
const KEPT_MS = 5 * 60_000;

/**
 * Minimum time between reads after Slack or a signature did not accept a value: forged requests to the public URL must
 * not use up GetParameter's rate (40 per second by default).
 */
const ANEW_MS = 30_000;

interface Kept {
  readonly value: string;
  readonly readAt: number;
}

/** One client lives as long as its execution environment. */
const caches = new WeakMap<SSMClient, Map<SlackSecret, Kept>>();

export interface SlackSecretSource {
  readonly ssm: SSMClient;
  readonly factory: string;
  readonly now: Date;
}

/**
 * Reads one of the Slack app's secrets.
 * @param rejected a value that was not accepted: the parameter is read again, unless it was read moments ago
 * @throws SlackSecretMissing, and errors of Systems Manager
 */
export async function readSlackSecret(
  { ssm, factory, now }: SlackSecretSource,
  secret: SlackSecret,
  rejected?: string,
): Promise<string> {
  const cache = caches.get(ssm) ?? new Map<SlackSecret, Kept>();
  caches.set(ssm, cache);
  const kept = cache.get(secret);
  const age = kept ? now.getTime() - kept.readAt : Number.POSITIVE_INFINITY;
  if (kept && age < (kept.value === rejected ? ANEW_MS : KEPT_MS)) return kept.value;
  const value = await readValue(ssm, slackSecretParameter(factory, secret));
  cache.set(secret, { value, readAt: now.getTime() });
  return value;
}

async function readValue(ssm: SSMClient, Name: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    if (Parameter?.Type !== "SecureString") throw new SlackSecretMissing(Name, "is not a SecureString");
    return Parameter.Value ?? "";
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : undefined;
    if (name === "ParameterNotFound") throw new SlackSecretMissing(Name, "does not exist", { cause });
    // After a factory was removed and deployed again: the value is encrypted with the former key.
    if (name === "InvalidKeyId")
      throw new SlackSecretMissing(Name, "is encrypted with a key that no longer exists", { cause });
    throw cause;
  }
}

/** A secret of the Slack app is not stored, or no longer readable. */
class SlackSecretMissing extends Error {
  override readonly name = "SlackSecretMissing";

  constructor(parameter: string, why: string, options?: ErrorOptions) {
    super(`The parameter ${parameter} ${why}. Store Slack's secrets with "amint slack secrets".`, options);
  }
}

/** The ARN of the stack's key for Slack's secrets; undefined before it is deployed. */
export async function findSlackKey(kms: KMSClient, factory: string): Promise<string | undefined> {
  const describe = new DescribeKeyCommand({ KeyId: slackKeyAlias(factory) });
  return (await unlessError(kms.send(describe), /^NotFoundException$/))?.KeyMetadata?.Arn;
}

export interface NewSlackSecret {
  readonly factory: string;
  readonly secret: SlackSecret;
  readonly value: string;
  /** The key's ARN; Parameter Store's default is AWS's own key, which every principal of the account may use. */
  readonly key: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Stores or replaces a secret. @returns the parameter's version */
export async function storeSlackSecret(
  ssm: SSMClient,
  { factory, secret, value, key, tags }: NewSlackSecret,
): Promise<number> {
  const parameter = {
    Name: slackSecretParameter(factory, secret),
    Description: `Slack's ${secret} of the factory ${factory}`,
    Type: "SecureString",
    Value: value,
    KeyId: key,
  } as const;
  try {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Version = 1 } = await ssm.send(new PutParameterCommand({ ...parameter, Tags }));
    return Version;
  } catch (error) {
    if (!(error instanceof ParameterAlreadyExists)) throw error;
    // Systems Manager accepts tags at creation only.
    const { Version = 1 } = await ssm.send(new PutParameterCommand({ ...parameter, Overwrite: true }));
    return Version;
  }
}

/** A stored secret without its value, if it exists. */
export async function describeSlackSecret(
  ssm: SSMClient,
  factory: string,
  secret: SlackSecret,
): Promise<{ readonly type: string; readonly key: string | undefined } | undefined> {
  const Values = [slackSecretParameter(factory, secret)];
  const asked = new DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values }] });
  const { Parameters: [found] = [] } = await ssm.send(asked);
  return found && { type: found.Type ?? "", key: found.KeyId };
}
