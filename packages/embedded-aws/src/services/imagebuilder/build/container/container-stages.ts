import type { TargetContainerRepository } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import { AwsError } from "../../../../engine/operation.ts";
import type { Principal } from "../../../../engine/principal.ts";
import type { ContainerResources } from "../../build-settings.ts";
import { latestAvailable } from "../../images.ts";
import { instancePlan, SIMULATED, type SimulatedDurations, simulatedDurations } from "../../simulation.ts";
import type { ImageRecord } from "../../state.ts";
import { componentsOf, executeComponents } from "../execute-components.ts";
import { BuildFailedError } from "../failure-context.ts";
import { moveImage } from "../image-state.ts";
import { launchInstance, terminateInstance } from "../launch-instance.ts";
import { resolveParent } from "../resolve-parent.ts";
import { runWorkflow, type StepWork } from "../run-workflow.ts";
import { callAsInstance, instancePrincipal, type SimulatedInstance, simulatedInstance } from "../simulated-instance.ts";
import { BUILD_CONTAINER, TEST_CONTAINER } from "../workflows.ts";
import {
  type ContainerImage,
  type ContainerParent,
  fillDockerfile,
  makeContainerImage,
  makeLayer,
} from "./container-image.ts";
import { distributeContainer } from "./distribute-container.ts";
import { pullImage, pushImage } from "./registry.ts";
import { scanContainer, tellScanners } from "./scan-container.ts";

/** Builds, tests and distributes a container image. */
export async function containerStages(
  aws: EmbeddedAws,
  record: ImageRecord,
  resources: ContainerResources,
): Promise<void> {
  const { recipe, infrastructure, distribution } = resources;
  const profile = infrastructure.instanceProfileName ?? "";
  const { image: instanceImage } = recipe.instanceConfiguration ?? {};
  // By default AWS uses an AMI optimized for ECS.
  if (instanceImage !== undefined) await resolveParent(aws, record, instanceImage, record.image.executionRole);
  const instance = (stage: "build" | "test", parent: string, system?: SimulatedInstance["system"]) =>
    simulatedInstance(aws, record, stage, parent, profile, system);
  const principal = (by: SimulatedInstance): Promise<Principal> =>
    instancePrincipal(aws, record, profile, by.instanceId);
  const reference = recipe.parentImage ?? "";
  const parent = await resolveContainerParent(aws, record, reference, () => principal(instance("build", reference)));
  const builder = instance("build", parent.reference);
  const image = await buildContainer(aws, record, resources, parent, builder, () => principal(builder));
  if (record.image.imageTestsConfiguration?.imageTestsEnabled) {
    moveImage(aws, record, "TESTING");
    const tester = instance("test", parent.reference, builder.system);
    await testContainer(aws, record, resources, image, tester, () => principal(tester));
  }
  if (distribution) await distributeContainer(aws, record, distribution, image, () => principal(builder));
}

/** The duration of a part, as for AMIs. */
const pause = (aws: EmbeddedAws, record: ImageRecord, part: keyof SimulatedDurations): Promise<void> =>
  aws.clock.sleep(
    simulatedDurations(instancePlan(aws, record.account, record.region))[part],
    record.cancellation.signal,
  );

/**
 * The first and last steps of both workflows. The instance reads the recipe with its own role: AWS's policy for such
 * instances, EC2InstanceProfileForImageBuilderECRContainerBuilds, allows it.
 */
function instanceSteps(
  aws: EmbeddedAws,
  instance: SimulatedInstance,
  { infrastructure, recipe }: ContainerResources,
): { launch: StepWork; bootstrap: StepWork; terminate: StepWork } {
  const { record, instanceId } = instance;
  const onInstance = { instanceId };
  const launch = async () => {
    await pause(aws, record, "launch");
    await launchInstance(instance, infrastructure);
    return onInstance;
  };
  return {
    launch: { inputs: { waitFor: "ssmAgent" }, run: launch },
    bootstrap: {
      inputs: onInstance,
      run: async () => {
        requireReachableMetadata(infrastructure);
        await callAsInstance(instance, "imagebuilder", "GetContainerRecipe", { containerRecipeArn: recipe.arn });
        return { status: "Success", output: SIMULATED, runCommandId: aws.uuid() };
      },
    },
    terminate: { inputs: onInstance, run: () => pause(aws, record, "terminate") },
  };
}

/**
 * A container is one hop further from the instance metadata, and so from the role (API reference,
 * InstanceMetadataOptions: if tokens are required, container image builds need two hops). AWS's message for this
 * failure is not published.
 */
function requireReachableMetadata({ instanceMetadataOptions }: ContainerResources["infrastructure"]): void {
  const { httpTokens, httpPutResponseHopLimit = 1 } = instanceMetadataOptions ?? {};
  if (httpTokens !== "required" || httpPutResponseHopLimit >= 2) return;
  throw new BuildFailedError(
    `The container cannot reach the instance metadata service: tokens are required, and the hop limit is ${httpPutResponseHopLimit} where a container needs 2.`,
  );
}

