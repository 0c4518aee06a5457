import type * as z from "zod";
import type { buildRestored, buildRevoked } from "../events/build-revoked.ts";
import { buildVersion } from "./build-arn.ts";
import type { Notice } from "./notice.ts";

type Detail<Definition extends { detail: z.ZodType }> = z.output<Definition["detail"]>;

/** Which build nobody gets any more and why, where its channels went, and who could have launched it. */
export function describeBuildRevoked(revoked: Detail<typeof buildRevoked>): Notice {
  const { image, build, reason, by, because, channels, withdrawn, sharedWith, left } = revoked;
  const version = buildVersion(build);
  return {
    title: `${image}: build ${version} is revoked${left.length > 0 ? ", but not all of it" : ""}`,
    lines: [
      `Reason: ${reason}`,
      `Revoked by: ${by}`,
      ...(because ? [`It was made from ${buildVersion(because)}, which was revoked: ${because}`] : []),
      ...channels.map(({ channel, to }) =>
        to
          ? `${channel} points at ${buildVersion(to)} again.`
          : `${channel} points at NOTHING: there is no good build before it.`,
      ),
      ...(left.length > 0
        ? [
            "NOT done yet:",
            ...left.map((what) => `  ${what}`),
            `To go on with it: amint revoke "${image} ${version}" --reason "..."`,
          ]
        : []),
      ...withdrawn.map(({ region, amiId }) => `${region}: ${amiId} is disabled`),
      ...(sharedWith.length > 0 ? [`Instances that run it go on. Who could launch it: ${sharedWith.join(", ")}`] : []),
      `Build: ${build}`,
      `To put it back: amint restore "${image} ${version}" --reason "..."`,
    ],
    tone: "bad",
    attributes: { event: "build.revoked", image },
    nextSteps: [`amint restore "${image} ${version}" --reason "..."`],
    resources: [build],
  };
}

/** That a revoked build can be had again, and that no channel points at it for that. */
export function describeBuildRestored(restored: Detail<typeof buildRestored>): Notice {
  const { image, build, by, reason, shared } = restored;
  const version = buildVersion(build);
  return {
    title: `${image}: build ${version} is restored`,
    lines: [
      `Reason: ${reason}`,
      `Restored by: ${by}`,
      ...shared.map(({ region, amiId }) => `${region}: ${amiId} is enabled, and shared as it was`),
      `Channels stay where they are. To move one: amint rollback ${image} <channel> --to ${version}`,
      `Build: ${build}`,
    ],
    tone: "news",
    attributes: { event: "build.restored", image },
    nextSteps: [`amint rollback ${image} <channel> --to ${version}`],
    resources: [build],
  };
}
