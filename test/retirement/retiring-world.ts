import {
  CreateLaunchTemplateCommand,
  DescribeImagesCommand,
  EC2Client,
  type Image,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { Bus } from "../../adapters/bus.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { moveInLedger } from "../../adapters/channel/history.ts";
import { recordHold } from "../../adapters/retirement/retirements.ts";
import type { Decision } from "../../core/retirement/plan-retirement.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import { retire } from "../../functions/retirement/retire.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revokeBuild } from "../../functions/revocation/withdraw-everywhere.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import { registerImage } from "../../local/services/ec2/register-image.ts";
import { roleCredentials } from "../share/role-credentials.ts";
import { FACTORY, HOME, IMAGE, openSharing, REGIONS } from "../share/world.ts";
import { instead } from "../world/instead.ts";

const DAY = 86_400_000;
/** In the organization that everything is shared with. */
export const CONSUMER = "444455556666";

const RETENTION = { keep: 2, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" } as const;

const image = {
  os: "al2023" as const,
  architecture: "x86_64" as const,
  parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
  components: ["aws:update-linux"],
  tests: ["aws:simple-boot-test-linux"],
  gate: { cve: { critical: 0, high: 0, count: "fixable" as const } },
  channels: [{ name: "stable", share: { organization: true as const } }],
  retention: RETENTION,
};

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
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const world = await openSharing({
    channels: image.channels,
    factory: { images: { [IMAGE]: image } },
    clock,
    regions,
  });
  const { aws, ledger, optionsOf } = world;
  const states = new SFNClient(optionsOf(FACTORY));
  const stateMachineArn = await makePromotions(states, new IAMClient(optionsOf(FACTORY)));
  /** EC2 as a function's role has it, with the rights that deploy. */
  const as = async (role: string): Promise<(region: string) => EC2Client> => {
    const credentials = await roleCredentials(world, role);
    return (region) => new EC2Client({ ...optionsOf(FACTORY, region), credentials });
  };
  const asRetire = await as("RetireRole");
  const asRestore = await as("RestoreBuildRole");
  const ec2 = (region: string, account = FACTORY) => new EC2Client(optionsOf(account, region));
  let requests = 0;
  const step = (ofRegion: (region: string) => EC2Client) => {
    const client = instead(world.step().client, EC2Client, (region = HOME) => ofRegion(region));
    return world.step({ requestId: `request-${++requests}`, env: { PROMOTION_ARN: stateMachineArn }, client });
  };
  const pass = (days: number): Promise<void> => clock.runUntil(clock.now() + days * DAY);
  let decisions: readonly Decision[] = [];
  const run = async (wants: "plan" | "apply" = "apply", ofRegion = asRetire) => {
    ({ decisions } = await retire({ wants }, step(ofRegion)));
    return decisions;
  };

  return {
    ...world,
    clock,
    ec2,
    pass,
    run,
    /** A build that its channel points at from now on. */
    async publish(nth: number): Promise<Published> {
      const made = await world.addBuild(nth, (region) =>
        registerImage(aws, FACTORY, region, {
          name: `build-${nth}`,
          architecture: "x86_64",
          rootDeviceName: "/dev/xvda",
          blockDeviceMappings: [{ deviceName: "/dev/xvda", volumeSizeGiB: 8, writtenBytes: 2 ** 31 }],
          tags: {},
          snapshotTags: { "amint:factory": "sharing" },
        } as never),
      );
      for (const region of regions) {
        await shareImage({ image: IMAGE, build: made.build, channel: "stable", region }, world.step());
      }
      const now = new Date(clock.now());
      const current = await findChannel(ledger, IMAGE, "stable");
      const next = { ...made, startedAt: now.toISOString(), how: "promotion" as const };
      await moveInLedger(ledger, { image: IMAGE, channel: "stable", now }, current, next);
      return made;
    },
    /** So many days, with the daily run on each. */
    async live(days: number): Promise<void> {
      for (let day = 0; day < days; day++) {
        await pass(1);
        await run();
      }
    },
    /** What the last run decided. */
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
    revoke: (build: BuildArn) => revokeBuild({ build, by: "ada", reason: "a flaw" }, step(ec2)),
    /** @param by.bus whom it tells; left out, people hear of it @param by.ec2 left out, as its role has it */
    restore: (build: BuildArn, { bus = world.step().bus, ec2: ofRegion = asRestore }: Restoring = {}) =>
      restoreBuild(
        { build, by: "ada", reason: "wanted after all", request: "r1", goesOn: false },
        { ...step(ofRegion), bus },
      ),
    async promote(build: BuildArn) {
      const { executionArn } = await states.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ image: IMAGE, build }) }),
      );
      return () => states.send(new StopExecutionCommand({ executionArn }));
    },
    /** An AMI as EC2 describes it to its owner; undefined where it is gone. */
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
      const { Instances: [instance] = [] } = await ec2(region, account).send(
        new RunInstancesCommand({ ImageId: ami, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 }),
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

export async function makePromotions(states: SFNClient, iam: IAMClient): Promise<string> {
  await iam.send(
    new CreateRoleCommand({ RoleName: "states", AssumeRolePolicyDocument: trusting("states.amazonaws.com") }),
  );
  const definition = {
    QueryLanguage: "JSONata",
    StartAt: "Soak",
    States: { Soak: { Type: "Wait", Seconds: 90_000_000, End: true } },
  };
  const { stateMachineArn = "" } = await states.send(
    new CreateStateMachineCommand({
      name: "promotion",
      roleArn: `arn:aws:iam::${FACTORY}:role/states`,
      definition: JSON.stringify(definition),
    }),
  );
  return stateMachineArn;
}

const trusting = (Service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });
