import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { type InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { emptyInLedger, moveInLedger } from "../../adapters/channel/history.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import type { Channel } from "../../core/factory/channel-schema.ts";
import { mirrorParameter } from "../../core/names.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import { credentialsOf } from "../../local/credentials.ts";
import { rolePrincipal } from "../../local/principal.ts";
import { consumerTemplate } from "../../stacks/organization/consumer-template.ts";
import { instead } from "../world/instead.ts";
import { at, resourcesOf } from "../world/read-blueprint.ts";
import { FACTORY, IMAGE, openSharing, REGIONS } from "./world.ts";

interface ConsumerOptions {
  readonly share: Partial<Channel["share"]>;
  /** Accounts to which the StackSet has come. */
  readonly deployedTo: readonly string[];
}

export type ConsumerWorld = Awaited<ReturnType<typeof openConsumers>>;

const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const ACTOR = "amint-sharing-mirror-channel";

/**
 * A factory with a key in each region and a role in consumers' accounts, both with the policies that deploy, for what is
 * done in those accounts; the organization was read. What a function asks of functions is kept in `asked`.
 */
export async function openConsumers({ share, deployedTo }: ConsumerOptions) {
  const clock = new VirtualClock(Date.now());
  const world = await openSharing({
    clock,
    channels: [{ name: "stable", share }],
    factory: { consumers: { verify: ["444455556666"], mirror: true } },
  });
  const { optionsOf, factory, aws } = world;
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  const policy = JSON.stringify(at<object>(resourcesOf("Key")[0]!, "policy"));
  const keys = await Promise.all(
    REGIONS.map(async (region) => {
      const { KeyMetadata } = await new KMSClient(optionsOf(FACTORY, region)).send(
        new CreateKeyCommand({ Policy: policy }),
      );
      return KeyMetadata?.Arn ?? "";
    }),
  );
  const actor = `arn:aws:iam::${FACTORY}:role/${ACTOR}`;
  await makeActor(new IAMClient(optionsOf(FACTORY)));
  const template = JSON.stringify(
    consumerTemplate({
      partition: "aws",
      account: FACTORY,
      factory: factory.name,
      organization: factory.organization.id,
      consumers: factory.consumers!,
      actors: [actor],
      keys,
    }),
  );
  const deploy = async (account: string) => {
    const client = new CloudFormationClient(optionsOf(account));
    const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
    await client.send(new CreateStackCommand({ StackName: "consumer", TemplateBody: template, Capabilities }));
    await pass(600_000);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: "consumer" }));
    if (Stacks[0]?.StackStatus !== "CREATE_COMPLETE") throw new Error(`The stack is ${Stacks[0]?.StackStatus}`);
  };
  for (const account of deployedTo) await deploy(account);

  const sts = new STSClient({
    ...optionsOf(FACTORY),
    credentials: credentialsOf(aws).issue(rolePrincipal(actor, "mirror")),
  });
  /** What functions were asked for, since it was last looked at. */
  const asked: { readonly name: string; readonly event: Record<string, unknown> }[] = [];
  const functions = {
    send: async ({ input }: InvokeCommand) => {
      asked.push({ name: String(input.FunctionName), event: JSON.parse(String(input.Payload)) });
    },
  };
  const { client: own } = world.step();
  const client = instead(
    instead(own, STSClient, () => sts),
    LambdaClient,
    () => functions,
  );
  const env = {
    MIRROR_CHANNEL_FUNCTION: "mirror-channel",
    KEEP_GRANTS_FUNCTION: "keep-grants",
    KEY_ARNS: keys.join(","),
  };
  const step = () => world.step({ env, client, wait: pass });
  const look = () => followOrganization({ scheduledTime: new Date(clock.now()).toISOString() }, step());
  await look();
  asked.length = 0;

  return {
    ...world,
    pass,
    step,
    look,
    deploy,
    asked,
    keys,
    /** Shared in every region, and the channel points at it. */
    async promote(nth: number) {
      const { build, amis } = await world.addBuild(nth);
      for (const region of REGIONS) await shareImage({ image: IMAGE, build, channel: "stable", region }, step());
      await pass(1_000);
      const now = new Date(clock.now());
      const before = await findChannel(world.ledger, IMAGE, "stable");
      const next = { build, amis, startedAt: now.toISOString(), how: "promotion" as const };
      await moveInLedger(world.ledger, { image: IMAGE, channel: "stable", now }, before, next);
      return amis;
    },
    /** The channel points at nothing any more. */
    async empty() {
      const before = await findChannel(world.ledger, IMAGE, "stable");
      const now = new Date(clock.now());
      if (before) await emptyInLedger(world.ledger, { image: IMAGE, channel: "stable", now }, before, { how: "undo" });
    },
    /** What the copies of the channel's parameter say in an account, region by region. */
    copies: (account: string) =>
      Promise.all(
        REGIONS.map((region) =>
          readParameter(new SSMClient(optionsOf(account, region)), mirrorParameter("sharing", IMAGE, "stable")),
        ),
      ),
  };

  async function makeActor(client: IAMClient): Promise<void> {
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    await client.send(new CreateRoleCommand({ RoleName: ACTOR, AssumeRolePolicyDocument: policyOf(trust) }));
    const Resource = `arn:aws:iam::*:role/amint-sharing-consumer`;
    const grant = { Effect: "Allow", Action: "sts:AssumeRole", Resource };
    await client.send(
      new PutRolePolicyCommand({ RoleName: ACTOR, PolicyName: "grants", PolicyDocument: policyOf(grant) }),
    );
  }
}
