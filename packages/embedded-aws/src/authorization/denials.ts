import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Call } from "../engine/operation.ts";
import type { Principal } from "../engine/principal.ts";
import { defineState } from "../engine/state.ts";

/** A request that IAM did not let through. */
export interface Denial {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** What the caller is told. */
  readonly message: string;
}

type Listener = (denied: Denial) => void;

const definition = defineState("iam.denial-listeners", () => new Set<Listener>());

/** Tells a listener of every refusal from now on, before the caller hears of it. @returns what ends it */
export function onDenied(aws: EmbeddedAws, listener: Listener): () => void {
  const listeners = aws.state(definition, "", "");
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellDenied({ aws, principal }: Call, denied: Omit<Denial, "principal">): void {
  for (const listener of aws.state(definition, "", "")) listener({ principal, ...denied });
}
