import { type EC2Client, type Image, paginateDescribeImages } from "@aws-sdk/client-ec2";
import type { FoundAmi, WantedAmi } from "../../core/advisories/newest-ami.ts";
import { amiId } from "../../events/ids.ts";

/**
 * AMIs of an owner by a pattern of their names, that are not deprecated: EC2 describes those of others only if they are not
 * (EC2 API reference, DescribeImages, IncludeDeprecated).
 * @param owner left out: of everybody whose AMIs the account sees
 * @param more `deprecated`: those that are deprecated, too
 */
export async function listAmis(
  client: EC2Client,
  { owner, name, architecture }: Partial<WantedAmi> & Pick<WantedAmi, "name">,
  more: { readonly deprecated?: boolean } = {},
): Promise<FoundAmi[]> {
  const asked = {
    ...(owner !== undefined && { Owners: [owner] }),
    Filters: [
      { Name: "name", Values: [name] },
      ...(architecture === undefined ? [] : [{ Name: "architecture", Values: [architecture] }]),
    ],
    ...(more.deprecated && { IncludeDeprecated: true }),
    MaxResults: 1000,
  };
  const found: FoundAmi[] = [];
  for await (const { Images = [] } of paginateDescribeImages({ client }, asked)) found.push(...Images.flatMap(toFound));
  return found;
}

/** An AMI by its id, whoever it belongs to; undefined where the account does not see it (any more). */
export async function findAmi(client: EC2Client, id: string): Promise<FoundAmi | undefined> {
  const asked = { Filters: [{ Name: "image-id", Values: [id] }], IncludeDeprecated: true };
  for await (const { Images = [] } of paginateDescribeImages({ client }, asked)) {
    const [found] = Images.flatMap(toFound);
    if (found) return found;
  }
  return undefined;
}

/** Nothing where EC2 leaves out what decides: such an AMI is not taken. */
function toFound(image: Image): FoundAmi[] {
  const id = amiId.safeParse(image.ImageId).data;
  const {
    Name: name,
    OwnerId: ownerId,
    Architecture: architecture,
    State: state,
    CreationDate,
    DeprecationTime,
  } = image;
  if (!id || !name || !ownerId || !architecture || !state || !CreationDate) return [];
  return [
    {
      id,
      name,
      ownerId,
      ownerAlias: image.ImageOwnerAlias,
      architecture,
      state,
      createdAt: new Date(CreationDate),
      deprecatedAt: DeprecationTime === undefined ? undefined : new Date(DeprecationTime),
    },
  ];
}
