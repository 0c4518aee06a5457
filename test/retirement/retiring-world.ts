import {
  CreateLaunchTemplateCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Image,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { VirtualClock } from "embedded-aws";
import type { Bus } from "../../adapters/bus.ts";
import { recordHold } from "../../adapters/retirement/retirements.ts";
import type { Decision } from "../../core/retirement/plan-retirement.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import { retire } from "../../functions/retirement/retire.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { HOME, IMAGE, imageOf, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { FACTORY } from "../world/organization.ts";
import { lastingPromotions } from "../world/promotions.ts";
import { roleCredentials } from "../world/roles.ts";
import { BEGIN, DAY } from "../world/time.ts";
import { withDisk } from "../world/with-disk.ts";
import { openWorld } from "../world/world.ts";

/** An account of the organization that everything is shared with. */
export const CONSUMER = "444455556666";

const RETENTION = { keep: 2, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" } as const;

/** One published build on one of its days. */
export interface Published {
  readonly build: BuildArn;
  readonly amis: Readonly<Record<string, AmiId>>;
}

interface Restoring {
  readonly bus?: Bus;
  readonly ec2?: (region: string) => EC2Client;
}

/** A factory that publishes builds of an image and retires them, and consumers that launch them. */
export async function openRetiring(regions: readonly string[] = REGIONS) {
  const world = await openWorld({
    factory: { images: { [IMAGE]: imageOf({ retention: RETENTION }) } },
    clock: new VirtualClock(BEGIN),
    regions,
  });
  const { clock, ledger } = world;
  const { promotionArn, promote } = await lastingPromotions(world);
  /** EC2 with the deployed permissions of a function's role. */
  const as = async (role: string): Promise<(region: string) => EC2Client> => {
    const credentials = await roleCredentials(world, role);
    return (region) => new EC2Client({ ...world.optionsOf(FACTORY, region), credentials });
  };
  const asRetire = await as("RetireRole");
  const asRestore = await as("RestoreBuildRole");
  /** Separate clients, so that tests can inject failures. */
  const ec2 = (region: string, account = FACTORY) => new EC2Client(world.optionsOf(account, region));
  let requests = 0;
  const step = (ofRegion: (region: string) => EC2Client) => {
    const client = instead(world.step().client, EC2Client, (region = HOME) => ofRegion(region));
    return world.step({ requestId: `request-${++requests}`, env: { PROMOTION_ARN: promotionArn }, client });
  };
  const pass = (days: number): Promise<void> => world.pass(days * DAY);
  let decisions: readonly Decision[] = [];
  const run = async (wants: "plan" | "apply" = "apply", ofRegion = asRetire) => {
    ({ decisions } = await retire({ wants }, step(ofRegion)));
    return decisions;
  };

  return {
    ...world,
    ec2,
    pass,
    run,
    /** Publishes a build: its channel points at it. */
    async publish(nth: number): Promise<Published> {
      const disk = withDisk(
        world,
        `build-${nth}`,
        { writtenBytes: 2 ** 31 },
        { snapshotTags: { "amint:factory": "sharing" } },
      );
      const made = await world.addBuild(nth, disk);
      for (const region of regions) {
        await shareImage({ image: IMAGE, build: made.build, channel: "stable", region }, world.step());
      }
      await world.point("stable", made);
      return made;
    },
    /** Passes a number of days, with the daily run on each. */
    async live(days: number): Promise<void> {
      for (let day = 0; day < days; day++) {
        await pass(1);
        await run();
      }
    },
    /** The last run's decisions. */
    decision: (build: BuildArn): Decision | undefined => decisions.find((one) => one.build === build),
    hold: (build: BuildArn, until: string) =>
      recordHold(ledger, {
        image: IMAGE,
        build,
        until,
        by: "ada",
        reason: "the auditors look at it",
        at: new Date(clock.now()).toISOString(),
      }),
    revoke: (build: BuildArn) => revokeOne({ build, by: "ada", reason: "a flaw" }, step(ec2)),
    /** @param by.bus the bus for its events; default: the factory's @param by.ec2 default: with its role's permissions */
    restore: (build: BuildArn, { bus = world.step().bus, ec2: ofRegion = asRestore }: Restoring = {}) =>
      restoreBuild(
        { build, by: "ada", reason: "wanted after all", request: "r1", goesOn: false },
        { ...step(ofRegion), bus },
      ),
    promote,
    /** An AMI as EC2 describes it to its owner; undefined if it no longer exists. */
    async describe(region: string, ami: AmiId | undefined): Promise<Image | undefined> {
      const Filters = [{ Name: "image-id", Values: [ami ?? ""] }];
      const { Images = [] } = await ec2(region).send(new DescribeImagesCommand({ Filters, IncludeDisabled: true }));
      return Images[0];
    },
    /** Whether an account may launch an AMI, deprecated or not. */
    async mayLaunch(account: string, region: string, ami: AmiId | undefined): Promise<boolean> {
      const Filters = [{ Name: "image-id", Values: [ami ?? ""] }];
      const asked = { ExecutableUsers: ["self"], Filters, IncludeDeprecated: true };
      const { Images = [] } = await ec2(region, account).send(new DescribeImagesCommand(asked));
      return Images.length === 1;
    },
    async launch(account: string, ami: AmiId | undefined, region = HOME) {
      // The factory's account has no default VPC.
      const { Subnets: [subnet] = [] } = await ec2(region, account).send(new DescribeSubnetsCommand({}));
      const where = { ImageId: ami, InstanceType: "t3.micro" as const, SubnetId: subnet?.SubnetId };
      const { Instances: [instance] = [] } = await ec2(region, account).send(
        new RunInstancesCommand({ ...where, MinCount: 1, MaxCount: 1 }),
      );
      const ids = [instance?.InstanceId ?? ""];
      return () => ec2(region, account).send(new TerminateInstancesCommand({ InstanceIds: ids }));
    },
    nameInTemplate: (account: string, ami: AmiId | undefined, region = HOME) =>
      ec2(region, account).send(
        new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData: { ImageId: ami } }),
      ),
  };
}
