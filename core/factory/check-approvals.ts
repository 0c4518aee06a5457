import type { Factory } from "./factory-schema.ts";

/** A promotion that takes longer is stopped; a day is left for the copies. */
const MOST_WAITING_DAYS = 29;
const DAY = 86_400;

/** Approvals that nobody could give, people who cannot be told apart, and promotions that would wait for too long. */
export const checkApprovals = (factory: Factory): string[] => [
  ...checkPeople(factory),
  ...Object.entries(factory.images).flatMap(([image, { channels }]) => [
    ...channels.flatMap((channel, index) => checkChannel(factory, `images.${image}.channels[${index}]`, channel)),
    ...checkWaits(`images.${image}.channels`, channels),
  ]),
];

type Channels = Factory["images"][string]["channels"];

function checkChannel({ people }: Factory, at: string, { approval }: Channels[number]): string[] {
  if (!approval) return [];
  const { approvers, required, remindAfter, timeout } = approval;
  const known = Object.keys(people);
  const faults = approvers.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [`${at}.approval.approvers[${index}]: expected one of the people ${listed(known)}, found "${name}"`],
  );
  const different = new Set(approvers).size;
  if (different < approvers.length) faults.push(`${at}.approval.approvers: somebody twice, found ${listed(approvers)}`);
  if (different < required) {
    faults.push(`${at}.approval.required: expected at most ${different}, the number of approvers, found ${required}`);
  }
  if (remindAfter !== undefined && remindAfter >= timeout) {
    faults.push(`${at}.approval.remindAfter: expected less than the timeout of ${timeout}s, found ${remindAfter}s`);
  }
  return faults;
}

/** The last channel's soak is not waited for. */
function checkWaits(at: string, channels: Channels): string[] {
  const seconds = channels.reduce(
    (sum, { approval, soak }, index) => sum + (approval?.timeout ?? 0) + (index < channels.length - 1 ? soak : 0),
    0,
  );
  if (seconds <= MOST_WAITING_DAYS * DAY) return [];
  const found = Math.ceil(seconds / DAY);
  return [`${at}: soaks and approval timeouts of at most ${MOST_WAITING_DAYS} days together, found ${found} days`];
}

/** Nobody's answer may be taken for somebody else's. */
function checkPeople({ people }: Factory): string[] {
  const claims = Object.entries(people).flatMap(([name, { slack, principals }]) => [
    ...(slack === undefined ? [] : [{ name, what: `people.${name}.slack`, as: slack }]),
    ...principals.map((as, index) => ({ name, what: `people.${name}.principals[${index}]`, as })),
  ]);
  return claims.flatMap(({ name, what, as }, index) => {
    const other = claims.slice(0, index).find((one) => one.as === as && one.name !== name);
    return other ? [`${what}: expected nobody else's, found ${other.name}'s "${as}"`] : [];
  });
}

const listed = (names: readonly string[]): string =>
  names.length > 0 ? names.map((name) => `"${name}"`).join(", ") : "(there are none)";
