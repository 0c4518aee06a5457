import { type EC2Client, type Image, paginateDescribeImages } from "@aws-sdk/client-ec2";
import type { FoundAmi, WantedAmi } from "../../core/advisories/newest-ami.ts";
import { amiId } from "../../events/ids.ts";

/**
 * An owner's AMIs by a name pattern, without deprecated ones: EC2 lists other accounts' AMIs only while they are not
 * deprecated (EC2 API reference, DescribeImages, IncludeDeprecated).
 * @param owner default: every owner whose AMIs the account can see
 * @param more `deprecated`: include deprecated AMIs
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

/** An AMI by id, of any owner; undefined where the account cannot see it. */
export async function findAmi(client: EC2Client, id: string): Promise<FoundAmi | undefined> {
  const asked = { Filters: [{ Name: "image-id", Values: [id] }], IncludeDeprecated: true };
  for await (const { Images = [] } of paginateDescribeImages({ client }, asked)) {
    const [found] = Images.flatMap(toFound);
    if (found) return found;
  }
  return undefined;
}

/** Empty where EC2 omits a deciding attribute: such an AMI is not used. */
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
