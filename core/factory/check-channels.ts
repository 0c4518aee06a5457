import type { Factory } from "./factory-schema.ts";
import { rootParent } from "./root-parent.ts";

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

function checkChannel({ people, notify }: Factory, at: string, { approval }: Channels[number]): string[] {
  if (!approval) return [];
  const { approvers, required, remindAfter, timeout } = approval;
  const known = Object.keys(people);
  const faults = approvers.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [`${at}.approval.approvers[${index}]: expected one of the people ${listed(known)}, found "${name}"`],
  );
  faults.push(
    ...approvers.flatMap((name, index) => {
      const person = people[name];
      const canAnswer = !person || person.principals.length > 0 || notify.slack !== undefined;
      return canAnswer
        ? []
        : [
            `${at}.approval.approvers[${index}]: expected notify.slack, or principals of people.${name}, found neither: "${name}" could not answer`,
          ];
    }),
  );
  const different = new Set(approvers).size;
  if (different < approvers.length) faults.push(`${at}.approval.approvers: somebody twice, found ${listed(approvers)}`);
  if (required === undefined && different < 2) {
    faults.push(
      `${at}.approval.required: expected 1, set explicitly, or a second approver: builds that none of the config's people asked for take two approvals, found ${different} approver`,
    );
  }
  if (required !== undefined && different < required) {
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

/** A consumer role that nobody could be told to whom it goes, and accounts that can never have it. */
export function checkConsumers({ consumers, organization }: Pick<Factory, "consumers" | "organization">): string[] {
  if (!consumers) return [];
  const { organizationalUnits, verify, canary } = consumers;
  const faults = verify.flatMap((id, nth) => [
    ...(verify.indexOf(id) < nth ? [`consumers.verify[${nth}]: "${id}" twice`] : []),
    ...refuseManagement(`consumers.verify[${nth}]`, id, organization.managementAccountId),
  ]);
  if (canary)
    faults.push(...refuseManagement("consumers.canary.account", canary.account, organization.managementAccountId));
  if (!organizationalUnits && !organization.rootId) {
    faults.push(
      "consumers.organizationalUnits: expected units, or organization.rootId for all of the organization, found neither",
    );
  }
  return faults;
}

/** StackSets user guide, "Service-managed permissions": nothing is deployed into the management account. */
export const refuseManagement = (at: string, id: string, management: string): string[] =>
  id === management
    ? [`${at}: expected a member account, found the management account "${id}", which gets no role`]
    : [];

/** VM Import/Export user guide, "Considerations for image export": no volumes larger than 1 TiB. */
const LARGEST_GIB = 1024;

/** Exports that EC2 would refuse after every promotion. */
export const checkExports = (factory: Factory): string[] =>
  Object.entries(factory.images).flatMap(([name, image]) => {
    const exporting = image.channels.flatMap((channel, at) => (channel.exports ? [{ channel, at }] : []));
    const [first] = exporting;
    if (!first) return [];
    const at = `images.${name}.channels[${first.at}].exports`;
    if (image.kind === "container") {
      return [`${at}: EC2 exports AMIs, not container images: leave it out, or choose kind "ami"`];
    }
    const marketplace = marketplaceOf(factory, name);
    return [
      ...exporting.flatMap((one) => repeated(`images.${name}.channels[${one.at}]`, one.channel.exports?.formats ?? [])),
      ...((image.volumeGiB ?? 0) > LARGEST_GIB
        ? [
            `${at}: EC2 exports no volume above ${LARGEST_GIB} GiB: expected images.${name}.volumeGiB up to that, or no exports, found ${image.volumeGiB}`,
          ]
        : []),
      ...(marketplace
        ? [
            `${at}: EC2 exports nothing that comes from the AWS Marketplace: expected another parent than ${marketplace}, or no exports`,
          ]
        : []),
    ];
  });

const repeated = (channel: string, formats: readonly string[]): string[] =>
  formats.flatMap((format, at) =>
    formats.indexOf(format) < at ? [`${channel}.exports.formats[${at}]: "${format}" twice`] : [],
  );

/** The parameter of the Marketplace that an image or one of its ancestors starts from. */
function marketplaceOf(factory: Factory, name: string): string | undefined {
  const parent = rootParent(factory, name);
  return parent && "ssm" in parent && parent.ssm.startsWith("/aws/service/marketplace/") ? parent.ssm : undefined;
}
