import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import type { RunningFactory } from "./boot-factory.ts";
import { slip } from "./story.ts";

interface Policy {
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** Takes a statement out of a region's key policy, as somebody with a console would. @returns what puts it back */
export async function takeStatement({ options }: RunningFactory, blueprint: Blueprint): Promise<() => Promise<void>> {
  const kms = new KMSClient({ ...options, region: slip.region });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: aliasIn(blueprint, slip.region) }));
  const KeyId = KeyMetadata?.KeyId;
  const { Policy: before = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const policy: Policy = JSON.parse(before);
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== slip.statement);
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify({ ...policy, Statement }) }));
  return async () => {
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: before }));
  };
}

const aliasIn = ({ resources }: Blueprint, region: string): string => {
  const alias = resources.find((one) => one.type === "aws:kms/alias:Alias" && one.region === region);
  return String(alias?.inputs.name);
};
