import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { ensureManagedKey } from "./make-key.ts";
import { type Alias, type Grant, type Key, kmsState } from "./state.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

/** A key by id, key ARN, `alias/...` or alias ARN. Only ARNs can refer to keys of other accounts. */
export function findKey(aws: EmbeddedAws, here: Place, reference: string): Key | undefined {
  const { place, name } = locate(here, reference);
  if (place.region !== here.region) return undefined;
  const { keys } = aws.state(kmsState, place.account, place.region);
  if (!name.startsWith("alias/")) return keys.get(name);
  const alias = findAlias(aws, place, name);
  return alias && keys.get(alias.keyId);
}

/** An alias of one account and region; AWS's own (`alias/aws/ebs`) are created on first use. */
export function findAlias(aws: EmbeddedAws, { account, region }: Place, name: string): Alias | undefined {
  ensureManagedKey(aws, account, region, name);
  return aws.state(kmsState, account, region).aliases.get(name);
}

/** @throws NotFoundException with the message of AWS KMS */
export function requireKey(aws: EmbeddedAws, here: Place, reference: string | undefined): Key {
  const key = reference ? findKey(aws, here, reference) : undefined;
  if (key) return key;
  throw new AwsError("NotFoundException", refusal(aws, here, reference ?? ""), { status: 400 });
}

/** Full ARN of a key given by id, ARN, alias or alias ARN. @throws NotFoundException */
export const keyArnOf = (aws: EmbeddedAws, account: string, region: string, idOrAliasOrArn: string): string =>
  requireKey(aws, { account, region }, idOrAliasOrArn).arn;

function locate(here: Place, reference: string): { place: Place; name: string } {
  if (!reference.startsWith("arn:")) return { place: here, name: reference };
  const [, , , region = "", account = "", ...rest] = reference.split(":");
  const resource = rest.join(":");
  return { place: { account, region }, name: resource.startsWith("key/") ? resource.slice("key/".length) : resource };
}

function refusal(aws: EmbeddedAws, here: Place, reference: string): string {
  const { place, name } = locate(here, reference);
  const prefix = `arn:${aws.partition}:kms:${place.region}:${place.account}`;
  if (name.startsWith("alias/")) return `Alias ${prefix}:${name} is not found.`;
  if (/^(mrk-)?[0-9a-f-]{32,36}$/.test(name)) return `Key '${prefix}:key/${name}' does not exist`;
  return `Invalid keyId '${reference}'`;
}

/** A key that is not pending deletion. @throws KMSInvalidStateException */
export function requireLivingKey(call: Call, reference: string | undefined): Key {
  const key = requireKey(call.aws, call, reference);
  if (key.state === "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

/** A key that can encrypt and decrypt. @throws DisabledException, KMSInvalidStateException */
export function requireUsableKey(call: Call, reference: string | undefined): Key {
  const key = requireLivingKey(call, reference);
  if (key.state === "Disabled") throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  return key;
}

/** A key that its account may change, which excludes AWS managed keys. @throws AccessDeniedException */
export function requireCustomerKey(call: Call, reference: string | undefined): Key {
  const key = requireLivingKey(call, reference);
  if (key.manager === "AWS") {
    throw new AwsError(
      "AccessDeniedException",
      `User: ${call.principal.arn} is not authorized to change ${key.arn} because it is an AWS managed key`,
    );
  }
  return key;
}

/** KMS answers a successful dry run with this error. */
export const dryRunSucceeded = (): AwsError =>
  new AwsError("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");

/**
 * The authorization of a request for a key: the key's own policy decides, unless it delegates to its account (KMS
 * developer guide, "Key policies"). The operation itself reports a key that does not exist.
 */
export function authorizeKey(
  call: Call,
  reference: string | undefined,
  context: Authorization["context"] = {},
): Omit<Authorization, "action"> {
  const key = reference ? findKey(call.aws, call, reference) : undefined;
  if (!key) return { resources: [reference?.startsWith("arn:") ? reference : "*"], context };
  const { aliases } = call.aws.state(kmsState, key.account, call.region);
  return {
    resources: [key.arn],
    owner: key.account,
    resourcePolicy: key.policy,
    grants: grantStatements(key),
    context: {
      ...context,
      ...resourceTagContext(key.tags),
      "kms:CallerAccount": call.account,
      "kms:ResourceAliases": [...aliases.values()].filter((alias) => alias.keyId === key.id).map(({ name }) => name),
      ...(reference?.includes("alias/") && { "kms:RequestAlias": reference.slice(reference.indexOf("alias/")) }),
    },
  };
}

/**
 * A service's request to KMS with its caller's permissions: actions on the key that encrypts the caller's data. Empty
 * without a KMS key.
 * @param service the beginning of `kms:ViaService`: `sns`, `sqs`, `ec2`
 */
export function throughKey(
  call: Call,
  service: string,
  key: string | undefined,
  actions: readonly string[],
  context: Authorization["context"] = {},
): Partial<Authorization>[] {
  if (!key) return [];
  const via = { "kms:ViaService": `${service}.${call.region}.amazonaws.com` };
  const asked = authorizeKey(call, key, { ...context, ...via });
  return actions.map((action) => ({ ...asked, action: `kms:${action}` }));
}

/** A key's grants as a policy: a grant allows like a policy, and cannot deny. Undefined without grants. */
const grantStatements = ({ grants }: Key): string | undefined =>
  grants.size === 0
    ? undefined
    : JSON.stringify({ Version: "2012-10-17", Statement: [...grants.values()].map(toStatement) });

const toStatement = (grant: Grant): object => ({
  Sid: grant.id,
  Effect: "Allow",
  // The retiring principal can only retire the grant.
  Principal: grant.grantee.endsWith(".amazonaws.com") ? { Service: grant.grantee } : { AWS: grant.grantee },
  Action: grant.operations.map((operation) => `kms:${operation}`),
  Resource: "*",
  ...(grant.constraints && { Condition: { StringEquals: encryptionContext(grant.constraints) } }),
});

const encryptionContext = (constraints: NonNullable<Grant["constraints"]>): Record<string, string> => {
  const wanted = constraints.EncryptionContextEquals ?? constraints.EncryptionContextSubset ?? {};
  return Object.fromEntries(Object.entries(wanted).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));
};
