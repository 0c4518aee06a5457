import type * as z from "zod";
import type { fleetReported } from "../../events/fleet.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { Notice } from "../notice/notice.ts";
import { inWords } from "../rollout/patched.ts";

type FleetReported = z.output<typeof fleetReported.detail>;
type Unwanted = FleetReported["unwanted"][number];

const MOST_BUILDS = 10;
const MOST_ACCOUNTS = 10;

/** Which accounts run an image, how old their builds are, and which deprecated or revoked builds are still in use. */
export function describeFleetReported(report: FleetReported): Notice {
  const { image, month, ages, asOf, supportEnded, unwanted, moreUnwanted, unknown, moreUnknown } = report;
  const more = moreUnwanted + Math.max(0, unwanted.length - MOST_BUILDS);
  const isKnown = report.reported > 0;
  const lacking = unknown.length > 0;
  return {
    title: isKnown
      ? `${image}: ${sayUse(report)} in ${count(report.accounts, "account")}${lacking ? ", data incomplete" : ""}`
      : `${image}: usage unknown`,
    lines: [
      ...(ages
        ? [`Age of running builds in days: median ${ages.p50}, 90th percentile ${ages.p90}, oldest ${ages.oldest}`]
        : []),
      ...(report.patched ? [sayPatched(report.patched)] : []),
      ...(supportEnded ? [`SUPPORT ENDED: ${supportEnded.text}`] : []),
      ...(unwanted.length > 0 ? ["Deprecated or revoked, but still in use:"] : []),
      ...unwanted.slice(0, MOST_BUILDS).map((one) => `  ${sayUnwanted(one)}`),
      ...(more > 0 ? [`  ... and ${count(more, "more build")}`] : []),
      ...unknown.map(({ region, amis, why }) => `UNKNOWN for ${count(amis, "AMI")} in ${region}: ${why}`),
      ...(moreUnknown > 0 ? [`UNKNOWN for ${count(moreUnknown, "more AMI")}`] : []),
      ...(asOf ? [`Source: EC2 usage reports ${span(asOf)}; instances of the last day may be missing.`] : []),
      `Monthly report for ${month}.`,
    ],
    tone: "news",
    attributes: { event: "fleet.reported", image },
    nextSteps: [
      `amint fleet --image ${image}`,
      ...(report.patched?.open ? [`amint patched --image ${image} --since 30d --accounts`] : []),
    ],
    resources: unwanted.slice(0, MOST_BUILDS).map(({ build }) => build),
  };
}

/** `Advisories of the last 30 days: 12. 90 % of the instances were patched after 3h05m (median), 1d4h (slowest); 2 are open` */
function sayPatched({ advisories, open, p90 }: NonNullable<FleetReported["patched"]>): string {
  const times = p90
    ? ` 90 % of the instances were patched after ${inWords(p90.median)} (median), ${inWords(p90.slowest)} (slowest)`
    : " none has reached 90 % of the instances";
  const left = open > 0 && p90 ? `; ${count(open, "advisory", "advisories")} below 90 %` : "";
  return `Advisories of the last 30 days: ${advisories}.${times}${left}`;
}

function sayUnwanted({ build, revoked, deprecated, users, more }: Unwanted): string {
  const flags = [...(revoked ? ["REVOKED"] : []), ...(deprecated ? ["deprecated"] : [])].join(", ");
  const named = users.slice(0, MOST_ACCOUNTS).map((one) => `${one.account} has ${sayUse(one)}`);
  const others = more + Math.max(0, users.length - MOST_ACCOUNTS);
  return `${buildVersion(build)} ${flags}: ${named.join("; ")}${others > 0 ? `; and ${count(others, "more account")}` : ""}`;
}

const sayUse = ({ instances, launchTemplates }: { readonly instances: number; readonly launchTemplates: number }) =>
  [
    ...(instances > 0 || launchTemplates === 0 ? [count(instances, "instance")] : []),
    ...(launchTemplates > 0 ? [count(launchTemplates, "launch template")] : []),
  ].join(", ");

const count = (number: number, what: string, several = `${what}s`): string =>
  `${number} ${number === 1 ? what : several}`;
const day = (at: string): string => at.slice(0, 10);
const span = ({ oldest, newest }: { readonly oldest: string; readonly newest: string }): string =>
  day(oldest) === day(newest) ? `on ${day(newest)}` : `from ${day(oldest)} to ${day(newest)}`;
