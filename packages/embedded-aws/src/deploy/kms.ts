import type {
  CreateAliasCommandInput,
  CreateKeyCommandInput,
  CreateKeyCommandOutput,
  CustomerMasterKeySpec,
  EnableKeyRotationCommandInput,
  KeyUsageType,
} from "@aws-sdk/client-kms";
import type { Creator } from "./creator.ts";

export const createKey: Creator = async (inputs, site) => {
  const { KeyMetadata } = await site.call<CreateKeyCommandOutput>("kms", "CreateKey", {
    Description: inputs.maybeText("description"),
    KeyUsage: inputs.maybeText<KeyUsageType>("keyUsage"),
    KeySpec: inputs.maybeText<CustomerMasterKeySpec>("customerMasterKeySpec"),
    Policy: inputs.json("policy"),
    MultiRegion: inputs.flag("multiRegion"),
    BypassPolicyLockoutSafetyCheck: inputs.flag("bypassPolicyLockoutSafetyCheck"),
    Tags: Object.entries(inputs.textMap("tags") ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  } satisfies CreateKeyCommandInput);
  const { KeyId = "", Arn = "" } = KeyMetadata ?? {};
  const RotationPeriodInDays = inputs.number("rotationPeriodInDays");
  if (inputs.flag("enableKeyRotation")) {
    const rotation: EnableKeyRotationCommandInput = { KeyId, RotationPeriodInDays };
    await site.call("kms", "EnableKeyRotation", rotation);
  }
  if (inputs.flag("isEnabled") === false) await site.call("kms", "DisableKey", { KeyId });
  inputs.drop("says how the key is deleted one day", "deletionWindowInDays");
  return { id: KeyId, keyId: KeyId, arn: Arn };
};

export const createAlias: Creator = async (inputs, site) => {
  const AliasName = inputs.text("name");
  const TargetKeyId = inputs.text("targetKeyId");
  await site.call("kms", "CreateAlias", { AliasName, TargetKeyId } satisfies CreateAliasCommandInput);
  return { id: AliasName, name: AliasName, arn: `arn:aws:kms:${site.region}:${site.account}:${AliasName}` };
};
