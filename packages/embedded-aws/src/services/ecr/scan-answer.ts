import type * as Sdk from "@aws-sdk/client-ecr";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type ContentFinding, findingsIn, type ImageScan } from "./image-contents.ts";
import type { Repository, StoredImage } from "./state.ts";

export function toScanStatus({ kind, completedAt }: ImageScan): Sdk.ImageScanStatus {
  if (kind === "basic") {
    return completedAt === undefined
      ? { status: "IN_PROGRESS" }
      : { status: "COMPLETE", description: "The scan was completed successfully." };
  }
  return completedAt === undefined
    ? { status: "PENDING", description: "Scan is pending." }
    : { status: "ACTIVE", description: "Continuous scan is selected for image." };
}

/** The current findings of a completed scan. */
export function currentFindings(aws: EmbeddedAws, { digest, scan }: StoredImage): readonly ContentFinding[] {
  if (scan?.completedAt === undefined) return [];
  return scan.kind === "basic" ? scan.findings : findingsIn(aws, digest);
}

/** Counts only severities that occur. */
export function severityCounts(findings: readonly ContentFinding[]): Partial<Record<Sdk.FindingSeverity, number>> {
  const groups = Map.groupBy(findings, ({ severity }) => (severity ?? "UNDEFINED") as Sdk.FindingSeverity);
  return Object.fromEntries([...groups].map(([severity, all]) => [severity, all.length]));
}

/** DescribeImages shows only enhanced scans; DescribeImageScanFindings shows basic ones (API reference). */
export function toSummary(aws: EmbeddedAws, image: StoredImage): Sdk.ImageScanFindingsSummary | undefined {
  const { scan } = image;
  if (scan?.kind !== "enhanced" || scan.completedAt === undefined) return undefined;
  return {
    imageScanCompletedAt: new Date(scan.completedAt),
    vulnerabilitySourceUpdatedAt: new Date(scan.completedAt),
    findingSeverityCounts: severityCounts(currentFindings(aws, image)),
  };
}

/** A finding as a basic scan shows it: the vulnerability's name, with the package in attributes. */
export function toBasicFinding({ severity, ...finding }: ContentFinding): Sdk.ImageScanFinding {
  const details = finding.packageVulnerabilityDetails;
  const [vulnerable] = details?.vulnerablePackages ?? [];
  const attributes = [
    { key: "package_name", value: vulnerable?.name },
    { key: "package_version", value: vulnerable?.version },
  ].flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
  return {
    name: details?.vulnerabilityId ?? finding.title,
    description: finding.description,
    uri: details?.sourceUrl,
    severity: (severity ?? "UNDEFINED") as Sdk.FindingSeverity,
    attributes,
  };
}

/** A finding as Amazon Inspector shows it, with the image that has it. */
export function toEnhancedFinding(
  repository: Repository,
  image: StoredImage,
  tags: readonly string[],
  finding: ContentFinding,
): Sdk.EnhancedImageScanFinding {
  const { account, region, name, arn } = repository;
  const seen = new Date(image.scan?.completedAt ?? image.pushedAt);
  return {
    type: "PACKAGE_VULNERABILITY",
    status: "ACTIVE",
    ...structuredClone(finding),
    awsAccountId: account,
    findingArn: `arn:aws:inspector2:${region}:${account}:finding/${findingId(image.digest, finding)}`,
    firstObservedAt: seen,
    lastObservedAt: seen,
    updatedAt: seen,
    resources: [
      {
        id: `${arn}/${image.digest}`,
        type: "AWS_ECR_CONTAINER_IMAGE",
        details: {
          awsEcrContainerImage: {
            imageHash: image.digest,
            imageTags: [...tags],
            pushedAt: new Date(image.pushedAt),
            registry: account,
            repositoryName: name,
          },
        },
      },
    ],
  };
}

const findingId = (digest: string, { packageVulnerabilityDetails: details, title = "" }: ContentFinding): string =>
  Buffer.from(`${digest.slice(-12)}${details?.vulnerabilityId ?? title}`)
    .toString("hex")
    .slice(0, 64);
