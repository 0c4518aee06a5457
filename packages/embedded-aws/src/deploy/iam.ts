import type {
  AddRoleToInstanceProfileCommandInput,
  AttachRolePolicyCommandInput,
  CreateInstanceProfileCommandInput,
  CreatePolicyCommandInput,
  CreateRoleCommandInput,
  CreateRoleCommandOutput,
  PutRolePolicyCommandInput,
  UpdateRoleCommandInput,
} from "@aws-sdk/client-iam";
import type {
  CreateAliasCommandInput,
  CreateKeyCommandInput,
  CreateKeyCommandOutput,
  CustomerMasterKeySpec,
  EnableKeyRotationCommandInput,
  KeyUsageType,
} from "@aws-sdk/client-kms";
import type {
  GetParameterCommandInput,
  ParameterTier,
  ParameterType,
  PutParameterCommandInput,
  Tag,
} from "@aws-sdk/client-ssm";
import { decideValidation } from "../services/ssm/write-parameters.ts";
import type { Inputs } from "./inputs.ts";
import { type Create, known, put, type ResourceType, retag, type Site, tagList, toTagList } from "./resource-type.ts";

const createRole: Create = async (inputs, site) => {
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

export const role: ResourceType = {
  create: createRole,
  async update(inputs, site, before) {
    const RoleName = inputs.text("name");
    const PolicyDocument = inputs.json("assumeRolePolicy");
    await site.call("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
    await site.call("iam", "UpdateRole", {
      RoleName,
      Description: inputs.maybeText("description") ?? "",
      MaxSessionDuration: inputs.number("maxSessionDuration"),
    } satisfies UpdateRoleCommandInput);
    const PermissionsBoundary = inputs.maybeText("permissionsBoundary");
    if (PermissionsBoundary) await site.call("iam", "PutRolePermissionsBoundary", { RoleName, PermissionsBoundary });
    else if (before.inputs.has("permissionsBoundary"))
      await site.call("iam", "DeleteRolePermissionsBoundary", { RoleName });
    const [was, is] = [inlineOf(before.inputs), inlineOf(inputs)];
    for (const [name, policy] of is) if (was.get(name) !== policy) await putPolicy(site, RoleName, name, policy);
    for (const PolicyName of was.keys()) {
      if (!is.has(PolicyName)) await site.call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
    }
    const attached = inputs.texts("managedPolicyArns") ?? [];
    const wereAttached = before.inputs.texts("managedPolicyArns") ?? [];
    for (const arn of attached) if (!wereAttached.includes(arn)) await attach(site, RoleName, arn);
    for (const PolicyArn of wereAttached) {
      if (!attached.includes(PolicyArn)) await site.call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    }
    await retag(inputs, before, site, {
      service: "iam",
      tag: (tags) => ["TagRole", { RoleName, Tags: toTagList(tags) }],
      untag: (TagKeys) => ["UntagRole", { RoleName, TagKeys }],
    });
    inputs.drop("a change replaces the role", "path");
    return before.attributes;
  },
  async delete({ inputs }, site) {
    const RoleName = inputs.text("name");
    for (const PolicyName of inlineOf(inputs).keys())
      await site.call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
    for (const PolicyArn of inputs.texts("managedPolicyArns") ?? []) {
      await site.call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    }
    await site.call("iam", "DeleteRole", { RoleName });
  },
  replacedBy: ["name", "path"],
};

const inlineOf = (inputs: Inputs): Map<string, string | undefined> =>
  new Map(inputs.list("inlinePolicies").map((one) => [one.text("name"), one.json("policy")]));

const createRolePolicy: Create = async (inputs, site) => {
  const [role, name] = [inputs.text("role"), inputs.maybeText("name") ?? site.name];
  await putPolicy(site, role, name, inputs.json("policy"));
  return { id: `${role}:${name}`, name };
};

export const rolePolicy = put({
  create: createRolePolicy,
  delete: ({ inputs, attributes: { name: PolicyName } }, site) =>
    site.call("iam", "DeleteRolePolicy", { RoleName: inputs.text("role"), PolicyName }),
  replacedBy: ["role", "name"],
});

const createRolePolicyAttachment: Create = async (inputs, site) => {
  const [role, arn] = [inputs.text("role"), inputs.text("policyArn")];
  await attach(site, role, arn);
  return { id: `${role}-${arn}` };
};

export const rolePolicyAttachment: ResourceType = {
  create: createRolePolicyAttachment,
  delete: ({ inputs }, site) =>
    site.call("iam", "DetachRolePolicy", { RoleName: inputs.text("role"), PolicyArn: inputs.text("policyArn") }),
};

const createPolicy: Create = async (inputs, site) => {
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

export const policy: ResourceType = {
  create: createPolicy,
  async update(inputs, site, before) {
    const PolicyArn = before.attributes.arn;
    const PolicyDocument = inputs.json("policy");
    await site.call("iam", "CreatePolicyVersion", { PolicyArn, PolicyDocument, SetAsDefault: true });
    inputs.drop("a change replaces the policy", "name", "path", "description");
    inputs.drop("nothing shows a policy's tags yet", "tags");
    return before.attributes;
  },
  delete: ({ attributes: { arn: PolicyArn } }, site) => site.call("iam", "DeletePolicy", { PolicyArn }),
  replacedBy: ["name", "path", "description"],
};

const createInstanceProfile: Create = async (inputs, site) => {
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

export const instanceProfile: ResourceType = {
  create: createInstanceProfile,
  async update(inputs, site, before) {
    const InstanceProfileName = inputs.text("name");
    const [was, is] = [before.inputs.maybeText("role"), inputs.maybeText("role")];
    const change = (operation: string, RoleName: string) =>
      site.call("iam", operation, { InstanceProfileName, RoleName });
    if (was !== undefined && was !== is) await change("RemoveRoleFromInstanceProfile", was);
    if (is !== undefined && was !== is) await change("AddRoleToInstanceProfile", is);
    inputs.drop("a change replaces the profile", "path");
    inputs.drop("nothing shows a profile's tags yet", "tags");
    return before.attributes;
  },
  async delete({ inputs }, site) {
    const InstanceProfileName = inputs.text("name");
    const RoleName = inputs.maybeText("role");
    if (RoleName !== undefined) {
      await site.call("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName });
    }
    await site.call("iam", "DeleteInstanceProfile", { InstanceProfileName });
  },
  replacedBy: ["name", "path"],
};

const putPolicy = (site: Site, RoleName: string, PolicyName: string, PolicyDocument: string | undefined) =>
  site.call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument } satisfies PutRolePolicyCommandInput);

const attach = (site: Site, RoleName: string, PolicyArn: string) =>
  site.call("iam", "AttachRolePolicy", { RoleName, PolicyArn } satisfies AttachRolePolicyCommandInput);

const createKey: Create = async (inputs, site) => {
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

export const key: ResourceType = {
  create: createKey,
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
    inputs.drop("says how the key is deleted one day", "deletionWindowInDays");
    return before.attributes;
  },
  delete({ inputs, attributes: { keyId: KeyId } }, site) {
    const PendingWindowInDays = inputs.number("deletionWindowInDays");
    return site.call("kms", "ScheduleKeyDeletion", { KeyId, PendingWindowInDays });
  },
  replacedBy: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
};

const createAlias: Create = async (inputs, site) => {
  const AliasName = inputs.text("name");
  const TargetKeyId = inputs.text("targetKeyId");
  await site.call("kms", "CreateAlias", { AliasName, TargetKeyId } satisfies CreateAliasCommandInput);
  return { id: AliasName, name: AliasName, arn: `arn:aws:kms:${site.region}:${site.account}:${AliasName}` };
};

export const alias: ResourceType = {
  create: createAlias,
  async update(inputs, site, before) {
    const [AliasName, TargetKeyId] = [inputs.text("name"), inputs.text("targetKeyId")];
    await site.call("kms", "UpdateAlias", { AliasName, TargetKeyId });
    return before.attributes;
  },
  delete: ({ attributes: { name: AliasName } }, site) => site.call("kms", "DeleteAlias", { AliasName }),
  replacedBy: ["name"],
};

async function putParameter(inputs: Inputs, site: Site, Overwrite: boolean | undefined, Tags: Tag[] | undefined) {
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
    Overwrite,
    Tags,
  } satisfies PutParameterCommandInput);
  // The provider waits until an AMI's id is validated.
  await decideValidation(site.aws, site.account, site.region, Name);
  await site.call("ssm", "GetParameter", { Name } satisfies GetParameterCommandInput);
  return known(Name, `arn:aws:ssm:${site.region}:${site.account}:parameter${Name.startsWith("/") ? "" : "/"}${Name}`);
}

export const parameter: ResourceType = {
  create: (inputs, site) => putParameter(inputs, site, inputs.flag("overwrite"), tagList(inputs)),
  // SSM takes tags of new parameters only.
  async update(inputs, site, before) {
    inputs.flag("overwrite");
    // A changed tag alone does not put the value, which others may have changed.
    const isPut = ["type", "value", "insecureValue", "dataType", "description", "tier", "allowedPattern", "keyId"].some(
      (key) => inputs.maybeText(key) !== before.inputs.maybeText(key),
    );
    const attributes = isPut ? await putParameter(inputs, site, true, undefined) : before.attributes;
    inputs.text("name");
    await retag(inputs, before, site, {
      service: "ssm",
      tag: (tags) => ["AddTagsToResource", { ...ofParameter(attributes.name), Tags: toTagList(tags) }],
      untag: (TagKeys) => ["RemoveTagsFromResource", { ...ofParameter(attributes.name), TagKeys }],
    });
    return attributes;
  },
  delete: ({ attributes: { name: Name } }, site) => site.call("ssm", "DeleteParameter", { Name }),
  replacedBy: ["name"],
};

const ofParameter = (ResourceId: string | undefined) => ({ ResourceType: "Parameter", ResourceId });
