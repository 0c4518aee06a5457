import { rootParent } from "./check-parents.ts";
import type { Factory } from "./factory-schema.ts";
import type { Share } from "./share-schema.ts";
import { inWords } from "./values.ts";

/** A promotion that takes longer is stopped; this leaves a day for the copies. */
const MOST_WAITING_DAYS = 29;

const DAY = 86_400;

/** Approvals that no one could give, approvers with the same identity, and promotions that would wait too long. */
export const checkApprovals = (factory: Factory): string[] => [
  ...checkPeople(factory),
  ...Object.entries(factory.images).flatMap(([image, { channels }]) => [
    ...channels.flatMap((channel, index) => checkChannel(factory, `images.${image}.channels[${index}]`, channel)),
    ...checkWaits(`images.${image}.channels`, channels),
    ...channels.flatMap(({ soak: { usual, urgent } }, index) =>
      urgent > usual
        ? [
            `images.${image}.channels[${index}].soak.urgent: expected at most usual, "${inWords(usual)}", found "${inWords(urgent)}"`,
          ]
        : [],
    ),
  ]),
];

type Channels = Factory["images"][string]["channels"];

function checkChannel({ people: persons, notify }: Factory, at: string, { approval }: Channels[number]): string[] {
  if (!approval) return [];
  const { approvers, required, remindAfter, timeout } = approval;
  const known = Object.keys(persons);
  const faults = approvers.flatMap((name, index) =>
    known.includes(name) ? [] : [`${at}.approval.approvers[${index}]: expected ${nameIn(known)}, found "${name}"`],
  );
  faults.push(
    ...approvers.flatMap((name, index) => {
      const person = persons[name];
      const canAnswer = !person || person.principals.length > 0 || notify.slack !== undefined;
      return canAnswer
        ? []
        : [
            `${at}.approval.approvers[${index}]: expected notify.slack or people.${name}.principals, found neither: "${name}" could not answer`,
          ];
    }),
  );
  const different = new Set(approvers).size;
  if (different < approvers.length)
    faults.push(`${at}.approval.approvers: expected each approver once, found ${listed(approvers)}`);
  if (required === undefined && different < 2) {
    faults.push(
      `${at}.approval.required: expected 1 (set explicitly) or a second approver, found ${different} approver: by default a build needs two approvals unless all its requesters are in people`,
    );
  }
  if (required !== undefined && different < required) {
    faults.push(`${at}.approval.required: expected at most ${different}, the number of approvers, found ${required}`);
  }
  if (remindAfter !== undefined && remindAfter >= timeout) {
    faults.push(
      `${at}.approval.remindAfter: expected less than timeout, "${inWords(timeout)}", found "${inWords(remindAfter)}"`,
    );
  }
  return faults;
}

/** A promotion does not wait for the last channel's soak. */
function checkWaits(at: string, channels: Channels): string[] {
  const seconds = channels.reduce(
    (sum, { approval, soak }, index) => sum + (approval?.timeout ?? 0) + (index < channels.length - 1 ? soak.usual : 0),
    0,
  );
  if (seconds <= MOST_WAITING_DAYS * DAY) return [];
  const found = Math.ceil(seconds / DAY);
  return [
    `${at}: expected soaks and approval timeouts of at most ${MOST_WAITING_DAYS} days together, found ${found} days`,
  ];
}

/** An answer must identify one approver. */
function checkPeople({ people: persons }: Factory): string[] {
  const claims = Object.entries(persons).flatMap(([name, { slack, principals }]) => [
    ...(slack === undefined ? [] : [{ name, what: `people.${name}.slack`, as: slack }]),
    ...principals.map((as, index) => ({ name, what: `people.${name}.principals[${index}]`, as })),
  ]);
  return claims.flatMap(({ name, what, as }, index) => {
    const other = claims.slice(0, index).find((one) => one.as === as && one.name !== name);
    return other ? [`${what}: expected an identity that people.${other.name} does not have, found "${as}"`] : [];
  });
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

const nameIn = (known: readonly string[]): string =>
  `a name from people: ${known.length > 0 ? listed(known) : "it has none"}`;

/** A consumer role without target accounts, and accounts that cannot have it. */
export function checkConsumers({ consumers, organization }: Pick<Factory, "consumers" | "organization">): string[] {
  if (!consumers) return [];
  const { organizationalUnits, verify, canary } = consumers;
  const faults = verify.flatMap((id, nth) => [
    ...(verify.indexOf(id) < nth ? [`consumers.verify[${nth}]: expected each account once, found "${id}" again`] : []),
    ...refuseManagement(`consumers.verify[${nth}]`, id, organization.managementAccountId),
  ]);
  if (canary)
    faults.push(...refuseManagement("consumers.canary.account", canary.account, organization.managementAccountId));
  if (!organizationalUnits && !organization.rootId) {
    faults.push(
      "consumers.organizationalUnits: expected OUs, or organization.rootId for the whole organization, found neither",
    );
  }
  return faults;
}

/** StackSets user guide, "Service-managed permissions": nothing is deployed into the management account. */
export const refuseManagement = (at: string, id: string, management: string): string[] =>
  id === management
    ? [`${at}: expected a member account, found the management account "${id}", in which StackSets creates no role`]
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
      return [`${at}: EC2 exports AMIs, not container images; remove it, or set kind to "ami"`];
    }
    const marketplace = marketplaceOf(factory, name);
    return [
      ...exporting.flatMap((one) => repeated(`images.${name}.channels[${one.at}]`, one.channel.exports?.formats ?? [])),
      ...((image.volumeGiB ?? 0) > LARGEST_GIB
        ? [
            `${at}: EC2 exports no volume above ${LARGEST_GIB} GiB; expected images.${name}.volumeGiB of at most ${LARGEST_GIB}, or no exports, found ${image.volumeGiB}`,
          ]
        : []),
      ...(marketplace
        ? [
            `${at}: EC2 does not export AWS Marketplace AMIs; expected another parent, or no exports, found "${marketplace}"`,
          ]
        : []),
    ];
  });

const repeated = (channel: string, formats: readonly string[]): string[] =>
  formats.flatMap((format, at) =>
    formats.indexOf(format) < at
      ? [`${channel}.exports.formats[${at}]: expected each format once, found "${format}" again`]
      : [],
  );

/** The AWS Marketplace parameter that an image or one of its ancestors starts from. */
function marketplaceOf(factory: Factory, name: string): string | undefined {
  const parent = rootParent(factory, name);
  return parent && "ssm" in parent && parent.ssm.startsWith("/aws/service/marketplace/") ? parent.ssm : undefined;
}

/** Shares whose exceptions exclude everything that they name: no account could launch the AMI. */
export const checkRecipients = ({ images }: Pick<Factory, "images">): string[] =>
  Object.entries(images).flatMap(([name, { channels }]) =>
    channels.flatMap(({ share }, nth) =>
      reachesNobody(share)
        ? [
            `images.${name}.channels[${nth}].share: expected at least one recipient, found none: share.except excludes all that it names`,
          ]
        : [],
    ),
  );

function reachesNobody({ organization, organizationalUnits, accounts, accountTags, except }: Share): boolean {
  if (!except || organization || accountTags) return false;
  return (
    organizationalUnits.every((unit) => except.organizationalUnits.includes(unit)) &&
    accounts.every((account) => except.accounts.includes(account))
  );
}
