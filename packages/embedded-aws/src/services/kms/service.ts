import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { authorizeKey, requireCustomerKey, requireKey } from "./find-key.ts";
import { recorded } from "./recorded.ts";

/** AWS KMS: key metadata, policies and grants; the only cryptography is signing. */
export const service: Service = {
  name: "kms",
  recorded,
  client: () => import("@aws-sdk/client-kms"),
  paging: {
    asked: "Marker",
    given: "NextMarker",
    size: "Limit",
    usual: 50,
    more: "Truncated",
    refusal: "InvalidMarkerException",
  },
  operations: await collect(
    import("./aliases.ts"),
    import("./cryptography.ts"),
    import("./grants.ts"),
    import("./key-policy.ts"),
    import("./keys.ts"),
    tagOperations<{ readonly KeyId?: string }>({
      show: "ListResourceTags",
      tags: "Tags",
      keys: "TagKeys",
      form: ["TagKey", "TagValue"],
      paged: true,
      authorize: (call, { KeyId }, context) => [authorizeKey(call, KeyId, context)],
      find: (call, { KeyId }, purpose) =>
        (purpose === "show" ? requireKey(call.aws, call, KeyId) : requireCustomerKey(call, KeyId)).tags,
    }),
    import("./signing/sign.ts"),
  ),
};
