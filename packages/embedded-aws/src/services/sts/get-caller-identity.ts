import type * as Sdk from "@aws-sdk/client-sts";
import type { Operations } from "../../engine/operation.ts";
import { findRole } from "../iam/state.ts";

export const operations = {
  /** Needs no permission, and none can be taken away (API reference). */
  GetCallerIdentity: {
    authorize: () => [],
    run(_input, { aws, principal }) {
      const { account, arn } = principal;
      if (principal.kind !== "role") return { UserId: account, Account: account, Arn: arn };
      const session = arn.slice(arn.lastIndexOf("/") + 1);
      return { UserId: `${findRole(aws, principal.roleArn)?.id}:${session}`, Account: account, Arn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;
