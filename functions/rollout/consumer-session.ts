import type { ConsumerRole } from "../../adapters/share/consumer.ts";
import { consumerExternalId, rolloutRoleArn } from "../../core/names.ts";
import type { Settings } from "../invocation.ts";

/** The role that roll-outs assume in a consumer account. */
export const rolloutRoleOf = (
  { factory, place }: Pick<Settings, "factory" | "place">,
  account: string,
): ConsumerRole => ({
  arn: rolloutRoleArn(place.partition, account, factory.name),
  externalId: consumerExternalId(factory.name),
  session: `amint-${factory.name}-rollout`.slice(0, 64),
});
