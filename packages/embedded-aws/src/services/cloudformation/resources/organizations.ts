import type { CreatePolicyCommandOutput, PutResourcePolicyCommandOutput } from "@aws-sdk/client-organizations";
import { differs, document, list, pick, type ResourceHandler } from "./handler.ts";

/** The organization's resource policy, which grants other accounts access to Organizations; there is one. */
export const organizationsResourcePolicy: ResourceHandler = {
  required: ["Content"],
  optional: ["Tags"],
  async create(properties, { call }) {
    const { ResourcePolicy } = await call<PutResourcePolicyCommandOutput>("organizations", "PutResourcePolicy", {
      Content: document(properties.Content),
      ...pick(properties, ["Tags"]),
    });
    const { Id = "", Arn } = ResourcePolicy?.ResourcePolicySummary ?? {};
    return { physicalId: Id, attributes: { Id, Arn } };
  },
  async update(properties, { properties: before, ...existing }, { call }) {
    if (differs(properties, before, ["Tags"])) return undefined;
    await call("organizations", "PutResourcePolicy", { Content: document(properties.Content) });
    return existing;
  },
  async delete(_existing, { call }) {
    await call("organizations", "DeleteResourcePolicy", {});
  },
};

/** A service control policy, a declarative policy, ... with its targets. */
export const organizationsPolicy: ResourceHandler = {
  required: ["Content", "Name", "Type"],
  optional: ["Description", "Tags", "TargetIds"],
  async create(properties, { call }) {
    const { Policy } = await call<CreatePolicyCommandOutput>("organizations", "CreatePolicy", {
      Content: document(properties.Content),
      Description: properties.Description ?? "",
      ...pick(properties, ["Name", "Type", "Tags"]),
    });
    const { Id: PolicyId = "", Arn, AwsManaged } = Policy?.PolicySummary ?? {};
    for (const TargetId of list(properties.TargetIds)) {
      await call("organizations", "AttachPolicy", { PolicyId, TargetId });
    }
    return { physicalId: PolicyId, attributes: { Id: PolicyId, Arn, AwsManaged } };
  },
  async update(properties, { physicalId: PolicyId, attributes, properties: before }, { call }) {
    if (differs(properties, before, ["Type", "Tags"])) return undefined;
    await call("organizations", "UpdatePolicy", {
      PolicyId,
      Content: document(properties.Content),
      Description: properties.Description ?? "",
      ...pick(properties, ["Name"]),
    });
    const [after, was] = [list(properties.TargetIds), list(before.TargetIds)];
    for (const TargetId of after) {
      if (!was.includes(TargetId)) await call("organizations", "AttachPolicy", { PolicyId, TargetId });
    }
    for (const TargetId of was) {
      if (!after.includes(TargetId)) await call("organizations", "DetachPolicy", { PolicyId, TargetId });
    }
    return { physicalId: PolicyId, attributes };
  },
  async delete({ physicalId: PolicyId, properties }, { call }) {
    for (const TargetId of list(properties.TargetIds)) {
      await call("organizations", "DetachPolicy", { PolicyId, TargetId });
    }
    await call("organizations", "DeletePolicy", { PolicyId });
  },
};
