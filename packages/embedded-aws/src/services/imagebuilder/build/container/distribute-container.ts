import type { Container, Distribution, DistributionConfiguration } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import type { Principal } from "../../../../engine/principal.ts";
import { instancePlan, simulatedDurations } from "../../simulation.ts";
import type { ImageRecord } from "../../state.ts";
import { notDistributed } from "../distribute.ts";
import type { RegionFailure } from "../failure-context.ts";
import { fillIn, moveImage } from "../image-state.ts";
import { runWorkflow } from "../run-workflow.ts";
import { DISTRIBUTE_CONTAINER } from "../workflows.ts";
import type { ContainerImage } from "./container-image.ts";
import { pushImage } from "./registry.ts";

/**
 * Pushes a container image to the repositories of a distribution's regions with their tags; the digest is the same
 * everywhere.
 */
export async function distributeContainer(
  aws: EmbeddedAws,
  record: ImageRecord,
  { distributions = [] }: DistributionConfiguration,
  image: ContainerImage,
  principal: () => Promise<Principal>,
): Promise<void> {
  const wanted = distributions.filter((one) => one.containerDistributionConfiguration);
  moveImage(aws, record, "DISTRIBUTING");
  const run = async () => {
    const by = await principal();
    const tried = await Promise.all(wanted.map((one) => pushTo(aws, record, one, image, by)));
    const done = tried.filter((one): one is Container => !("status" in one));
    record.image.outputResources = { containers: merged(record.image.outputResources?.containers ?? [], done) };
    const failures = tried.filter((one): one is RegionFailure => "status" in one);
    if (failures.length > 0) throw notDistributed(aws, record, failures, "distribution");
    return { distributedImages: done };
  };
  // A distribution cannot be rolled back.
  const work = { DistributeContainerImage: wanted.length > 0 ? { inputs: {}, run } : ("skip" as const) };
  await runWorkflow(aws, record, DISTRIBUTE_CONTAINER, work, { rollback: false });
}

async function pushTo(
  aws: EmbeddedAws,
  record: ImageRecord,
  { region = "", containerDistributionConfiguration: container }: Distribution,
  image: ContainerImage,
  principal: Principal,
): Promise<Container | RegionFailure> {
  const { account, buildNumber } = record;
  const tags = (container?.containerTags ?? []).map((tag) => fillIn(tag, aws.clock.now(), buildNumber));
  const all = [`${record.image.version}-${buildNumber}`, ...tags];
  const { repositoryName = "" } = container?.targetRepository ?? {};
  try {
    const { distribute } = simulatedDurations(instancePlan(aws, account, record.region));
    if (region !== record.region) await aws.clock.sleep(distribute, record.cancellation.signal);
    const imageUris = await pushImage(aws, { principal, account, region, repositoryName }, image, [...new Set(all)]);
    return { region, imageUris };
  } catch (error) {
    record.cancellation.signal.throwIfAborted();
    return { region, status: "FAILED", errorMessage: error instanceof Error ? error.message : String(error) };
  }
}

/** One entry for each region, each URI once. */
function merged(before: readonly Container[], after: readonly Container[]): Container[] {
  const regions = Map.groupBy([...before, ...after], ({ region }) => region);
  return [...regions].map(([region, all]) => ({
    region,
    imageUris: [...new Set(all.flatMap(({ imageUris }) => imageUris ?? []))],
  }));
}
