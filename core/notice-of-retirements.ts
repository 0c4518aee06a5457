import type * as z from "zod";
import type { buildRetired } from "../events/build-retired.ts";
import { buildVersion } from "./build-arn.ts";
import type { Notice } from "./notice.ts";

/** Which old build nobody launches any more or is gone, how that was found out, and how to have it back. */
export function describeBuildRetired(retired: z.output<typeof buildRetired.detail>): Notice {
  const { image, build, stage, amis, why, sharedWith, snapshotsLeft } = retired;
  const version = buildVersion(build);
  const restore = `amint restore "${image} ${version}" --reason "..."`;
  const isDisabled = stage === "disabled";
  return {
    title: isDisabled ? `${image}: build ${version} is disabled, unused` : `${image}: build ${version} is retired`,
    lines: [
      ...why.map((reason) => `Why: ${reason}`),
      ...amis.map(({ region, amiId }) => `${region}: ${amiId} is ${isDisabled ? "disabled" : "deregistered"}`),
      ...(sharedWith.length > 0 ? [`Who could launch it: ${sharedWith.join(", ")}`] : []),
      ...snapshotsLeft.map((left) => `${left.region}: ${left.snapshotId} stayed (${left.why})`),
      `Build: ${build}`,
      isDisabled
        ? `To have it back, shared as it was: ${restore}`
        : `To have it back while the Recycle Bin keeps it (recycleBin.retain of factory.config.ts; after that it is final): ${restore}`,
    ],
    tone: "news",
    attributes: { event: "build.retired", image },
    nextSteps: [restore],
    resources: [build],
  };
}
