import { EC2Client } from "@aws-sdk/client-ec2";
import { findAmis } from "../../adapters/share/ami-state.ts";
import { detachWatermark } from "../../adapters/share/amis.ts";
import { isAmiId, pipelineOf } from "../../core/build/build-arn.ts";
import { isMarkOfOther } from "../../core/names.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/**
 * Detaches watermarks of the parent's channels from a build's AMI: AMIs inherit their source's watermarks (EC2 API
 * reference, AttachImageWatermark). Runs before the gate, before copies exist.
 */
export async function detachInheritedMarks(
  build: BuildArn,
  artifact: ArtifactId,
  { client, settings }: Pick<Invocation, "client" | "settings">,
): Promise<void> {
  if (!isAmiId(artifact)) return;
  const ec2 = client(EC2Client);
  const { account } = settings.place;
  const watermarks = (await findAmis(ec2, [artifact])).get(artifact)?.watermarks ?? [];
  for (const key of watermarks) {
    if (isMarkOfOther(key, account, pipelineOf(build))) await detachWatermark(ec2, artifact, key);
  }
}
