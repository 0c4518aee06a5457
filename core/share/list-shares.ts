import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Proof } from "../../events/share.ts";
import { type Account, indexTree, type OrganizationTree, type TreeIndex } from "../organization/organization-tree.ts";
import type { LaunchPermission } from "./launch-permission.ts";
import { type Audience, findReached } from "./resolve-share.ts";

/** Proofs in words. */
export const proofWords: Readonly<Record<Proof, string>> = {
  permitted: "launch dry run passed",
  decryptable: "launch and KMS dry run passed",
  launched: "an instance ran",
  pullable: "pull passed",
};

/** The last verification that an account can launch an AMI. */
interface Verified {
  readonly account: string;
  readonly proof: Proof;
  /** Why a launch could not be verified. */
  readonly notTried?: string;
  readonly at: string;
}

/** The recorded and actual shares of a channel's AMI in one region. */
export interface SharedAmi {
  readonly region: string;
  readonly amiId: ArtifactId;
  readonly build: BuildArn;
  /** The permissions that the ledger records for this channel. */
  readonly own: LaunchPermission;
  /** The same for all channels together. */
  readonly given: LaunchPermission;
  /** EC2's launch permissions; absent if EC2 was not asked. */
  readonly actual?: LaunchPermission;
  readonly verified: readonly Verified[];
}

/** A channel that points at a build. */
export interface SharedChannel {
  readonly channel: string;
  /** Since when it points at the build. */
  readonly since: string;
  /** The config's recipients. */
  readonly audience: Audience;
  readonly amis: readonly SharedAmi[];
}

/**
 * `not-yet`: the config includes the account, but the AMI was not shared with it (it joined recently). `taken`: it was
 * shared, but EC2 no longer has the permission. `beside`: EC2 has a permission that the factory did not add.
 */
type ShareState = "shared" | "not-yet" | "taken" | "beside";

/** The launch permission that covers an account: the whole organization, an OU, or the account. */
type Entry =
  | { readonly kind: "organization" | "account" }
  | { readonly kind: "unit"; readonly id: string; readonly name: string };

/** One account, one channel, one region. */
export interface ShareRow {
  readonly account: string;
  readonly name: string;
  /** The names of its OUs, outermost first; empty in the root, and for accounts outside the organization. */
  readonly units: readonly string[];
  readonly channel: string;
  readonly build: BuildArn;
  readonly region: string;
  readonly amiId: ArtifactId;
  readonly since: string;
  readonly state: ShareState;
  /** Undefined if none covers it (yet). */
  readonly by: Entry | undefined;
  readonly verified: Verified | undefined;
}

/**
 * Lists the accounts that can launch a channel's build, in each of its regions: every account that the config includes, and
 * those that can although it does not. The owner and suspended accounts are not listed.
 */
export function listShares(shared: SharedChannel, organization: OrganizationTree, owner: string): ShareRow[] {
  const tree = indexTree(organization);
  const meant = new Set(findReached(shared.audience, organization).map(({ id }) => id));
  return shared.amis.flatMap((ami) => {
    const covering = coverings(ami, tree);
    const members = organization.accounts.filter(({ id, active }) => active && id !== owner);
    const known = new Set(organization.accounts.map(({ id }) => id));
    const strangers = (ami.actual?.accountIds ?? [])
      .filter((id) => !known.has(id) && id !== owner)
      .map((id): Account => ({ id, name: "not in the organization", parent: "", active: true }));
    return [...members, ...strangers].flatMap((account): ShareRow[] => {
      const [own, given, actual] = [covering.own(account), covering.given(account), covering.actual(account)];
      // Shares of other channels are listed with those.
      if (given && !own && !meant.has(account.id)) return [];
      const state = toState(meant.has(account.id), given, actual, ami.actual !== undefined);
      if (!state) return [];
      const { channel, since } = shared;
      const { build, region, amiId } = ami;
      return [
        {
          account: account.id,
          name: account.name,
          units: unitsOf(account, tree).map(({ name }) => name),
          channel,
          build,
          region,
          amiId,
          since,
          state,
          by: own ?? given ?? actual,
          verified: ami.verified.find((one) => one.account === account.id),
        },
      ];
    });
  });
}

function toState(
  meant: boolean,
  given: Entry | undefined,
  actual: Entry | undefined,
  asked: boolean,
): ShareState | undefined {
  if (given) return asked && !actual ? "taken" : "shared";
  if (actual) return "beside";
  return meant ? "not-yet" : undefined;
}

type Covering = (account: Account) => Entry | undefined;

const coverings = (
  { own, given, actual }: SharedAmi,
  tree: TreeIndex,
): Record<"own" | "given" | "actual", Covering> => ({
  own: coveringOf(own, tree),
  given: coveringOf(given, tree),
  actual: actual ? coveringOf(actual, tree) : () => undefined,
});

/** The widest entry that covers an account. */
function coveringOf(permission: LaunchPermission, tree: TreeIndex): Covering {
  const units = new Set(permission.organizationalUnitArns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1)));
  const accounts = new Set(permission.accountIds);
  const whole = permission.organizationArns.length > 0;
  return (account) => {
    if (whole && account.parent) return { kind: "organization" };
    const unit = unitsOf(account, tree).find(({ id }) => units.has(id));
    if (unit) return { kind: "unit", id: unit.id, name: unit.name };
    return accounts.has(account.id) ? { kind: "account" } : undefined;
  };
}

/** The OUs of an account, outermost first. */
const unitsOf = ({ parent }: Account, tree: TreeIndex) =>
  tree
    .pathOf(parent)
    .flatMap((id) => tree.unit(id) ?? [])
    .toReversed();
