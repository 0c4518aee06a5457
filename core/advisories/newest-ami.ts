import { type AmiId, amiId } from "../../events/ids.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { AmiPattern } from "../factory/parent-schema.ts";

/** An image that starts from the newest AMI of an owner. */
export interface AmiParent {
  readonly image: string;
  /** The parameter that names the AMI. */
  readonly parameter: string;
  readonly wanted: WantedAmi;
}

/** The query for DescribeImages. */
export type WantedAmi = Required<Omit<AmiPattern, "architecture">> & { readonly architecture: string };

export const amiParents = ({ images }: Pick<Factory, "images">): AmiParent[] =>
  Object.entries(images).flatMap(([image, { parent, architecture }]) => {
    if (!("ami" in parent)) return [];
    const { owner, name } = parent.ami;
    return [{ image, parameter: parent.ssm, wanted: { owner, name, architecture } }];
  });

/** The query as one string: AMIs that were resolved for another query do not count. */
export const patternOf = ({ owner, name, architecture }: WantedAmi): string => `${owner} ${architecture} ${name}`;

/** An AMI as described by EC2. */
export interface FoundAmi {
  readonly id: AmiId;
  readonly name: string;
  readonly ownerId: string;
  readonly ownerAlias: string | undefined;
  readonly architecture: string;
  readonly state: string;
  readonly createdAt: Date;
  readonly deprecatedAt: Date | undefined;
}

/** The AMI that was chosen last. */
interface Resolved {
  /** The query that it was chosen for, from `patternOf`. */
  readonly pattern: string;
  readonly ami: AmiId;
  readonly createdAt: string;
}

export type NewestAmi =
  /** The parameter should name this AMI; it may already do so. */
  | { readonly kind: "found"; readonly ami: FoundAmi }
  | { readonly kind: "unresolved"; readonly code: UnresolvedCode; readonly reason: string };

/** "none": no AMI matches. "withdrawn": the newest remaining AMI is older than the previous choice. */
type UnresolvedCode = "none" | "withdrawn";

/** Whether an AMI belongs to the owner. `amazon` means the accounts with EC2's owner alias `amazon`. */
const isOwnedBy = ({ ownerId, ownerAlias }: FoundAmi, owner: string, account: string): boolean =>
  owner === "amazon" ? ownerAlias === "amazon" : ownerId === (owner === "self" ? account : owner);

/** Whether an AMI may be a parent: available, not deprecated, and of exactly the owner and architecture wanted. */
const isUsable = (
  ami: FoundAmi,
  { owner, architecture }: WantedAmi,
  { account, now }: { readonly account: string; readonly now: Date },
): boolean =>
  isOwnedBy(ami, owner, account) &&
  ami.architecture === architecture &&
  ami.state === "available" &&
  !(ami.deprecatedAt && ami.deprecatedAt <= now);

/** Newest first. AMIs with the same time are ordered by name, which usually contains a version, and id. */
const byAge = (one: FoundAmi, other: FoundAmi): number =>
  other.createdAt.getTime() - one.createdAt.getTime() ||
  (one.name === other.name ? (one.id < other.id ? 1 : -1) : one.name < other.name ? 1 : -1);

/**
 * The AMI that the deployment chose and wrote to the parameter, before `resolve-parents` has a record. Undefined if it
 * belongs to another owner, which no deployment chooses.
 * @param present the parameter's value; if EC2 no longer returns the AMI, the time of writing stands for its creation
 */
export function takenByDeployment(
  wanted: WantedAmi,
  present: { readonly value: string; readonly writtenAt: Date | undefined },
  shown: FoundAmi | undefined,
  account: string,
): Resolved | undefined {
  const ami = amiId.safeParse(present.value).data;
  const createdAt = shown ? shown.createdAt : present.writtenAt;
  if (!ami || !createdAt || (shown && !isOwnedBy(shown, wanted.owner, account))) return undefined;
  return { pattern: patternOf(wanted), ami, createdAt: createdAt.toISOString() };
}

/**
 * Which AMI an owner's pattern resolves to now. It never returns an AMI older than the one chosen before for the same
 * pattern: if the owner removed that one, fixes would be lost unnoticed, and an attacker might offer an older AMI.
 */
export function decideNewest(
  wanted: WantedAmi,
  found: readonly FoundAmi[],
  resolved: Resolved | undefined,
  about: { readonly account: string; readonly now: Date },
): NewestAmi {
  const [newest] = found.filter((ami) => isUsable(ami, wanted, about)).toSorted(byAge);
  const { owner, name, architecture } = wanted;
  if (!newest) {
    const reason = `${owner} has no available ${architecture} AMI named "${name}" that is not deprecated`;
    return { kind: "unresolved", code: "none", reason };
  }
  if (resolved?.pattern === patternOf(wanted) && newest.createdAt < new Date(resolved.createdAt)) {
    const reason = `${resolved.ami} of ${resolved.createdAt} is no longer available, or is deprecated; the newest remaining AMI, ${newest.id} (${newest.name}), is older`;
    return { kind: "unresolved", code: "withdrawn", reason };
  }
  return { kind: "found", ami: newest };
}
