import { nameOrPathSchema } from "../../core/factory/component-schema.ts";
import { describeLimits, titleOf } from "../../core/factory/describe-type.ts";
import { instanceTypeSchema, tagsSchema } from "../../core/factory/network-schema.ts";
import { percentage } from "../../core/factory/rollout-schema.ts";
import { accountId, duration, nameSchema, organizationalUnitId, regionSchema } from "../../core/factory/values.ts";

const examples = [
  [nameSchema, '"al2023-base"'],
  [regionSchema, '"eu-west-1"'],
  [accountId, '"111122223333"'],
  [organizationalUnitId, '"ou-exam-workload"'],
  [duration, '"30m"'],
  [percentage, '"20%"'],
  [instanceTypeSchema, '"m7i.large"'],
  [nameOrPathSchema, '"amint:update-al2023"'],
  [tagsSchema, '{ team: "platform" }'],
] as const;

/** Types that several keys have. */
export const namedTypes = examples.map(([schema, example]) => ({
  title: titleOf(schema) ?? "",
  valid: describeLimits(schema),
  example,
}));
