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
import type { Proven } from "../../core/share/decide-proof.ts";
import { planAttributes } from "../../core/share/plan-attributes.ts";
import { type AmiId, type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import { giveContainer, toContainer } from "../containers/container.ts";
import type { Invocation } from "../invocation.ts";
import type { Artifact, Giving, Prepared, ProvenArtifact } from "./artifact.ts";
import { type Claimed, prover } from "./prove-artifact.ts";

type Looking = Pick<Invocation, "client" | "settings" | "now" | "ledger">;

/** The operations on an artifact in a region; its id says whether it is an AMI or a container image. */
export const artifactOf = (region: string, artifact: ArtifactId, invocation: Looking): Artifact =>
  isContainerImageId(artifact) ? toContainer(artifact, invocation) : toAmi({ region, amiId: artifact }, invocation);

/**
 * Verifies with AWS that an artifact is the build's, then returns the operations that share it.
 * @throws NotProven
 */
export async function proveArtifact(claimed: Claimed, invocation: Looking): Promise<ProvenArtifact> {
  const { region } = claimed;
  const id = await prover(invocation)(claimed);
  const given = isContainerImageId(id)
    ? giveContainer(id, invocation)
    : giveAmi({ region, amiId: id as Proven<AmiId> }, invocation);
  return { id, ...artifactOf(region, id, invocation), ...given };
}

/** The state of each existing artifact in a region; at most 200. */
export async function findStates(
  region: string,
  ids: readonly ArtifactId[],
  invocation: Looking,
): Promise<ReadonlyMap<string, string>> {
  const states = new Map(await findAmiStates(invocation.client(EC2Client, region), ids.filter(isAmiId)));
  for (const id of new Set(ids.filter(isContainerImageId))) {
    const state = await toContainer(id, invocation).findState();
    if (state !== undefined) states.set(id, state);
  }
  return states;
}

interface AmiIn {
  readonly region: string;
  readonly amiId: AmiId;
}

/** An AMI: launch permissions control its use, watermarks mark its channels. */
function toAmi(ami: AmiIn, invocation: Pick<Invocation, "client" | "settings" | "now">): Artifact {
  const { client, settings } = invocation;
  const { region, amiId } = ami;
  const ec2 = client(EC2Client, region);
  return {
    findState: async () => (await findAmiStates(ec2, [amiId])).get(amiId),
    readPermission: () => readLaunchPermission(ec2, amiId),
    removePermission: (removed) => removeLaunchPermission(ec2, amiId, removed),
    unmark: (build, channel) =>
      detachWatermark(ec2, amiId, channelMarkKey(settings.place.account, pipelineOf(build), channel)),
    disable: () => disableAmi(ec2, amiId),
    enable: () => enableAmi(ec2, amiId),
  };
}

function giveAmi(
  ami: { readonly region: string; readonly amiId: Proven<AmiId> },
  invocation: Pick<Invocation, "client" | "now">,
): Giving {
  const { region, amiId } = ami;
  const ec2 = invocation.client(EC2Client, region);
  return {
    prepare: (wanted) => prepare(ami, wanted, invocation),
    addPermission: (added) => addLaunchPermission(ec2, amiId, added),
    mark: (build, channel) => attachWatermark(ec2, amiId, channelMark(pipelineOf(build), channel)),
  };
}

/** Sets missing attributes and tags on an AMI and its snapshots. If nothing changes, one call. */
async function prepare(
  { region, amiId }: AmiIn,
  wanted: Prepared,
  { client, now }: Pick<Invocation, "client" | "now">,
): Promise<void> {
  const ec2 = client(EC2Client, region);
  const present = await readImageAttributes(ec2, amiId);
  if (!present) throw new AmiGone(amiId, region);
  const change = planAttributes(present, wanted, now);
  if (Object.keys(change.tags).length > 0) await tagResources(ec2, [amiId, ...present.snapshots], wanted.tags);
  if (change.requireImdsV2) await requireImdsV2(ec2, amiId);
  if (change.deprecateFrom) await deprecateFrom(ec2, amiId, change.deprecateFrom);
  // Last, so that an incomplete AMI can still be removed at once.
  if (change.protect) await protectImage(ec2, amiId);
}

/** It was deregistered meanwhile. */
class AmiGone extends Error {
  override readonly name = "AmiGone";

  constructor(amiId: string, region: string) {
    super(`${amiId} in ${region} no longer exists, so it cannot be shared; start another build.`);
  }
}
