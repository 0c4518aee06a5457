import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { type LogGroup, type LogStream, logsIn } from "./state.ts";

type Place = Pick<Call, "aws" | "account" | "region">;

export const groupArn = ({ aws, account, region }: Place, name: string): string =>
  `arn:${aws.partition}:logs:${region}:${account}:log-group:${name}`;

/** How an operation names its group: by one of two members. */
export interface NamesGroup {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** @throws InvalidParameterException unless exactly one member names the group, and it is in the caller's account */
export function nameOfGroup({ logGroupName, logGroupIdentifier }: NamesGroup, call: Call): string {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalid("LogGroup name and LogGroup identifier are mutually exclusive parameters.");
  }
  const name = logGroupName ?? (logGroupIdentifier && nameInIdentifier(logGroupIdentifier, call));
  if (!name) throw invalid("Either LogGroup name or LogGroup identifier must be specified.");
  return name;
}

/** A name unchanged; an ARN's name, if it is a group of the caller's account and region. */
export function nameInIdentifier(identifier: string, call: Call): string {
  if (!identifier.startsWith("arn:")) return identifier;
  const prefix = groupArn(call, "");
  if (!identifier.startsWith(prefix)) throw groupNotFound();
  return identifier.slice(prefix.length).replace(/:\*$/, "");
}

/** @throws ResourceNotFoundException */
export function requireGroup({ aws, account, region }: Place, name: string): LogGroup {
  const group = logsIn(aws, account, region).groups.get(name);
  if (!group) throw groupNotFound();
  return group;
}

/** @throws ResourceNotFoundException */
export function requireStream(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (!stream) throw notFound("The specified log stream does not exist.");
  return stream;
}

/**
 * The authorization for a group: AWS appends `:log-stream:` and the stream, if any, so policies name groups with a
 * final `:*` (API reference, `LogGroup`).
 */
export function onGroup(call: Call, name: string, stream = ""): Partial<Authorization> {
  return { resources: [`${groupArn(call, name)}:log-stream:${stream}`], context: groupContext(call, name) };
}

/** The group's tags as condition keys. */
export const groupContext = ({ aws, account, region }: Place, name: string): Record<string, string> =>
  resourceTagContext(logsIn(aws, account, region).groups.get(name)?.tags ?? []);

/** An empty group, with AWS's defaults. */
export function makeGroup(
  place: { readonly aws: EmbeddedAws; readonly account: string; readonly region: string },
  name: string,
  settings: Partial<Pick<LogGroup, "class" | "kmsKeyArn" | "deletionProtected" | "tags">> = {},
): LogGroup {
  const { aws, account, region } = place;
  const group: LogGroup = {
    account,
    region,
    name,
    arn: groupArn(place, name),
    createdAt: aws.clock.now(),
    class: "STANDARD",
    retentionDays: undefined,
    kmsKeyArn: undefined,
    deletionProtected: false,
    tags: new Map(),
    streams: new Map(),
    count: 0,
    bytes: 0,
    ...settings,
  };
  logsIn(aws, account, region).groups.set(name, group);
  return group;
}

export function makeStream(aws: EmbeddedAws, group: LogGroup, name: string): LogStream {
  const stream: LogStream = {
    name,
    arn: `${group.arn}:log-stream:${name}`,
    createdAt: aws.clock.now(),
    events: [],
    lastIngestionAt: undefined,
  };
  group.streams.set(name, stream);
  return stream;
}

export const invalid = (message: string): AwsError => new AwsError("InvalidParameterException", message);
export const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message);
export const groupNotFound = (): AwsError => notFound("The specified log group does not exist.");
