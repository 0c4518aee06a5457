import { EC2Client } from "@aws-sdk/client-ec2";
import { findAmiStates } from "../../../adapters/ami-state.ts";
import { isAmiId } from "../../../core/require-ami.ts";
import { type ArtifactId, isContainerImageId } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import { toAmi } from "./ami.ts";
import type { Artifact, ArtifactIn } from "./artifact.ts";
import { toContainer } from "./container.ts";

type Looking = Pick<Step, "client" | "settings" | "now" | "ledger">;

/** What is done with what a build yields in a region is done by what that is: its id says it. */
export const artifactOf = ({ region, amiId }: ArtifactIn, step: Looking): Artifact =>
  isContainerImageId(amiId) ? toContainer(amiId, step) : toAmi({ region, amiId }, step);

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
