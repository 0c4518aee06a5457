import { resourceName, tags } from "./deployment.ts";

/** What the factory remembers: one partition per image and per build. */
export const ledger = new aws.dynamodb.Table("Ledger", {
  name: resourceName("ledger"),
  billingMode: "PAY_PER_REQUEST",
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
  ],
  hashKey: "pk",
  rangeKey: "sk",
  ttl: { attributeName: "expires", enabled: true },
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
  deletionProtectionEnabled: true,
  tags,
});
