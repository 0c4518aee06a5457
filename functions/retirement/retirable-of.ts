import { EC2Client } from "@aws-sdk/client-ec2";
import { unprotectAmi } from "../../adapters/retirement/leftovers-in-region.ts";
import {
  deregister,
  describeRetirable,
  forgetDeprecation,
  isInBin,
  restoreFromBin,
} from "../../adapters/retirement/retire-image.ts";
import { deprecateFrom } from "../../adapters/share/ami-state.ts";
import { type AmiId, type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import { type Retirable, toRetirableContainer } from "../containers/retirable-container.ts";
import type { Invocation } from "../invocation.ts";

type Looking = Pick<Invocation, "client" | "settings" | "now">;

/** The retirement operations for an artifact in a region; its id says whether it is an AMI or a container image. */
export const retirableOf = (region: string, artifact: ArtifactId, invocation: Looking): Retirable =>
  isContainerImageId(artifact)
    ? toRetirableContainer(artifact, invocation)
    : toRetirableAmi(region, artifact, invocation);

function toRetirableAmi(region: string, ami: AmiId, { client, now }: Looking): Retirable {
  const ec2 = client(EC2Client, region);
  return {
    describe: async () => (await describeRetirable(ec2, [ami], now)).get(ami),
    deprecateFrom: (at) => deprecateFrom(ec2, ami, at),
    forgetDeprecation: () => forgetDeprecation(ec2, ami),
    unprotect: () => unprotectAmi(ec2, ami),
    deregister: () => deregister(ec2, ami),
    isInBin: () => isInBin(ec2, ami),
    restoreFromBin: (snapshots) => restoreFromBin(ec2, ami, snapshots),
  };
}
