import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { ensureManagedKey } from "./make-key.ts";
import { type Alias, type Key, kmsState } from "./state.ts";

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
