import type {
  CreateRepositoryCommandInput,
  CreateRepositoryCommandOutput,
  EncryptionType,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  PutLifecyclePolicyCommandInput,
  SetRepositoryPolicyCommandInput,
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

export const createRepositoryPolicy: Creator = async (inputs, site) => {
  const repositoryName = inputs.text("repository");
  const policyText = inputs.json("policy");
  await site.call("ecr", "SetRepositoryPolicy", {
    repositoryName,
    policyText,
  } satisfies SetRepositoryPolicyCommandInput);
  return { id: repositoryName, registryId: site.account };
};

export const createLifecyclePolicy: Creator = async (inputs, site) => {
  const repositoryName = inputs.text("repository");
  const lifecyclePolicyText = inputs.json("policy");
  await site.call("ecr", "PutLifecyclePolicy", {
    repositoryName,
    lifecyclePolicyText,
  } satisfies PutLifecyclePolicyCommandInput);
  return { id: repositoryName, registryId: site.account };
};
