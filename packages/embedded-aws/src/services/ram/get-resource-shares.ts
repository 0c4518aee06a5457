import type * as Sdk from "@aws-sdk/client-ram";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { toAssociation } from "./associate.ts";
import { associationsOf, isVisible, sharesReaching } from "./reach.ts";
import { notBuilt, toShare } from "./resource-shares.ts";
import { ramOf, type Share } from "./state.ts";

/** The caller's own shares, or those of others that reach it. */
export const sharesOf = ({ aws, account, region }: Call, owner: string | undefined): Share[] =>
  owner === "SELF"
    ? [...ramOf(aws, account, region).shares.values()].filter((share) => isVisible(aws, share))
    : sharesReaching(aws, account, region);

export const isAsked = <T>(wanted: readonly T[] | undefined, one: T): boolean =>
  !wanted?.length || wanted.includes(one);

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
  /** For the owner of shares only. */
  GetResourceShareAssociations: {
    list: "resourceShareAssociations",
    run(input, call) {
      const { associationType: kind } = input;
      if (kind === "SOURCE") throw notBuilt("GetResourceShareAssociations of sources");
      if (kind === "PRINCIPAL" ? input.resourceArn : input.principal) {
        const member = kind === "PRINCIPAL" ? "resourceArn" : "principal";
        throw new AwsError(
          "InvalidParameterException",
          `You can't specify ${member} when the association type is ${kind}.`,
        );
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
} satisfies Operations<typeof Sdk>;
