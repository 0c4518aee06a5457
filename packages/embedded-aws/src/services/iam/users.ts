import type * as Sdk from "@aws-sdk/client-iam";
import { defineState } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { IAM_REGION } from "./state.ts";

/** When an account's root user was first requested, which is reported as its creation. */
const rootUsers = defineState("iam root users", (): { created: number | undefined } => ({ created: undefined }));

/** Users cannot be created here: an account's key is its root user's, all others are role sessions. */
export const operations = {
  GetUser: {
    authorize: ({ UserName }, { account }) => [{ resources: [`arn:aws:iam::${account}:user/${UserName ?? "*"}`] }],
    run({ UserName }, { aws, account, principal }) {
      if (UserName !== undefined) {
        throw new AwsError("NoSuchEntity", `The user with name ${UserName} cannot be found.`);
      }
      if (principal.kind !== "account") {
        throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials");
      }
      const root = aws.state(rootUsers, account, IAM_REGION);
      root.created ??= aws.clock.now();
      // The root user has no name; AWS omits it, although the API's model requires it.
      const user = { Arn: principal.arn, UserId: account, CreateDate: new Date(root.created), Path: "/" };
      return { User: { ...user, UserName: undefined } };
    },
  },
} satisfies Operations<typeof Sdk>;
