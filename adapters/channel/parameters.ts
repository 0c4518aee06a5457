import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

const NOT_FOUND = /^ParameterNotFound$/;

/**
 * Writes an artifact to a parameter. SSM responds before it has validated that the AMI exists and is ours;
 * `readParameter` shows when the value is stored (Systems Manager user guide, "aws:ec2:image").
 * @param tier only advanced parameters can be shared (user guide, "Working with shared parameters")
 */
export async function publishArtifact(
  client: SSMClient,
  name: string,
  artifact: Proven,
  tier: "Advanced" | "Standard" = "Advanced",
): Promise<void> {
  // Parameter Store validates AMIs only; other text is stored at once.
  const DataType = isContainerImageId(artifact) ? "text" : "aws:ec2:image";
  const value = { Name: name, Value: artifact, Type: "String", DataType } as const;
  await client.send(new PutParameterCommand({ ...value, Tier: tier, Overwrite: true }));
}

/** A parameter's value; undefined where the parameter does not exist. */
export const readParameter = async (client: SSMClient, name: string): Promise<string | undefined> =>
  (await readWritten(client, name))?.value;

/** A parameter's value and modification time; undefined where the parameter does not exist. */
export async function readWritten(
  client: SSMClient,
  name: string,
): Promise<{ readonly value: string; readonly writtenAt: Date | undefined } | undefined> {
  const found = await unlessError(client.send(new GetParameterCommand({ Name: name })), NOT_FOUND);
  const { Value, LastModifiedDate } = found?.Parameter ?? {};
  return Value === undefined ? undefined : { value: Value, writtenAt: LastModifiedDate };
}

/** GetParameters' limit of names. */
const MOST_NAMES = 10;

/** The values of parameters by name, without those that do not exist. */
export async function readParameters(
  client: SSMClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let next = 0; next < names.length; next += MOST_NAMES) {
    const { Parameters = [] } = await client.send(
      new GetParametersCommand({ Names: names.slice(next, next + MOST_NAMES) }),
    );
    for (const { Name, Value } of Parameters) if (Name && Value !== undefined) found.set(Name, Value);
  }
  return found;
}

/** Deletes a parameter, if it exists. */
export async function removeParameter(client: SSMClient, name: string): Promise<void> {
  await unlessError(client.send(new DeleteParameterCommand({ Name: name })), NOT_FOUND);
}

/** The values of the parameters below a path, by name; SSM returns ten per page. */
export async function readParametersBelow(client: SSMClient, path: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: path, Recursive: true })) {
    for (const { Name, Value } of Parameters) if (Name && Value !== undefined) found.set(Name, Value);
  }
  return found;
}

type Wait = (ms: number) => Promise<void>;

const BETWEEN_MS = 2_000;
const TRIES = 10;

/** A parameter of a consumer's, and its new value. */
interface NewCopy {
  readonly name: string;
  readonly ami: Proven;
}

/**
 * Writes parameters in a consumer's account and waits until they are readable: Parameter Store responds before it has
 * validated an AMI, and rejects other values meanwhile. Text is stored at once.
 * @returns by name why a parameter was not written; MirrorNotYet after twenty seconds
 */
export async function mirrorAmis(
  client: SSMClient,
  copies: readonly NewCopy[],
  wait: Wait,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  let unwritten = [...copies];
  let unread: NewCopy[] = [];
  for (let tries = 0; tries < TRIES; tries++) {
    unread = await notStored(client, unread);
    const refused: NewCopy[] = [];
    for (const copy of unwritten) {
      try {
        if (!(await tryToPut(client, copy.name, copy.ami))) refused.push(copy);
        else if (!isContainerImageId(copy.ami)) unread.push(copy);
      } catch (failure) {
        failed.set(copy.name, failure);
      }
    }
    unwritten = refused;
    if (unread.length + unwritten.length === 0) return failed;
    await wait(BETWEEN_MS);
  }
  const left = [...(await notStored(client, unread)), ...unwritten];
  for (const { name, ami } of left) failed.set(name, new MirrorNotYet(name, ami));
  return failed;
}

/** Those whose parameter has another value. */
async function notStored(client: SSMClient, copies: readonly NewCopy[]): Promise<NewCopy[]> {
  const found = await readParameters(
    client,
    copies.map(({ name }) => name),
  );
  return copies.filter(({ name, ami }) => found.get(name) !== ami);
}

/** @returns false while Parameter Store validates the previous value */
async function tryToPut(client: SSMClient, name: string, ami: Proven): Promise<boolean> {
  try {
    await publishArtifact(client, name, ami, "Standard");
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "TooManyUpdates") return false;
    throw error;
  }
}

/** Parameter Store has not stored the value yet; `mirror-channel` retries within the hour. */
class MirrorNotYet extends Error {
  override readonly name = "MirrorNotYet";

  constructor(parameter: string, ami: ArtifactId) {
    super(`Parameter Store has not stored ${ami} in ${parameter} yet; mirror-channel retries within the hour.`);
  }
}
