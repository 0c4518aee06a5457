import type * as Sdk from "@aws-sdk/client-kms";
import { type ResourceType, retag } from "./resource-type.ts";

export const key: ResourceType = {
  async create(inputs, site) {
    const { KeyMetadata } = await site.call<Sdk.CreateKeyCommandOutput>("kms", "CreateKey", {
      Description: inputs.maybeText("description"),
      KeyUsage: inputs.maybeText<Sdk.KeyUsageType>("keyUsage"),
      KeySpec: inputs.maybeText<Sdk.CustomerMasterKeySpec>("customerMasterKeySpec"),
      Policy: inputs.json("policy"),
      MultiRegion: inputs.flag("multiRegion"),
      BypassPolicyLockoutSafetyCheck: inputs.flag("bypassPolicyLockoutSafetyCheck"),
      Tags: Object.entries(inputs.textMap("tags") ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    } satisfies Sdk.CreateKeyCommandInput);
    const { KeyId = "", Arn = "" } = KeyMetadata ?? {};
    const RotationPeriodInDays = inputs.number("rotationPeriodInDays");
    if (inputs.flag("enableKeyRotation")) {
      const rotation: Sdk.EnableKeyRotationCommandInput = { KeyId, RotationPeriodInDays };
      await site.call("kms", "EnableKeyRotation", rotation);
    }
    if (inputs.flag("isEnabled") === false) await site.call("kms", "DisableKey", { KeyId });
    inputs.drop("only used on deletion", "deletionWindowInDays");
    return { id: KeyId, keyId: KeyId, arn: Arn };
  },
  async update(inputs, site, before) {
    const KeyId = before.attributes.keyId;
    const call = (operation: string, input: object = {}) => site.call("kms", operation, { KeyId, ...input });
    const BypassPolicyLockoutSafetyCheck = inputs.flag("bypassPolicyLockoutSafetyCheck");
    const Policy = inputs.json("policy");
    if (Policy !== before.inputs.json("policy")) {
      await call("PutKeyPolicy", { Policy, BypassPolicyLockoutSafetyCheck });
    }
    await call("UpdateKeyDescription", { Description: inputs.maybeText("description") ?? "" });
    const [rotates, rotated] = [inputs.flag("enableKeyRotation"), before.inputs.flag("enableKeyRotation")];
    if (rotates) {
      await call("EnableKeyRotation", { RotationPeriodInDays: inputs.number("rotationPeriodInDays") });
    } else if (rotated) await call("DisableKeyRotation");
    const isOn = inputs.flag("isEnabled") ?? true;
    if (isOn !== (before.inputs.flag("isEnabled") ?? true)) await call(isOn ? "EnableKey" : "DisableKey");
    await retag(inputs, before, site, {
      service: "kms",
      tag: (tags) => [
        "TagResource",
        { KeyId, Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
      ],
      untag: (TagKeys) => ["UntagResource", { KeyId, TagKeys }],
    });
    inputs.drop("a change replaces the key", "keyUsage", "customerMasterKeySpec", "multiRegion");
    inputs.drop("only used on deletion", "deletionWindowInDays");
    return before.attributes;
  },
  delete({ inputs, attributes: { keyId: KeyId } }, site) {
    const PendingWindowInDays = inputs.number("deletionWindowInDays");
    return site.call("kms", "ScheduleKeyDeletion", { KeyId, PendingWindowInDays });
  },
  replacedBy: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
};

export const alias: ResourceType = {
  async create(inputs, site) {
    const AliasName = inputs.text("name");
    const TargetKeyId = inputs.text("targetKeyId");
    await site.call("kms", "CreateAlias", { AliasName, TargetKeyId } satisfies Sdk.CreateAliasCommandInput);
    return { id: AliasName, name: AliasName, arn: `arn:aws:kms:${site.region}:${site.account}:${AliasName}` };
  },
  async update(inputs, site, before) {
    const [AliasName, TargetKeyId] = [inputs.text("name"), inputs.text("targetKeyId")];
    await site.call("kms", "UpdateAlias", { AliasName, TargetKeyId });
    return before.attributes;
  },
  delete: ({ attributes: { name: AliasName } }, site) => site.call("kms", "DeleteAlias", { AliasName }),
  replacedBy: ["name"],
};
