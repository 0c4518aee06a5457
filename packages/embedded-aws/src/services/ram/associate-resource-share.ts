import type * as Sdk from "@aws-sdk/client-ram";
import type { AssociateResourceShareCommandInput } from "@aws-sdk/client-ram";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { associate, checkEntities, disassociate, toAssociation } from "./associate.ts";
import { authorizeShare, authorizeSharing, entityContext } from "./authorization.ts";
import { notBuilt } from "./resource-shares.ts";
import { associationKey, requireShare } from "./state.ts";

export const operations = {
  AssociateResourceShare: {
    authorize: (input, call) => [
      authorizeShare(call, input.resourceShareArn, entityContext(input)),
      ...authorizeSharing(call, input.resourceArns),
    ],
    run(input, call) {
      if (input.sources?.length) throw notBuilt("AssociateResourceShare with sources");
      const share = requireShare(call.aws, call.account, call.region, input.resourceShareArn);
      requireSome(input);
      const made = associate(call, share, checkEntities(call, share, input));
      share.updated = call.aws.clock.now();
      return {
        resourceShareAssociations: made.map((one) => toAssociation(share, one)),
        ...(input.clientToken && { clientToken: input.clientToken }),
      };
    },
  },
  DisassociateResourceShare: {
    authorize: (input, call) => [authorizeShare(call, input.resourceShareArn, entityContext(input))],
    run(input, call) {
      if (input.sources?.length) throw notBuilt("DisassociateResourceShare with sources");
      const share = requireShare(call.aws, call.account, call.region, input.resourceShareArn);
      requireSome(input);
      const named = [
        ...(input.principals ?? []).map((entity) => ({ kind: "PRINCIPAL" as const, entity })),
        ...(input.resourceArns ?? []).map((entity) => ({ kind: "RESOURCE" as const, entity })),
      ];
      const leaving = named.map((one) => {
        const found = share.associations.get(associationKey(one));
        if (found && !found.status.startsWith("DISASSOCIAT")) return found;
        throw new AwsError("UnknownResourceException", `${one.entity} is not associated with ${share.arn}.`);
      });
      disassociate(call, share, leaving);
      share.updated = call.aws.clock.now();
      return {
        resourceShareAssociations: leaving.map((one) => toAssociation(share, one)),
        ...(input.clientToken && { clientToken: input.clientToken }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireSome({ principals, resourceArns }: AssociateResourceShareCommandInput): void {
  if (principals?.length || resourceArns?.length) return;
  throw new AwsError("InvalidParameterException", "You must specify at least one resource or one principal.");
}
