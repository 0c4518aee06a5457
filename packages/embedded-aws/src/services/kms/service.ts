import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { createAlias, deleteAlias, listAliases, updateAlias } from "./aliases.ts";
import { createKey } from "./create-key.ts";
import { cryptography } from "./cryptography.ts";
import { describeKey, listKeys } from "./describe-key.ts";
import { createGrant, listGrants, revokeGrant } from "./grants.ts";
import { cancelKeyDeletion, disableKey, enableKey, scheduleKeyDeletion, updateKeyDescription } from "./key-life.ts";
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from "./key-policy.ts";
import { listResourceTags, tagResource, untagResource } from "./key-tags.ts";
import { recorded } from "./recorded.ts";
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus } from "./rotation.ts";
import { getPublicKey, sign, verify } from "./signing/sign.ts";

/** AWS KMS: who may use which key. Metadata, policies and grants; of cryptography, signatures. */
export const service: Service = {
  name: "kms",
  recorded,
  client: () => import("@aws-sdk/client-kms"),
  operations: bindTokens(
    {
      ...cryptography,
      CancelKeyDeletion: cancelKeyDeletion,
      CreateAlias: createAlias,
      CreateGrant: createGrant,
      CreateKey: createKey,
      DeleteAlias: deleteAlias,
      DescribeKey: describeKey,
      DisableKey: disableKey,
      DisableKeyRotation: disableKeyRotation,
      EnableKey: enableKey,
      EnableKeyRotation: enableKeyRotation,
      GetKeyPolicy: getKeyPolicy,
      GetKeyRotationStatus: getKeyRotationStatus,
      GetPublicKey: getPublicKey,
      ListAliases: listAliases,
      ListGrants: listGrants,
      ListKeyPolicies: listKeyPolicies,
      ListKeys: listKeys,
      ListResourceTags: listResourceTags,
      PutKeyPolicy: putKeyPolicy,
      RevokeGrant: revokeGrant,
      ScheduleKeyDeletion: scheduleKeyDeletion,
      Sign: sign,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateAlias: updateAlias,
      UpdateKeyDescription: updateKeyDescription,
      Verify: verify,
    },
    { asked: "Marker", given: "NextMarker", refusal: "InvalidMarkerException" },
  ),
};
