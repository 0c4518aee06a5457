import type * as Sdk from "@aws-sdk/client-ssm";
import { decideValidation } from "../services/ssm/write-parameters.ts";
import type { Inputs } from "./inputs.ts";
import { known, type ResourceType, retag, type Site, tagList, toTagList } from "./resource-type.ts";

async function putParameter(inputs: Inputs, site: Site, Overwrite: boolean | undefined, Tags: Sdk.Tag[] | undefined) {
  const Name = inputs.text("name");
  await site.call("ssm", "PutParameter", {
    Name,
    Type: inputs.text<Sdk.ParameterType>("type"),
    Value: inputs.maybeText("value") ?? inputs.text("insecureValue"),
    DataType: inputs.maybeText("dataType"),
    Description: inputs.maybeText("description"),
    Tier: inputs.maybeText<Sdk.ParameterTier>("tier"),
    AllowedPattern: inputs.maybeText("allowedPattern"),
    KeyId: inputs.maybeText("keyId"),
    Overwrite,
    Tags,
  } satisfies Sdk.PutParameterCommandInput);
  // The provider waits until the AMI's id is validated.
  await decideValidation(site.aws, site.account, site.region, Name);
  await site.call("ssm", "GetParameter", { Name } satisfies Sdk.GetParameterCommandInput);
  return known(Name, `arn:aws:ssm:${site.region}:${site.account}:parameter${Name.startsWith("/") ? "" : "/"}${Name}`);
}

export const parameter: ResourceType = {
  create: (inputs, site) => putParameter(inputs, site, inputs.flag("overwrite"), tagList(inputs)),
  // SSM accepts tags only for new parameters.
  async update(inputs, site, before) {
    inputs.flag("overwrite");
    // A changed tag alone does not write the value, which may have been changed elsewhere.
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
