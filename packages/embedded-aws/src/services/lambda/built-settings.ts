import type { UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";

/** Settings that are not built, each with its only valid value. */
const NOT_BUILT = {
  FileSystemConfigs: [],
  KMSKeyArn: "",
  Layers: [],
  SnapStart: { ApplyOn: "None" },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  ImageConfig: undefined,
  CapacityProviderConfig: undefined,
  DurableConfig: undefined,
} satisfies { readonly [Member in keyof UpdateFunctionConfigurationRequest]?: unknown };

/** @throws AwsError NotImplemented for a setting that is not built */
export function requireBuilt(
  operation: string,
  input: Pick<UpdateFunctionConfigurationRequest, keyof typeof NOT_BUILT>,
): void {
  const member = (Object.keys(NOT_BUILT) as (keyof typeof NOT_BUILT)[]).find(
    (name) => input[name] !== undefined && JSON.stringify(input[name]) !== JSON.stringify(NOT_BUILT[name]),
  );
  if (member === undefined) return;
  throw new AwsError("NotImplemented", `lambda:${operation} with ${member} is not built`);
}
