import type * as z from "zod";
import type { Trigger } from "../../events/build.ts";
import type { consumersFailed, shareFailed } from "../../events/share.ts";
import { buildVersion } from "../build/build-arn.ts";
import { sayWhy } from "../build/explain-triggers.ts";
import { MOST_ADVISORIES, type Notice } from "../notice/notice.ts";

type Failed = z.output<typeof shareFailed.detail>;

/** The check that failed, by proof. */
const checks: Readonly<Record<Failed["proof"], string>> = {
  permitted: "RunInstances dry run",
  decryptable: "KMS dry runs",
  launched: "launch of an instance",
  pullable: "reading the manifest and a layer",
  readable: "reading the channel's parameter",
};

/** Which account cannot launch or pull a shared build, and the missing permission or setting. */
export function describeShareFailed(failed: Failed, triggers: readonly Trigger[]): Notice {
  const { image, build, channel, region, amiId, account, proof, missing, fix } = failed;
  return {
    title: `${image}: account ${account} cannot ${proof === "pullable" ? "pull" : "launch"} build ${buildVersion(build)} in ${region}`,
    lines: [
      `Missing: ${missing}`,
      ...(fix ? [`Fix: ${fix}`] : []),
      `Failed check: ${checks[proof]} (${amiId})`,
      ...sayWhy(image, triggers, MOST_ADVISORIES),
      `Build: ${build}`,
      `Channel ${channel} does not point at it in ${region}.`,
    ],
    tone: "bad",
    attributes: { event: "share.failed", image, channel },
    nextSteps: [`amint shares ${image} --account ${account}`, `amint why "${image} ${buildVersion(build)}"`],
    resources: [build],
  };
}

/** In which consumer accounts grants or parameters are out of date, and the consequence. */
export function describeConsumersFailed(detail: z.output<typeof consumersFailed.detail>): Notice {
  const { work, image, channel, wave, count, accounts } = detail;
  const some = `${count} account${count === 1 ? "" : "s"}`;
  const what =
    work === "grants"
      ? `Auto Scaling cannot use the KMS keys of AMIs in ${some}`
      : wave === undefined
        ? `${image}: copy of channel ${channel}'s parameter out of date in ${some}`
        : `${image}: parameter of channel ${channel}'s wave ${wave} out of date in ${some}`;
  const consequence =
    work === "grants"
      ? "Auto Scaling groups in these accounts cannot launch encrypted AMIs; RunInstances can."
      : wave !== undefined
        ? "Templates that read the parameter get the previous build, or none."
        : "Templates that read the copy get the previous build, or none. Launch templates that name the shared parameter are not affected.";
  const more = count - accounts.length;
  return {
    title: what,
    lines: [
      ...accounts.map(({ account, why }) => `${account}: ${why}`),
      ...(more > 0 ? [`... and ${more} more`] : []),
      consequence,
      "Amint retries every hour.",
    ],
    tone: "bad",
    attributes: { event: "consumers.failed", ...(image && { image }) },
    nextSteps: ["amint validate"],
  };
}
