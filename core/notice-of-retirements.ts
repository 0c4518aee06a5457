import type * as z from "zod";
import type { buildRetired } from "../events/build-retired.ts";
import { wordsOf } from "./artifact-words.ts";
import { buildVersion } from "./build-arn.ts";
import type { Notice } from "./notice.ts";

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
