import { EC2Client } from "@aws-sdk/client-ec2";
import {
  deprecateFrom,
  disableAmi,
  enableAmi,
  findAmiStates,
  protectImage,
  readImageAttributes,
  requireImdsV2,
} from "../../adapters/share/ami-state.ts";
import {
  addLaunchPermission,
  attachWatermark,
  detachWatermark,
  readLaunchPermission,
  removeLaunchPermission,
  tagResources,
} from "../../adapters/share/amis.ts";
import { isAmiId, pipelineOf } from "../../core/build/build-arn.ts";
import { channelMark, channelMarkKey } from "../../core/names.ts";
import { planAttributes } from "../../core/share/plan-attributes.ts";
import { type AmiId, type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import { toContainer } from "../containers/container.ts";
import type { Step } from "../step.ts";
import type { Artifact, Prepared } from "./artifact.ts";

type Looking = Pick<Step, "client" | "settings" | "now" | "ledger">;

/** What is done with an artifact in a region depends on what it is: its id says it. */
export const artifactOf = (region: string, artifact: ArtifactId, step: Looking): Artifact =>
  isContainerImageId(artifact) ? toContainer(artifact, step) : toAmi({ region, amiId: artifact }, step);

/** The state of each of these in a region, for those that there are; at most 200. */
export async function findStates(
  region: string,
  ids: readonly ArtifactId[],
  step: Looking,
): Promise<ReadonlyMap<string, string>> {
  const states = new Map(await findAmiStates(step.client(EC2Client, region), ids.filter(isAmiId)));
  for (const id of new Set(ids.filter(isContainerImageId))) {
    const state = await toContainer(id, step).findState();
    if (state !== undefined) states.set(id, state);
  }
  return states;
}

interface AmiIn {
  readonly region: string;
  readonly amiId: AmiId;
}

/** An AMI: launch permissions say who may have it, watermarks in which channels it is. */
function toAmi(ami: AmiIn, step: Pick<Step, "client" | "settings" | "now">): Artifact {
  const { client, settings } = step;
  const { region, amiId } = ami;
  const ec2 = client(EC2Client, region);
  return {
    findState: async () => (await findAmiStates(ec2, [amiId])).get(amiId),
    prepare: (wanted) => prepare(ami, wanted, step),
    readPermission: () => readLaunchPermission(ec2, amiId),
    addPermission: (added) => addLaunchPermission(ec2, amiId, added),
    removePermission: (removed) => removeLaunchPermission(ec2, amiId, removed),
    mark: (build, channel) => attachWatermark(ec2, amiId, channelMark(pipelineOf(build), channel)),
    unmark: (build, channel) =>
      detachWatermark(ec2, amiId, channelMarkKey(settings.place.account, pipelineOf(build), channel)),
    disable: () => disableAmi(ec2, amiId),
    enable: () => enableAmi(ec2, amiId),
  };
}

/** Sets on an AMI, and on its snapshots, what they lack. One that is so already costs a single call. */
async function prepare(
  { region, amiId }: AmiIn,
  wanted: Prepared,
  { client, now }: Pick<Step, "client" | "now">,
): Promise<void> {
  const ec2 = client(EC2Client, region);
  const present = await readImageAttributes(ec2, amiId);
  if (!present) throw new AmiGone(amiId, region);
  const change = planAttributes(present, wanted, now);
  if (Object.keys(change.tags).length > 0) await tagResources(ec2, [amiId, ...present.snapshots], wanted.tags);
  if (change.requireImdsV2) await requireImdsV2(ec2, amiId);
  if (change.deprecateFrom) await deprecateFrom(ec2, amiId, change.deprecateFrom);
  // Last: what could not be made ready can still be removed at once.
  if (change.protect) await protectImage(ec2, amiId);
}

/** Somebody deregistered it meanwhile. */
class AmiGone extends Error {
  override readonly name = "AmiGone";

  constructor(amiId: string, region: string) {
    super(`${amiId} in ${region} is not there any more, so it cannot be shared; build the image anew.`);
  }
}
