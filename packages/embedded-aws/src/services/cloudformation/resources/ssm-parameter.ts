import { AwsError } from "../../../engine/aws-error.ts";
import type { Json } from "../template/template.ts";
import { differs, pick, type ResourceHandler, text } from "./handler.ts";

const written = (Name: string, properties: Json): Record<string, unknown> => ({
  Name,
  ...pick(properties, ["Type", "Value", "Tier", "Description", "DataType", "AllowedPattern", "Policies"]),
});

export const ssmParameter: ResourceHandler = {
  required: ["Type", "Value"],
  optional: ["AllowedPattern", "DataType", "Description", "Name", "Policies", "Tags", "Tier"],
  async create(properties, context) {
    if (properties.Type === "SecureString") {
      throw new AwsError("ValidationException", "#/Type: SecureString is not a valid enum value");
    }
    const Name = text(properties.Name) ?? `CFN-${context.uniqueName(1000)}`;
    const Tags = Object.entries((properties.Tags ?? {}) as Json).map(([Key, Value]) => ({ Key, Value: String(Value) }));
    await context.call("ssm", "PutParameter", { ...written(Name, properties), ...(Tags.length > 0 && { Tags }) });
    return { physicalId: Name, attributes: { Type: properties.Type, Value: properties.Value } };
  },
  async update(properties, { physicalId, properties: before }, context) {
    if (differs(properties, before, ["Name", "Type", "DataType"])) return undefined;
    if (differs(properties, before, ["Tags"])) return undefined;
    await context.call("ssm", "PutParameter", { ...written(physicalId, properties), Overwrite: true });
    return { physicalId, attributes: { Type: properties.Type, Value: properties.Value } };
  },
  async delete({ physicalId }, { call }) {
    await call("ssm", "DeleteParameter", { Name: physicalId });
  },
};
