import type { EmbeddedAws } from "../../embedded-aws.ts";
import type { BusEvent } from "./event.ts";
import { requireBus } from "./state.ts";

/** Calls `listener` with every event put on a bus, whether a rule matches or not. The answer ends it. */
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
