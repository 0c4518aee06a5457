import { paginateGetParametersByPath, type SSMClient } from "@aws-sdk/client-ssm";

/** What the parameters below a path say, by name; SSM gives ten in one answer. */
export async function readParametersBelow(client: SSMClient, path: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: path, Recursive: true })) {
    for (const { Name, Value } of Parameters) if (Name && Value !== undefined) found.set(Name, Value);
  }
  return found;
}
