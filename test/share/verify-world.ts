import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateGrantCommand, CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { EnableSharingWithAwsOrganizationCommand, RAMClient } from "@aws-sdk/client-ram";
import { STSClient } from "@aws-sdk/client-sts";
import type { z } from "zod";
import type { consumersSchema } from "../../core/factory/share-schema.ts";
import { AUTO_SCALING_OPERATIONS, autoScalingRoleArn } from "../../core/share/auto-scaling-grants.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { checkCanary } from "../../functions/share/check-canary.ts";
import { endCanary } from "../../functions/share/end-canary.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { shareParameter } from "../../functions/share/share-parameter.ts";
import { startCanary } from "../../functions/share/start-canary.ts";
import { verifyParameter } from "../../functions/share/verify-parameter.ts";
import { verifyShare } from "../../functions/share/verify-share.ts";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import { credentialsOf } from "../../local/credentials.ts";
import { rolePrincipal } from "../../local/principal.ts";
import { registerImage } from "../../local/services/ec2/register-image.ts";
import { consumerTemplate } from "../../stacks/organization/consumer-template.ts";
import { instead } from "../world/instead.ts";
import { at, resourcesOf } from "../world/read-blueprint.ts";
import { FACTORY, HOME, IMAGE, MANAGEMENT, openSharing } from "./world.ts";

/** Where instances are launched. */
export const CANARY = "200000000001";
/** Asked, and nothing is launched there. */
export const ASKED = "444455556666";
export const CHANNEL = "stable";

export interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}
export interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** What deploys: the policy of the factory's keys. */
export const keyPolicy = at<Document>(resourcesOf("Key")[0]!, "policy");

const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Properties: Record<string, unknown> }>>;
}

interface VerifyOptions {
  readonly consumers?: Partial<z.input<typeof consumersSchema>>;
  /** Accounts to which the StackSet has come. */
  readonly deployedTo?: readonly string[];
  readonly changeTemplate?: (template: Template) => void;
}

export type VerifyWorld = Awaited<ReturnType<typeof openVerifying>>;

/**
 * A factory whose keys' policies, and whose role in consumers' accounts, are those that deploy, and a build of it that
 * is shared with the whole organization.
 */
