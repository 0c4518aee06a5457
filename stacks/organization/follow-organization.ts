import { needsTags } from "../../core/share/resolve-share.ts";
import { changePermissions, needsOrganization, prove, readPermissions } from "../channel/functions.ts";
import { keepGrants, keyArns, mirrorChannel, seeGrants, shareParameters } from "../channel/publish.ts";
import { factory } from "../program/factory.ts";
import { place } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

const { id, managementAccountId } = factory.organization;
const inOrganization = (...kinds: string[]): string[] =>
  kinds.map((kind) => `arn:${place.partition}:organizations::${managementAccountId}:${kind}/${id}/*`);

/** ListRoots has no resource types (service authorization reference, "AWS Organizations"). */
const readOrganization: Grant[] = [
  { actions: ["organizations:ListRoots"], resources: ["*"] },
  {
    actions: ["organizations:ListOrganizationalUnitsForParent", "organizations:ListAccountsForParent"],
    resources: inOrganization("root", "ou"),
  },
];

/** Tags take one call per account, so they are read only if a share depends on them. */
const readTags: Grant[] = Object.values(factory.images).some(({ channels }) =>
  channels.some(({ share }) => needsTags(share)),
)
  ? [{ actions: ["organizations:ListTagsForResource"], resources: inOrganization("account") }]
  : [];

/** RAM follows OUs and the organization, but not accounts that a share lists. */
const followParameters: Grant[] = needsOrganization ? shareParameters : [];

export const followOrganization = asyncFunction("organization/follow-organization", {
  // 500 OUs at Organizations' five calls per second take 200 seconds.
  timeoutSeconds: 900,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    ...readOrganization,
    ...readTags,
    changePermissions,
    readPermissions,
    ...prove,
    ...followParameters,
    seeGrants,
    { actions: ["lambda:InvokeFunction"], resources: [mirrorChannel.arn, keepGrants.arn] },
  ],
  environment: {
    KEY_ARNS: keyArns,
    MIRROR_CHANNEL_FUNCTION: mirrorChannel.name,
    KEEP_GRANTS_FUNCTION: keepGrants.name,
  },
});
