import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { AmiId } from "../events/ids.ts";

/**
 * Publishes an AMI. SSM answers before it has checked that the AMI exists and is ours; `readParameter` tells when the
 * value has come (Systems Manager user guide, "aws:ec2:image").
 */
export async function publishAmi(client: SSMClient, name: string, ami: AmiId): Promise<void> {
  await client.send(
    new PutParameterCommand({ Name: name, Value: ami, Type: "String", DataType: "aws:ec2:image", Overwrite: true }),
  );
}

/** The parameter's value; undefined where there is no such parameter. */
export async function readParameter(client: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value;
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
