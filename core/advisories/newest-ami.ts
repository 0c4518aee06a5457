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

/** What DescribeImages is asked for. */
export type WantedAmi = Required<Omit<AmiPattern, "architecture">> & { readonly architecture: string };

export const amiParents = ({ images }: Pick<Factory, "images">): AmiParent[] =>
  Object.entries(images).flatMap(([image, { parent, architecture }]) => {
    if (!("ami" in parent)) return [];
    const { owner, name } = parent.ami;
    return [{ image, parameter: parent.ssm, wanted: { owner, name, architecture } }];
  });

/** What is wanted, as one value: AMIs that were resolved for another one say nothing. */
export const patternOf = ({ owner, name, architecture }: WantedAmi): string => `${owner} ${architecture} ${name}`;

/** An AMI, as far as EC2 describes it. */
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

/** The AMI that was taken last. */
interface Resolved {
  /** What it was taken for, of `patternOf`. */
  readonly pattern: string;
  readonly ami: AmiId;
  readonly createdAt: string;
}

export type NewestAmi =
  /** The parameter is to name it; it may do so already. */
  | { readonly kind: "found"; readonly ami: FoundAmi }
  | { readonly kind: "unresolved"; readonly code: UnresolvedCode; readonly reason: string };

/** `none`: no AMI is what is wanted. `withdrawn`: the newest one left is older than the one that was taken. */
type UnresolvedCode = "none" | "withdrawn";

/** Who an AMI has to belong to. `amazon` stands for the accounts that EC2 itself calls so. */
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

/** The newest first. AMIs of one moment are ordered by their names, which mostly have versions, and ids. */
const byAge = (one: FoundAmi, other: FoundAmi): number =>
  other.createdAt.getTime() - one.createdAt.getTime() ||
  (one.name === other.name ? (one.id < other.id ? 1 : -1) : one.name < other.name ? 1 : -1);

/**
 * The AMI that the parameter names before `resolve-parents` has a record of one: the deployment took the newest. Undefined
 * where it is another owner's, which no deployment takes.
 * @param present the parameter's value; one that EC2 does not show any more is as old as its writing at most
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
 * Which AMI an owner's pattern means now. It never goes back to an older AMI than the one that was taken for the same
 * pattern: where the owner withdrew that one, fixes would be lost unseen, and an older AMI is what an attacker offers, too.
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
