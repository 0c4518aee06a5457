import type * as Sdk from "@aws-sdk/client-ecr";
import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { scansRepositories } from "../inspector2/state.ts";
import { findingsIn } from "./image-contents.ts";
import { requireImage, shownId } from "./images.ts";
import { ecrRefusal } from "./refusals.ts";
import { currentFindings, severityCounts, toBasicFinding, toEnhancedFinding, toScanStatus } from "./scan-answer.ts";
import { onRepository, type Repository, requireRepository, type StoredImage, tagsOf } from "./state.ts";

export const operations = {
  /** A basic scan, once a day for each image, including the one on push (API reference, StartImageScan). */
  StartImageScan: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const { image, tag } = requireImage(repository, input.imageId);
      if (scansRepositories(call.aws, repository.account, repository.region)) {
        throw ecrRefusal(
          "ValidationException",
          "This feature is disabled: Amazon Inspector scans the images of this registry",
        );
      }
      if (image.listed.length > 0) {
        throw ecrRefusal("UnsupportedImageTypeException", "A manifest list cannot be scanned; scan the images in it");
      }
      if (image.scan && call.aws.clock.now() - image.scan.startedAt < DAY) {
        throw ecrRefusal("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again.");
      }
      startBasic(call.aws, repository, image);
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
        ...(image.scan && { imageScanStatus: toScanStatus(image.scan) }),
      };
    },
  },
  /** Findings of the newest scan: ECR's own in `findings`, Amazon Inspector's in `enhancedFindings`. */
  DescribeImageScanFindings: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const { image, tag } = requireImage(repository, input.imageId);
      const { scan } = image;
      if (!scan) {
        throw ecrRefusal(
          "ScanNotFoundException",
          `Image scan does not exist for the image with '${shownId({ imageDigest: image.digest, imageTag: tag })}' in the repository with name '${repository.name}' in the registry with id '${repository.account}'`,
        );
      }
      const all = currentFindings(call.aws, image);
      const { items, next } = paginate(all, input.nextToken, input.maxResults ?? 100, "InvalidParameterException");
      const tags = tagsOf(repository, image.digest);
      const shown =
        scan.kind === "basic"
          ? { findings: items.map(toBasicFinding) }
          : { enhancedFindings: items.map((one) => toEnhancedFinding(repository, image, tags, one)) };
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
        imageScanStatus: toScanStatus(scan),
        ...(scan.completedAt !== undefined && {
          imageScanFindings: {
            imageScanCompletedAt: new Date(scan.completedAt),
            vulnerabilitySourceUpdatedAt: new Date(scan.completedAt),
            findingSeverityCounts: severityCounts(all),
            ...shown,
          },
        }),
        ...(next !== undefined && { nextToken: next }),
      };
    },
  },
  /** Enhanced for all repositories while Amazon Inspector is enabled for ECR. */
  GetRegistryScanningConfiguration: {
    authorize: () => [{ resources: ["*"] }],
    run: (_input, { aws, account, region }) => ({
      registryId: account,
      scanningConfiguration: scansRepositories(aws, account, region)
        ? {
            scanType: "ENHANCED",
            rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
          }
        : { scanType: "BASIC", rules: [] },
    }),
  },
} satisfies Operations<typeof Sdk>;

const DAY = 86_400_000;

/** Duration of a scan; AWS does not state one. */
const SCAN = 90_000;

/** Scans on push: by Inspector if it is enabled for ECR, otherwise by ECR if the repository is configured for it. */
export function scanOnPush(aws: EmbeddedAws, repository: Repository, image: StoredImage): void {
  // A list contains images, which are scanned themselves.
  if (image.listed.length > 0) return;
  if (scansRepositories(aws, repository.account, repository.region)) startEnhanced(aws, repository, image);
  else if (repository.scanOnPush) startBasic(aws, repository, image);
}

function startBasic(aws: EmbeddedAws, repository: Repository, image: StoredImage): void {
  const scan = { kind: "basic" as const, startedAt: aws.clock.now(), completedAt: undefined, findings: [] };
  image.scan = scan;
  afterWork(aws.clock, SCAN, () => {
    const completed = { ...scan, completedAt: aws.clock.now(), findings: findingsIn(aws, image.digest) };
    image.scan = completed;
    publishServiceEvent(aws, {
      account: repository.account,
      region: repository.region,
      source: "aws.ecr",
      "detail-type": "ECR Image Scan",
      resources: [repository.arn],
      detail: {
        "scan-status": "COMPLETE",
        "repository-name": repository.name,
        "finding-severity-counts": severityCounts(completed.findings),
        "image-digest": image.digest,
        "image-tags": tagsOf(repository, image.digest),
      },
    });
  });
}

function startEnhanced(aws: EmbeddedAws, repository: Repository, image: StoredImage): void {
  const scan = { kind: "enhanced" as const, startedAt: aws.clock.now(), completedAt: undefined };
  image.scan = scan;
  afterWork(aws.clock, SCAN, () => {
    image.scan = { ...scan, completedAt: aws.clock.now() };
    const findings = currentFindings(aws, image);
    // "Amazon Inspector event schema": the name is the repository's ARN; counts are by severity and in total.
    publishServiceEvent(aws, {
      account: repository.account,
      region: repository.region,
      source: "aws.inspector2",
      "detail-type": "Inspector2 Scan",
      resources: [repository.arn],
      detail: {
        "scan-status": "INITIAL_SCAN_COMPLETE",
        "repository-name": repository.arn,
        "finding-severity-counts": { ALL: findings.length, ...severityCounts(findings) },
        "image-digest": image.digest,
        "image-tags": tagsOf(repository, image.digest),
      },
    });
  });
}
