import type { Repository as RepositoryAnswer } from "@aws-sdk/client-ecr";
import type { Repository } from "./state.ts";

/** As CreateRepository, DescribeRepositories and DeleteRepository answer it. */
export const toRepository = (repository: Repository): RepositoryAnswer => ({
  repositoryArn: repository.arn,
  registryId: repository.account,
  repositoryName: repository.name,
  repositoryUri: repository.uri,
  createdAt: new Date(repository.createdAt),
  imageTagMutability: repository.mutability,
  ...(repository.mutabilityExclusions.length > 0 && {
    imageTagMutabilityExclusionFilters: structuredClone([...repository.mutabilityExclusions]),
  }),
  imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  encryptionConfiguration: { ...repository.encryption },
});
