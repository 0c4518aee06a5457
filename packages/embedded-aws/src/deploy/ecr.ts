import type {
  CreateRepositoryCommandInput,
  CreateRepositoryCommandOutput,
  EncryptionType,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
} from "@aws-sdk/client-ecr";
import { type Creator, tagList } from "./creator.ts";

export const createRepository: Creator = async (inputs, site) => {
  const [encryption] = inputs.list("encryptionConfigurations");
  const scanning = inputs.object("imageScanningConfiguration");
  const filters = inputs.list("imageTagMutabilityExclusionFilters");
  const { repository } = await site.call<CreateRepositoryCommandOutput>("ecr", "CreateRepository", {
    repositoryName: inputs.text("name"),
    imageTagMutability: inputs.maybeText<ImageTagMutability>("imageTagMutability"),
    ...(filters.length > 0 && {
      imageTagMutabilityExclusionFilters: filters.map((one) => ({
        filterType: one.text<NonNullable<ImageTagMutabilityExclusionFilter["filterType"]>>("filterType"),
        filter: one.text("filter"),
      })),
    }),
    encryptionConfiguration: encryption && {
      encryptionType: encryption.maybeText<EncryptionType>("encryptionType") ?? "AES256",
      kmsKey: encryption.maybeText("kmsKey"),
    },
    imageScanningConfiguration: scanning && { scanOnPush: scanning.flag("scanOnPush") ?? false },
    tags: tagList(inputs),
  } satisfies CreateRepositoryCommandInput);
  inputs.drop("says how the repository is deleted one day", "forceDelete");
  const { repositoryName: id = "", repositoryArn: arn = "", registryId = "", repositoryUri = "" } = repository ?? {};
  return { id, name: id, arn, registryId, repositoryUrl: repositoryUri };
};

export const createRepositoryPolicy = ofRepository("SetRepositoryPolicy", "policyText");

export const createLifecyclePolicy = ofRepository("PutLifecyclePolicy", "lifecyclePolicyText");

/** A document that a repository has one of. */
function ofRepository(operation: string, document: string): Creator {
  return async (inputs, site) => {
    const repositoryName = inputs.text("repository");
    await site.call("ecr", operation, { repositoryName, [document]: inputs.json("policy") });
    return { id: repositoryName, registryId: site.account };
  };
}
