import type * as z from "zod";
import type { buildInUse, buildRestored, buildRevoked } from "../../events/revocation.ts";
import { buildVersion } from "../build/build-arn.ts";
import { capitalized, type Notice, wordsOf } from "../notice/notice.ts";

type Detail<Definition extends { detail: z.ZodType }> = z.output<Definition["detail"]>;

/** Which build was revoked and why, where its channels point now, and with whom it was shared. */
export function describeBuildRevoked(revoked: Detail<typeof buildRevoked>): Notice {
  const { image, build, reason, by, because, channels, withdrawn: artifacts, sharedWith, left } = revoked;
  const version = buildVersion(build);
  return {
    title: `${image}: build ${version} revoked${left.length > 0 ? ", but not completely" : ""}`,
    lines: [
      `Reason: ${reason}`,
      `Revoked by: ${by}`,
      ...(because ? [`Its parent build ${buildVersion(because)} was revoked: ${because}`] : []),
      ...channels.map(({ channel, to }) =>
        to
          ? `Channel ${channel} points at ${buildVersion(to)} again.`
          : `Channel ${channel} points at NO BUILD: no usable earlier build exists.`,
      ),
      ...(left.length > 0
        ? [
            "NOT done yet:",
            ...left.map((what) => `  ${what}`),
            `To retry: amint revoke "${image} ${version}" --reason "..."`,
          ]
        : []),
      ...artifacts.map(({ region, amiId }) => `${region}: ${amiId} is ${wordsOf([amiId]).withdrawn}`),
      ...(sharedWith.length > 0 ? [sayUsers(artifacts, sharedWith)] : []),
      `Build: ${build}`,
      `To undo: amint restore "${image} ${version}" --reason "..."`,
    ],
    tone: "bad",
    attributes: { event: "build.revoked", image },
    nextSteps: [`amint restore "${image} ${version}" --reason "..."`],
    resources: [build],
  };
}

function sayUsers(artifacts: readonly { readonly amiId: string }[], sharedWith: readonly string[]): string {
  const words = wordsOf(artifacts.map(({ amiId }) => amiId));
  return `${capitalized(words.goesOn)}. Was shared with: ${sharedWith.join(", ")}`;
}

/** A revoked build is usable again. Channels do not move. */
export function describeBuildRestored(restored: Detail<typeof buildRestored>): Notice {
  const { image, build, by, reason, shared } = restored;
  const version = buildVersion(build);
  return {
    title: `${image}: build ${version} restored`,
    lines: [
      `Reason: ${reason}`,
      `Restored by: ${by}`,
      ...shared.map(({ region, amiId }) => `${region}: ${amiId} ${wordsOf([amiId]).restored}`),
      `Channels were not changed. To move one: amint rollback ${image} <channel> --to ${version}`,
      `Build: ${build}`,
    ],
    tone: "news",
    attributes: { event: "build.restored", image },
    nextSteps: [`amint rollback ${image} <channel> --to ${version}`],
    resources: [build],
  };
}

/** EC2's reports lag behind (EC2 user guide, "View your AMI usage"). */
const LAG = "EC2's reports may miss instances of the last day and launch templates of the last days.";

/** Which accounts still use a revoked build, so that the team can contact them. */
export function describeBuildInUse({ image, build, users, unknown }: Detail<typeof buildInUse>): Notice {
  const version = buildVersion(build);
  const accounts = new Set(users.map(({ account }) => account)).size;
  const lines = users.map(({ account, region, instances, launchTemplates }) => {
    const uses = [
      instances > 0 && `${instances} instance${instances === 1 ? "" : "s"}`,
      launchTemplates > 0 && `${launchTemplates} launch template${launchTemplates === 1 ? "" : "s"}`,
    ];
    return `${account} in ${region}: ${uses.filter(Boolean).join(", ")}`;
  });
  return {
    title:
      accounts > 0
        ? `${image}: revoked build ${version} still in use in ${accounts} account${accounts === 1 ? "" : "s"}`
        : `${image}: no known use of revoked build ${version}`,
    lines: [
      "Running instances are not affected by the revocation.",
      ...lines.slice(0, MOST_LINES),
      ...(lines.length > MOST_LINES ? [`... and ${lines.length - MOST_LINES} more`] : []),
      ...unknown.map(({ region, why }) => `${region}: unknown (${why})`),
      LAG,
      `Build: ${build}`,
    ],
    tone: accounts > 0 || unknown.length > 0 ? "bad" : "news",
    attributes: { event: "build.in-use", image },
    resources: [build],
  };
}

const MOST_LINES = 30;
