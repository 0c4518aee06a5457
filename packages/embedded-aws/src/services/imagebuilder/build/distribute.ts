import type { CopyImageCommandInput, CopyImageCommandOutput, DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { Ami, Distribution } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { callService } from "../call-service.ts";
import { instancePlan, simulatedDurations } from "../simulation.ts";
import type { ImageRecord } from "../state.ts";
import { fillIn } from "./build-date.ts";
import { type RegionFailure, WorkflowStepError } from "./failure-context.ts";
import { builderPrincipal } from "./resolve-parent.ts";

const MINUTE = 60_000;
/** AWS gives a distribution up to 720 minutes. */
const LONGEST_COPY = 720 * MINUTE;

export interface DistributedImage {
  readonly region: string;
  readonly name: string;
  readonly amiId: string;
  readonly accountId: string;
  readonly dateStarted: string;
  readonly dateStopped: string;
  readonly status: "Completed";
  readonly step: "Completed";
}

/** Copies an AMI into each region of a distribution; all are tried before a failed one fails the step. */
export async function copyToRegions(
  aws: EmbeddedAws,
  record: ImageRecord,
  imageId: string,
  distributions: readonly Distribution[],
): Promise<DistributedImage[]> {
  const copies = await Promise.all(
    distributions.map(async (distribution): Promise<DistributedImage | RegionFailure> => {
      try {
        return await copyTo(aws, record, imageId, distribution);
      } catch (error) {
        record.cancellation.signal.throwIfAborted();
        const errorMessage = error instanceof Error ? error.message : String(error);
        return { region: distribution.region ?? "", status: "FAILED", errorMessage };
      }
    }),
  );
  const done = copies.filter((copy) => copy.status === "Completed");
  const failures = copies.filter((copy) => copy.status !== "Completed");
  record.image.outputResources = { amis: done.map(toAmi) };
  if (failures.length > 0) throw notDistributed(aws, record, failures, "distribution");
  return done;
}

async function copyTo(
  aws: EmbeddedAws,
  record: ImageRecord,
  imageId: string,
  { region = "", amiDistributionConfiguration: ami }: Distribution,
): Promise<DistributedImage> {
  const { account, image } = record;
  const started = aws.clock.now();
  const template = ami?.name ?? `${image.name} {{ imagebuilder:buildDate }}`;
  const name = fillIn(template, started, record.buildNumber);
  const own = { CreatedBy: "EC2 Image Builder", Ec2ImageBuilderArn: image.arn ?? "" };
  const copy =
    region === record.region
      ? imageId
      : await copyByEc2(aws, record, region, {
          SourceImageId: imageId,
          SourceRegion: record.region,
          Name: name,
          Description: ami?.description,
          ...(ami?.kmsKeyId && { Encrypted: true, KmsKeyId: ami.kmsKeyId }),
          TagSpecifications: [
            tagging("image", { ...filledTags(ami?.amiTags, started, record.buildNumber), ...own }),
            tagging("snapshot", own),
          ],
        });
  const actualName = await untilAvailable(aws, record, region, copy);
  const { distribute } = simulatedDurations(instancePlan(aws, account, record.region));
  const remaining = started + (region === record.region ? 0 : distribute) - aws.clock.now();
  if (remaining > 0) await aws.clock.sleep(remaining, record.cancellation.signal);
  return {
    region,
    name: actualName ?? name,
    amiId: copy,
    accountId: account,
    dateStarted: new Date(started).toISOString(),
    dateStopped: new Date(aws.clock.now()).toISOString(),
    status: "Completed",
    step: "Completed",
  };
}

/** By EC2, with the rights of the execution role that Image Builder assumes (API reference, DistributeImage). */
async function copyByEc2(
  aws: EmbeddedAws,
  { account, image }: ImageRecord,
  region: string,
  input: CopyImageCommandInput,
): Promise<string> {
  const principal = builderPrincipal(account, image.executionRole);
  const { ImageId = "" } = await callService<CopyImageCommandOutput>(aws, "ec2", "CopyImage", input, {
    principal,
    region,
  });
  return ImageId;
}

const tagging = (ResourceType: "image" | "snapshot", tags: Readonly<Record<string, string>>) => ({
  ResourceType,
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

const filledTags = (tags: Record<string, string> | undefined, time: number, build: number): Record<string, string> =>
  Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [key, fillIn(value, time, build)]));

/** Waits for a copy; answers its name. */
async function untilAvailable(
  aws: EmbeddedAws,
  record: ImageRecord,
  region: string,
  imageId: string,
): Promise<string | undefined> {
  const deadline = aws.clock.now() + LONGEST_COPY;
  for (;;) {
    const { Images } = await callService<DescribeImagesCommandOutput>(
      aws,
      "ec2",
      "DescribeImages",
      { ImageIds: [imageId] },
      { principal: builderPrincipal(record.account, record.image.executionRole), region },
    );
    const image = Images?.[0];
    if (image?.State === undefined || image.State === "available") return image?.Name;
    if (image.State !== "pending") {
      throw new Error(
        `The AMI ${imageId} in ${region} is ${image.State}: ${image.StateReason?.Message ?? "no reason"}`,
      );
    }
    if (aws.clock.now() >= deadline)
      throw new Error(`The AMI ${imageId} in ${region} was not available in 720 minutes.`);
    await aws.clock.sleep(MINUTE, record.cancellation.signal);
  }
}

const toAmi = ({ region, amiId, name, accountId }: DistributedImage): Ami => ({
  region,
  image: amiId,
  name,
  accountId,
});

/** In the words of AWS, one entry per failed region. */
export function notDistributed(
  aws: EmbeddedAws,
  record: ImageRecord,
  failures: readonly RegionFailure[],
  what: "distribution" | "integration",
): WorkflowStepError {
  const errorMessage = failures.map((one) => `In region '${one.region}' - '${one.errorMessage}'`).join(" ");
  const subject = what === "distribution" ? "Distribution" : "Integration";
  const reason = `${subject} failed with JobId '${aws.uuid()}', status = 'Failed' for ARN '${record.image.arn}'. ${errorMessage}`;
  return new WorkflowStepError(reason, { distributionFailure: { errorMessage, regionFailures: failures } });
}
