import type * as z from "zod";
import type { Trigger } from "../../events/build.ts";
import type { consumersFailed, shareFailed } from "../../events/share.ts";
import { buildVersion } from "../build/build-arn.ts";
import { sayWhy } from "../build/explain-triggers.ts";
import { MOST_ADVISORIES, type Notice } from "../notice/notice.ts";

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

/** In which accounts something does not succeed, and what people there lack meanwhile. */
export function describeConsumersFailed(detail: z.output<typeof consumersFailed.detail>): Notice {
  const { work, image, channel, wave, count, accounts } = detail;
  const some = `${count} account${count === 1 ? "" : "s"}`;
  const what =
    work === "grants"
      ? `Auto Scaling cannot use the images' keys in ${some}`
      : wave === undefined
        ? `${image}: ${channel}'s parameter has no current copy in ${some}`
        : `${image}: the parameter of ${channel}'s wave ${wave} is not current in ${some}`;
  const lacks =
    work === "grants"
      ? "Auto Scaling groups there cannot launch encrypted images; RunInstances can."
      : wave !== undefined
        ? "Templates there that read it get the build before, or none."
        : "Templates there that read the copy get the build before, or none; launch templates that name the shared parameter do not.";
  const more = count - accounts.length;
  return {
    title: what,
    lines: [
      ...accounts.map(({ account, why }) => `${account}: ${why}`),
      ...(more > 0 ? [`... and ${more} more`] : []),
      lacks,
      "It is tried again each hour.",
    ],
    tone: "bad",
    attributes: { event: "consumers.failed", ...(image && { image }) },
    nextSteps: ["amint validate"],
  };
}
