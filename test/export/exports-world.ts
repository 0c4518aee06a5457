import { DescribeImagesCommand, DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { credentialsOf, rolePrincipal } from "embedded-aws";
import type { Blueprint } from "embedded-aws/deploy";
import { listExports } from "../../adapters/export/exports.ts";
import type { ExportRecord } from "../../core/export/export-record.ts";
import { busName } from "../../core/names.ts";
import type { ExportInvocation } from "../../functions/export/export-env.ts";
import { followExports } from "../../functions/export/follow-exports.ts";
import { clientsOf } from "../../functions/invocation.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { ledgerOf } from "../world/ledger.ts";
import { type Scenario, startScenario } from "../world/scenario.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import factory from "./fixtures/with-exports.ts";

export const IMAGE = "ubuntu-2404-base";
const FIXTURE = `${import.meta.dirname}/fixtures/with-exports.ts`;

export interface ExportsWorld extends Omit<Scenario, "step"> {
  readonly blueprint: Blueprint;
  readonly bucket: string;
  readonly step: () => ExportInvocation;
  /** Runs the function, with its role. @param crash see `crashing` */
  follow(asked?: Parameters<typeof followExports>[0], crash?: Crash): Promise<{ steps: number }>;
  /** Runs it every ten minutes until nothing is in progress. */
  followToTheEnd(): Promise<void>;
  record(): Promise<ExportRecord | undefined>;
  keys(prefix?: string): Promise<string[]>;
  /** Unencrypted snapshots, and AMIs of these. */
  plain(): Promise<string[]>;
}

/** Called after each answer of AWS: whether the function crashes before it receives it. */
type Crash = (command: string) => boolean;

let evaluated: Promise<string> | undefined;

/** The example factory with exports, as `sst deploy` would deploy it: its functions also have that config. */
export async function deployExports(): Promise<Scenario> {
  evaluated ??= evaluateProgram(findProject(FIXTURE));
  return startScenario({}, { blueprint: JSON.parse(await evaluated), program: programOf(findProject(FIXTURE)) });
}

/** The example factory with exports, deployed. Its function's bundle has the checkout's config, so it is called here. */
export async function startExports(): Promise<ExportsWorld> {
  evaluated ??= evaluateProgram(findProject(FIXTURE));
  const whole: Blueprint = JSON.parse(await evaluated);
  const byItself = /^(FollowExportsSchedule|ExportTarget)$/;
  const blueprint = { ...whole, resources: whole.resources.filter(({ name }) => !byItself.test(name)) };
  // Links to files are fetched.
  const world = await startScenario({}, { blueprint, port: 0 });
  const named = (type: string, name: string) =>
    blueprint.resources.find((one) => one.type === type && one.name === name)?.inputs ?? {};
  const bucket = String(named("aws:s3/bucket:Bucket", "Exports").bucket);
  const { options } = world;
  const fn = blueprint.resources.find(({ handler }) => handler?.endsWith("/follow-exports.handler"));
  const deployed = world.booted.aws;
  const account = blueprint.account;
  const roleArn = `arn:aws:iam::${account}:role/${fn?.inputs.name}`;
  const credentials = credentialsOf(deployed).issue(rolePrincipal(roleArn, "follow-exports"));
  const signingKey = await aliasTarget(world, "alias/amint-acme-exports");
  const imageKey = await aliasTarget(world, "alias/amint-acme-images");
  const step = (crash: Crash = () => false): ExportInvocation => {
    const as = { ...options, credentials, maxAttempts: 1 };
    const client = clientsOf(options.region, (Client) => crashing(new Client(as), crash));
    return world.step({
      factory,
      account,
      env: {
        EXPORTS_BUCKET: bucket,
        EXPORTS_KEY_ARN: imageKey,
        EXPORTS_ROLE_NAME: String(named("aws:iam/role:Role", "ExportsRole").name),
        SIGNING_KEY_ARN: signingKey,
      },
      ledger: ledgerOf(as, world.ledger.table),
      bus: { client: new EventBridgeClient(as), name: busName(factory.name) },
      client,
    });
  };
  const plainOwner = new EC2Client(options);
  const exports: ExportsWorld = {
    ...world,
    blueprint,
    bucket,
    step,
    follow: (asked = { scheduledTime: new Date(world.clock.now()).toISOString() }, crash) =>
      followExports(asked, step(crash)),
    async followToTheEnd() {
      for (let n = 0; n < 60; n++) {
        const { steps } = await exports.follow();
        await world.pass(10 * MINUTE);
        const state = (await exports.record())?.state;
        if (steps === 0 && state !== "under-way" && state !== "removing") return;
      }
      throw new Error(`Not over after ten hours: ${JSON.stringify(await exports.record())}`);
    },
    record: async () => (await listExports(step().ledger)).find(({ image }) => image === IMAGE),
    async keys(Prefix = "") {
      const { Contents = [] } = await new S3Client(options).send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
      return Contents.map(({ Key }) => Key ?? "");
    },
    async plain() {
      const own = { Filters: [{ Name: "encrypted", Values: ["false"] }], OwnerIds: ["self"] };
      const { Snapshots = [] } = await plainOwner.send(new DescribeSnapshotsCommand(own));
      const { Images = [] } = await plainOwner.send(
        new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: ["*-export-*"] }] }),
      );
      return [...Snapshots.map(({ SnapshotId }) => SnapshotId ?? ""), ...Images.map(({ ImageId }) => ImageId ?? "")];
    },
  };
  return exports;
}

type Asking = Pick<Scenario, "request" | "said" | "pass">;

/** Builds the image and moves its first channel to the build. */
export async function promote(world: Asking): Promise<void> {
  await world.request(IMAGE);
  await untilMoved(world);
}

export async function untilMoved(world: Asking): Promise<void> {
  for (let n = 0; n < 12 && world.said("channel.moved").length === 0; n++) await world.pass(HOUR / 2);
  if (world.said("channel.moved").length === 0) throw new Error("The build entered no channel within six hours.");
}

async function aliasTarget({ booted, options }: Scenario, name: string): Promise<string> {
  const { KeyMetadata } = await new KMSClient(options).send(new DescribeKeyCommand({ KeyId: name }));
  if (!KeyMetadata?.Arn) throw new Error(`${name} was not deployed to ${booted.url}`);
  return KeyMetadata.Arn;
}

/** A client whose caller crashes after the request took effect. */
function crashing<Client extends object>(client: Client, crash: Crash): Client {
  const { send } = client as { send(command: object): Promise<unknown> };
  return Object.assign(client, {
    async send(command: object) {
      const answer = await send.call(client, command);
      if (crash(command.constructor.name)) throw new Error(`died after ${command.constructor.name}`);
      return answer;
    },
  });
}
