import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { organizationOf } from "../organizations/state.ts";
import type { Image } from "./state.ts";

/** An account with all that launch permissions can name it by. */
export interface Viewer {
  readonly account: string;
  /** Keys of `Image.permissions` that let it launch without the image being public. */
  readonly shares: readonly string[];
}

export const permissionKey = (kind: string, value: string): string => `${kind} ${value}`;

const PUBLIC = permissionKey("UserGroup", "all");

/** Membership counts as it is now: an account that moves to another OU loses and gains images at once. */
export function viewerOf(aws: EmbeddedAws, account: string): Viewer {
  const organization = organizationOf(aws, account);
  return {
    account,
    shares: [
      permissionKey("UserId", account),
      ...(organization
        ? [
            permissionKey("OrganizationArn", organization.arn),
            ...organization.units.map(({ arn }) => permissionKey("OrganizationalUnitArn", arn)),
          ]
        : []),
    ],
  };
}

export const isPublic = (image: Image): boolean => image.permissions.has(PUBLIC);

/** Shared with the account itself, an organizational unit above it, or its organization. Owning is not sharing. */
export const isSharedWith = (image: Image, viewer: Viewer): boolean =>
  viewer.shares.some((share) => image.permissions.has(share));

export const canSee = (image: Image, viewer: Viewer): boolean =>
  image.owner === viewer.account || isPublic(image) || isSharedWith(image, viewer);
