import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { invalidParameter } from "./refusals.ts";
import { onRepository, type Repository, requireRepository } from "./state.ts";

/** "Preventing image tags from being overwritten", Amazon ECR user guide. */
const MOST_WILDCARDS = 2;

/**
 * Filters are required for the two settings with exceptions, and refused for others.
 * @throws InvalidParameterException
 */
export function checkMutability(
  mutability: Sdk.ImageTagMutability,
  filters: readonly Sdk.ImageTagMutabilityExclusionFilter[] | undefined,
): { mutability: Sdk.ImageTagMutability; exclusions: readonly Sdk.ImageTagMutabilityExclusionFilter[] } {
  const exclusions = structuredClone([...(filters ?? [])]);
  const parameter = "'imageTagMutabilityExclusionFilters' failed to satisfy constraint";
  if (mutability.endsWith("_WITH_EXCLUSION") !== exclusions.length > 0) {
    const wanted = exclusions.length > 0 ? "IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION" : "at least one filter";
    throw invalidParameter(`${parameter}: imageTagMutability ${mutability} needs ${wanted}`);
  }
  const crowded = exclusions.find(({ filter = "" }) => filter.split("*").length - 1 > MOST_WILDCARDS);
  if (crowded) {
    throw invalidParameter(`${parameter}: '${crowded.filter}' has more than ${MOST_WILDCARDS} wildcards`);
  }
  return { mutability, exclusions };
}

/** Whether an existing tag can be moved to another image. */
export function isMovable({ mutability, mutabilityExclusions }: Repository, tag: string): boolean {
  const excluded = mutabilityExclusions.some(({ filter = "" }) => wildcard(filter).test(tag));
  return mutability.startsWith("MUTABLE") !== excluded;
}

/** `*` matches any characters, or none; all other characters are literal. */
export const wildcard = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);

export const operations = {
  PutImageTagMutability: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const { mutability, exclusions } = checkMutability(
        input.imageTagMutability ?? "MUTABLE",
        input.imageTagMutabilityExclusionFilters,
      );
      repository.mutability = mutability;
      repository.mutabilityExclusions = exclusions;
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        imageTagMutability: mutability,
        ...(exclusions.length > 0 && { imageTagMutabilityExclusionFilters: structuredClone([...exclusions]) }),
      };
    },
  },
  PutImageScanningConfiguration: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
      return {
        registryId: repository.account,
        repositoryName: repository.name,
        imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
      };
    },
  },
} satisfies Operations<typeof Sdk>;
