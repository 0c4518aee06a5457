import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { CreateGrantCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { EnableSharingWithAwsOrganizationCommand, RAMClient } from "@aws-sdk/client-ram";
import { VirtualClock } from "embedded-aws";
import type { z } from "zod";
import type { consumersSchema } from "../../core/factory/share-schema.ts";
import { AUTO_SCALING_OPERATIONS, autoScalingRoleArn } from "../../core/share/auto-scaling-grants.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import type { Invocation } from "../../functions/invocation.ts";
import { checkCanary } from "../../functions/share/check-canary.ts";
import { endCanary } from "../../functions/share/end-canary.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { shareParameter } from "../../functions/share/share-parameter.ts";
import { startCanary } from "../../functions/share/start-canary.ts";
import { verifyParameter } from "../../functions/share/verify-parameter.ts";
import { verifyShare } from "../../functions/share/verify-share.ts";
import { enterable, makeKeys, type Template } from "../world/consumers.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { MANAGEMENT } from "../world/organization.ts";
import { withDisk } from "../world/with-disk.ts";
import { openWorld } from "../world/world.ts";

/** Where instances are launched. */
export const CANARY = "200000000001";
/** Asked, and nothing is launched there. */
export const ASKED = "444455556666";
export const CHANNEL = "stable";

interface VerifyOptions {
  readonly consumers?: Partial<z.input<typeof consumersSchema>>;
  readonly resourceTags?: Record<string, string>;
  /** Accounts with an instance of the StackSet. */
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
  resourceTags = {},
  deployedTo = [CANARY, ASKED],
  changeTemplate,
}: VerifyOptions = {}) {
  const config = { verify: [ASKED], canary: { account: CANARY }, ...consumers };
  const world = await openWorld({
    clock: new VirtualClock(Date.now()),
    regions: [HOME],
    channels: [{ name: CHANNEL, share: { organization: true } }],
    factory: { consumers: config, resourceTags },
  });
  const { client, pass } = world;
  const [key = ""] = await makeKeys(world, [HOME]);
  const entering = await enterable(world, { by: "verify-share", keys: [key], changeTemplate });
  for (const account of deployedTo) await entering.deploy(account);

  const encrypted = { encrypted: true, kmsKeyId: key };
  const { build, amis } = await world.addBuild(1, withDisk(world, "golden", encrypted, { imdsSupport: "v2.0" }));
  const step = () => world.step({ client: entering.client, wait: pass });
  const asked = { image: IMAGE, build, channel: CHANNEL, region: HOME };
  await shareImage(asked, step());

  return {
    ...world,
    key,
    build,
    ami: amis[HOME] as AmiId,
    asked,
    step,
    deploy: entering.deploy,
    /** Lets Auto Scaling in an account use the key. */
    grantAutoScaling: (account: string) =>
      client(KMSClient, { account }).send(
        new CreateGrantCommand({
          KeyId: key,
          Name: "amint",
          GranteePrincipal: autoScalingRoleArn("aws", account),
          Operations: [...AUTO_SCALING_OPERATIONS],
        }),
      ),
    putKeyPolicy: (policy: object) =>
      client(KMSClient).send(
        new PutKeyPolicyCommand({ KeyId: key, Policy: JSON.stringify(policy), BypassPolicyLockoutSafetyCheck: true }),
      ),
    /** As the state machine does it. @param ends how often it ends the canary: it repeats a step that failed */
    async verify({ ends = 1 } = {}): Promise<Error | undefined> {
      await pass(1_000);
      return verifyThrough(asked, { step, pass, ends });
    },
    /** Moves the channel, and has its parameter shared. */
    async publish() {
      const ram = client(RAMClient, { account: MANAGEMENT });
      await ram.send(new EnableSharingWithAwsOrganizationCommand({}));
      await moveChannel(asked, step());
      await pass(60_000);
      await shareParameter(asked, step()).catch(notYet);
      await pass(60_000);
      await shareParameter(asked, step());
    },
    /** @returns what failed, or undefined */
    verifyParameter: () => verifyParameter({ ...asked, triesLeft: 0 }, step()).then(() => undefined, refusalOf),
    /** What an account has in EC2 and Auto Scaling. */
    ec2: (account: string) => client(EC2Client, { account }),
    autoScaling: (account: string) => client(AutoScalingClient, { account }),
  };
}

interface Asked {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
}

interface Stepping {
  readonly step: () => Invocation;
  readonly pass: (ms: number) => Promise<void>;
  readonly ends: number;
}

const notYet = (error: Error): void => {
  if (error.name !== "ParameterShareNotYet") throw error;
};

function refusalOf(error: Error): Error {
  if (error.name === "NotLaunchable") return error;
  throw error;
}

async function verifyThrough(asked: Asked, { step, pass, ends }: Stepping): Promise<Error | undefined> {
  try {
    const verified = await verifyShare({ ...asked, triesLeft: 0 }, step());
    if (!("canary" in verified) || !verified.canary) return undefined;
    const ofCanary = { ...asked, amiId: verified.amiId, canary: verified.canary };
    let outcome: Awaited<ReturnType<typeof startCanary | typeof checkCanary>> = await startCanary(ofCanary, step());
    for (let looks = 0; outcome.verdict === "pending"; looks++) {
      await pass(30_000);
      outcome = await checkCanary({ ...ofCanary, minutes: looks / 2, last: looks >= 20 }, step());
    }
    for (let end = 0; end < ends; end++) await endCanary({ ...ofCanary, outcome: outcome as never }, step());
    return undefined;
  } catch (error) {
    return refusalOf(error as Error);
  }
}
