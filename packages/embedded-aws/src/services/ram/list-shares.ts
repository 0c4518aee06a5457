import type * as Sdk from "@aws-sdk/client-ram";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { toAssociation } from "./associate.ts";
import { associationsOf, isVisible, principalsMeaning, sharesReaching } from "./reach.ts";
import { notBuilt, toShare } from "./resource-shares.ts";
import { PARAMETER_TYPE, typeOf } from "./shareable-resources.ts";
import { type Association, invalidParameter, ramOf, type Share } from "./state.ts";

export const operations = {
  GetResourceShares: {
    list: "resourceShares",
    run(input, call) {
      if (input.permissionArn || input.permissionVersion) throw notBuilt("GetResourceShares by permission");
      const found = sharesOf(call, input.resourceOwner).filter(
        ({ arn, name, status, tags }) =>
          isAsked(input.resourceShareArns, arn) &&
          (input.name === undefined || name === input.name) &&
          (input.resourceShareStatus === undefined || status === input.resourceShareStatus) &&
          (input.tagFilters ?? []).every(({ tagKey = "", tagValues }) => {
            const value = tags.get(tagKey);
            return value !== undefined && isAsked(tagValues, value);
          }),
      );
      const own = input.resourceOwner === "SELF";
      return { resourceShares: found.map((share) => toShare(share, own)) };
    },
  },
  /** Only for owners of shares. */
  GetResourceShareAssociations: {
    list: "resourceShareAssociations",
    run(input, call) {
      const { associationType: kind } = input;
      if (kind === "SOURCE") throw notBuilt("GetResourceShareAssociations of sources");
      if (kind === "PRINCIPAL" ? input.resourceArn : input.principal) {
        const member = kind === "PRINCIPAL" ? "resourceArn" : "principal";
        throw invalidParameter(`You can't specify ${member} when the association type is ${kind}.`);
      }
      const entity = kind === "PRINCIPAL" ? input.principal : input.resourceArn;
      const found = sharesOf(call, "SELF")
        .filter(({ arn }) => isAsked(input.resourceShareArns, arn))
        .flatMap((share) => associationsOf(call.aws, share).map((one) => ({ share, one })))
        .filter(
          ({ one }) =>
            one.kind === kind &&
            (entity === undefined || one.entity === entity) &&
            (input.associationStatus === undefined || one.status === input.associationStatus),
        );
      return { resourceShareAssociations: found.map(({ share, one }) => toAssociation(share, one)) };
    },
  },
  /** Accounts, OUs and organizations that the caller shares with; for others' shares, their owners. */
  ListPrincipals: {
    list: "principals",
    run(input, call) {
      requireKnownType(input.resourceType);
      const own = input.resourceOwner === "SELF";
      const found = sharesOf(call, input.resourceOwner)
        .filter(({ arn }) => isAsked(input.resourceShareArns, arn))
        .flatMap((share) => {
          const { resources, principals } = entriesOf(call, input.resourceOwner, share);
          const meant = input.resourceArn || input.resourceType;
          if (meant && !resources.some((one) => isResourceAsked(input, one.entity))) return [];
          const sharers = own ? principals : principals.slice(0, 1).map((one) => ({ ...one, entity: share.owner }));
          return sharers.map((one) => ({ share, one }));
        })
        .filter(({ one }) => isAsked(input.principals, one.entity));
      return {
        principals: found.map(({ share, one }) => ({
          id: one.entity,
          resourceShareArn: share.arn,
          creationTime: new Date(one.created),
          lastUpdatedTime: new Date(one.updated),
          external: one.external,
        })),
      };
    },
  },
  /** Resources that the caller shares, or that are shared with it. */
  ListResources: {
    list: "resources",
    run(input, call) {
      requireKnownType(input.resourceType);
      const own = input.resourceOwner === "SELF";
      const found = sharesOf(call, input.resourceOwner)
        .filter(({ arn }) => isAsked(input.resourceShareArns, arn))
        .filter((share) => {
          if (input.principal === undefined) return true;
          if (!own) return share.owner === input.principal;
          const { principals } = entriesOf(call, "SELF", share);
          return principals.some(({ entity }) => entity === input.principal);
        })
        .flatMap((share) => entriesOf(call, input.resourceOwner, share).resources.map((one) => ({ share, one })))
        .filter(
          ({ one }) =>
            isAsked(input.resourceArns, one.entity) &&
            (input.resourceType === undefined || isType(input.resourceType, one.entity)) &&
            input.resourceRegionScope !== "GLOBAL",
        );
      return {
        resources: found.map(({ share, one }) => ({
          arn: one.entity,
          type: typeOf(one.entity),
          resourceShareArn: share.arn,
          creationTime: new Date(one.created),
          lastUpdatedTime: new Date(one.updated),
          resourceRegionScope: "REGIONAL" as const,
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The caller's own shares, or others' shares that include the caller. */
const sharesOf = ({ aws, account, region }: Call, owner: string | undefined): Share[] =>
  owner === "SELF"
    ? [...ramOf(aws, account, region).shares.values()].filter((share) => isVisible(aws, share))
    : sharesReaching(aws, account, region);

export const isAsked = <T>(wanted: readonly T[] | undefined, one: T): boolean =>
  !wanted?.length || wanted.includes(one);

/** All active entries of the caller's share; of another's only those that concern the caller. */
function entriesOf(
  call: Call,
  owner: string | undefined,
  share: Share,
): { resources: Association[]; principals: Association[] } {
  const all = associationsOf(call.aws, share).filter(({ status }) => status === "ASSOCIATED");
  return {
    resources: all.filter(({ kind }) => kind === "RESOURCE"),
    principals:
      owner === "SELF"
        ? all.filter(({ kind }) => kind === "PRINCIPAL")
        : principalsMeaning(call.aws, share, call.account),
  };
}

const isResourceAsked = ({ resourceArn, resourceType }: Sdk.ListPrincipalsCommandInput, arn: string): boolean =>
  (resourceArn === undefined || arn === resourceArn) && (resourceType === undefined || isType(resourceType, arn));

const isType = (wanted: string, arn: string): boolean => wanted.toLowerCase() === typeOf(arn).toLowerCase();

/** @throws InvalidResourceTypeException for an unknown type */
function requireKnownType(type: string | undefined): void {
  if (type === undefined || /^[a-z0-9-]+:[A-Za-z0-9-]+$/.test(type)) return;
  throw new AwsError("InvalidResourceTypeException", `${type} is not a known resource type; use ${PARAMETER_TYPE}.`);
}
