import { findAmiStates } from "../../../adapters/ami-state.ts";
import { requireAmiId } from "../../../core/require-ami.ts";
import type { ArtifactId } from "../../../events/ids.ts";
import type { ArtifactStep } from "../channels/channel-step.ts";
import { toAmi } from "./ami.ts";
import type { Artifact, ArtifactIn } from "./artifact.ts";

/** What is done with what a build yields in a region is done by what that is: its id says it. */
export const artifactOf = (
  { region, amiId }: ArtifactIn,
  step: Pick<ArtifactStep, "clients" | "settings" | "now">,
): Artifact => toAmi({ region, amiId: requireAmiId(amiId) }, step);

/** The state of each of these in a region, for those that there are; at most 200. */
export const findStates = (
  region: string,
  ids: readonly ArtifactId[],
  { clients }: Pick<ArtifactStep, "clients">,
): Promise<ReadonlyMap<string, string>> => findAmiStates(clients.ec2(region), ids.map(requireAmiId));
