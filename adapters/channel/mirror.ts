import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import { publishArtifact, readParameter } from "./parameters.ts";

type Wait = (ms: number) => Promise<void>;

const BETWEEN_MS = 2_000;
const TRIES = 10;

/**
 * Makes a parameter of a consumer's say what a channel points at, and waits until it does: Parameter Store answers
 * before it has looked at the AMI, and takes no other value meanwhile.
 * @param before the value that was last written, where that is known: another value is replaced without a look
 * @throws MirrorNotYet where it does not within twenty seconds
 */
export async function mirrorAmi(
  client: SSMClient,
  {
    name,
    ami,
    before,
  }: { readonly name: string; readonly ami: Proven; readonly before: ArtifactId | "unsure" | undefined },
  wait: Wait,
): Promise<void> {
  const isOther = before !== undefined && before !== ami;
  if (!isOther && (await readParameter(client, name)) === ami) return;
  let put = false;
  for (let tries = 0; tries < TRIES; tries++) {
    const wasPut = put;
    put ||= await tryToPut(client, name, ami);
    // Only text is there at once: an AMI is looked at first.
    const mayBeThere = wasPut || isContainerImageId(ami);
    if (put && mayBeThere && (await readParameter(client, name)) === ami) return;
    await wait(BETWEEN_MS);
  }
  if (put && (await readParameter(client, name)) === ami) return;
  throw new MirrorNotYet(name, ami);
}

/** @returns false while Parameter Store looks at the value before */
async function tryToPut(client: SSMClient, name: string, ami: Proven): Promise<boolean> {
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

  constructor(parameter: string, ami: ArtifactId) {
    super(`Parameter Store has not taken ${ami} for ${parameter} yet`);
  }
}
