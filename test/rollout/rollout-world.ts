import { type InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient, PutResourcePolicyCommand } from "@aws-sdk/client-organizations";
import { SFNClient } from "@aws-sdk/client-sfn";
import { startAws, VirtualClock } from "embedded-aws";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import type { ClientOf } from "../../functions/invocation.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { enterable, makeKeys } from "../world/consumers.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { MANAGEMENT, organization, readDelegation } from "../world/organization.ts";
import { BEGIN } from "../world/time.ts";
import { openWorld } from "../world/world.ts";
import {
  BUILDING,
  CHANNEL,
  Machine,
  PRODUCTION,
  type RolloutInput,
  rolloutDriver,
  TESTING,
  WAVES,
} from "./rollout-driver.ts";

interface Wanted {
  readonly rollout?: RolloutInput;
  readonly consumers?: NonNullable<FactoryInput["consumers"]>["rollout"];
  readonly factory?: Partial<FactoryInput>;
  readonly regions?: readonly string[];
  /** Wraps the clients that the functions use: faults. */
  readonly wrap?: (client: ClientOf) => ClientOf;
}

/**
 * A factory whose channel is rolled out to groups in consumers' accounts, which have the role that deploys, reached in
 * process by the SDK; what the state machine, rules and schedules do, `drive` does.
 */
export async function openRollouts({
  rollout = { waves: WAVES },
  consumers,
  factory,
  regions = [HOME],
  wrap = (client) => client,
}: Wanted = {}) {
  const clock = new VirtualClock(BEGIN);
  const { aws } = await startAws({ clock, organization, publicImages: [] });
  const world = await openWorld({
    aws,
    clock,
    regions,
    channels: [{ name: CHANNEL, share: { organizationalUnits: ["ou-exam-workload"] }, rollout }],
    factory: { consumers: { verify: ["444455556666"], mirror: true, rollout: consumers }, ...factory },
  });
  const { pass, client: clientIn } = world;
  const Content = JSON.stringify(readDelegation);
  await clientIn(OrganizationsClient, { account: MANAGEMENT }).send(new PutResourcePolicyCommand({ Content }));
  const keys = await makeKeys(world, regions);
  const { client: entering, deploy } = await enterable(world, { by: "roll-out", keys, rollout: true });
  for (const account of [BUILDING, TESTING, PRODUCTION]) await deploy(account);

  const machine = new Machine();
  const states = {
    async send({ input }: { input: { name?: string; input?: string } }) {
      if (input.name === undefined) return { executions: machine.executions.map(({ name }) => ({ name })) };
      machine.start(input.name, input.input ?? "{}");
      return {};
    },
    config: {},
  };
  const functions = {
    send: async ({ input }: InvokeCommand) => void machine.asked.push(JSON.parse(String(input.Payload))),
  };
  const ofLambda = instead(entering, LambdaClient, () => functions);
  const client = instead(ofLambda, SFNClient, () => Object.assign(Object.create(SFNClient.prototype), states));
  const env = {
    MIRROR_CHANNEL_FUNCTION: "mirror-channel",
    ROLLOUT_ARN: "arn:machine",
    KEEP_GRANTS_FUNCTION: "keep-grants",
    KEY_ARNS: keys.join(","),
  };
  const wrapped = wrap(client);
  const step = () => world.step({ env, client: wrapped, wait: pass });
  const calm = () => world.step({ env, client, wait: pass });
  await followOrganization({ scheduledTime: new Date(clock.now()).toISOString() }, calm());
  machine.asked.length = 0;
  const driver = rolloutDriver({ ...world, machine, step, calm });
  return {
    ...world,
    ...driver,
    step,
    /** Built, shared in every region, and the channel points at it; copies follow. */
    async promote(nth: number) {
      const built = await world.addBuild(nth);
      for (const region of regions) {
        await shareImage({ image: IMAGE, build: built.build, channel: CHANNEL, region }, calm());
      }
      await pass(1_000);
      await driver.point(built);
      return built;
    },
  };
}
