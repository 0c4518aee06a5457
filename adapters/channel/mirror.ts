import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import { publishArtifact, readParameter } from "./parameters.ts";

type Wait = (ms: number) => Promise<void>;

const BETWEEN_MS = 2_000;
const TRIES = 10;

/**
 * Writes a channel's value to a consumer's parameter and waits until it is readable: Parameter Store responds before it
 * has validated the AMI, and rejects other values meanwhile.
 * @param before the last written value, if known: another one is overwritten without a read
 * @throws MirrorNotYet after twenty seconds
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
    // Text is stored at once; an AMI is validated first.
    const mayBeThere = wasPut || isContainerImageId(ami);
    if (put && mayBeThere && (await readParameter(client, name)) === ami) return;
    await wait(BETWEEN_MS);
  }
  if (put && (await readParameter(client, name)) === ami) return;
  throw new MirrorNotYet(name, ami);
}

/** @returns false while Parameter Store validates the previous value */
async function tryToPut(client: SSMClient, name: string, ami: Proven): Promise<boolean> {
  try {
    await publishArtifact(client, name, ami, "Standard");
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "TooManyUpdates") return false;
    throw error;
  }
}

/** Parameter Store has not stored the value yet; `mirror-channel` retries within the hour. */
class MirrorNotYet extends Error {
  override readonly name = "MirrorNotYet";

  constructor(parameter: string, ami: ArtifactId) {
    super(`Parameter Store has not stored ${ami} in ${parameter} yet`);
  }
}
