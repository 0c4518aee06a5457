import type * as Sdk from "@aws-sdk/client-inspector2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { organizationWith } from "../organizations/state.ts";

const SERVICE = "inspector2.amazonaws.com";

/** The delegated administrators for Inspector, which Organizations stores as for every service. */
function administrators(call: Call): string[] {
  const organization = organizationWith(call.aws, call.account);
  return [...(organization?.delegated ?? [])].flatMap(([account, services]) =>
    services.has(SERVICE) ? [account] : [],
  );
}

export const operations = {
  GetDelegatedAdminAccount: {
    run(_input, call) {
      const [accountId] = administrators(call);
      if (accountId === undefined) {
        throw new AwsError("ResourceNotFoundException", "No delegated administrator for Amazon Inspector exists.");
      }
      return { delegatedAdmin: { accountId, relationshipStatus: "ENABLED" } };
    },
  },
} satisfies Operations<typeof Sdk>;
