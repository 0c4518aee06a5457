import { EC2Client } from "@aws-sdk/client-ec2";
import { deprecateFrom } from "../../../adapters/image-attributes.ts";
import { unprotectAmi } from "../../../adapters/leftovers.ts";
import { isInBin, restoreFromBin } from "../../../adapters/recycle-bin.ts";
import { deregister, describeRetirable, forgetDeprecation } from "../../../adapters/retire-image.ts";
import { type AmiId, isContainerImageId } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import type { ArtifactIn } from "./artifact.ts";
import type { Retirable } from "./retirable.ts";
import { toRetirableContainer } from "./retirable-container.ts";

type Looking = Pick<Step, "client" | "settings" | "now">;

/** What retirement does is done by what a build yields: its id says it. */
export const retirableOf = ({ region, amiId }: ArtifactIn, step: Looking): Retirable =>
  isContainerImageId(amiId) ? toRetirableContainer(amiId, step) : toRetirableAmi(region, amiId, step);

function toRetirableAmi(region: string, ami: AmiId, { client, now }: Looking): Retirable {
  const ec2 = client(EC2Client, region);
  return {
    look: async () => (await describeRetirable(ec2, [ami], now)).get(ami),
    deprecateFrom: (at) => deprecateFrom(ec2, ami, at),
    forgetDeprecation: () => forgetDeprecation(ec2, ami),
    unprotect: () => unprotectAmi(ec2, ami),
    deregister: () => deregister(ec2, ami),
    isInBin: () => isInBin(ec2, ami),
    restoreFromBin: (snapshots) => restoreFromBin(ec2, ami, snapshots),
  };
}
