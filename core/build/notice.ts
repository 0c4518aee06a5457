import type * as z from "zod";
import type { feedFailed, parentUnresolved } from "../../events/advisories.ts";
import type { triggerSuppressed } from "../../events/build.ts";
import { MOST_ADVISORIES, type Notice } from "../notice/notice.ts";
import { explainTriggers, sayTime } from "./explain-triggers.ts";

type Detail<Definition extends { detail: z.ZodType }> = z.output<Definition["detail"]>;
type Suppressed = Detail<typeof triggerSuppressed>;

const withoutIt = {
  advisories: "Until it can be read again, it is unknown which of its advisories apply to these images.",
  severities: "An update whose severity stays unknown for 24 hours counts as important.",
  "known-exploited": "Until it can be read again, the list that was read last counts, if there is one.",
  "exploit-scores": "Until it can be read again, the scores that were read last count, if there are any.",
  notices: "Updates are found all the same, under the archive's ids and without CVEs.",
};

/** Whose packages nobody can judge, and what is wrong with the vendor's feed. */
export const describeFeedFailed = ({ feed, images, of, code, reason }: Detail<typeof feedFailed>): Notice => ({
  title: `${images.join(", ")}: a feed of ${(of ?? "advisories").replaceAll("-", " ")} cannot be read`,
  lines: [`Feed: ${feed}`, `Failure: ${code}`, `Reason: ${reason}`, withoutIt[of ?? "advisories"]],
  tone: "bad",
  attributes: { event: "feed.failed", ...(images.length === 1 && { image: images[0] ?? "" }) },
});

/** What a parent's owner has no more, and that builds go on from the present AMI if they can. */
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
    code === "none" ? `${image}: no AMI matches its parent` : `${image}: the newest AMI of its parent was withdrawn`,
  lines: [
    `Parent: "${name}" of ${owner}`,
    `Reason: ${reason}`,
    `${parameter} goes on naming ${present ?? "nothing"}; builds fail while EC2 does not launch it.`,
    code === "none"
      ? "Change the pattern or the owner in factory.config.ts, or wait for the owner's next AMI."
      : "A newer AMI is taken as soon as there is one. To go back, name the older AMI in factory.config.ts and deploy.",
  ],
  tone: "bad",
  attributes: { event: "parent.unresolved", image },
});

const headlines: Readonly<Record<Suppressed["code"], string>> = {
  building: "waits for the build that is under way",
  breaker: "is not rebuilt by itself any more, too many builds failed",
  blackout: "is not rebuilt during a blackout",
  interval: "is not rebuilt so soon",
  parent: "waits for its parent",
  unpromoted: "is not built without its parent",
  outdated: "is not built from a parent that was replaced",
  answered: "is not rebuilt, it is up to date",
  unfixed: "was rebuilt in vain, advisories still apply",
  "passed-over": "is not rebuilt for advisories that call for nothing",
  unproven: "is not rebuilt for an event that its source does not confirm",
};

/** What starts no build (now), and why. */
export const describeTriggerSuppressed = ({ image, triggers, code, reason, until, decision }: Suppressed): Notice => ({
  title: `${image} ${headlines[code]}`,
  lines: [
    `Reason: ${reason}`,
    ...(until ? [`Until: ${sayTime(until)}`] : []),
    decision === "waits" ? "What waits:" : "What starts no build:",
    ...explainTriggers(image, triggers, MOST_ADVISORIES).map((one) => `  ${one}`),
  ],
  tone: code === "breaker" || code === "unfixed" || code === "unproven" ? "bad" : "news",
  attributes: { event: "trigger.suppressed", image, code },
});
