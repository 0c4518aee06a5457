import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { findImage } from "../../adapters/containers/repository-images.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { findShares } from "../../adapters/promotion/promotion.ts";
import { readLaunchPermission } from "../../adapters/share/amis.ts";
import { listVerifications } from "../../adapters/share/verifications.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { heldIn, parametersOf } from "../../core/channel/regions.ts";
import { toContainerImage } from "../../core/containers/container-image.ts";
import type { Channel } from "../../core/factory/channel-schema.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { type LaunchPermission, union } from "../../core/share/launch-permission.ts";
import { listShares, type SharedAmi, type ShareRow } from "../../core/share/list-shares.ts";
import { needsTree, plainAudience, resolveShare } from "../../core/share/resolve-share.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { patient } from "../command/open-ledger.ts";

export interface Shares {
  readonly image: string;
  /** When the organization was last read. */
  readonly organizationReadAt: string;
  readonly channels: readonly {
    readonly channel: string;
    /** Undefined if the channel points at nothing. */
    readonly pointed: ChannelRecord | undefined;
    readonly rows: readonly ShareRow[];
  }[];
}

interface Asked {
  readonly factory: Factory;
  /** The account that owns the AMIs. */
  readonly owner: string;
  readonly image: string;
  /** Only this channel; by default all of the image's channels. */
  readonly channel?: string;
  /** Whether to read the AMIs' launch permissions from EC2. */
  readonly live: boolean;
}

/**
 * The accounts that can launch the builds in an image's channels, from the ledger.
 * @throws UnknownImage; OrganizationNotRead before the first read of the organization
 */
export async function readShares(ledger: Ledger, asked: Asked): Promise<Shares> {
  const { factory, image, channel: only } = asked;
  const configured = requireImage(factory, image).channels.filter(({ name }) => only === undefined || name === only);
  const organization = await findOrganization(ledger);
  if (!organization) throw new OrganizationNotRead(factory.organization.id);
  const channels = await Promise.all(configured.map((channel) => readChannel(ledger, asked, channel, organization)));
  return { image, organizationReadAt: organization.readAt, channels };
}

async function readChannel(
  ledger: Ledger,
  { image, owner, live }: Asked,
  { name, share }: Channel,
  organization: OrganizationTree,
): Promise<Shares["channels"][number]> {
  const pointed = await findChannel(ledger, image, name);
  if (!pointed) return { channel: name, pointed, rows: [] };
  const { movedAt } = pointed;
  const audience = needsTree(share) ? resolveShare(share, organization) : plainAudience(share);
  const amis = await Promise.all(
    Object.keys(parametersOf(pointed)).flatMap((region) => {
      const held = heldIn(pointed, region);
      return held ? [readAmi(ledger, { ...held, channel: name, region, live })] : [];
    }),
  );
  return {
    channel: name,
    pointed,
    rows: listShares({ channel: name, since: movedAt, audience, amis }, organization, owner),
  };
}

const noAccount: LaunchPermission = { organizationArns: [], organizationalUnitArns: [], accountIds: [] };

async function readAmi(
  ledger: Ledger,
  one: {
    readonly build: BuildArn;
    readonly channel: string;
    readonly region: string;
    readonly amiId: ArtifactId;
    readonly live: boolean;
  },
): Promise<SharedAmi> {
  const { build, channel, region, amiId, live } = one;
  const [shares, verifications, actual] = await Promise.all([
    findShares(ledger, build),
    listVerifications(ledger, build),
    live ? readActual(amiId, region) : undefined,
  ]);
  const inRegion = shares.filter((share) => share.region === region);
  const all = (some: typeof inRegion) => some.map(({ added }) => added).reduce(union, noAccount);
  return {
    region,
    amiId,
    build,
    own: all(inRegion.filter((share) => share.channel === channel)),
    given: all(inRegion),
    ...(actual && {
      actual: actual === "present" ? all(inRegion.filter((share) => share.channel === channel)) : actual,
    }),
    verified: verifications.filter(
      (found) => found.channel === channel && found.region === region && found.amiId === amiId,
    ),
  };
}

/** A container repository's policy is part of the stack: accounts can pull while the image is in the repository. */
async function readActual(id: ArtifactId, region: string): Promise<LaunchPermission | "present"> {
  if (isAmiId(id)) return readLaunchPermission(new EC2Client(patient(region)), id);
  const { account: registryId, repository: repositoryName, digest } = toContainerImage(id);
  const image = await findImage(
    new ECRClient(patient(region)),
    { registryId, repositoryName },
    { imageDigest: digest },
  );
  return image ? "present" : noAccount;
}

/** Without the organization, the accounts of an OU are unknown. */
class OrganizationNotRead extends Error {
  override readonly name = "OrganizationNotRead";

  constructor(organization: string) {
    super(
      `The organization ${organization} has not been read yet; follow-organization reads it hourly (\`amint validate\` checks its permissions).`,
    );
  }
}
