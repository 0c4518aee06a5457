import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { type ECRClient, paginateDescribeImages, RepositoryNotFoundException } from "@aws-sdk/client-ecr";
import type { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SFNClient } from "@aws-sdk/client-sfn";
import { BUILD_VOLUME_GIB } from "../../core/containers/build-volume.ts";
import type { Month } from "../../core/cost/month.ts";
import type { StoredContainer, Usage } from "../../core/cost/usage.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { buildsRepository, busName, channelRepository } from "../../core/names.ts";
import { readAllImageStates } from "../build/image-state.ts";
import type { Ledger } from "../ledger/table.ts";
import { countServices, countTransitions, listMeteredFunctions } from "./count-services.ts";
import { listStoredAmis, readBuildUsage } from "./stored-amis.ts";

/** Clients to read a factory's usage; all but `ec2` and `ecr` are in its build region. */
export interface UsageClients {
  readonly ec2: (region: string) => EC2Client;
  readonly ecr: (region: string) => ECRClient;
  readonly imageBuilder: ImagebuilderClient;
  readonly promotions: SFNClient;
  readonly functions: LambdaClient;
  readonly metrics: CloudWatchClient;
}

interface Asked {
  readonly factory: Factory;
  readonly promotionArn: string;
  readonly month: Month;
  readonly now: Date;
}

/** A month's usage, and the parts that AWS denied: these are not in the usage, but named in `notCounted`, too. */
export interface ReadUsage {
  readonly usage: Usage;
  readonly refused: readonly string[];
}

/** No API reports these, or only the bill does. */
const NEVER_COUNTED =
  "AMIs that no longer exist, S3, KMS, CloudWatch, Inspector, EventBridge, SNS, the free tier and taxes are not counted; " +
  "Lambda bills cold starts beyond its reported durations";

/** A factory's usage in a month, as far as its ledger and AWS report it. */
export async function readUsage(ledger: Ledger, clients: UsageClients, asked: Asked): Promise<ReadUsage> {
  const { factory, promotionArn, month, now } = asked;
  const refused: string[] = [];
  const ask = async <T>(what: string, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Error && "$fault" in error)) throw error;
      refused.push(`${what}: AWS answered ${error.name}: ${error.message}`);
      return undefined;
    }
  };
  const states = await readAllImageStates(ledger, ["builds"]);
  const records = [...states.values()].flatMap(({ builds }) => builds);
  const volumes = Object.fromEntries(
    Object.entries(factory.images).map(([image, { volumeGiB = BUILD_VOLUME_GIB }]) => [image, volumeGiB]),
  );
  const builds = await ask(
    "Instances",
    readBuildUsage({ ledger, imageBuilder: clients.imageBuilder }, records, volumes, month),
  );
  const regions = [...new Set([factory.buildRegion, ...factory.regions])];
  const amis = await Promise.all(
    regions.map((region) => ask(`Storage in ${region}`, listStoredAmis(clients.ec2(region), region, factory.name))),
  );
  const containers = Object.values(factory.images).some(({ kind }) => kind === "container")
    ? await Promise.all(
        regions.map((region) =>
          ask(`Container images in ${region}`, listStoredContainers(clients.ecr(region), region, factory)),
        ),
      )
    : undefined;
  const transitions = await ask("Step Functions", countTransitions(clients.promotions, promotionArn, month));
  const services = await ask("Lambda and DynamoDB", countServicesOf(ledger, clients, asked));
  const found = {
    builds: builds ?? [],
    amis: amis.flatMap((some) => some ?? []),
    ...(containers && { containers: containers.flatMap((some) => some ?? []) }),
  };
  return {
    usage: {
      ...found,
      transitions,
      lambda: services?.lambda,
      dynamodb: services?.dynamodb,
      notCounted: [...refused, ...(services?.notCounted ?? []), ...explainGaps(found, month, now), NEVER_COUNTED],
    },
    refused,
  };
}

async function countServicesOf(ledger: Ledger, { functions, metrics }: UsageClients, { factory, month, now }: Asked) {
  const metered = await listMeteredFunctions(functions, `${busName(factory.name)}-`);
  return countServices(metrics, { functions: metered, table: ledger.table }, month, now);
}

function explainGaps(
  { builds, amis, containers = [] }: Pick<Usage, "builds" | "amis" | "containers">,
  month: Month,
  now: Date,
): string[] {
  const unknown = builds.filter(({ instances }) => !instances);
  const unsized = amis.filter(({ gib }) => gib === undefined);
  const mixed = builds.some(({ instances }) => (instances?.types.length ?? 0) > 1);
  return [
    ...(unknown.length > 0
      ? [
          `Instances of ${unknown.length} build(s): neither the ledger nor Image Builder has their times: ${unknown.map(({ build }) => build).join(", ")}`,
        ]
      : []),
    ...(unsized.length > 0
      ? [
          `Storage of ${unsized.length} AMI(s): EC2 does not report their snapshots' sizes: ${unsized.map(({ amiId }) => amiId).join(", ")}`,
        ]
      : []),
    ...(containers.length > 0
      ? ["Container images count in full, although ECR bills layers that images of one repository share only once"]
      : []),
    ...(mixed
      ? [
          "Instances count as the first type of their configuration; Image Builder uses another type where capacity is missing",
        ]
      : []),
    ...(now.getTime() - month.end > 90 * 86_400_000
      ? ["Step Functions keeps executions for 90 days: promotions of this month may be missing"]
      : []),
  ];
}

const GIB = 1024 ** 3;

/**
 * The images in a factory's repositories in a region. Sizes are those of whole images: layers that images of one
 * repository share count for each, although ECR bills them once.
 */
export async function listStoredContainers(
  client: ECRClient,
  region: string,
  { name, images, buildRegion }: Pick<Factory, "name" | "images" | "buildRegion">,
): Promise<StoredContainer[]> {
  const found: StoredContainer[] = [];
  for (const [image, { kind, channels }] of Object.entries(images)) {
    if (kind !== "container") continue;
    const builds = buildsRepository(name, image);
    for (const repository of [builds, ...channels.map((channel) => channelRepository(name, image, channel.name))]) {
      const copied = repository === builds && region !== buildRegion;
      for (const one of await readSizes(client, repository)) found.push({ image, region, repository, copied, ...one });
    }
  }
  return found;
}

async function readSizes(client: ECRClient, repositoryName: string): Promise<{ pushedAt: string; gib: number }[]> {
  const sizes: { pushedAt: string; gib: number }[] = [];
  try {
    for await (const { imageDetails = [] } of paginateDescribeImages({ client }, { repositoryName })) {
      for (const { imagePushedAt, imageSizeInBytes = 0 } of imageDetails) {
        if (imagePushedAt) sizes.push({ pushedAt: imagePushedAt.toISOString(), gib: imageSizeInBytes / GIB });
      }
    }
  } catch (error) {
    // An image may not be in every region of the factory.
    if (!(error instanceof RepositoryNotFoundException)) throw error;
  }
  return sizes;
}
