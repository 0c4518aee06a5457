import type * as Sdk from "@aws-sdk/client-iam";
import type { Inputs } from "./inputs.ts";
import { known, put, type ResourceType, retag, type Site, tagList, toTagList } from "./resource-type.ts";

export const role: ResourceType = {
  async create(inputs, site) {
    const RoleName = inputs.text("name");
    const { Role } = await site.call<Sdk.CreateRoleCommandOutput>("iam", "CreateRole", {
      RoleName,
      Path: inputs.maybeText("path"),
      Description: inputs.maybeText("description"),
      MaxSessionDuration: inputs.number("maxSessionDuration"),
      AssumeRolePolicyDocument: inputs.json("assumeRolePolicy"),
      PermissionsBoundary: inputs.maybeText("permissionsBoundary"),
      Tags: tagList(inputs),
    } satisfies Sdk.CreateRoleCommandInput);
    for (const inline of inputs.list("inlinePolicies")) {
      await putPolicy(site, RoleName, inline.text("name"), inline.json("policy"));
    }
    for (const PolicyArn of inputs.texts("managedPolicyArns") ?? []) await attach(site, RoleName, PolicyArn);
    return { ...known(RoleName, Role?.Arn ?? ""), uniqueId: Role?.RoleId ?? "" };
  },
  async update(inputs, site, before) {
    const RoleName = inputs.text("name");
    const PolicyDocument = inputs.json("assumeRolePolicy");
    await site.call("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
    await site.call("iam", "UpdateRole", {
      RoleName,
      Description: inputs.maybeText("description") ?? "",
      MaxSessionDuration: inputs.number("maxSessionDuration"),
    } satisfies Sdk.UpdateRoleCommandInput);
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

export const rolePolicy = put({
  async create(inputs, site) {
    const [role, name] = [inputs.text("role"), inputs.maybeText("name") ?? site.name];
    await putPolicy(site, role, name, inputs.json("policy"));
    return { id: `${role}:${name}`, name };
  },
  delete: ({ inputs, attributes: { name: PolicyName } }, site) =>
    site.call("iam", "DeleteRolePolicy", { RoleName: inputs.text("role"), PolicyName }),
  replacedBy: ["role", "name"],
});

export const rolePolicyAttachment: ResourceType = {
  async create(inputs, site) {
    const [role, arn] = [inputs.text("role"), inputs.text("policyArn")];
    await attach(site, role, arn);
    return { id: `${role}-${arn}` };
  },
  delete: ({ inputs }, site) =>
    site.call("iam", "DetachRolePolicy", { RoleName: inputs.text("role"), PolicyArn: inputs.text("policyArn") }),
};

export const policy: ResourceType = {
  async create(inputs, site) {
    const PolicyName = inputs.text("name");
    const Path = inputs.maybeText("path");
    await site.call("iam", "CreatePolicy", {
      PolicyName,
      Path,
      Description: inputs.maybeText("description"),
      PolicyDocument: inputs.json("policy"),
      Tags: tagList(inputs),
    } satisfies Sdk.CreatePolicyCommandInput);
    const arn = `arn:aws:iam::${site.account}:policy${Path ?? "/"}${PolicyName}`;
    return { id: arn, name: PolicyName, arn };
  },
  async update(inputs, site, before) {
    const PolicyArn = before.attributes.arn;
    const PolicyDocument = inputs.json("policy");
    await site.call("iam", "CreatePolicyVersion", { PolicyArn, PolicyDocument, SetAsDefault: true });
    inputs.drop("a change replaces the policy", "name", "path", "description");
    inputs.drop("policy tags are not updated", "tags");
    return before.attributes;
  },
  delete: ({ attributes: { arn: PolicyArn } }, site) => site.call("iam", "DeletePolicy", { PolicyArn }),
  replacedBy: ["name", "path", "description"],
};

export const instanceProfile: ResourceType = {
  async create(inputs, site) {
    const InstanceProfileName = inputs.text("name");
    const Path = inputs.maybeText("path");
    await site.call("iam", "CreateInstanceProfile", {
      InstanceProfileName,
      Path,
      Tags: tagList(inputs),
    } satisfies Sdk.CreateInstanceProfileCommandInput);
    const RoleName = inputs.maybeText("role");
    if (RoleName !== undefined) {
      const both: Sdk.AddRoleToInstanceProfileCommandInput = { InstanceProfileName, RoleName };
      await site.call("iam", "AddRoleToInstanceProfile", both);
    }
    return known(
      InstanceProfileName,
      `arn:aws:iam::${site.account}:instance-profile${Path ?? "/"}${InstanceProfileName}`,
    );
  },
  async update(inputs, site, before) {
    const InstanceProfileName = inputs.text("name");
    const [was, is] = [before.inputs.maybeText("role"), inputs.maybeText("role")];
    const change = (operation: string, RoleName: string) =>
      site.call("iam", operation, { InstanceProfileName, RoleName });
    if (was !== undefined && was !== is) await change("RemoveRoleFromInstanceProfile", was);
    if (is !== undefined && was !== is) await change("AddRoleToInstanceProfile", is);
    inputs.drop("a change replaces the profile", "path");
    inputs.drop("profile tags are not updated", "tags");
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
  site.call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument } satisfies Sdk.PutRolePolicyCommandInput);

const attach = (site: Site, RoleName: string, PolicyArn: string) =>
  site.call("iam", "AttachRolePolicy", { RoleName, PolicyArn } satisfies Sdk.AttachRolePolicyCommandInput);
