import type { CreateResourceShareCommandOutput, UpdateResourceShareCommandOutput } from "@aws-sdk/client-ram";
import type { Json } from "../template/template.ts";
import { booleanOf, differs, list, type Made, type ResourceHandler } from "./handler.ts";

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const toMade = (share: CreateResourceShareCommandOutput["resourceShare"]): Made => ({
  physicalId: share?.resourceShareArn ?? "",
  attributes: {
    Arn: share?.resourceShareArn,
    OwningAccountId: share?.owningAccountId,
    Status: share?.status,
    CreationTime: share?.creationTime?.toISOString(),
    LastUpdatedTime: share?.lastUpdatedTime?.toISOString(),
    FeatureSet: share?.featureSet,
  },
});

const settings = ({ Name, AllowExternalPrincipals }: Json) => ({
  name: Name,
  ...(AllowExternalPrincipals !== undefined && { allowExternalPrincipals: booleanOf(AllowExternalPrincipals) }),
});

/** The values that a list of the template gained. */
const gained = (one: unknown, other: unknown): string[] => list(one).filter((each) => !list(other).includes(each));

export const ramResourceShare: ResourceHandler = {
  required: ["Name"],
  optional: ["AllowExternalPrincipals", "PermissionArns", "Principals", "ResourceArns", "Sources", "Tags"],
  async create(properties, { call }) {
    const { resourceShare } = await call<CreateResourceShareCommandOutput>("ram", "CreateResourceShare", {
      ...settings(properties),
      principals: list(properties.Principals).map(String),
      resourceArns: list(properties.ResourceArns),
      permissionArns: list(properties.PermissionArns),
      sources: list(properties.Sources),
      tags: list<Tag>(properties.Tags).map(({ Key, Value }) => ({ key: Key, value: Value })),
    });
    return toMade(resourceShare);
  },
  async update(properties, { physicalId: resourceShareArn, properties: before }, { call }) {
    if (differs(properties, before, ["PermissionArns", "Sources"])) return undefined;
    const { resourceShare } = await call<UpdateResourceShareCommandOutput>("ram", "UpdateResourceShare", {
      resourceShareArn,
      ...settings(properties),
    });
    const changes = [
      ["AssociateResourceShare", properties, before],
      ["DisassociateResourceShare", before, properties],
    ] as const;
    for (const [operation, having, lacking] of changes) {
      const principals = gained(having.Principals, lacking.Principals).map(String);
      const resourceArns = gained(having.ResourceArns, lacking.ResourceArns);
      if (principals.length + resourceArns.length > 0) {
        await call("ram", operation, { resourceShareArn, principals, resourceArns });
      }
    }
    const tags = list<Tag>(properties.Tags).map(({ Key, Value }) => ({ key: Key, value: Value }));
    const kept = tags.map(({ key }) => key);
    const tagKeys = list<Tag>(before.Tags).flatMap(({ Key }) => (kept.includes(Key) ? [] : [Key]));
    if (tags.length > 0) await call("ram", "TagResource", { resourceShareArn, tags });
    if (tagKeys.length > 0) await call("ram", "UntagResource", { resourceShareArn, tagKeys });
    return toMade(resourceShare);
  },
  async delete({ physicalId }, { call }) {
    await call("ram", "DeleteResourceShare", { resourceShareArn: physicalId });
  },
};
