import type * as Sdk from "@aws-sdk/client-ecr";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { scansRepositories } from "../inspector2/state.ts";
import { onRepository } from "./authorization.ts";
import { findImage, isFailure, shownId } from "./find-image.ts";
import { requireRepository } from "./find-repository.ts";
import { findingsIn } from "./image-contents.ts";
import { ecrRefusal, imageNotFound } from "./refusals.ts";
import { currentFindings, severityCounts, toScanStatus } from "./scan-answer.ts";
import { type Repository, type StoredImage, tagsOf } from "./state.ts";

const DAY = 86_400_000;
/** How long a scan takes; AWS promises nothing. */
const SCAN = 90_000;

/** What a push sets going: Inspector's scan where it is enabled for ECR, else ECR's own where the repository asks. */
export function scanOnPush(aws: EmbeddedAws, repository: Repository, image: StoredImage): void {
  // A list holds images, and these are scanned.
  if (image.listed.length > 0) return;
  if (scansRepositories(aws, repository.account, repository.region)) startEnhanced(aws, repository, image);
  else if (repository.scanOnPush) startBasic(aws, repository, image);
}

function startBasic(aws: EmbeddedAws, repository: Repository, image: StoredImage): void {
  const scan = { kind: "basic" as const, startedAt: aws.clock.now(), completedAt: undefined, findings: [] };
  image.scan = scan;
  aws.clock.after(SCAN, () => {
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
  aws.clock.after(SCAN, () => {
    image.scan = { ...scan, completedAt: aws.clock.now() };
    const findings = currentFindings(aws, image);
    // "Amazon Inspector event schema": the name is the repository's ARN, and all findings are counted beside each kind.
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

export const operations = {
  /** A basic scan, once a day and image, the one on push included (API reference, StartImageScan). */
  StartImageScan: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const asked = input.imageId ?? {};
      const found = findImage(repository, asked);
      if (isFailure(found)) throw imageNotFound(shownId(asked), repository.name, repository.account);
      const { image } = found;
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
        imageId: { imageDigest: image.digest, ...(found.tag !== undefined && { imageTag: found.tag }) },
        ...(image.scan && { imageScanStatus: toScanStatus(image.scan) }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