export async function openVerifying({
  consumers = {},
  deployedTo = [CANARY, ASKED],
  changeTemplate,
}: VerifyOptions = {}) {
  const clock = new VirtualClock(Date.now());
  const config = { verify: [ASKED], canary: { account: CANARY }, ...consumers };
  const world = await openSharing({
    clock,
    regions: [HOME],
    channels: [{ name: CHANNEL, share: { organization: true } }],
    factory: { consumers: config },
  });
  const { aws, optionsOf, factory } = world;
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  const { KeyMetadata } = await new KMSClient(optionsOf(FACTORY)).send(
    new CreateKeyCommand({ Policy: JSON.stringify(keyPolicy) }),
  );
  const key = KeyMetadata?.Arn ?? "";
  const actor = `arn:aws:iam::${FACTORY}:role/amint-sharing-verify-share`;
  await makeActor(new IAMClient(optionsOf(FACTORY)));

  const template = consumerTemplate({
    partition: "aws",
    account: FACTORY,
    factory: factory.name,
    organization: factory.organization.id,
    consumers: factory.consumers!,
    actors: [actor],
    keys: [key],
  }) as Template;
  changeTemplate?.(template);
  const deploy = async (account: string) => {
    const client = new CloudFormationClient(optionsOf(account));
    const StackName = `consumer-${aws.uuid()}`;
    const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
    await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template), Capabilities }));
    await pass(600_000);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (Stacks[0]?.StackStatus !== "CREATE_COMPLETE") throw new Error(`${StackName} is ${Stacks[0]?.StackStatus}`);
  };
  for (const account of deployedTo) await deploy(account);

  const { build, amis } = await world.addBuild(1, (region) =>
    registerImage(aws, FACTORY, region, {
      name: "golden",
      architecture: "x86_64",
      imdsSupport: "v2.0",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: true, kmsKeyId: key, volumeSizeGiB: 8 }],
    }),
  );
  const sts = new STSClient({
    ...optionsOf(FACTORY),
    credentials: credentialsOf(aws).issue(rolePrincipal(actor, "verify")),
  });
  const client = instead(world.step().client, STSClient, () => sts);
  const step = () => world.step({ client, wait: pass });
  const asked = { image: IMAGE, build, channel: CHANNEL, region: HOME };
  await shareImage(asked, step());

  return {
    ...world,
    clock,
    pass,
    key,
    build,
    ami: amis[HOME] as AmiId,
    asked,
    step,
    deploy,
    /** Lets Auto Scaling in an account use the key. */
    grantAutoScaling: (account: string) =>
      new KMSClient(optionsOf(account)).send(
        new CreateGrantCommand({
          KeyId: key,
          Name: "amint",
          GranteePrincipal: autoScalingRoleArn("aws", account),
          Operations: [...AUTO_SCALING_OPERATIONS],
        }),
      ),
    putKeyPolicy: (policy: object) =>
      new KMSClient(optionsOf(FACTORY)).send(
        new PutKeyPolicyCommand({ KeyId: key, Policy: JSON.stringify(policy), BypassPolicyLockoutSafetyCheck: true }),
      ),
    /** As the state machine does it. @returns what failed, or undefined */
    async verify(): Promise<Error | undefined> {
      await pass(1_000);
      return verifyThrough(asked, { step, pass });
    },
    /** Moves the channel, and has its parameter shared. */
    async publish() {
      const client = new RAMClient(optionsOf(MANAGEMENT));
      await client.send(new EnableSharingWithAwsOrganizationCommand({}));
      await moveChannel(asked, step());
      await pass(60_000);
      await shareParameter(asked, step()).catch(notYet);
      await pass(60_000);
      await shareParameter(asked, step());
    },
    /** @returns what failed, or undefined */
    verifyParameter: () => verifyParameter({ ...asked, triesLeft: 0 }, step()).then(() => undefined, refusalOf),
    /** What an account has in EC2 and Auto Scaling. */
    ec2: (account: string) => new EC2Client(optionsOf(account)),
    autoScaling: (account: string) => new AutoScalingClient(optionsOf(account)),
  };
}

/** The function's role, which the trust of the consumers' names. */
export async function makeActor(client: IAMClient): Promise<void> {
  const RoleName = "amint-sharing-verify-share";
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyOf(trust) }));
  const grant = {
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: "arn:aws:iam::*:role/amint-sharing-consumer",
  };
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grants", PolicyDocument: policyOf(grant) }));
}

interface Asked {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
}

interface Stepping {
  readonly step: () => Parameters<typeof verifyShare>[1] & Parameters<typeof startCanary>[1];
  readonly pass: (ms: number) => Promise<void>;
}

const notYet = (error: Error): void => {
  if (error.name !== "ParameterShareNotYet") throw error;
};

function refusalOf(error: Error): Error {
  if (error.name === "NotLaunchable") return error;
  throw error;
}

async function verifyThrough(asked: Asked, { step, pass }: Stepping): Promise<Error | undefined> {
  try {
    const verified = await verifyShare({ ...asked, triesLeft: 0 }, step());
    if (!("canary" in verified) || !verified.canary) return undefined;
    const ofCanary = { ...asked, amiId: verified.amiId, canary: verified.canary };
    let outcome: Awaited<ReturnType<typeof startCanary | typeof checkCanary>> = await startCanary(ofCanary, step());
    for (let looks = 0; outcome.verdict === "pending"; looks++) {
      await pass(30_000);
      outcome = await checkCanary({ ...ofCanary, minutes: looks / 2, last: looks >= 20 }, step());
    }
    await endCanary({ ...ofCanary, outcome: outcome as never }, step());
    return undefined;
  } catch (error) {
    return refusalOf(error as Error);
  }
}
