import type * as Sdk from "@aws-sdk/client-iam";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { roleNamed } from "./find-roles.ts";
import { roleArn } from "./resource-arns.ts";
import { iamOf } from "./state.ts";

export const operations = {
  DeleteRole: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName }, { aws, account }) {
      const { roles, instanceProfiles } = iamOf(aws, account);
      const role = roleNamed(aws, account, RoleName);
      if (role.inline.size || role.attached.size) throw conflict("must delete policies first.");
      if ([...instanceProfiles.values()].some((profile) => profile.role === role.name)) {
        throw conflict("must remove roles from instance profile first.");
      }
      roles.delete(role.name);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

const conflict = (what: string): AwsError =>
  new AwsError("DeleteConflict", `Cannot delete entity, ${what}`, { status: 409 });
