import * as z from "zod";
import { amiStateChange } from "../../events/aws/ami-state-change.ts";
import { imageCall } from "../../events/aws/image-call.ts";
import { keyCall } from "../../events/aws/key-call.ts";
import { parameterStoreChange } from "../../events/aws/parameter-store-change.ts";
import { repositoryCall } from "../../events/aws/repository-call.ts";
import { resourceSharingStateChange } from "../../events/aws/resource-sharing-state-change.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Place } from "../names.ts";
import { parameterRoots } from "./drift-events.ts";

/** An AWS event about a change to something that the factory publishes or depends on. */
export const driftSignal = z.union([
  parameterStoreChange.schema,
  amiStateChange.schema,
  resourceSharingStateChange.schema,
  imageCall.schema,
  keyCall.schema,
  repositoryCall.schema,
]);
export type DriftSignal = z.output<typeof driftSignal>;

/** The part that is compared with the ledger and the config because of an event. */
export type DriftCheck =
  | { readonly kind: "ami"; readonly region: string; readonly ami: string }
  | { readonly kind: "parameter"; readonly region: string; readonly image: string; readonly channel: string }
  /** The policy of a repository: a channel's, or that of an image's builds, `builds`. */
  | { readonly kind: "repository-policy"; readonly region: string; readonly image: string; readonly channel: string }
  /** The shares of all parameters: the event names a resource share, which the ledger does not record. */
  | { readonly kind: "parameter-shares"; readonly region: string }
  | { readonly kind: "key"; readonly region: string; readonly key: string }
  /** Grants on a key; `follow-organization` knows which accounts need one. */
  | { readonly kind: "grants"; readonly region: string; readonly key: string };

/** The name of a check in the ledger. Events that need the same check have the same name. */
export const driftCheckName = (check: DriftCheck): string => {
  switch (check.kind) {
    case "ami":
      return `ami#${check.region}#${check.ami}`;
    case "parameter":
    case "repository-policy":
      return `${check.kind}#${check.region}#${check.image}#${check.channel}`;
    case "key":
    case "grants":
      return `${check.kind}#${check.region}#${check.key}`;
    case "parameter-shares":
      return `${check.kind}#${check.region}`;
  }
};

/** Parses a name from `driftCheckName`; undefined for other names. */
export function parseDriftCheck(name: string): DriftCheck | undefined {
  const [kind, region = "", first = "", channel = ""] = name.split("#");
  switch (kind) {
    case "ami":
      return { kind, region, ami: first };
    case "parameter":
    case "repository-policy":
      return { kind, region, image: first, channel };
    case "key":
    case "grants":
      return { kind, region, key: first };
    case "parameter-shares":
      return { kind, region };
    default:
      return undefined;
  }
}

/** @returns undefined if the event is about another account, region or factory, or about a failed call */
export function decideDriftCheck(
  signal: DriftSignal,
  { name, regions }: Pick<Factory, "name" | "regions">,
  { account }: Pick<Place, "account">,
): DriftCheck | undefined {
  const { region, detail } = signal;
  const isRefused = "errorCode" in detail && detail.errorCode !== undefined;
  if (signal.account !== account || !regions.includes(region) || isRefused) return undefined;
  switch (signal.source) {
    case "aws.ssm":
      return parameterRoots(name)
        .map((root) => named("parameter", region, signal.detail.name, `${root}/`))
        .find((check) => check !== undefined);
    case "aws.ram":
      return { kind: "parameter-shares", region };
    case "aws.ec2":
      return "ImageId" in detail
        ? { kind: "ami", region, ami: detail.ImageId }
        : { kind: "ami", region, ami: String("requestParameters" in detail ? detail.requestParameters : "") };
    case "aws.kms":
      return "resources" in detail ? keyCheck(region, detail) : undefined;
    case "aws.ecr":
      return named("repository-policy", region, repositoryOf(detail), `${name}/`);
  }
}

type Detail = DriftSignal["detail"];

const repositoryOf = (detail: Detail): string =>
  "requestParameters" in detail && typeof detail.requestParameters === "object"
    ? detail.requestParameters.repositoryName
    : "";

function keyCheck(region: string, { eventName, resources }: Extract<Detail, { resources: unknown }>): DriftCheck {
  const key = resources[0]?.ARN ?? "";
  return { kind: /^(Revoke|Retire)Grant$/.test(eventName) ? "grants" : "key", region, key };
}

/** `<prefix><image>/<channel>` */
function named(
  kind: "parameter" | "repository-policy",
  region: string,
  path: string,
  prefix: string,
): DriftCheck | undefined {
  const [image, channel, ...more] = path.startsWith(prefix) ? path.slice(prefix.length).split("/") : [];
  return image && channel && more.length === 0 ? { kind, region, image, channel } : undefined;
}

/** EventBridge's times are whole seconds: a check that started in the same second may have been before the event. */
const RESOLUTION_MS = 1000;

/** Whether a check that started at `lookedAt` has seen the change that an event at `time` reports. */
export const hasSeen = (lookedAt: string | undefined, time: string): boolean =>
  lookedAt !== undefined && Date.parse(lookedAt) >= Date.parse(time) + RESOLUTION_MS;
