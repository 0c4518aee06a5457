import type { SSMClient } from "@aws-sdk/client-ssm";
import { readBaseAmi } from "../../adapters/advisories/base-ami.ts";
import { readTagDigest } from "../../adapters/containers/registry-tag.ts";
import { isParameter } from "../../core/advisories/bases.ts";
import type { BaseId } from "../../events/ids.ts";

/**
 * What a base's name resolves to now: the AMI of a public parameter, or the digest of a registry's tag.
 * @returns undefined where a parameter does not exist or has no AMI id
 * @throws RegistryFailure
 */
export const readBase = (ssm: SSMClient, name: string): Promise<BaseId | undefined> =>
  isParameter(name) ? readBaseAmi(ssm, name) : readTagDigest(name);
