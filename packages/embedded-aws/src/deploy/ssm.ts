import type { ParameterTier, ParameterType, PutParameterCommandInput } from "@aws-sdk/client-ssm";
import { type Creator, known, tagList } from "./creator.ts";

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
