import type {
  AddRoleToInstanceProfileCommandInput,
  AttachRolePolicyCommandInput,
  CreateInstanceProfileCommandInput,
  CreatePolicyCommandInput,
  CreateRoleCommandInput,
  CreateRoleCommandOutput,
  PutRolePolicyCommandInput,
} from "@aws-sdk/client-iam";
import type {
  CreateAliasCommandInput,
  CreateKeyCommandInput,
  CreateKeyCommandOutput,
  CustomerMasterKeySpec,
  EnableKeyRotationCommandInput,
  KeyUsageType,
} from "@aws-sdk/client-kms";
import type { ParameterTier, ParameterType, PutParameterCommandInput } from "@aws-sdk/client-ssm";
import { type Creator, known, type Site, tagList } from "./creator.ts";

export const createRole: Creator = async (inputs, site) => {
  const RoleName = inputs.text("name");
  const { Role } = await site.call<CreateRoleCommandOutput>("iam", "CreateRole", {
    RoleName,
    Path: inputs.maybeText("path"),
    Description: inputs.maybeText("description"),
    MaxSessionDuration: inputs.number("maxSessionDuration"),
    AssumeRolePolicyDocument: inputs.json("assumeRolePolicy"),
    PermissionsBoundary: inputs.maybeText("permissionsBoundary"),
    Tags: tagList(inputs),
  } satisfies CreateRoleCommandInput);
  for (const inline of inputs.list("inlinePolicies")) {
    await putPolicy(site, RoleName, inline.text("name"), inline.json("policy"));
  }
  for (const PolicyArn of inputs.texts("managedPolicyArns") ?? []) await attach(site, RoleName, PolicyArn);
  return known(RoleName, Role?.Arn ?? "");
};

export const createRolePolicy: Creator = async (inputs, site) => {
  const [role, name] = [inputs.text("role"), inputs.maybeText("name") ?? site.name];
  await putPolicy(site, role, name, inputs.json("policy"));
  return { id: `${role}:${name}`, name };
};

export const createRolePolicyAttachment: Creator = async (inputs, site) => {
  const [role, arn] = [inputs.text("role"), inputs.text("policyArn")];
  await attach(site, role, arn);
  return { id: `${role}-${arn}` };
};

export const createPolicy: Creator = async (inputs, site) => {
  const PolicyName = inputs.text("name");
  const Path = inputs.maybeText("path");
  await site.call("iam", "CreatePolicy", {
    PolicyName,
    Path,
    Description: inputs.maybeText("description"),
    PolicyDocument: inputs.json("policy"),
    Tags: tagList(inputs),
  } satisfies CreatePolicyCommandInput);
  const arn = `arn:aws:iam::${site.account}:policy${Path ?? "/"}${PolicyName}`;
  return { id: arn, name: PolicyName, arn };
};

export const createInstanceProfile: Creator = async (inputs, site) => {
  const InstanceProfileName = inputs.text("name");
  const Path = inputs.maybeText("path");
  await site.call("iam", "CreateInstanceProfile", {
    InstanceProfileName,
    Path,
    Tags: tagList(inputs),
  } satisfies CreateInstanceProfileCommandInput);
  const RoleName = inputs.maybeText("role");
  if (RoleName !== undefined) {
    const both: AddRoleToInstanceProfileCommandInput = { InstanceProfileName, RoleName };
    await site.call("iam", "AddRoleToInstanceProfile", both);
  }
  return known(
    InstanceProfileName,
    `arn:aws:iam::${site.account}:instance-profile${Path ?? "/"}${InstanceProfileName}`,
  );
};

const putPolicy = (site: Site, RoleName: string, PolicyName: string, PolicyDocument: string | undefined) =>
  site.call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument } satisfies PutRolePolicyCommandInput);

const attach = (site: Site, RoleName: string, PolicyArn: string) =>
  site.call("iam", "AttachRolePolicy", { RoleName, PolicyArn } satisfies AttachRolePolicyCommandInput);

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

export const createParameter: Creator = async (inputs, site) => {
  const Name = inputs.text("name");
  await site.call("ssm", "PutParameter", {
    Name,
    Type: inputs.text<ParameterType>("type"),
    Value: inputs.maybeText("value") ?? inputs.text("insecureValue"),
    DataType: inputs.maybeText("dataType"),
    Description: inputs.maybeText("description"),
    Tier: inputs.maybeText<ParameterTier>("tier"),
    AllowedPattern: inputs.maybeText("allowedPattern"),
    KeyId: inputs.maybeText("keyId"),
    Overwrite: inputs.flag("overwrite"),
    Tags: tagList(inputs),
  } satisfies PutParameterCommandInput);
  return known(Name, `arn:aws:ssm:${site.region}:${site.account}:parameter${Name.startsWith("/") ? "" : "/"}${Name}`);
};
