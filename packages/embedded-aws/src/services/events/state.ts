import type { Tag, Target } from "@aws-sdk/client-eventbridge";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { BusEvent } from "./event.ts";
import type { Pattern } from "./pattern/matches.ts";

export interface Bus {
  readonly name: string;
  readonly arn: string;
  description: string | undefined;
  readonly createdAt: number;
  modifiedAt: number;
  /** The bus's resource policy, which allows others to put events on it. */
  policy: BusPolicy | undefined;
  readonly tags: Map<string, string>;
  readonly rules: Map<string, Rule>;
  readonly watchers: Set<(event: BusEvent) => void>;
}

export interface BusPolicy {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly patternText: string;
  readonly pattern: Pattern;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly createdBy: string;
  enabled: boolean;
  readonly tags: Map<string, string>;
  readonly targets: Map<string, Target>;
}

const buses = defineState("events buses", () => new Map<string, Bus>());

export const busArn = (aws: EmbeddedAws, account: string, region: string, name: string): string =>
  `arn:${aws.partition}:events:${region}:${account}:event-bus/${name}`;

/** Accounts that ever used a bus in a region; the others have no rules there. */
export function* accountsWithBuses(aws: EmbeddedAws, where: string): Iterable<string> {
  for (const { account, region } of aws.places(buses)) if (region === where) yield account;
}

/** Every account has a bus named `default` in every region. */
export function busesOf(aws: EmbeddedAws, account: string, region: string): Map<string, Bus> {
  const all = aws.state(buses, account, region);
  if (!all.has("default")) all.set("default", newBus(aws, account, region, "default", undefined));
  return all;
}

export const newBus = (
  aws: EmbeddedAws,
  account: string,
  region: string,
  name: string,
  description: string | undefined,
): Bus => ({
  name,
  arn: busArn(aws, account, region, name),
  description,
  createdAt: aws.clock.now(),
  modifiedAt: aws.clock.now(),
  policy: undefined,
  tags: new Map(),
  rules: new Map(),
  watchers: new Set(),
});

/** A bus's location, from its name (in the caller's account and region) or its ARN. */
interface BusPlace {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
}

export function busPlace(
  aws: EmbeddedAws,
  here: { account: string; region: string },
  nameOrArn: string | undefined,
): BusPlace {
  const [, , , region, account, resource] = (nameOrArn ?? "").split(":");
  const place =
    resource === undefined
      ? { account: here.account, region: here.region, name: nameOrArn ?? "default" }
      : { account: account ?? "", region: region ?? "", name: resource.slice(resource.indexOf("/") + 1) };
  return { ...place, arn: busArn(aws, place.account, place.region, place.name) };
}

/** Whether an ARN names a bus. */
export const isBus = (arn = ""): boolean => /^arn:[^:]+:events:[^:]*:[^:]*:event-bus\//.test(arn);

/** Undefined if the bus does not exist. */
export const findBus = (aws: EmbeddedAws, place: BusPlace): Bus | undefined =>
  busesOf(aws, place.account, place.region).get(place.name);

export function requireBus(
  aws: EmbeddedAws,
  here: { account: string; region: string },
  nameOrArn: string | undefined,
): Bus {
  const place = busPlace(aws, here, nameOrArn);
  const bus = findBus(aws, place);
  if (!bus) throw new AwsError("ResourceNotFoundException", `Event bus ${place.name} does not exist.`);
  return bus;
}

export function requireRule(bus: Bus, name: string | undefined): Rule {
  const rule = bus.rules.get(name ?? "");
  if (!rule) {
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus.name}.`);
  }
  return rule;
}

/** A rule's ARN contains its bus, except for the default bus. */
export function ruleArn(bus: Pick<BusPlace, "arn" | "name">, name: string): string {
  const prefix = bus.arn.slice(0, bus.arn.lastIndexOf(":"));
  return `${prefix}:rule/${bus.name === "default" ? name : `${bus.name}/${name}`}`;
}

/** Tags as in requests. */
export const pairsOf = (tags: readonly Tag[] = []): (readonly [string, string])[] =>
  tags.map(({ Key = "", Value = "" }) => [Key, Value]);
