import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { recorded } from "./recorded.ts";

/** AWS KMS: who may use which key. Metadata, policies and grants; of cryptography, signatures. */
export const service: Service = {
  name: "kms",
  recorded,
  client: () => import("@aws-sdk/client-kms"),
  paging: { asked: "Marker", given: "NextMarker", size: "Limit", refusal: "InvalidMarkerException" },
  operations: await collect(
    import("./aliases.ts"),
    import("./create-key.ts"),
    import("./cryptography.ts"),
    import("./describe-key.ts"),
    import("./grants.ts"),
    import("./key-life.ts"),
    import("./key-policy.ts"),
    import("./key-tags.ts"),
    import("./rotation.ts"),
    import("./signing/sign.ts"),
  ),
};
