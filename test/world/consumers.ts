import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { STSClient } from "@aws-sdk/client-sts";
import { consumerRoleName, rolloutRoleName } from "../../core/names.ts";
import { consumerTemplate } from "../../stacks/organization/consumer-template.ts";
import { HOME } from "./factory-of.ts";
import { instead } from "./instead.ts";
import { FACTORY } from "./organization.ts";
import { at, resourcesOf } from "./read-blueprint.ts";
import { functionRole, policyOf } from "./roles.ts";
import { MINUTE } from "./time.ts";
import type { World } from "./world.ts";

export interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}
export interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** The deployed policy of the factory's keys. */
export const keyPolicy = at<Document>(resourcesOf("Key")[0]!, "policy");

/** Creates the factory's key in each region. @returns their ARNs */
export const makeKeys = ({ client }: World, regions: readonly string[]): Promise<string[]> =>
  Promise.all(
    regions.map(async (region) => {
      const made = new CreateKeyCommand({ Policy: JSON.stringify(keyPolicy) });
      return (await client(KMSClient, { region }).send(made)).KeyMetadata?.Arn ?? "";
    }),
  );

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Properties: Record<string, unknown> }>>;
}

interface Entering {
  /** The function that enters the accounts. */
  readonly by: string;
  readonly keys: readonly string[];
  readonly repositories?: readonly string[];
  readonly changeTemplate?: ((template: Template) => void) | undefined;
  /** The function enters by the role of roll-outs, too. */
  readonly rollout?: true;
}

/**
 * Consumers' accounts with the role that a function assumes there, and the function's own role, as deployed.
 * @returns `deploy`, which creates the role in an account, and `client` of a step with the function's credentials
 */
export async function enterable(world: World, { by, keys, repositories, changeTemplate, rollout }: Entering) {
  const { factory, optionsOf } = world;
  const Resource = [consumerRoleName(factory.name), rolloutRoleName(factory.name)].map(
    (name) => `arn:aws:iam::*:role/${name}`,
  );
  const role = `amint-${factory.name}-${by}`;
  const credentials = await functionRole(
    world,
    role,
    policyOf({ Effect: "Allow", Action: "sts:AssumeRole", Resource }),
  );
  const template = consumerTemplate({
    partition: "aws",
    account: FACTORY,
    factory: factory.name,
    organization: factory.organization.id,
    consumers: factory.consumers!,
    actors: [`arn:aws:iam::${FACTORY}:role/${role}`],
    keys: [...keys],
    tags: { "amint:factory": factory.name },
    ...(repositories && { repositories: [...repositories] }),
    ...(rollout && { rollout: { actors: [`arn:aws:iam::${FACTORY}:role/${role}`], home: HOME } }),
  }) as Template;
  changeTemplate?.(template);
  const sts = new STSClient({ ...optionsOf(FACTORY), credentials });
  return {
    client: instead(world.step().client, STSClient, () => sts),
    deploy: (account: string): Promise<void> => deployTemplate(world, account, template),
  };
}

/** Deploys a stack to a consumer's account. */
async function deployTemplate({ optionsOf, aws, pass }: World, account: string, template: object): Promise<void> {
  const stacks = new CloudFormationClient(optionsOf(account));
  const StackName = `consumer-${aws.uuid()}`;
  const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
  await stacks.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template), Capabilities }));
  await pass(10 * MINUTE);
  const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName }));
  if (Stacks[0]?.StackStatus !== "CREATE_COMPLETE") throw new Error(`${StackName} is ${Stacks[0]?.StackStatus}`);
}
