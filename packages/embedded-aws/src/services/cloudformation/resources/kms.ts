import type { CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import type { Json } from "../template/template.ts";
import {
  booleanOf,
  differs,
  document,
  list,
  numberOf,
  pick,
  type ResourceContext,
  type ResourceHandler,
} from "./handler.ts";

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const tagsOf = ({ Tags }: Json) => list<Tag>(Tags).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));

/** Rotation and the enabled state have separate operations. */
async function turn(KeyId: string, after: Json, before: Json, { call }: ResourceContext): Promise<void> {
  const [rotates, rotated] = [after, before].map((one) => booleanOf(one.EnableKeyRotation) ?? false);
  const [enabled, was] = [after, before].map((one) => booleanOf(one.Enabled) ?? true);
  if (rotates !== rotated) await call("kms", rotates ? "EnableKeyRotation" : "DisableKeyRotation", { KeyId });
  if (enabled !== was) await call("kms", enabled ? "EnableKey" : "DisableKey", { KeyId });
}

export const kmsKey: ResourceHandler = {
  required: [],
  optional: [
    ...["Description", "Enabled", "EnableKeyRotation", "KeyPolicy", "KeySpec", "KeyUsage", "MultiRegion", "Tags"],
    ...["BypassPolicyLockoutSafetyCheck", "PendingWindowInDays"],
  ],
  async create(properties, context) {
    const { KeyMetadata } = await context.call<CreateKeyCommandOutput>("kms", "CreateKey", {
      ...pick(properties, ["Description", "KeySpec", "KeyUsage"]),
      ...(properties.KeyPolicy !== undefined && { Policy: document(properties.KeyPolicy) }),
      ...(properties.MultiRegion !== undefined && { MultiRegion: booleanOf(properties.MultiRegion) }),
      ...(properties.Tags !== undefined && { Tags: tagsOf(properties) }),
    });
    const physicalId = KeyMetadata?.KeyId ?? "";
    await turn(physicalId, properties, {}, context);
    return { physicalId, attributes: { Arn: KeyMetadata?.Arn, KeyId: physicalId } };
  },
  async update(properties, { physicalId: KeyId, attributes, properties: before }, context) {
    if (differs(properties, before, ["KeySpec", "KeyUsage", "MultiRegion", "Tags"])) return undefined;
    if (properties.KeyPolicy !== undefined) {
      await context.call("kms", "PutKeyPolicy", {
        KeyId,
        PolicyName: "default",
        Policy: document(properties.KeyPolicy),
      });
    }
    await context.call("kms", "UpdateKeyDescription", { KeyId, Description: properties.Description ?? "" });
    await turn(KeyId, properties, before, context);
    return { physicalId: KeyId, attributes };
  },
  async delete({ physicalId: KeyId, properties }, { call }) {
    const PendingWindowInDays = numberOf(properties.PendingWindowInDays);
    await call("kms", "ScheduleKeyDeletion", { KeyId, ...(PendingWindowInDays && { PendingWindowInDays }) });
  },
};

export const kmsAlias: ResourceHandler = {
  required: ["AliasName", "TargetKeyId"],
  optional: [],
  async create({ AliasName, TargetKeyId }, { call }) {
    await call("kms", "CreateAlias", { AliasName, TargetKeyId });
    return { physicalId: String(AliasName) };
  },
  async update(properties, existing, { call }) {
    if (differs(properties, existing.properties, ["AliasName"])) return undefined;
    await call("kms", "UpdateAlias", pick(properties, ["AliasName", "TargetKeyId"]));
    return existing;
  },
  async delete({ physicalId }, { call }) {
    await call("kms", "DeleteAlias", { AliasName: physicalId });
  },
};
