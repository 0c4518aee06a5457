import type * as z from "zod";
import type { buildRetired, leftoversRemoved, RemovedThing } from "../../events/retirement.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type Notice, wordsOf } from "../notice/notice.ts";

/** Which unused build was disabled or deregistered, the evidence that it is unused, and how to restore it. */
export function describeBuildRetired(retired: z.output<typeof buildRetired.detail>): Notice {
  const { image, build, stage, amis, why, sharedWith, snapshotsLeft } = retired;
  const version = buildVersion(build);
  const restore = `amint restore "${image} ${version}" --reason "..."`;
  const isDisabled = stage === "disabled";
  const words = wordsOf(amis.map(({ amiId }) => amiId));
  return {
    title: isDisabled ? `${image}: unused build ${version} disabled` : `${image}: unused build ${version} retired`,
    lines: [
      ...why.map((reason) => `Why: ${reason}`),
      ...amis.map(({ region, amiId }) => `${region}: ${amiId} is ${isDisabled ? words.withdrawn : words.removed}`),
      ...(sharedWith.length > 0 ? [`Was shared with: ${sharedWith.join(", ")}`] : []),
      ...snapshotsLeft.map((left) => `${left.region}: ${left.snapshotId} kept (${left.why})`),
      `Build: ${build}`,
      isDisabled ? `To restore it, shared as before: ${restore}` : words.lost(restore),
    ],
    tone: "news",
    attributes: { event: "build.retired", image },
    nextSteps: [restore],
    resources: [build],
  };
}

const MOST_NAMED = 20;

/** Which leftover resources were removed, of which build, and why they were unused. */
export function describeLeftoversRemoved({ removed, more }: z.output<typeof leftoversRemoved.detail>): Notice {
  const count = removed.length + more;
  const unnamed = count - Math.min(removed.length, MOST_NAMED);
  return {
    title: `${count} leftover resource${count === 1 ? "" : "s"} of builds and tests removed`,
    lines: [
      ...removed.slice(0, MOST_NAMED).map(sayRemoved),
      ...(unnamed > 0 ? [`... and ${unnamed} more`] : []),
      "None of them was in use. `leftovers` in factory.config.ts sets how long such resources are kept.",
    ],
    tone: "news",
    attributes: { event: "leftovers.removed" },
  };
}

const kinds: Readonly<Record<RemovedThing["kind"], string>> = {
  ami: "AMI",
  snapshot: "snapshot",
  "container-image": "container image",
  "image-resource": "Image Builder image",
  canary: "canary",
  instance: "instance",
  recipe: "recipe",
  component: "component",
};

function sayRemoved({ kind, id, region, account, image, build, why }: RemovedThing): string {
  const whose = image && build ? ` of ${image} ${buildVersion(build)}` : "";
  return `${kinds[kind]} ${id}${whose} in ${region}${account ? ` (account ${account})` : ""}: ${why}`;
}
