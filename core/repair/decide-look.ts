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

/** AWS's report that something the factory publishes, or what it rests on, was changed. */
export const driftSignal = z.union([
  parameterStoreChange.schema,
  amiStateChange.schema,
  resourceSharingStateChange.schema,
  imageCall.schema,
  keyCall.schema,
  repositoryCall.schema,
]);
export type DriftSignal = z.output<typeof driftSignal>;

/** What is compared with the ledger and the config because of one event. */
export type Look =
  | { readonly kind: "ami"; readonly region: string; readonly ami: string }
  | { readonly kind: "parameter"; readonly region: string; readonly image: string; readonly channel: string }
  /** The policy of a repository: a channel's, or that of an image's builds, `builds`. */
  | { readonly kind: "repository-policy"; readonly region: string; readonly image: string; readonly channel: string }
  /** The shares of all parameters: an event names a share, and the ledger does not know shares. */
  | { readonly kind: "parameter-shares"; readonly region: string }
  | { readonly kind: "key"; readonly region: string; readonly key: string }
  /** Grants on a key, of which `follow-organization` knows who needs one. */
  | { readonly kind: "grants"; readonly region: string; readonly key: string };

/** What a look is called in the ledger: two events that want the same look have the same name for it. */
export const lookName = (look: Look): string => {
  switch (look.kind) {
    case "ami":
      return `ami#${look.region}#${look.ami}`;
    case "parameter":
    case "repository-policy":
      return `${look.kind}#${look.region}#${look.image}#${look.channel}`;
    case "key":
    case "grants":
      return `${look.kind}#${look.region}#${look.key}`;
    case "parameter-shares":
      return `${look.kind}#${look.region}`;
  }
};

/** The look that `lookName` gave this name; undefined for other names. */
export function parseLook(name: string): Look | undefined {
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

/** @returns undefined where the event is about something else: another account, region or factory, or a refused call */
export function decideLook(
  signal: DriftSignal,
  { name, regions }: Pick<Factory, "name" | "regions">,
  { account }: Pick<Place, "account">,
): Look | undefined {
  const { region, detail } = signal;
  const isRefused = "errorCode" in detail && detail.errorCode !== undefined;
  if (signal.account !== account || !regions.includes(region) || isRefused) return undefined;
  switch (signal.source) {
    case "aws.ssm":
      return parameterRoots(name)
        .map((root) => named("parameter", region, signal.detail.name, `${root}/`))
        .find((look) => look !== undefined);
    case "aws.ram":
      return { kind: "parameter-shares", region };
    case "aws.ec2":
      return "ImageId" in detail
        ? { kind: "ami", region, ami: detail.ImageId }
        : { kind: "ami", region, ami: String("requestParameters" in detail ? detail.requestParameters : "") };
    case "aws.kms":
      return "resources" in detail ? keyLook(region, detail) : undefined;
    case "aws.ecr":
      return named("repository-policy", region, repositoryOf(detail), `${name}/`);
  }
}

type Detail = DriftSignal["detail"];

const repositoryOf = (detail: Detail): string =>
  "requestParameters" in detail && typeof detail.requestParameters === "object"
    ? detail.requestParameters.repositoryName
    : "";

function keyLook(region: string, { eventName, resources }: Extract<Detail, { resources: unknown }>): Look {
  const key = resources[0]?.ARN ?? "";
  return { kind: /^(Revoke|Retire)Grant$/.test(eventName) ? "grants" : "key", region, key };
}

/** `<prefix><image>/<channel>` */
function named(
  kind: "parameter" | "repository-policy",
  region: string,
  path: string,
  prefix: string,
): Look | undefined {
  const [image, channel, ...more] = path.startsWith(prefix) ? path.slice(prefix.length).split("/") : [];
  return image && channel && more.length === 0 ? { kind, region, image, channel } : undefined;
}

/** EventBridge's times are whole seconds: a look that began in the second of an event may have come before it. */
const RESOLUTION_MS = 1000;

/** Whether a look that began at `lookedAt` has seen what an event of `time` reports. */
export const hasSeen = (lookedAt: string | undefined, time: string): boolean =>
  lookedAt !== undefined && Date.parse(lookedAt) >= Date.parse(time) + RESOLUTION_MS;
