import type * as z from "zod";
import type { feedFailed, parentUnresolved } from "../../events/advisories.ts";
import type { triggerSuppressed } from "../../events/build.ts";
import { MOST_ADVISORIES, type Notice } from "../notice/notice.ts";
import { explainTriggers, sayTime } from "./explain-triggers.ts";

type Detail<Definition extends { detail: z.ZodType }> = z.output<Definition["detail"]>;
type Ignored = Detail<typeof triggerSuppressed>;

const consequences = {
  advisories: "Until the feed can be read again, it is unknown which of its advisories apply to these images.",
  severities: "An update whose severity stays unknown for 24 hours counts as important.",
  "known-exploited": "Until the feed can be read again, the last list that was read counts, if any.",
  "exploit-scores": "Until the feed can be read again, the last scores that were read count, if any.",
  notices: "Updates are still found, under the archive's ids and without CVEs.",
};

const feedNames = {
  advisories: "advisory",
  severities: "severity",
  "known-exploited": "known-exploited",
  "exploit-scores": "exploit score",
  notices: "security notice",
};

/** Which feed failed and why, and for which images. */
export const describeFeedFailed = ({ feed, images, of, code, reason }: Detail<typeof feedFailed>): Notice => ({
  title: `${images.join(", ")}: ${feedNames[of ?? "advisories"]} feed cannot be read`,
  lines: [`Feed: ${feed}`, `Failure: ${code}`, `Reason: ${reason}`, consequences[of ?? "advisories"]],
  tone: "bad",
  attributes: { event: "feed.failed", ...(images.length === 1 && { image: images[0] ?? "" }) },
});

/** Why the parent's pattern has no usable AMI. Builds continue from the current AMI while EC2 can launch it. */
export const describeParentUnresolved = ({
  image,
  parameter,
  present,
  owner,
  name,
  code,
  reason,
}: Detail<typeof parentUnresolved>): Notice => ({
  title:
    code === "none" ? `${image}: no AMI matches the parent` : `${image}: newest AMI of the parent no longer available`,
  lines: [
    `Parent: "${name}" of ${owner}`,
    `Reason: ${reason}`,
    `${parameter} still names ${present ?? "nothing"}; builds fail if EC2 cannot launch it.`,
    code === "none"
      ? "Change the pattern or the owner in factory.config.ts, or wait for the owner's next AMI."
      : "A newer AMI is used as soon as one is available. To use the older AMI, name it in factory.config.ts and deploy.",
  ],
  tone: "bad",
  attributes: { event: "parent.unresolved", image },
});

const headlines: Readonly<Record<Ignored["code"], string>> = {
  building: "waiting for the build in progress",
  breaker: "automatic builds stopped after repeated failures",
  blackout: "waiting for the end of a blackout",
  interval: "waiting for the minimum interval between builds",
  parent: "waiting for the parent image",
  unpromoted: "not built, the parent image has no promoted build",
  outdated: "not rebuilt, the parent's build was replaced",
  answered: "not rebuilt, already up to date",
  unfixed: "rebuilt, but advisories still apply",
  "passed-over": "not rebuilt, advisories ignored",
  unproven: "not rebuilt, the event's source does not confirm it",
};

/** Which triggers start no build, or none yet, and why. */
export const describeTriggerSuppressed = ({ image, triggers, code, reason, until, decision }: Ignored): Notice => ({
  title: `${image}: ${headlines[code]}`,
  lines: [
    `Reason: ${reason}`,
    ...(until ? [`Until: ${sayTime(until)}`] : []),
    decision === "waits" ? "Waiting triggers:" : "Ignored triggers:",
    ...explainTriggers(image, triggers, MOST_ADVISORIES).map((one) => `  ${one}`),
  ],
  tone: code === "breaker" || code === "unfixed" || code === "unproven" ? "bad" : "news",
  attributes: { event: "trigger.suppressed", image, code },
});
