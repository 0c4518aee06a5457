import type { CopyImageCommandInput, CopyImageCommandOutput, DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { Ami, Distribution } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Principal } from "../../../engine/principal.ts";
import { instancePlan, simulatedDurations } from "../simulation.ts";
import { callService, type ImageRecord } from "../state.ts";
import { type RegionFailure, WorkflowStepError } from "./failure-context.ts";
import { fillIn } from "./image-state.ts";
import { acrossAccounts, lend, principalIn, targetAccounts } from "./target-account.ts";

const MINUTE = 60_000;
/** AWS's limit for a distribution: 720 minutes. */
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

/** Copies an AMI to each region and account of a distribution. Tries all of them before a failure fails the step. */
export async function copyToRegions(
  aws: EmbeddedAws,
  record: ImageRecord,
  imageId: string,
  distributions: readonly Distribution[],
): Promise<DistributedImage[]> {
  const targets = distributions.flatMap((distribution) =>
    targetAccounts(record, distribution).map((account) => ({ distribution, account })),
  );
  const copies = await Promise.all(
    targets.map(async ({ distribution, account }): Promise<DistributedImage | RegionFailure> => {
      try {
        return await copyTo(aws, record, imageId, distribution, account);
      } catch (error) {
        record.cancellation.signal.throwIfAborted();
        const { region = "" } = distribution;
        const errorMessage = acrossAccounts(error, record, account, region);
        return { region, status: "FAILED", ...failedTarget(record, account), errorMessage };
      }
    }),
  );
  const done = copies.filter((copy) => copy.status === "Completed");
  const failures = copies.filter((copy) => copy.status !== "Completed");
  record.image.outputResources = { amis: done.map(toAmi) };
  if (failures.length > 0) throw notDistributed(aws, record, failures, "distribution");
  return done;
}

/** A failure contains the account unless it is the image's own. */
export const failedTarget = (record: ImageRecord, account: string): Pick<RegionFailure, "targetAccountId"> =>
  account === record.account ? {} : { targetAccountId: account };

async function copyTo(
  aws: EmbeddedAws,
  record: ImageRecord,
  imageId: string,
  { region = "", amiDistributionConfiguration: ami }: Distribution,
  account: string,
): Promise<DistributedImage> {
  const { image } = record;
  const isOwn = account === record.account;
  const principal = await principalIn(aws, record, account);
  if (!isOwn) await lend(aws, record, imageId, account);
  const started = aws.clock.now();
  const template = ami?.name ?? `${image.name} {{ imagebuilder:buildDate }}`;
  const name = fillIn(template, started, record.buildNumber);
  const own = { CreatedBy: "EC2 Image Builder", Ec2ImageBuilderArn: image.arn ?? "" };
  const isThere = isOwn && region === record.region;
  const copy = isThere
    ? imageId
    : await copyByEc2(aws, principal, region, {
        SourceImageId: imageId,
        SourceRegion: record.region,
        Name: name,
        Description: ami?.description,
        ...(ami?.kmsKeyId && { Encrypted: true, KmsKeyId: ami.kmsKeyId }),
        TagSpecifications: [
          tagging("image", { ...filledTags(ami?.amiTags, started, record.buildNumber), ...own }),
          // AWS's policy for the role in the other account allows it to tag only images.
          ...(isOwn ? [tagging("snapshot", own)] : []),
        ],
      });
  const actualName = await untilAvailable(aws, record, { principal, region }, copy);
  const { distribute } = simulatedDurations(instancePlan(aws, record.account, record.region));
  const remaining = (isThere ? 0 : distribute) - (aws.clock.now() - started) * aws.clock.speed;
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

/** Uses EC2 with the permissions of the role that Image Builder assumes (API reference, DistributeImage). */
async function copyByEc2(
  aws: EmbeddedAws,
  principal: Principal,
  region: string,
  input: CopyImageCommandInput,
): Promise<string> {
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
  caller: { readonly principal: Principal; readonly region: string },
  imageId: string,
): Promise<string | undefined> {
  const { region } = caller;
  const deadline = aws.clock.now() + LONGEST_COPY;
  for (;;) {
    const { Images } = await callService<DescribeImagesCommandOutput>(
      aws,
      "ec2",
      "DescribeImages",
      { ImageIds: [imageId] },
      caller,
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

/** AWS's message, with one entry for each failed region. */
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
