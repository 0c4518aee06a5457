import { defineState } from "../../../engine/embedded-aws.ts";
import type { Call } from "../../../engine/operation.ts";
import type { Calendar } from "./calendar.ts";

interface DocumentVersion {
  readonly number: number;
  readonly content: string;
  readonly calendar: Calendar;
  readonly createdAt: number;
  readonly displayName: string | undefined;
  readonly versionName: string | undefined;
}

/** A document of type ChangeCalendar, the only supported type. */
export interface Document {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly tags: Map<string, string>;
  /** Oldest first; never empty. */
  versions: readonly DocumentVersion[];
  /** Accounts that may read it; `all`: every account. */
  readonly sharedWith: Set<string>;
}

/** By name. */
export const documentsState = defineState<Map<string, Document>>("ssm.documents", () => new Map());

export function latestOf({ name, versions }: Document): DocumentVersion {
  const version = versions.at(-1);
  if (!version) throw new Error(`document ${name} has no version`);
  return version;
}

interface Named {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** A document by name, or by ARN if it can be another account's. */
export function parseName(call: Call, reference = ""): Named {
  const match = /^arn:[^:]+:ssm:([^:]*):(\d*):document\/(.+)$/.exec(reference);
  if (!match) return { name: reference, account: call.account, region: call.region };
  const [, region = "", account = "", name = ""] = match;
  return { name, account, region };
}

export const documentArn = ({ aws }: Call, { name, account, region }: Named): string =>
  `arn:${aws.partition}:ssm:${region}:${account}:document/${name}`;

/** A document of the caller's, or one shared with it. */
export function findDocument(call: Call, reference: string | undefined): Document | undefined {
  const { name, account, region } = parseName(call, reference);
  if (region !== call.region) return undefined;
  const found = call.aws.state(documentsState, account, region).get(name);
  if (!found || account === call.account) return found;
  return found.sharedWith.has(call.account) || found.sharedWith.has("all") ? found : undefined;
}
