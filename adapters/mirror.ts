import type { SSMClient } from "@aws-sdk/client-ssm";
import type { ArtifactId } from "../events/ids.ts";
import { publishArtifact, readParameter } from "./parameters.ts";

type Wait = (ms: number) => Promise<void>;

const BETWEEN_MS = 2_000;
const TRIES = 10;

/**
 * Makes a parameter of a consumer's say what a channel points at, and waits until it does: Parameter Store answers
 * before it has looked at the AMI, and takes no other value meanwhile.
 * @throws MirrorNotYet where it does not within twenty seconds
 */
export async function mirrorAmi(client: SSMClient, name: string, ami: ArtifactId, wait: Wait): Promise<void> {
  if ((await readParameter(client, name)) === ami) return;
  let put = false;
  for (let tries = 0; tries < TRIES; tries++) {
    put ||= await tryToPut(client, name, ami);
    if (put && (await readParameter(client, name)) === ami) return;
    await wait(BETWEEN_MS);
  }
  throw new MirrorNotYet(name, ami);
}

/** @returns false while Parameter Store looks at the value before */
async function tryToPut(client: SSMClient, name: string, ami: ArtifactId): Promise<boolean> {
  try {
    await publishArtifact(client, name, ami, "Standard");
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "TooManyUpdates") return false;
    throw error;
  }
}

/** Parameter Store has not taken the value (yet); it is looked at again within the hour. */
class MirrorNotYet extends Error {
  override readonly name = "MirrorNotYet";
  readonly code = "MIRROR_NOT_YET";

  constructor(parameter: string, ami: ArtifactId) {
    super(`Parameter Store has not taken ${ami} for ${parameter} yet`);
  }
}
