import type { ImageScanFinding } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import { AwsError } from "../../../../engine/operation.ts";
import { accountPrincipal, type Principal } from "../../../../engine/principal.ts";
import { type ContentFinding, describeContents } from "../../../ecr/image-contents.ts";
import { scansRepositories } from "../../../inspector2/state.ts";
import { type InstanceContext, instancePlan } from "../../simulation.ts";
import { callService, type ImageRecord } from "../../state.ts";
import type { SimulatedInstance } from "../simulated-instance.ts";
import { scanImage } from "../test-stage.ts";
import type { ContainerImage } from "./container-image.ts";
import { pushImage } from "./registry.ts";

/** The default repository, which Image Builder creates (API reference, EcrConfiguration). */
const SCANNING_REPOSITORY = "image-builder-image-scanning-repository";

/** Sets the plan's findings of a build as scan findings of its image, in every repository. */
export function tellScanners(aws: EmbeddedAws, record: ImageRecord, digest: string, context: InstanceContext): void {
  const { account, region } = record;
  describeContents(aws, digest, (time) =>
    (instancePlan(aws, account, region).findings?.({ ...context, stage: "test", time }) ?? []).map(toContent),
  );
}

function toContent({
  type,
  title,
  description,
  severity,
  remediation,
  inspectorScore: score,
  packageVulnerabilityDetails: details,
  fixAvailable,
}: Omit<ImageScanFinding, "imageBuildVersionArn">): ContentFinding {
  const vulnerablePackages = details?.vulnerablePackages?.map(({ remediation: _advice, ...one }) => one);
  const packageVulnerabilityDetails = details && { ...details, vulnerablePackages };
  return { type, title, description, severity, remediation, score, packageVulnerabilityDetails, fixAvailable };
}

/** Pushes the image to the scan repository, where Amazon Inspector scans it, and stores the findings. */
export async function scanContainer(
  aws: EmbeddedAws,
  instance: SimulatedInstance,
  image: ContainerImage,
  principal: Principal,
): Promise<object> {
  const { record } = instance;
  const { account, region } = record;
  const { repositoryName = SCANNING_REPOSITORY, containerTags } =
    record.image.imageScanningConfiguration?.ecrConfiguration ?? {};
  const tags = containerTags?.length ? containerTags : [`${record.image.version}-${record.buildNumber}`];
  if (repositoryName === SCANNING_REPOSITORY) await ensureScanningRepository(aws, record);
  await pushImage(aws, { principal, account, region, repositoryName }, image, tags);
  return scanImage(aws, record, instance.context(), {
    enabled: scansRepositories(aws, account, region),
    what: "ECR scanning of Amazon Inspector",
    resourceId: `arn:aws:ecr:${region}:${account}:repository/${repositoryName}/${image.digest}`,
  });
}

/** Created by the account's service-linked role. */
async function ensureScanningRepository(aws: EmbeddedAws, { account, region }: ImageRecord): Promise<void> {
  const by = { principal: accountPrincipal(account), region };
  try {
    await callService(aws, "ecr", "CreateRepository", { repositoryName: SCANNING_REPOSITORY }, by);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "RepositoryAlreadyExistsException") throw error;
  }
}
