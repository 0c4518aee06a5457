import type * as z from "zod";
import type { shareFailed } from "../events/share-verified.ts";
import type { Trigger } from "../events/trigger.ts";
import { buildVersion } from "./build-arn.ts";
import { sayWhy } from "./explain-triggers.ts";
import { MOST_ADVISORIES, type Notice } from "./notice.ts";

type Failed = z.output<typeof shareFailed.detail>;

/** What was tried of the AMI, in the words of those who read it. */
const tried: Readonly<Record<Failed["proof"], string>> = {
  permitted: "a dry run of a launch",
  decryptable: "dry runs of its key",
  launched: "an instance",
  pullable: "to read its manifest and a layer",
  readable: "reading the channel's parameter",
};

/** Which account cannot launch what was shared with it, and the piece that is missing. */
export function describeShareFailed(failed: Failed, triggers: readonly Trigger[]): Notice {
  const { image, build, channel, region, amiId, account, proof, missing, fix } = failed;
  return {
    title: `${image}: account ${account} cannot ${proof === "pullable" ? "pull" : "launch"} build ${buildVersion(build)} in ${region}`,
    lines: [
      `Missing: ${missing}`,
      ...(fix ? [`To do: ${fix}`] : []),
      `Tried: ${tried[proof]}, with ${amiId} as ${channel} shares it`,
      ...sayWhy(image, triggers, MOST_ADVISORIES),
      `Build: ${build}`,
      `${channel} does not point at it in ${region}.`,
    ],
    tone: "bad",
    attributes: { event: "share.failed", image, channel },
    nextSteps: [`amint shares ${image} --account ${account}`, `amint why "${image} ${buildVersion(build)}"`],
    resources: [build],
  };
}
