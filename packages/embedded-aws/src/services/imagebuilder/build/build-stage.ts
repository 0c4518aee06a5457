import type { InstanceBlockDeviceMapping } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type NewBlockDevice, registerImage } from "../../ec2/register-image.ts";
import type { AmiResources } from "../build-settings.ts";
import { instancePlan, SIMULATED, simulatedDurations } from "../simulation.ts";
import type { ImageRecord } from "../state.ts";
import { componentsOf, executeComponents } from "./execute-components.ts";
import { BuildFailedError } from "./failure-context.ts";
import { fillIn } from "./image-state.ts";
import { launchInstance, terminateInstance } from "./launch-instance.ts";
import { type ParentImage, SMALLEST_GIB } from "./resolve-parent.ts";
import { runWorkflow } from "./run-workflow.ts";
import { type SimulatedInstance, simulatedInstance } from "./simulated-instance.ts";
import { asksForCleanUp, keepSystem, playUserData } from "./simulated-system.ts";
import { BUILD_IMAGE } from "./workflows.ts";

/** Builds on a simulated instance of the parent and registers the output AMI; answers its id. */
export async function buildStage(
  aws: EmbeddedAws,
  record: ImageRecord,
  resources: AmiResources,
  parent: ParentImage,
): Promise<string> {
  const { recipe, infrastructure } = resources;
  requirePlatform(recipe, parent);
  // Linux is cleaned up by a script, Windows by Sysprep (user guide, "Security best practices").
  const isWindows = parent.platform === "windows";
  const components = componentsOf(aws, record, recipe, "build");
  const instance = simulatedInstance(aws, record, "build", parent.imageId, infrastructure.instanceProfileName ?? "");
  const onInstance = { instanceId: instance.instanceId };
  const userData = decode(recipe.additionalInstanceConfiguration?.userDataOverride);
  const launch = async () => {
    if (userData !== undefined) playUserData(instance.system, userData);
    await launchInstance(instance, infrastructure);
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
      RunSanitizeScript: isWindows
        ? "skip"
        : {
            inputs: onInstance,
            run: async () => {
              await pause("sanitize");
              const cleans = userData === undefined || asksForCleanUp(userData, recipe.workingDirectory ?? "/tmp");
              const output = cleans ? SIMULATED : `Skipping cleanup\n${SIMULATED}`;
              return { status: "Success", output, runCommandId: aws.uuid() };
            },
          },
      RunSysPrepScript: isWindows
        ? {
            inputs: onInstance,
            run: () =>
              pause("sanitize").then(() => ({ status: "Success", output: SIMULATED, runCommandId: aws.uuid() })),
          }
        : "skip",
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

/** AWS documents neither the message nor the time of this check. @throws BuildFailedError */
function requirePlatform({ platform = "Linux" }: AmiResources["recipe"], parent: ParentImage): void {
  const found = parent.platform === "windows" ? "Windows" : "Linux";
  if (found === platform) return;
  throw new BuildFailedError(
    `The recipe's components are for ${platform}, and the parent image '${parent.imageId}' runs ${found}.`,
  );
}

const decode = (base64: string | undefined): string | undefined =>
  base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");

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
    usageOperation: parent.usageOperation,
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
  keepSystem(aws, record, imageId, instance.system);
  image.outputResources = { amis: [{ region, image: imageId, name, accountId: account }] };
  return imageId;
}

/** The parent's devices, overridden by the recipe's. */
function outputDevices(
  parent: readonly NewBlockDevice[],
  recipe: readonly InstanceBlockDeviceMapping[],
): NewBlockDevice[] {
  const devices = new Map(parent.map((device) => [device.deviceName, device]));
  for (const { deviceName, ebs, noDevice } of recipe) {
    if (deviceName === undefined) continue;
    if (noDevice !== undefined) devices.delete(deviceName);
    if (ebs === undefined) continue;
    const before = devices.get(deviceName);
    devices.set(deviceName, {
      deviceName,
      encrypted: ebs.encrypted ?? before?.encrypted ?? false,
      kmsKeyId: ebs.kmsKeyId,
      volumeSizeGiB: ebs.volumeSize ?? before?.volumeSizeGiB ?? SMALLEST_GIB,
      volumeType: ebs.volumeType ?? before?.volumeType,
    });
  }
  return [...devices.values()];
}
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/al2023/i, "Amazon Linux 2023"],
  [/amzn2/i, "Amazon Linux 2"],
  [/debian-12/i, "Debian 12"],
  [/debian-13/i, "Debian 13"],
  [/ubuntu.*26\.04/i, "Ubuntu 26.04"],
  [/ubuntu.*24\.04/i, "Ubuntu 24.04"],
  [/ubuntu.*22\.04/i, "Ubuntu 22.04"],
  [/windows.*2025/i, "Microsoft Windows Server 2025"],
  [/windows.*2022/i, "Microsoft Windows Server 2022"],
  [/windows.*2019/i, "Microsoft Windows Server 2019"],
  [/^RHEL-9/, "Red Hat Enterprise Linux 9"],
  [/^Rocky-9/, "Rocky Linux 9"],
  [/^Rocky-10/, "Rocky Linux 10"],
  [/^AlmaLinux OS 9/, "AlmaLinux 9"],
  [/^AlmaLinux OS 10/, "AlmaLinux 10"],
  [/sles-15-sp7/, "SUSE Linux Enterprise Server 15 SP7"],
  [/sles-16-0/, "SUSE Linux Enterprise Server 16.0"],
];

/** The operating system as inventory would report it, derived from the parent AMI's name; instances are simulated. */
const osVersion = (parentName: string): string => KNOWN.find(([pattern]) => pattern.test(parentName))?.[1] ?? "Linux";
