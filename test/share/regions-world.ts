import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { ExecutionAlreadyExists, SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { AwsError, accountPrincipal, type Operation } from "embedded-aws";
import { regionDown, setInterference, undisturbed } from "embedded-aws/faults";
import { Workbench } from "embedded-aws/testing/states";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { distributionName } from "../../core/names.ts";
import { planPromotion } from "../../core/promotion/plan-promotion.ts";
import type { BuildArn } from "../../events/ids.ts";
import { confirmChannel } from "../../functions/channel/confirm-channel.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { checkPromotion } from "../../functions/promotion/check-promotion.ts";
import { copyBuild } from "../../functions/promotion/distribute-image.ts";
import { keepCopy } from "../../functions/promotion/record-copy.ts";
import { undoPromotion } from "../../functions/promotion/undo-promotion.ts";
import { repairParameters } from "../../functions/repair/repair-parameters.ts";
import { repairShares } from "../../functions/repair/repair-shares.ts";
import { catchUp } from "../../functions/repair/resume-promotions.ts";
import { everything } from "../../functions/repair/scope.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { ACCOUNT, HOME } from "../channel/way-back/way-factory.ts";
import { amiIn, IMAGE, openWay } from "../channel/way-back/world.ts";
import { promotion } from "../promotion/machine/promotion-machine.ts";
import { recordBuilt } from "../world/built.ts";
import { directClients, toSdk } from "../world/direct-clients.ts";
import { factoryOf, imageOf } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { repairing } from "../world/repairing.ts";
import { HOUR } from "../world/time.ts";

export { HOME } from "../channel/way-back/way-factory.ts";
export { IMAGE } from "../channel/way-back/world.ts";
export const REGIONS = [HOME, "us-east-1", "eu-central-1"];
/** The region that fails in these tests. */
export const WEAK = "eu-central-1";

type ImageInput = FactoryInput["images"][string];

/**
 * A factory in three regions whose promotions are the state machine itself, with the functions' own bodies, on an embedded
 * AWS that copies; verification in consumers' accounts and parameter shares are omitted, because other tests cover them.
 */
export async function openRegions(
  channels: ImageInput["channels"],
  { regions }: Pick<ImageInput, "regions"> = {},
  count = 3,
) {
  const world = await openWay(REGIONS, count);
  await world.renew();
  const factory = factoryOf({ name: "way", regions: REGIONS, images: { [IMAGE]: imageOf({ channels, regions }) } });
  world.now.factory = factory;
  const down = new Set<string>();
  setInterference(world.aws, {
    ...undisturbed,
    operation: (asked, carryOut) =>
      down.has(asked.call.region) ? Promise.reject(regionDown(asked.call.region)) : carryOut(),
  });
  const ask = (service: string, operation: string, input: object, region: string) =>
    world.clock.hold(
      world.aws.call<object>(service, operation, input, { principal: accountPrincipal(ACCOUNT), region }).catch(toSdk),
    );
  const imageBuilder = directClients(ask, HOME)(ImagebuilderClient);
  for (const region of REGIONS.filter((one) => one !== HOME)) {
    const amiDistributionConfiguration = { name: `way-${IMAGE} {{ imagebuilder:buildDate }}` };
    const input = {
      name: distributionName("way", IMAGE, region),
      distributions: [{ region, amiDistributionConfiguration }],
      clientToken: region,
    };
    await ask("imagebuilder", "CreateDistributionConfiguration", input, HOME);
  }

  const step = () => world.step();
  const copying = () => {
    const env = { DISTRIBUTION_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/distribution` };
    const given = step();
    return {
      ...given,
      settings: { ...given.settings, env },
      client: instead(given.client, ImagebuilderClient, () => imageBuilder),
    };
  };
  const { ledger } = step();
  const bodies: Readonly<Record<string, (event: never) => Promise<object>>> = {
    "collect-evidence": async (event) => event,
    "decide-gate": async () => ({ verdict: "passed", ...planPromotion(factory, requireImage(factory, IMAGE)) }),
    "distribute-image": (event) => copyBuild(event, copying()),
    "record-copy": (event) => keepCopy(event, copying()),
    "check-promotion": (event) => checkPromotion(event, step()),
    "keep-grants": async () => ({}),
    "prepare-image": async () => ({}),
    "share-image": (event) => shareImage(event, step()),
    "verify-share": async (event: { region: string }) => ({ region: event.region }),
    "move-channel": (event) => moveChannel(event, step()),
    "confirm-channel": (event) => confirmChannel(event, step()),
    "share-parameter": async (event) => event,
    "verify-parameter": async () => ({}),
    "undo-promotion": (event) => undoPromotion(event, step()),
  };
  /** Two clocks: the state machine's waits pass in the factory's time, too. */
  const inFactory = async <T>(work: () => Promise<T>): Promise<T> => {
    if (world.clock.now() < bench.clock.now()) await world.clock.runUntil(bench.clock.now());
    return world.through(work());
  };
  const functions = Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => [
      name,
      (event: unknown) => bench.clock.hold(inFactory(() => body(event as never))),
    ]),
  );
  const GetImage = {
    run: (input: object) => bench.clock.hold(inFactory(() => ask("imagebuilder", "GetImage", input, HOME))),
  } as Operation;
  const client = () => import("@aws-sdk/client-imagebuilder");
  const bench = new Workbench(functions, { imagebuilder: { name: "imagebuilder", client, operations: { GetImage } } });
  const machine = await bench.create(promotion, "promotion");
  const send = (command: { readonly constructor: { readonly name: string }; readonly input: object }) =>
    bench.call(command.constructor.name.replace(/Command$/, ""), command.input).catch((error: unknown) => {
      if (error instanceof AwsError && error.code === "ExecutionAlreadyExists") {
        throw new ExecutionAlreadyExists({ message: error.message, $metadata: {} });
      }
      throw error;
    });

  async function judge(build: BuildArn): Promise<void> {
    const n = world.builds.findIndex((one) => one.build === build);
    const startedAt = new Date(world.clock.now() - HOUR + n).toISOString();
    const outputs = { [HOME]: amiIn(world.builds[n]?.images ?? new Map(), HOME) };
    await recordBuilt(ledger, { image: IMAGE, build, outputs, at: startedAt, gate: { verdict: "passed" } });
  }

  return {
    world,
    factory,
    ledger,
    /** Regions that respond with 503 only. */
    down,
    step,
    copying,
    /** The build is available and passed its gate. */
    judge,
    builds: world.builds.map(({ build }) => build),
    /** Runs a build's promotion through its image's channels. @returns how the execution ended */
    async promote(build: BuildArn): Promise<string> {
      await judge(build);
      const execution = await bench.begin(machine, { image: IMAGE, build }, `build-${build.split("/").at(-1)}`);
      await this.pass(24);
      return (await bench.look(execution)).status;
    },
    /** Lets hours pass. */
    async pass(hours: number): Promise<void> {
      await bench.clock.runUntil(Math.max(bench.clock.now(), world.clock.now()) + hours * HOUR);
      await world.clock.runUntil(bench.clock.now());
    },
    /** The part of `reconcile` for lagging regions, parameters and shares. @returns the names of what it started */
    async reconcile(): Promise<string[]> {
      const begun: string[] = [];
      const promotions = {
        send(command: Parameters<typeof send>[0]) {
          begun.push(String((command.input as { name?: string }).name));
          return send(command);
        },
      };
      const given = step();
      const repairStep = repairing({ ...given, client: instead(given.client, SFNClient, () => promotions) }, machine);
      const states = await readImageStates(ledger, [IMAGE]);
      await inFactory(() => catchUp(states, repairStep));
      // What regions keep that are behind is as it should be, and nothing to repair.
      if (down.size === 0) {
        const known = { states, told: [] };
        await inFactory(() => repairParameters(known, everything(repairStep), repairStep));
        await inFactory(() => repairShares(known, everything(repairStep), repairStep));
      }
      return begun;
    },
    /** A channel's parameter values, by region. */
    async says(channel: string): Promise<Record<string, string | undefined>> {
      const name = `/imagebuilder/amint/way/${IMAGE}/${channel}`;
      const each = REGIONS.map(async (region) => [region, await readParameter(step().client(SSMClient, region), name)]);
      return Object.fromEntries(await Promise.all(each));
    },
    /** The build's AMI in each region that has one, by the ledger. */
    pointed: (channel: string) => findChannel(ledger, IMAGE, channel),
    said: (name: string) => world.said.filter((event) => event.name === name).map(({ detail }) => detail),
  };
}
