import type { ConsumerRole } from "../../adapters/share/consumer.ts";
import { consumerExternalId, consumerRoleArn } from "../../core/names.ts";
import type { Settings } from "../invocation.ts";

/** The role that the factory assumes in a consumer account. */
export const consumerRoleOf = (
  { factory, place }: Pick<Settings, "factory" | "place">,
  account: string,
): ConsumerRole => ({
  arn: consumerRoleArn(place.partition, account, factory.name),
  externalId: consumerExternalId(factory.name),
  session: `amint-${factory.name}`.slice(0, 64),
});
