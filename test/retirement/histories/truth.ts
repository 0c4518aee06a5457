import { ec2State, type Image, instancesState, templatesState, type UsageReport } from "embedded-aws/state";
import { ACCOUNT, DAY } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";

export const isThere = ({ aws }: HistoryWorld, { id, region }: Image): boolean =>
  aws.state(ec2State, ACCOUNT, region).images.has(id);

/** Who uses an AMI at this moment, regardless of reports; undefined: it is unused. */
export function findUser({ aws }: HistoryWorld, { id }: Image): string | undefined {
  for (const { account, state } of aws.places(instancesState)) {
    for (const { launch, state: is } of state.instances.values()) {
      if (launch.imageId === id && is !== "terminated" && is !== "shutting-down") return `${account} runs it`;
    }
  }
  for (const { account, state } of aws.places(templatesState)) {
    for (const { versions } of state.templates.values()) {
      if (versions.some(({ data }) => data.ImageId === id)) return `a launch template of ${account} names it`;
    }
  }
  return undefined;
}

/**
 * EC2's guide: a report misses instances of a day and launch templates of some; here that is three. Each is asked for within
 * a run of fifteen minutes.
 */
const APART_MS = 4 * DAY - 15 * 60_000;

/**
 * Whether EC2's reports prove that an AMI is unused: twice, days apart, after the last moment at which
 * another account could launch it.
 * @param closedAt that moment, in milliseconds since the epoch
 */
export function isProved(reports: Iterable<UsageReport>, { id }: Image, closedAt: number): boolean {
  const clean = [...reports].filter(
    (report) => report.imageId === id && isClean(report) && report.createdAt > closedAt,
  );
  const at = clean.map(({ createdAt }) => createdAt);
  return clean.length > 1 && Math.max(...at) - Math.min(...at) >= APART_MS;
}

const isClean = ({ state, entries, accounts, types }: UsageReport): boolean =>
  state === "available" && entries.length === 0 && accounts.length === 0 && types.length === 2;
