import { type InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import { VirtualClock } from "embedded-aws";
import { findChannel } from "../../adapters/channel/channels.ts";
import { emptyInLedger } from "../../adapters/channel/history.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import type { Channel } from "../../core/factory/channel-schema.ts";
import { mirrorParameter, ringParameter } from "../../core/names.ts";
import type { ComparedRings } from "../../functions/channel/read-mirrored.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { enterable, makeKeys } from "../world/consumers.ts";
import { IMAGE, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { openWorld } from "../world/world.ts";

interface ConsumerOptions {
  readonly share: Partial<Channel["share"]>;
  /** Accounts with an instance of the StackSet. */
  readonly deployedTo: readonly string[];
  /** Waves of the channel's roll-outs; default: none. */
  readonly waves?: readonly string[];
}

export type ConsumerWorld = Awaited<ReturnType<typeof openConsumers>>;

/**
 * A factory with a key in each region and a role in consumers' accounts, both with the policies that deploy, for what is
 * done in those accounts; the organization was read. A function's requests to other functions are recorded in `asked`.
 */
export async function openConsumers({ share, deployedTo, waves }: ConsumerOptions) {
  const clock = new VirtualClock(Date.now());
  const world = await openWorld({
    clock,
    channels: [
      {
        name: "stable",
        share,
        ...(waves && { rollout: { waves: waves.map((name) => ({ name, tag: { wave: name } })) } }),
      },
    ],
    factory: { consumers: { verify: ["444455556666"], mirror: true } },
  });
  const { ledger, pass } = world;
  const keys = await makeKeys(world, REGIONS);
  const { client: entering, deploy } = await enterable(world, { by: "mirror-channel", keys });
  for (const account of deployedTo) await deploy(account);

  /** Requests to functions since the last read. */
  const asked: { readonly name: string; readonly event: Record<string, unknown> }[] = [];
  const functions = {
    send: async ({ input }: InvokeCommand) => {
      asked.push({ name: String(input.FunctionName), event: JSON.parse(String(input.Payload)) });
    },
  };
  const client = instead(entering, LambdaClient, () => functions);
  const env = {
    MIRROR_CHANNEL_FUNCTION: "mirror-channel",
    KEEP_GRANTS_FUNCTION: "keep-grants",
    KEY_ARNS: keys.join(","),
  };
  const step = () => world.step({ env, client, wait: pass });
  const look = (rings?: ComparedRings) =>
    followOrganization({ scheduledTime: new Date(clock.now()).toISOString(), rings }, step());
  await look();
  asked.length = 0;

  return {
    ...world,
    step,
    look,
    deploy,
    asked,
    keys,
    /** Shared in every region, and the channel points at it. */
    async promote(nth: number) {
      const built = await world.addBuild(nth);
      for (const region of REGIONS) {
        await shareImage({ image: IMAGE, build: built.build, channel: "stable", region }, step());
      }
      await pass(1_000);
      await world.point("stable", built);
      return built.amis;
    },
    /** What the channel points at. */
    async pointed() {
      const channel = await findChannel(ledger, IMAGE, "stable");
      if (!channel) throw new Error("the channel points at nothing");
      return channel;
    },
    /** Empties the channel. */
    async empty() {
      const before = await findChannel(ledger, IMAGE, "stable");
      const now = new Date(clock.now());
      if (before) await emptyInLedger(ledger, { image: IMAGE, channel: "stable", now }, before, { how: "undo" });
    },
    /** Values of the channel's parameter copies in an account, by region; or a wave's parameters. */
    copies: (account: string, wave?: string) =>
      Promise.all(
        REGIONS.map((region) =>
          readParameter(
            world.client(SSMClient, { account, region }),
            wave === undefined
              ? mirrorParameter("sharing", IMAGE, "stable")
              : ringParameter("sharing", IMAGE, "stable", wave),
          ),
        ),
      ),
  };
}
