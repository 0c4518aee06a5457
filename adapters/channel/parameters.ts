import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { Proven } from "../../core/share/decide-proof.ts";
import { isContainerImageId } from "../../events/ids.ts";

/**
 * Publishes what a build yields. SSM answers before it has checked that the AMI exists and is ours; `readParameter` tells when the
 * value has come (Systems Manager user guide, "aws:ec2:image").
 * @param tier only parameters in the advanced tier can be shared (user guide, "Working with shared parameters")
 */
export async function publishArtifact(
  client: SSMClient,
  name: string,
  artifact: Proven,
  tier: "Advanced" | "Standard" = "Advanced",
): Promise<void> {
  // Parameter Store checks AMIs and nothing else; of other text it takes the value at once.
  const DataType = isContainerImageId(artifact) ? "text" : "aws:ec2:image";
  const value = { Name: name, Value: artifact, Type: "String", DataType } as const;
  await client.send(new PutParameterCommand({ ...value, Tier: tier, Overwrite: true }));
}

/** The parameter's value; undefined where there is no such parameter. */
export const readParameter = async (client: SSMClient, name: string): Promise<string | undefined> =>
  (await readWritten(client, name))?.value;

/** The parameter's value, and when it was written; undefined where there is no such parameter. */
export async function readWritten(
  client: SSMClient,
  name: string,
): Promise<{ readonly value: string; readonly writtenAt: Date | undefined } | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    if (Parameter?.Value === undefined) return undefined;
    return { value: Parameter.Value, writtenAt: Parameter.LastModifiedDate };
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** Removes a parameter; one that is gone already is well. */
export async function removeParameter(client: SSMClient, name: string): Promise<void> {
  try {
    await client.send(new DeleteParameterCommand({ Name: name }));
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
}

/** What the parameters below a path say, by name; SSM gives ten in one answer. */
export async function readParametersBelow(client: SSMClient, path: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: path, Recursive: true })) {
    for (const { Name, Value } of Parameters) if (Name && Value !== undefined) found.set(Name, Value);
  }
  return found;
}
