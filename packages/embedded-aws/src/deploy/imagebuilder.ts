import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Inputs } from "./inputs.ts";
import { byResourceArn, type Create, type ResourceType, retag, type Site } from "./resource-type.ts";

export const clientToken = (site: Site): string => site.aws.uuid();

const createComponent: Create = async (inputs, site) => {
  const answer = await site.call<Sdk.CreateComponentCommandOutput>("imagebuilder", "CreateComponent", {
    name: inputs.text("name"),
    semanticVersion: inputs.text("version"),
    platform: inputs.text<Sdk.Platform>("platform"),
    description: inputs.maybeText("description"),
    changeDescription: inputs.maybeText("changeDescription"),
    supportedOsVersions: inputs.texts("supportedOsVersions"),
    data: inputs.maybeText("data"),
    uri: inputs.maybeText("uri"),
    kmsKeyId: inputs.maybeText("kmsKeyId"),
    tags: inputs.textMap("tags"),
    clientToken: clientToken(site),
  } satisfies Sdk.CreateComponentCommandInput);
  return byArn(answer.componentBuildVersionArn);
};

/** Image Builder can change only the tags of these, so every other change is a new version. */
const FIXED = [
  "name",
  "version",
  "platform",
  "description",
  "changeDescription",
  "supportedOsVersions",
  "data",
  "uri",
  "kmsKeyId",
  "parentImage",
  "components",
  "blockDeviceMappings",
  "systemsManagerAgent",
  "userDataBase64",
  "workingDirectory",
  "amiTags",
  "containerType",
  "platformOverride",
  "dockerfileTemplateData",
  "dockerfileTemplateUri",
  "instanceConfiguration",
  "targetRepository",
];

/** A component or a recipe, whose content is fixed for each version. */
export const versioned = (create: Create, operation: string, member: string): ResourceType => ({
  create,
  async update(inputs, site, before) {
    inputs.drop("a change replaces the version", ...FIXED);
    await retag(inputs, before, site, byResourceArn("imagebuilder", before.attributes.arn));
    return before.attributes;
  },
  delete: ({ attributes: { arn } }, site) => site.call("imagebuilder", operation, { [member]: arn }),
  replacedBy: FIXED,
});

export const component = versioned(createComponent, "DeleteComponent", "componentBuildVersionArn");

/**
 * Resources that keep their name and take every other change: configurations and pipelines.
 * @param what as in the operations' names: `Create<what>`
 * @param member the operations' member with its ARN
 * @param toInput the input of Create and Update, without the name and tags
 */
export function named(what: string, member: string, toInput: (inputs: Inputs) => object): ResourceType {
  return {
    async create(inputs, site) {
      const name = inputs.text("name");
      const input = { name, ...toInput(inputs), tags: inputs.textMap("tags"), clientToken: clientToken(site) };
      const answer = await site.call<Readonly<Record<string, string>>>("imagebuilder", `Create${what}`, input);
      return byArn(answer[member]);
    },
    async update(inputs, site, before) {
      const { arn } = before.attributes;
      const input = { [member]: arn, ...toInput(inputs), clientToken: clientToken(site) };
      await site.call("imagebuilder", `Update${what}`, input);
      inputs.text("name");
      await retag(inputs, before, site, byResourceArn("imagebuilder", arn));
      return before.attributes;
    },
    delete: ({ attributes: { arn } }, site) => site.call("imagebuilder", `Delete${what}`, { [member]: arn }),
    replacedBy: ["name"],
  };
}

function toInfrastructure(
  inputs: Inputs,
): Omit<Sdk.CreateInfrastructureConfigurationCommandInput, "name" | "clientToken"> {
  const metadata = inputs.object("instanceMetadataOptions");
  const s3Logs = inputs.object("logging")?.object("s3Logs");
  return {
    description: inputs.maybeText("description"),
    instanceProfileName: inputs.text("instanceProfileName"),
    instanceTypes: inputs.texts("instanceTypes"),
    securityGroupIds: inputs.texts("securityGroupIds"),
    subnetId: inputs.maybeText("subnetId"),
    keyPair: inputs.maybeText("keyPair"),
    snsTopicArn: inputs.maybeText("snsTopicArn"),
    terminateInstanceOnFailure: inputs.flag("terminateInstanceOnFailure"),
    instanceMetadataOptions: metadata && {
      httpTokens: metadata.maybeText("httpTokens"),
      httpPutResponseHopLimit: metadata.number("httpPutResponseHopLimit"),
    },
    logging: s3Logs && {
      s3Logs: { s3BucketName: s3Logs.maybeText("s3BucketName"), s3KeyPrefix: s3Logs.maybeText("s3KeyPrefix") },
    },
    resourceTags: inputs.textMap("resourceTags"),
  };
}

export const infrastructureConfiguration = named(
  "InfrastructureConfiguration",
  "infrastructureConfigurationArn",
  toInfrastructure,
);

function toDistributions(
  inputs: Inputs,
): Omit<Sdk.CreateDistributionConfigurationCommandInput, "name" | "clientToken"> {
  return {
    description: inputs.maybeText("description"),
    distributions: inputs.list("distributions").map(toDistribution),
  };
}

export const distributionConfiguration = named(
  "DistributionConfiguration",
  "distributionConfigurationArn",
  toDistributions,
);

function toDistribution(distribution: Inputs): Sdk.Distribution {
  const ami = distribution.object("amiDistributionConfiguration");
  const launch = ami?.object("launchPermission");
  const container = distribution.object("containerDistributionConfiguration");
  const target = container?.object("targetRepository");
  const parameters = distribution.list("ssmParameterConfigurations").map((parameter) => ({
    amiAccountId: parameter.maybeText("amiAccountId"),
    parameterName: parameter.text("parameterName"),
    dataType: parameter.maybeText<"aws:ec2:image">("dataType"),
  }));
  return {
    region: distribution.text("region"),
    amiDistributionConfiguration: ami && {
      name: ami.maybeText("name"),
      description: ami.maybeText("description"),
      kmsKeyId: ami.maybeText("kmsKeyId"),
      targetAccountIds: ami.texts("targetAccountIds"),
      amiTags: ami.textMap("amiTags"),
      launchPermission: launch && {
        userIds: launch.texts("userIds"),
        userGroups: launch.texts("userGroups"),
        organizationArns: launch.texts("organizationArns"),
        organizationalUnitArns: launch.texts("organizationalUnitArns"),
      },
    },
    containerDistributionConfiguration: container && {
      description: container.maybeText("description"),
      containerTags: container.texts("containerTags"),
      targetRepository: target && {
        service: target.text<Sdk.ContainerRepositoryService>("service"),
        repositoryName: target.text("repositoryName"),
      },
    },
    ...(parameters.length > 0 && { ssmParameterConfigurations: parameters }),
  };
}

export function byArn(arn: string | undefined): { id: string; arn: string } {
  if (arn === undefined) throw new Error("Image Builder answered no ARN");
  return { id: arn, arn };
}
