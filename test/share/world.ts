import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { OrganizationsClient, PutResourcePolicyCommand } from "@aws-sdk/client-organizations";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { onTestFinished } from "vitest";
import type { z } from "zod";
import { recordOutcome, recordStart } from "../../adapters/build/builds.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { recordCopy } from "../../adapters/promotion/promotion.ts";
import { factorySchema } from "../../core/factory/factory-schema.ts";
import { type AmiId, type BuildArn, parseAmiId, parseBuildArn } from "../../events/ids.ts";
import type { Clock } from "../../local/clock/clock.ts";
import { RealClock } from "../../local/clock/real-clock.ts";
import { serveEmptyAws } from "../../local/serve-empty.ts";
import { addImage } from "../../local/services/ec2/add-image.ts";
import { ec2State } from "../../local/services/ec2/state.ts";
import { watchBus } from "../../local/services/events/watch.ts";
import type { OrganizationSeed } from "../../local/services/organizations/seed-organization.ts";
import { ledgerTable } from "../world/ledger-table.ts";
import { sdkClients } from "../world/sdk-clients.ts";
import { type StepParts, stepOf } from "../world/step-of.ts";

export const FACTORY = "111122223333";
export const MANAGEMENT = "999988887777";
export const HOME = "eu-west-1";
export const REGIONS = [HOME, "us-east-1"];
export const IMAGE = "base";
/** In no organization of ours. */
export const STRANGER = "600000000009";

/** Two units, one in the other, an account in each and one in the root; some bear a tag. */
export const organization: OrganizationSeed = {
  id: "o-exampleorgid",
  rootId: "r-exam",
  management: { id: MANAGEMENT, name: "management" },
  accounts: [
    { id: FACTORY, name: "image-factory" },
    { id: "444455556666", name: "data-platform", tags: { images: "golden" } },
  ],
  units: [
    {
      id: "ou-exam-workload",
      name: "Workloads",
      accounts: [
        { id: "400000000001", name: "workload-build", tags: { images: "golden" } },
        { id: "400000000002", name: "workload-test" },
      ],
      units: [
        { id: "ou-exam-produc11", name: "Production", accounts: [{ id: "500000000001", name: "shop-production" }] },
      ],
    },
    { id: "ou-exam-sandbox1", name: "Sandbox", accounts: [{ id: "200000000001", name: "sandbox-ada" }] },
  ],
};

/** As the management account lets the factory's account read the organization. */
const readDelegation = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
      Action: ["organizations:Describe*", "organizations:List*"],
      Resource: "*",
    },
  ],
};

type ChannelInput = z.input<typeof factorySchema>["images"][string]["channels"][number];

interface SharingOptions {
  readonly channels: readonly ChannelInput[];
  readonly regions?: readonly string[];
  readonly seed?: OrganizationSeed;
  readonly factory?: Partial<z.input<typeof factorySchema>>;
  /** Real time, unless another is given. */
  readonly clock?: Clock;
}

export type SharingWorld = Awaited<ReturnType<typeof openSharing>>;

/**
 * A factory's ledger, bus and AMIs on an embedded AWS that is served over HTTP, for the bodies of functions to work on
 * with real SDK clients.
 */
export async function openSharing({
  channels,
  regions = REGIONS,
  seed = organization,
  factory = {},
  clock = new RealClock(),
}: SharingOptions) {
  const served = await serveEmptyAws({ clock, organization: seed, port: 0, limits: "none" });
  onTestFinished(() => served.close());
  const { aws, url } = served;
  const optionsOf = (account: string, region: string = HOME) => ({
    region,
    endpoint: url,
    credentials: { accessKeyId: account, secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const own = optionsOf(FACTORY);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(own), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const events = new EventBridgeClient(own);
  const said: { readonly name: string; readonly detail: Record<string, unknown> }[] = [];
  await makeLedger(new DynamoDBClient(own));
  await new OrganizationsClient(optionsOf(MANAGEMENT)).send(
    new PutResourcePolicyCommand({ Content: JSON.stringify(readDelegation) }),
  );
  await events.send(new CreateEventBusCommand({ Name: "sharing" }));
  watchBus(aws, FACTORY, HOME, "sharing", (event) => {
    said.push({ name: event["detail-type"], detail: event.detail as Record<string, unknown> });
  });
  const config = factorySchema.parse({
    name: "sharing",
    buildRegion: HOME,
    regions: [...regions],
    organization: { id: seed.id, managementAccountId: MANAGEMENT },
    images: {
      [IMAGE]: {
        os: "al2023",
        architecture: "x86_64",
        parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
        components: ["aws:update-linux"],
        tests: ["aws:simple-boot-test-linux"],
        gate: { cve: { critical: 0, high: 0, count: "fixable" } },
        channels: [...channels],
      },
    },
    ...factory,
  });
  const ledger = { documents, table: "ledger" };
  const client = sdkClients(own);

  return {
    aws,
    url,
    factory: config,
    ledger,
    said,
    optionsOf,
    step: <Variable extends string = never>(more: Partial<StepParts<Variable>> = {}) =>
      stepOf<Variable>({
        factory: config,
        ledger,
        bus: { client: events, name: "sharing" },
        client,
        now: new Date(aws.clock.now()),
        wait: (ms) => aws.clock.sleep(ms),
        ...more,
      }),
    /**
     * A build that passed its gate, with an AMI in each region.
     * @param addAmi makes one and answers its id; left out, it has no snapshots
     */
    async addBuild(
      nth: number,
      addAmi = (region: string) => {
        const added = { name: `build-${nth}`, architecture: "x86_64" as const, source: undefined, devices: [] };
        return addImage(aws, { account: FACTORY, region }, added).id;
      },
    ): Promise<{ build: BuildArn; amis: Readonly<Record<string, AmiId>> }> {
      const build = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/sharing-${IMAGE}/1.0.0/${nth}`);
      const amis: Record<string, AmiId> = {};
      for (const region of regions) {
        const id = addAmi(region);
        aws.state(ec2State, FACTORY, region).tags.set(id, new Map([["amint:factory", "sharing"]]));
        amis[region] = parseAmiId(id);
      }
      const at = new Date(aws.clock.now() + nth).toISOString();
      const amiId = amis[HOME] as AmiId;
      await recordStart(ledger, {
        image: IMAGE,
        build,
        startedAt: at,
        triggers: [{ kind: "manual", requestedBy: "ada" }],
      });
      await recordOutcome(ledger, { image: IMAGE, build }, { status: "available", endedAt: at, amiId });
      for (const region of regions.filter((one) => one !== HOME)) {
        await recordCopy(ledger, build, { region, copy: build, amiId: amis[region] as AmiId });
      }
      await recordGate(ledger, build, { verdict: "passed", reasons: [], decidedAt: at });
      return { build, amis };
    },
    /** Whether an account may launch an AMI, as it sees itself: neither its owner nor everybody counts. */
    async sees(account: string, region: string, ami: AmiId): Promise<boolean> {
      const { Images = [] } = await new EC2Client(optionsOf(account, region)).send(
        new DescribeImagesCommand({ ExecutableUsers: ["self"], Filters: [{ Name: "image-id", Values: [ami] }] }),
      );
      return Images.length === 1;
    },
  };
}

async function makeLedger(client: DynamoDBClient): Promise<void> {
  await client.send(new CreateTableCommand(ledgerTable("ledger")));
}
