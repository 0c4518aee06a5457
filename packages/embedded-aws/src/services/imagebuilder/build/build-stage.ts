import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { registerImage } from "../../ec2/register-image.ts";
import type { AmiResources } from "../build-settings.ts";
import { instancePlan, SIMULATED, simulatedDurations } from "../simulation.ts";
import { fillIn } from "./build-date.ts";
import { BUILD_IMAGE } from "./default-workflows.ts";
import { componentsOf, executeComponents } from "./execute-components.ts";
import type { ImageRecord } from "./image-record.ts";
import { osVersion } from "./os-version.ts";
import { outputDevices } from "./output-devices.ts";
import type { ParentImage } from "./resolve-parent.ts";
import { runWorkflow } from "./run-workflow.ts";
import { launchInstance, terminateInstance } from "./running-instances.ts";
import { type SimulatedInstance, simulatedInstance } from "./simulated-instance.ts";

/** Builds on a simulated instance of the parent and registers the output AMI; answers its id. */
export async function buildStage(
  aws: EmbeddedAws,
  record: ImageRecord,
  resources: AmiResources,
  parent: ParentImage,
): Promise<string> {
  const { recipe, infrastructure } = resources;
  const components = componentsOf(aws, record, recipe, "build");
  const instance = simulatedInstance(aws, record, "build", parent.imageId, infrastructure.instanceProfileName ?? "");
  const onInstance = { instanceId: instance.instanceId };
  const launch = () => {
    launchInstance(instance, infrastructure);
    return onInstance;
  };
  const pause = (part: "launch" | "inventory" | "sanitize" | "createImage" | "terminate"): Promise<void> =>
    aws.clock.sleep(
      simulatedDurations(instancePlan(aws, record.account, record.region))[part],
      record.cancellation.signal,
    );
  let imageId = "";
  await runWorkflow(
    aws,
    record,
    BUILD_IMAGE,
    {
      LaunchBuildInstance: {
        inputs: { waitFor: "ssmAgent" },
        run: () => pause("launch").then(launch),
      },
      ApplyBuildComponents:
        components.length === 0
          ? "skip"
          : { inputs: onInstance, run: () => executeComponents(aws, instance, components) },
      InventoryCollection: record.image.enhancedImageMetadataEnabled
        ? { inputs: onInstance, run: () => pause("inventory").then(() => takeInventory(aws, instance, parent)) }
        : "skip",
      RunSanitizeScript: {
        inputs: onInstance,
        run: () => pause("sanitize").then(() => ({ status: "Success", output: SIMULATED, runCommandId: aws.uuid() })),
      },
      RunSysPrepScript: "skip",
      CreateOutputAMI: {
        inputs: onInstance,
        run: async () => {
          await pause("createImage");
          record.cancellation.signal.throwIfAborted();
          imageId = createOutputAmi(aws, record, resources, parent, instance);
          return { imageId };
        },
      },
      TerminateBuildInstance: { inputs: onInstance, run: () => pause("terminate") },
    },
    { rollback: infrastructure.terminateInstanceOnFailure ?? true },
  ).finally(() => terminateInstance(instance));
  return imageId;
}

function takeInventory(aws: EmbeddedAws, instance: SimulatedInstance, parent: ParentImage): object {
  const { record, context } = instance;
  const packages = instancePlan(aws, record.account, record.region).packages?.(context()) ?? [];
  record.packages = packages.map(({ name, version }) => ({ packageName: name, packageVersion: version }));
  record.image.osVersion = osVersion(parent.name);
  return { osVersion: record.image.osVersion, associationId: aws.uuid() };
}

function createOutputAmi(
  aws: EmbeddedAws,
  record: ImageRecord,
  { recipe, distribution }: AmiResources,
  parent: ParentImage,
  instance: SimulatedInstance,
): string {
  const { account, region, image } = record;
  const here = distribution?.distributions?.find((one) => one.region === region)?.amiDistributionConfiguration;
  const template = here?.name ?? `${recipe.name} {{ imagebuilder:buildDate }}`;
  const name = fillIn(template, aws.clock.now(), record.buildNumber);
  const own = { CreatedBy: "EC2 Image Builder", Ec2ImageBuilderArn: image.arn ?? "" };
  const devices = outputDevices(parent.devices, recipe.blockDeviceMappings ?? []);
  const writtenBytes = instancePlan(aws, account, region).writtenBytes?.(instance.context());
  const imageId = registerImage(aws, account, region, {
    name,
    architecture: parent.architecture,
    platform: parent.platform,
    sourceImageId: parent.imageId,
    rootDeviceName: parent.rootDeviceName,
    bootMode: parent.bootMode,
    imdsSupport: parent.imdsSupport,
    blockDeviceMappings: devices.map((device) => ({
      ...device,
      ...(device.deviceName === parent.rootDeviceName && { writtenBytes }),
    })),
    tags: { ...recipe.amiTags, ...here?.amiTags, ...own },
    snapshotTags: own,
  });
  image.outputResources = { amis: [{ region, image: imageId, name, accountId: account }] };
  return imageId;
}
