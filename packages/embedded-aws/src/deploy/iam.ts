import type {
  AddRoleToInstanceProfileCommandInput,
  AttachRolePolicyCommandInput,
  CreateInstanceProfileCommandInput,
  CreatePolicyCommandInput,
  CreateRoleCommandInput,
  CreateRoleCommandOutput,
  PutRolePolicyCommandInput,
} from "@aws-sdk/client-iam";
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
