import type * as z from "zod";
import type { buildInUse, buildRestored, buildRevoked } from "../../events/revocation.ts";
import { buildVersion } from "../build/build-arn.ts";
import { capitalized, type Notice, wordsOf } from "../notice/notice.ts";

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
      ...withdrawn.map(({ region, amiId }) => `${region}: ${amiId} is ${wordsOf([amiId]).withdrawn}`),
      ...(sharedWith.length > 0 ? [sayUsers(withdrawn, sharedWith)] : []),
      `Build: ${build}`,
      `To put it back: amint restore "${image} ${version}" --reason "..."`,
    ],
    tone: "bad",
    attributes: { event: "build.revoked", image },
    nextSteps: [`amint restore "${image} ${version}" --reason "..."`],
    resources: [build],
  };
}

function sayUsers(withdrawn: readonly { readonly amiId: string }[], sharedWith: readonly string[]): string {
  const words = wordsOf(withdrawn.map(({ amiId }) => amiId));
  return `${capitalized(words.goesOn)}. Who could ${words.have} it: ${sharedWith.join(", ")}`;
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
      ...shared.map(({ region, amiId }) => `${region}: ${amiId} ${wordsOf([amiId]).restored}`),
      `Channels stay where they are. To move one: amint rollback ${image} <channel> --to ${version}`,
      `Build: ${build}`,
    ],
    tone: "news",
    attributes: { event: "build.restored", image },
    nextSteps: [`amint rollback ${image} <channel> --to ${version}`],
    resources: [build],
  };
}

/** EC2's reports lag behind (EC2 user guide, "View your AMI usage"). */
const LAG = "EC2 may miss what was started within a day before, and launch templates of the last days.";

/** Who runs what was revoked, so that somebody can talk to them. */
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
    title: accounts > 0 ? `${image}: ${accounts} account(s) still use ${version}` : `${image}: nobody uses ${version}`,
    lines: [
      "It was revoked; what runs goes on.",
      ...lines.slice(0, MOST_LINES),
      ...(lines.length > MOST_LINES ? [`... and ${lines.length - MOST_LINES} more`] : []),
      ...unknown.map(({ region, why }) => `${region}: not known (${why})`),
      LAG,
      `Build: ${build}`,
    ],
    tone: accounts > 0 || unknown.length > 0 ? "bad" : "news",
    attributes: { event: "build.in-use", image },
    resources: [build],
  };
}

const MOST_LINES = 30;
