import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { credentialsOf, rolePrincipal } from "embedded-aws";
import blueprintJson from "../../blueprint.json" with { type: "json" };
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { consumersSchema } from "../../core/factory/share-schema.ts";
import { consumerRoleName } from "../../core/names.ts";
import { consumerTemplate } from "../../stacks/organization/consumer-template.ts";
import { FACTORY, ORGANIZATION } from "./large-organization.ts";
import { REGIONS, type World } from "./open-world.ts";

export const NAME = "scale";
const ROLE = `amint-${NAME}-verify-share`;
const STACK_TAKES_MS = 600_000;

export type Consumers = Awaited<ReturnType<typeof openConsumers>>;

/**
 * The factory's keys in every region, with the deployed policy, and in some accounts the role with which launches are
 * verified, as StackSets creates it.
 */
export async function openConsumers({ aws, clock, optionsOf }: World, accounts: readonly string[]) {
  const policy = JSON.stringify(keyPolicy());
  const keys = new Map<string, string>();
  for (const region of REGIONS) {
    const { KeyMetadata } = await new KMSClient(optionsOf(FACTORY, region)).send(
      new CreateKeyCommand({ Policy: policy }),
    );
    keys.set(region, KeyMetadata?.Arn ?? "");
  }
  const verifier = `arn:aws:iam::${FACTORY}:role/${ROLE}`;
  await makeVerifier(new IAMClient(optionsOf(FACTORY)));
  const config = { verify: [...accounts] };
  const TemplateBody = JSON.stringify(
    consumerTemplate({
      partition: "aws",
      account: FACTORY,
      factory: NAME,
      organization: ORGANIZATION,
      consumers: consumersSchema.parse(config),
      actors: [verifier],
      keys: [...keys.values()],
      tags: { "amint:factory": NAME },
    }),
  );
  for (const account of accounts) {
    const client = new CloudFormationClient(optionsOf(account));
    const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
    await client.send(new CreateStackCommand({ StackName: "consumer", TemplateBody, Capabilities }));
  }
  await clock.sleep(STACK_TAKES_MS);
  for (const account of accounts) {
    const client = new CloudFormationClient(optionsOf(account));
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: "consumer" }));
    const status = Stacks[0]?.StackStatus;
    if (status !== "CREATE_COMPLETE") throw new Error(`The consumer role's stack in ${account} is ${status}.`);
  }
  return {
    config,
    keyOf: (region: string): string => keys.get(region) ?? "",
    /** Credentials of verify-share's role. */
    verifiers: () => credentialsOf(aws).issue(rolePrincipal(verifier, "verify-share")),
  };
}

/** The deployed key policy. */
function keyPolicy(): unknown {
  const { resources } = blueprintJson as unknown as Blueprint;
  const key = resources.find(({ type }) => type === "aws:kms/key:Key");
  if (!key) throw new Error("blueprint.json has no aws:kms/key:Key.");
  return key.inputs.policy;
}

async function makeVerifier(client: IAMClient): Promise<void> {
  const policyOf = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const Resource = `arn:aws:iam::*:role/${consumerRoleName(NAME)}`;
  const grant = policyOf({ Effect: "Allow", Action: "sts:AssumeRole", Resource });
  await client.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: policyOf(trust) }));
  await client.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: "grants", PolicyDocument: grant }));
}
