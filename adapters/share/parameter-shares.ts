import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DisassociateResourceShareCommand,
  paginateGetResourceShareAssociations,
  paginateGetResourceShares,
  type RAMClient,
  type ResourceShareAssociation,
} from "@aws-sdk/client-ram";

/** A resource share of the factory in one region, with its principals and resources. */
export interface ParameterShare {
  readonly arn: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Account ids, ARNs of OUs and the organization, including those being associated. */
  readonly principals: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
  /** Principals and resources that RAM is still associating. */
  readonly pending: readonly string[];
}

/**
 * The shares with all of these tags: three calls, and more for further pages.
 * @param name only shares of this name
 */
export async function findParameterShares(
  client: RAMClient,
  tags: Readonly<Record<string, string>>,
  name?: string,
): Promise<ParameterShare[]> {
  const found: Omit<ParameterShare, "principals" | "resources" | "pending">[] = [];
  const tagFilters = Object.entries(tags).map(([tagKey, value]) => ({ tagKey, tagValues: [value] }));
  const asked = { resourceOwner: "SELF", resourceShareStatus: "ACTIVE", tagFilters, ...(name && { name }) } as const;
  for await (const { resourceShares = [] } of paginateGetResourceShares({ client }, asked)) {
    for (const { resourceShareArn: arn, name: called = "", tags: borne = [] } of resourceShares) {
      const known = Object.fromEntries(borne.map(({ key = "", value = "" }) => [key, value]));
      // AWS does not document whether all of several filters must match.
      if (arn && Object.entries(tags).every(([key, value]) => known[key] === value)) {
        found.push({ arn, name: called, tags: known });
      }
    }
  }
  if (found.length === 0) return [];
  // One share's associations are read by its ARN; many shares', without a filter.
  const arns = name ? found.map(({ arn }) => arn) : undefined;
  const principals = await listAssociations(client, "PRINCIPAL", arns);
  const resources = await listAssociations(client, "RESOURCE", arns);
  return found.map((share) => {
    const own = (all: readonly ResourceShareAssociation[]) =>
      all.filter((one) => one.resourceShareArn === share.arn && isIn(one));
    const entity = ({ associatedEntity = "" }: ResourceShareAssociation) => associatedEntity;
    const both = [...own(principals), ...own(resources)];
    return {
      ...share,
      principals: own(principals).map(entity),
      resources: own(resources).map(entity),
      pending: both.filter(({ status }) => status === "ASSOCIATING").map(entity),
    };
  });
}

/** Failed associations count as missing, and are created again. */
const isIn = ({ status }: ResourceShareAssociation): boolean => status === "ASSOCIATED" || status === "ASSOCIATING";

async function listAssociations(
  client: RAMClient,
  associationType: "PRINCIPAL" | "RESOURCE",
  arns: readonly string[] | undefined,
): Promise<ResourceShareAssociation[]> {
  const found: ResourceShareAssociation[] = [];
  const asked = { associationType, ...(arns && { resourceShareArns: [...arns] }) };
  for await (const page of paginateGetResourceShareAssociations({ client }, asked)) {
    found.push(...(page.resourceShareAssociations ?? []));
  }
  return found;
}

interface NewShare {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly principals: readonly string[];
  readonly resources: readonly string[];
}

/** Creates a share for principals within the organization only; outside accounts cannot be invited. */
export async function createParameterShare(client: RAMClient, share: NewShare): Promise<void> {
  const { name, tags, principals, resources } = share;
  await client.send(
    new CreateResourceShareCommand({
      name,
      allowExternalPrincipals: false,
      principals: [...principals],
      resourceArns: [...resources],
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    }),
  );
}

/** Principals and resources to add or remove. */
export interface Entities {
  readonly principals: readonly string[];
  readonly resources: readonly string[];
}

export async function addToParameterShare(client: RAMClient, arn: string, added: Entities): Promise<void> {
  if (added.principals.length + added.resources.length === 0) return;
  await client.send(new AssociateResourceShareCommand({ resourceShareArn: arn, ...toInput(added) }));
}

export async function removeFromParameterShare(client: RAMClient, arn: string, removed: Entities): Promise<void> {
  if (removed.principals.length + removed.resources.length === 0) return;
  await client.send(new DisassociateResourceShareCommand({ resourceShareArn: arn, ...toInput(removed) }));
}

const toInput = ({ principals, resources }: Entities) => ({
  ...(principals.length > 0 && { principals: [...principals] }),
  ...(resources.length > 0 && { resourceArns: [...resources] }),
});
