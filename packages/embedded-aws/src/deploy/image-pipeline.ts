import type * as Sdk from "@aws-sdk/client-imagebuilder";
import { byArn, clientToken, named, versioned } from "./imagebuilder.ts";
import type { Inputs } from "./inputs.ts";
import type { Create } from "./resource-type.ts";

const createImageRecipe: Create = async (inputs, site) => {
  const agent = inputs.object("systemsManagerAgent");
  const uninstallAfterBuild = agent?.flag("uninstallAfterBuild");
  const userDataOverride = inputs.maybeText("userDataBase64");
  const answer = await site.call<Sdk.CreateImageRecipeCommandOutput>("imagebuilder", "CreateImageRecipe", {
    name: inputs.text("name"),
    semanticVersion: inputs.text("version"),
    description: inputs.maybeText("description"),
    parentImage: inputs.text("parentImage"),
    components: inputs.list("components").map(toComponent),
    blockDeviceMappings: inputs.list("blockDeviceMappings").map(toBlockDevice),
    workingDirectory: inputs.maybeText("workingDirectory"),
    ...((agent !== undefined || userDataOverride !== undefined) && {
      additionalInstanceConfiguration: {
        systemsManagerAgent: agent && { uninstallAfterBuild },
        userDataOverride,
      },
    }),
    amiTags: inputs.textMap("amiTags"),
    tags: inputs.textMap("tags"),
    clientToken: clientToken(site),
  } satisfies Sdk.CreateImageRecipeCommandInput);
  return byArn(answer.imageRecipeArn);
};

/** A recipe's component with its parameters. */
function toComponent(component: Inputs): Sdk.ComponentConfiguration {
  const parameters = component.list("parameters");
  return {
    componentArn: component.text("componentArn"),
    ...(parameters.length > 0 && {
      parameters: parameters.map((parameter) => ({ name: parameter.text("name"), value: [parameter.text("value")] })),
    }),
  };
}

function toBlockDevice(mapping: Inputs): Sdk.InstanceBlockDeviceMapping {
  const ebs = mapping.object("ebs");
  return {
    deviceName: mapping.maybeText("deviceName"),
    virtualName: mapping.maybeText("virtualName"),
    ...(mapping.flag("noDevice") && { noDevice: "" }),
    ebs: ebs && {
      encrypted: ebs.flag("encrypted"),
      deleteOnTermination: ebs.flag("deleteOnTermination"),
      iops: ebs.number("iops"),
      kmsKeyId: ebs.maybeText("kmsKeyId"),
      snapshotId: ebs.maybeText("snapshotId"),
      volumeSize: ebs.number("volumeSize"),
      volumeType: ebs.maybeText<Sdk.EbsVolumeType>("volumeType"),
      throughput: ebs.number("throughput"),
    },
  };
}

export const imageRecipe = versioned(createImageRecipe, "DeleteImageRecipe", "imageRecipeArn");

function toPipeline(inputs: Inputs): Omit<Sdk.CreateImagePipelineCommandInput, "name" | "clientToken"> {
  const tests = inputs.object("imageTestsConfiguration");
  const scanning = inputs.object("imageScanningConfiguration");
  const ecr = scanning?.object("ecrConfiguration");
  const schedule = inputs.object("schedule");
  const logging = inputs.object("loggingConfiguration");
  const workflows = inputs.list("workflows");
  return {
    description: inputs.maybeText("description"),
    imageRecipeArn: inputs.maybeText("imageRecipeArn"),
    containerRecipeArn: inputs.maybeText("containerRecipeArn"),
    infrastructureConfigurationArn: inputs.text("infrastructureConfigurationArn"),
    distributionConfigurationArn: inputs.maybeText("distributionConfigurationArn"),
    enhancedImageMetadataEnabled: inputs.flag("enhancedImageMetadataEnabled"),
    executionRole: inputs.maybeText("executionRole"),
    status: inputs.maybeText<Sdk.PipelineStatus>("status"),
    imageTestsConfiguration: tests && {
      imageTestsEnabled: tests.flag("imageTestsEnabled"),
      timeoutMinutes: tests.number("timeoutMinutes"),
    },
    imageScanningConfiguration: scanning && {
      imageScanningEnabled: scanning.flag("imageScanningEnabled"),
      ecrConfiguration: ecr && {
        repositoryName: ecr.maybeText("repositoryName"),
        containerTags: ecr.texts("containerTags"),
      },
    },
    schedule: schedule && {
      scheduleExpression: schedule.text("scheduleExpression"),
      timezone: schedule.maybeText("timezone"),
      pipelineExecutionStartCondition: schedule.maybeText<Sdk.PipelineExecutionStartCondition>(
        "pipelineExecutionStartCondition",
      ),
    },
    loggingConfiguration: logging && {
      imageLogGroupName: logging.maybeText("imageLogGroupName"),
      pipelineLogGroupName: logging.maybeText("pipelineLogGroupName"),
    },
    ...(workflows.length > 0 && { workflows: workflows.map(toWorkflow) }),
  };
}

export const imagePipeline = named("ImagePipeline", "imagePipelineArn", toPipeline);

function toWorkflow(workflow: Inputs) {
  return {
    workflowArn: workflow.text("workflowArn"),
    onFailure: workflow.maybeText<Sdk.OnWorkflowFailure>("onFailure"),
    parallelGroup: workflow.maybeText("parallelGroup"),
    parameters: workflow.list("parameters").map((parameter) => ({
      name: parameter.text("name"),
      value: [parameter.text("value")],
    })),
  };
}

const createContainerRecipe: Create = async (inputs, site) => {
  const components = inputs.list("components");
  const instance = inputs.object("instanceConfiguration");
  const target = inputs.object("targetRepository");
  const answer = await site.call<Sdk.CreateContainerRecipeCommandOutput>("imagebuilder", "CreateContainerRecipe", {
    containerType: inputs.text<Sdk.ContainerType>("containerType"),
    name: inputs.text("name"),
    semanticVersion: inputs.text("version"),
    description: inputs.maybeText("description"),
    parentImage: inputs.text("parentImage"),
    platformOverride: inputs.maybeText<Sdk.Platform>("platformOverride"),
    ...(components.length > 0 && { components: components.map(toComponent) }),
    dockerfileTemplateData: inputs.maybeText("dockerfileTemplateData"),
    dockerfileTemplateUri: inputs.maybeText("dockerfileTemplateUri"),
    instanceConfiguration: instance && {
      image: instance.maybeText("image"),
      blockDeviceMappings: instance.list("blockDeviceMappings").map(toBlockDevice),
    },
    kmsKeyId: inputs.maybeText("kmsKeyId"),
    targetRepository: target && toTargetRepository(target),
    workingDirectory: inputs.maybeText("workingDirectory"),
    tags: inputs.textMap("tags"),
    clientToken: clientToken(site),
  } satisfies Sdk.CreateContainerRecipeCommandInput);
  return byArn(answer.containerRecipeArn);
};

export const containerRecipe = versioned(createContainerRecipe, "DeleteContainerRecipe", "containerRecipeArn");

const toTargetRepository = (target: Inputs): Sdk.TargetContainerRepository => ({
  service: target.text<Sdk.ContainerRepositoryService>("service"),
  repositoryName: target.text("repositoryName"),
});
