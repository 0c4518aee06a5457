import { isDeepStrictEqual } from "node:util";
import type * as Sdk from "@aws-sdk/client-ram";
import { afterWork } from "../../engine/clock/clock.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { associate, checkEntities, disassociate, SETTLING_MS, toAssociation } from "./associate.ts";
import { authorizeShare, authorizeSharing, entityContext } from "./authorization.ts";
import { associationsOf } from "./reach.ts";
import { requirePermissions } from "./shareable-resources.ts";
import { associationKey, invalidParameter, ramOf, requireShare, type Share } from "./state.ts";

type Tags = Sdk.CreateResourceShareCommandInput["tags"];

export const operations = {
  CreateResourceShare: {
    authorize: (input, call) => [
      {
        context: {
          ...entityContext(input),
          "ram:RequestedAllowsExternalPrincipals": String(input.allowExternalPrincipals ?? true),
          ...requestTagContext(tagsOf(input.tags)),
        },
      },
      ...authorizeSharing(call, input.resourceArns),
    ],
    run(input, call) {
      const { aws, account, region } = call;
      const { shares, tokens } = ramOf(aws, account, region);
      if (input.sources?.length) throw notBuilt("CreateResourceShare with sources");
      if (input.resourceShareConfiguration?.retainSharingOnAccountLeaveOrganization) {
        throw notBuilt("CreateResourceShare with retainSharingOnAccountLeaveOrganization");
      }
      const { clientToken, ...request } = input;
      const before = clientToken === undefined ? undefined : tokens.get(clientToken);
      if (before && !isDeepStrictEqual(before.request, JSON.stringify(request))) {
        throw new AwsError(
          "IdempotentParameterMismatchException",
          `The client token ${clientToken} was used with other parameters.`,
        );
      }
      if (before) return { resourceShare: toShare(before.share), ...(clientToken && { clientToken }) };
      const now = aws.clock.now();
      const share: Share = {
        arn: `arn:${aws.partition}:ram:${region}:${account}:resource-share/${aws.uuid()}`,
        owner: account,
        region,
        created: now,
        updated: now,
        name: input.name ?? "",
        allowExternal: input.allowExternalPrincipals ?? true,
        status: "ACTIVE",
        tags: new Map(tagsOf(input.tags)),
        associations: new Map(),
        permissions: requirePermissions(input.permissionArns ?? []),
      };
      const entities = checkEntities(call, share, input);
      shares.set(share.arn, share);
      associate(call, share, entities);
      if (clientToken !== undefined) tokens.set(clientToken, { request: JSON.stringify(request), share });
      return { resourceShare: toShare(share), ...(clientToken && { clientToken }) };
    },
  },
  UpdateResourceShare: {
    authorize: ({ resourceShareArn, allowExternalPrincipals }, call) => [
      authorizeShare(
        call,
        resourceShareArn,
        allowExternalPrincipals === undefined
          ? {}
          : { "ram:RequestedAllowsExternalPrincipals": String(allowExternalPrincipals) },
      ),
    ],
    run({ resourceShareArn, name, allowExternalPrincipals, clientToken }, call) {
      const share = requireShare(call.aws, call.account, call.region, resourceShareArn);
      if (allowExternalPrincipals === false && hasOutsiders(call, share)) {
        // AWS's message is not known.
        throw new AwsError(
          "OperationNotPermittedException",
          "The resource share has principals outside your AWS organization: disassociate them first.",
        );
      }
      share.name = name ?? share.name;
      share.allowExternal = allowExternalPrincipals ?? share.allowExternal;
      share.updated = call.aws.clock.now();
      return { resourceShare: toShare(share), ...(clientToken && { clientToken }) };
    },
  },
  /** Its consumers lose access at once; the deleted share stays visible for a while. */
  DeleteResourceShare: {
    authorize: ({ resourceShareArn }, call) => [authorizeShare(call, resourceShareArn)],
    run({ resourceShareArn, clientToken }, call) {
      const { aws, account, region } = call;
      const share = requireShare(aws, account, region, resourceShareArn);
      share.status = "DELETING";
      share.updated = aws.clock.now();
      disassociate(
        call,
        share,
        [...share.associations.values()].filter(({ status }) => !status.startsWith("DISASSOCIAT")),
      );
      afterWork(aws.clock, SETTLING_MS, () => {
        share.status = "DELETED";
        share.updated = aws.clock.now();
      });
      return { returnValue: true, ...(clientToken && { clientToken }) };
    },
  },
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

const tagsOf = (tags: Tags) => (tags ?? []).map(({ key = "", value = "" }) => [key, value] as const);

export const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `ram: ${what} is not built in the embedded AWS`);

const hasOutsiders = ({ aws }: Call, share: Share): boolean =>
  associationsOf(aws, share).some(({ external, status }) => external && !status.startsWith("DISASSOCIAT"));

/** @param tags whether to include tags: only the owner sees them */
export const toShare = (share: Share, tags = true): Sdk.ResourceShare => ({
  resourceShareArn: share.arn,
  name: share.name,
  owningAccountId: share.owner,
  allowExternalPrincipals: share.allowExternal,
  status: share.status,
  ...(tags && { tags: [...share.tags].map(([key, value]) => ({ key, value })) }),
  creationTime: new Date(share.created),
  lastUpdatedTime: new Date(share.updated),
  featureSet: "STANDARD",
});

function requireSome({ principals, resourceArns }: Sdk.AssociateResourceShareCommandInput): void {
  if (principals?.length || resourceArns?.length) return;
  throw invalidParameter("You must specify at least one resource or one principal.");
}
