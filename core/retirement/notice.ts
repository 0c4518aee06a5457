import type * as z from "zod";
import type { buildRetired, leftoversRemoved, RemovedThing } from "../../events/retirement.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type Notice, wordsOf } from "../notice/notice.ts";

/** Which old build nobody launches any more or is gone, how that was found out, and how to have it back. */
export function describeBuildRetired(retired: z.output<typeof buildRetired.detail>): Notice {
  const { image, build, stage, amis, why, sharedWith, snapshotsLeft } = retired;
  const version = buildVersion(build);
  const restore = `amint restore "${image} ${version}" --reason "..."`;
  const isDisabled = stage === "disabled";
  const words = wordsOf(amis.map(({ amiId }) => amiId));
  return {
    title: isDisabled ? `${image}: build ${version} is disabled, unused` : `${image}: build ${version} is retired`,
    lines: [
      ...why.map((reason) => `Why: ${reason}`),
      ...amis.map(({ region, amiId }) => `${region}: ${amiId} is ${isDisabled ? words.withdrawn : words.removed}`),
      ...(sharedWith.length > 0 ? [`Who could ${words.have} it: ${sharedWith.join(", ")}`] : []),
      ...snapshotsLeft.map((left) => `${left.region}: ${left.snapshotId} stayed (${left.why})`),
      `Build: ${build}`,
      isDisabled ? `To have it back, shared as it was: ${restore}` : words.lost(restore),
    ],
    tone: "news",
    attributes: { event: "build.retired", image },
    nextSteps: [restore],
    resources: [build],
  };
}

const MOST_NAMED = 20;

/** What was removed, whose it was, and why nobody would have used it. */
export function describeLeftoversRemoved({ removed, more }: z.output<typeof leftoversRemoved.detail>): Notice {
  const count = removed.length + more;
  const unnamed = count - Math.min(removed.length, MOST_NAMED);
  return {
    title: `${count} leftover${count === 1 ? "" : "s"} of builds and trials removed`,
    lines: [
      ...removed.slice(0, MOST_NAMED).map(sayRemoved),
      ...(unnamed > 0 ? [`... and ${unnamed} more`] : []),
      "Nobody uses any of them. How long such things are kept stands in `leftovers` of factory.config.ts.",
    ],
    tone: "news",
    attributes: { event: "leftovers.removed" },
  };
}

const kinds: Readonly<Record<RemovedThing["kind"], string>> = {
  ami: "AMI",
  snapshot: "snapshot",
  "container-image": "container image",
  "image-resource": "image of Image Builder's",
  canary: "canary",
  instance: "instance",
  recipe: "recipe",
  component: "component",
};

function sayRemoved({ kind, id, region, account, image, build, why }: RemovedThing): string {
  const whose = image && build ? ` of ${image} ${buildVersion(build)}` : "";
  return `${kinds[kind]} ${id}${whose} in ${region}${account ? ` of ${account}` : ""}: ${why}`;
}
