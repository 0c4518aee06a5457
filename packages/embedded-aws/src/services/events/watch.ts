import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { BusEvent } from "./event.ts";
import { mayMatch } from "./pattern/matches.ts";
import { type Bus, busesOf, requireBus } from "./state.ts";

type AnyBusListener = (bus: Bus, event: BusEvent) => void;

const everywhere = defineState("events watchers", () => new Set<AnyBusListener>());

/** Calls `listener` with every event put on any bus, even if no rule matches. Returns a function that stops it. */
export function watchAllBuses(aws: EmbeddedAws, listener: AnyBusListener): () => void {
  const watchers = aws.state(everywhere, "", "");
  watchers.add(listener);
  return () => watchers.delete(listener);
}

/** Whether this bus, or every bus, is watched. */
const hasWatchers = (aws: EmbeddedAws, bus: Bus): boolean =>
  bus.watchers.size > 0 || aws.state(everywhere, "", "").size > 0;

/** Calls a bus's watchers. Callers can put any event: a watcher that fails must not fail the call. */
export function tellWatchers(aws: EmbeddedAws, bus: Bus, event: BusEvent): void {
  for (const watcher of bus.watchers) reported(() => watcher(event));
  for (const watcher of aws.state(everywhere, "", "")) reported(() => watcher(bus, event));
}

function reported(watch: () => void): void {
  try {
    watch();
  } catch (cause) {
    console.error("A watcher of a bus failed:", cause);
  }
}

/** Calls `listener` with every event put on a bus, even if no rule matches. Returns a function that stops it. */
export function watchBus(
  aws: EmbeddedAws,
  account: string,
  region: string,
  busName: string,
  listener: (event: BusEvent) => void,
): () => void {
  const { watchers } = requireBus(aws, { account, region }, busName);
  watchers.add(listener);
  return () => {
    watchers.delete(listener);
  };
}

interface KnownFields {
  readonly account: string;
  readonly region: string;
}

/**
 * Whether a rule of a default bus can match an event of which only some fields are known yet, or the bus is watched.
 */
export function isAwaited(aws: EmbeddedAws, event: KnownFields): boolean {
  const bus = busesOf(aws, event.account, event.region).get("default");
  if (!bus) return false;
  if (hasWatchers(aws, bus)) return true;
  for (const rule of bus.rules.values()) {
    if (rule.enabled && rule.targets.size > 0 && mayMatch(rule.pattern, event)) return true;
  }
  return false;
}
