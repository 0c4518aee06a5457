import type {
  ContainerRepositoryService,
  CreateComponentCommandInput,
  CreateComponentCommandOutput,
  CreateDistributionConfigurationCommandInput,
  CreateDistributionConfigurationCommandOutput,
  CreateInfrastructureConfigurationCommandInput,
  CreateInfrastructureConfigurationCommandOutput,
  Distribution,
  Platform,
} from "@aws-sdk/client-imagebuilder";
import type { Creator, Site } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

/** Created under its logical name once: a deployment that is repeated does not create twice. */
export const clientToken = (site: Site): string => site.aws.uuid();

export const createComponent: Creator = async (inputs, site) => {
  const answer = await site.call<CreateComponentCommandOutput>("imagebuilder", "CreateComponent", {
    name: inputs.text("name"),
    semanticVersion: inputs.text("version"),
    platform: inputs.text<Platform>("platform"),
    description: inputs.maybeText("description"),
    changeDescription: inputs.maybeText("changeDescription"),
    supportedOsVersions: inputs.texts("supportedOsVersions"),
    data: inputs.maybeText("data"),
    uri: inputs.maybeText("uri"),
    kmsKeyId: inputs.maybeText("kmsKeyId"),
    tags: inputs.textMap("tags"),
    clientToken: clientToken(site),
  } satisfies CreateComponentCommandInput);
  return byArn(answer.componentBuildVersionArn);
};

export const createInfrastructureConfiguration: Creator = async (inputs, site) => {
  const metadata = inputs.object("instanceMetadataOptions");
  const s3Logs = inputs.object("logging")?.object("s3Logs");
  const answer = await site.call<CreateInfrastructureConfigurationCommandOutput>(
    "imagebuilder",
    "CreateInfrastructureConfiguration",
    {
      name: inputs.text("name"),
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
      tags: inputs.textMap("tags"),
      clientToken: clientToken(site),
    } satisfies CreateInfrastructureConfigurationCommandInput,
  );
  return byArn(answer.infrastructureConfigurationArn);
};

export const createDistributionConfiguration: Creator = async (inputs, site) => {
  const answer = await site.call<CreateDistributionConfigurationCommandOutput>(
    "imagebuilder",
    "CreateDistributionConfiguration",
    {
      name: inputs.text("name"),
      description: inputs.maybeText("description"),
      distributions: inputs.list("distributions").map(toDistribution),
      tags: inputs.textMap("tags"),
      clientToken: clientToken(site),
    } satisfies CreateDistributionConfigurationCommandInput,
  );
  return byArn(answer.distributionConfigurationArn);
};

function toDistribution(distribution: Inputs): Distribution {
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
        service: target.text<ContainerRepositoryService>("service"),
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
