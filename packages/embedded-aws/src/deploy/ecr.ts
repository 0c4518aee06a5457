import type * as Sdk from "@aws-sdk/client-ecr";
import type { Inputs } from "./inputs.ts";
import { byResourceArn, put, type ResourceType, retag, tagList, toTagList } from "./resource-type.ts";

export const repository: ResourceType = {
  async create(inputs, site) {
    const [encryption] = inputs.list("encryptionConfigurations");
    const scanning = inputs.object("imageScanningConfiguration");
    const filters = inputs.list("imageTagMutabilityExclusionFilters");
    const { repository } = await site.call<Sdk.CreateRepositoryCommandOutput>("ecr", "CreateRepository", {
      repositoryName: inputs.text("name"),
      imageTagMutability: inputs.maybeText<Sdk.ImageTagMutability>("imageTagMutability"),
      ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters.map(toExclusion) }),
      encryptionConfiguration: encryption && {
        encryptionType: encryption.maybeText<Sdk.EncryptionType>("encryptionType") ?? "AES256",
        kmsKey: encryption.maybeText("kmsKey"),
      },
      imageScanningConfiguration: scanning && { scanOnPush: scanning.flag("scanOnPush") ?? false },
      tags: tagList(inputs),
    } satisfies Sdk.CreateRepositoryCommandInput);
    inputs.drop("only used on deletion", "forceDelete");
    const { repositoryName: id = "", repositoryArn: arn = "", registryId = "", repositoryUri = "" } = repository ?? {};
    return { id, name: id, arn, registryId, repositoryUrl: repositoryUri };
  },
  async update(inputs, site, before) {
    const repositoryName = inputs.text("name");
    const filters = inputs.list("imageTagMutabilityExclusionFilters");
    await site.call("ecr", "PutImageTagMutability", {
      repositoryName,
      imageTagMutability: inputs.maybeText<Sdk.ImageTagMutability>("imageTagMutability") ?? "MUTABLE",
      ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters.map(toExclusion) }),
    } satisfies Sdk.PutImageTagMutabilityCommandInput);
    const scanOnPush = inputs.object("imageScanningConfiguration")?.flag("scanOnPush") ?? false;
    await site.call("ecr", "PutImageScanningConfiguration", {
      repositoryName,
      imageScanningConfiguration: { scanOnPush },
    } satisfies Sdk.PutImageScanningConfigurationCommandInput);
    const { service, untag } = byResourceArn("ecr", before.attributes.arn);
    const tag = (tags: Readonly<Record<string, string>>) =>
      ["TagResource", { resourceArn: before.attributes.arn, tags: toTagList(tags) }] as const;
    await retag(inputs, before, site, { service, tag, untag });
    inputs.drop("a change replaces the repository", "encryptionConfigurations");
    inputs.drop("only used on deletion", "forceDelete");
    return before.attributes;
  },
  delete({ inputs }, site) {
    const [repositoryName, force] = [inputs.text("name"), inputs.flag("forceDelete")];
    return site.call("ecr", "DeleteRepository", { repositoryName, force });
  },
  replacedBy: ["name", "encryptionConfigurations"],
};

export const repositoryPolicy = ofRepository(["SetRepositoryPolicy", "DeleteRepositoryPolicy"], "policyText");

export const lifecyclePolicy = ofRepository(["PutLifecyclePolicy", "DeleteLifecyclePolicy"], "lifecyclePolicyText");

/** A document of which a repository has one. */
function ofRepository([set, remove]: readonly [string, string], document: string): ResourceType {
  return put({
    async create(inputs, site) {
      const repositoryName = inputs.text("repository");
      await site.call("ecr", set, { repositoryName, [document]: inputs.json("policy") });
      return { id: repositoryName, registryId: site.account };
    },
    delete: ({ attributes: { id: repositoryName } }, site) => site.call("ecr", remove, { repositoryName }),
    replacedBy: ["repository"],
  });
}

const toExclusion = (one: Inputs): Sdk.ImageTagMutabilityExclusionFilter => ({
  filterType: one.text<NonNullable<Sdk.ImageTagMutabilityExclusionFilter["filterType"]>>("filterType"),
  filter: one.text("filter"),
});
