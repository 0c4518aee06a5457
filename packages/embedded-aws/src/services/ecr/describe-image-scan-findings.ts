import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { scansRepositories } from "../inspector2/state.ts";
import { onRepository } from "./authorization.ts";
import { findImage, isFailure, shownId } from "./find-image.ts";
import { requireRepository } from "./find-repository.ts";
import { ecrRefusal, imageNotFound } from "./refusals.ts";
import { currentFindings, severityCounts, toBasicFinding, toEnhancedFinding, toScanStatus } from "./scan-answer.ts";
import { tagsOf } from "./state.ts";

export const operations = {
  /** What the newest scan found: ECR's own in `findings`, Amazon Inspector's in `enhancedFindings`. */
  DescribeImageScanFindings: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const asked = input.imageId ?? {};
      const found = findImage(repository, asked);
      if (isFailure(found)) throw imageNotFound(shownId(asked), repository.name, repository.account);
      const { image, tag } = found;
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
  /** Enhanced from the moment that Amazon Inspector is enabled for ECR, for all repositories. */
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