async function buildContainer(
  aws: EmbeddedAws,
  record: ImageRecord,
  resources: ContainerResources,
  parent: ContainerParent,
  instance: SimulatedInstance,
  principal: () => Promise<Principal>,
): Promise<ContainerImage> {
  const { recipe, infrastructure } = resources;
  const { account, region, buildNumber } = record;
  const components = componentsOf(aws, record, recipe, "build");
  const arns = components.map((one) => one.component.arn ?? "");
  const dockerfile = fillDockerfile(recipe.dockerfileTemplateData ?? "", parent.reference, arns);
  const { launch, bootstrap, terminate } = instanceSteps(aws, instance, resources);
  const onInstance = { instanceId: instance.instanceId };
  let image: ContainerImage | undefined;
  const create = async () => {
    await pause(aws, record, "createImage");
    image = makeContainerImage(record, parent, dockerfile, aws.clock.now());
    tellScanners(aws, record, image.digest, instance.context());
    const { repositoryName = "" } = repositoryInBuildRegion(resources) ?? {};
    const target = { principal: await principal(), account, region, repositoryName };
    // AWS does not document this tag's format.
    const imageUris = await pushImage(aws, target, image, [`${recipe.version}-${buildNumber}`]);
    record.image.outputResources = { containers: [{ region, imageUris }] };
    return { imageUris };
  };
  await runWorkflow(
    aws,
    record,
    BUILD_CONTAINER,
    {
      LaunchBuildInstance: launch,
      BootstrapBuildInstance: bootstrap,
      ApplyBuildComponents:
        components.length === 0
          ? "skip"
          : { inputs: onInstance, run: () => executeComponents(aws, instance, components) },
      CreateOutputContainer: { inputs: onInstance, run: create },
      TerminateBuildInstance: terminate,
    },
    { rollback: infrastructure.terminateInstanceOnFailure ?? true },
  ).finally(() => terminateInstance(instance));
  if (!image) throw new Error(`The build of ${record.image.arn} ended without a container image`);
  return image;
}

/**
 * With a distribution, the first listed region's repository is also used in the build region (Image Builder user guide,
 * "Create a container image pipeline from the AWS CLI").
 */
function repositoryInBuildRegion({ recipe, distribution }: ContainerResources): TargetContainerRepository | undefined {
  const [first] = (distribution?.distributions ?? []).flatMap((one) => one.containerDistributionConfiguration ?? []);
  return first?.targetRepository ?? recipe.targetRepository;
}

async function testContainer(
  aws: EmbeddedAws,
  record: ImageRecord,
  resources: ContainerResources,
  image: ContainerImage,
  instance: SimulatedInstance,
  principal: () => Promise<Principal>,
): Promise<void> {
  const components = componentsOf(aws, record, resources.recipe, "test");
  const { launch, bootstrap, terminate } = instanceSteps(aws, instance, resources);
  const onInstance = { instanceId: instance.instanceId };
  const scans = record.image.imageScanningConfiguration?.imageScanningEnabled;
  await runWorkflow(
    aws,
    record,
    TEST_CONTAINER,
    {
      LaunchTestInstance: launch,
      BootstrapTestInstance: bootstrap,
      CollectImageScanFindings: scans
        ? { inputs: onInstance, run: async () => scanContainer(aws, instance, image, await principal()) }
        : "skip",
      ApplyTestComponents:
        components.length === 0
          ? "skip"
          : { inputs: onInstance, run: () => executeComponents(aws, instance, components) },
      TerminateTestInstance: terminate,
    },
    // A test instance never outlives its test.
    { rollback: true },
  ).finally(() => terminateInstance(instance));
}

const PRIVATE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+)|@(sha256:.+))?$/;

/**
 * Resolves a recipe's parent to a container image: the newest build of an Image Builder image, or an image of a
 * registry. Private ones are pulled from ECR with the instance's permissions. Public registries are not accessed: their
 * images are assumed to exist, with a single constant layer that contains the name.
 * @throws BuildFailedError if there is none that the instance may pull
 */
async function resolveContainerParent(
  aws: EmbeddedAws,
  record: ImageRecord,
  parent: string,
  principal: () => Promise<Principal>,
): Promise<ContainerParent> {
  try {
    const reference = parent.startsWith("arn:") ? outputOf(aws, record, parent) : parent;
    const [, registryId, region = "", repositoryName, imageTag = "latest", imageDigest] = PRIVATE.exec(reference) ?? [];
    if (registryId === undefined || repositoryName === undefined) {
      return { reference, layers: [makeLayer("parent", reference)] };
    }
    const imageId = imageDigest ? { imageDigest } : { imageTag };
    const source = { principal: await principal(), registryId, region, repositoryName, imageId };
    const pulled = await pullImage(aws, source);
    return {
      reference: `${registryId}.dkr.ecr.${region}.amazonaws.com/${repositoryName}@${pulled.digest}`,
      layers: pulled.layers,
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new BuildFailedError(
      `Failed to resolve the parent image '${parent}': ${error.message}`,
      {},
      { cause: error },
    );
  }
}

function outputOf(aws: EmbeddedAws, record: ImageRecord, parent: string): string {
  const { image } = latestAvailable(aws, record, parent) ?? {};
  const uri = image?.outputResources?.containers?.find(({ region }) => region === record.region)?.imageUris?.[0];
  if (uri) return uri;
  throw new AwsError("ResourceNotFoundException", `No AVAILABLE build of image '${parent}' has a container image.`);
}
