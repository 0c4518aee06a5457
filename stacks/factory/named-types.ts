import { nameOrPathSchema } from "../../core/factory/component-schema.ts";
import { instanceTypeSchema, tagsSchema } from "../../core/factory/network-schema.ts";
import { percentage } from "../../core/factory/rollout-schema.ts";
import { accountId, duration, nameSchema, organizationalUnitId, regionSchema } from "../../core/factory/values.ts";

/** Types that several keys share. */
export const namedTypes = [
  nameSchema,
  regionSchema,
  accountId,
  organizationalUnitId,
  duration,
  percentage,
  instanceTypeSchema,
  nameOrPathSchema,
  tagsSchema,
];
