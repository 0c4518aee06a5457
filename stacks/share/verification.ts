import { actAsConsumer } from "../organization/consumers.ts";
import { factory } from "../program/factory.ts";
import type { Grant } from "../resources/grant.ts";
import { syncFunction } from "../resources/lambda-function.ts";

/** Without `consumers`, no role is assumed in other accounts, and nothing is launched. */
const enter: Grant[] = factory.consumers ? [actAsConsumer] : [];

/** DescribeSnapshots has no resource types (service authorization reference, "Amazon EC2"). */
const readSnapshots: Grant[] = factory.consumers ? [{ actions: ["ec2:DescribeSnapshots"], resources: ["*"] }] : [];

export const verifyShare = syncFunction("share/verify-share", {
  timeoutSeconds: 120,
  ledger: ["BatchGetItem", "Query", "PutItem", "BatchWriteItem", "DeleteItem"],
  putsEvents: true,
  grants: [...enter, ...readSnapshots],
});

export const startCanary = syncFunction("share/start-canary", {
  timeoutSeconds: 60,
  ledger: ["BatchGetItem"],
  grants: enter,
});

export const checkCanary = syncFunction("share/check-canary", {
  timeoutSeconds: 60,
  ledger: ["PutItem"],
  grants: enter,
});

export const endCanary = syncFunction("share/end-canary", {
  timeoutSeconds: 60,
  ledger: ["Query", "PutItem"],
  putsEvents: true,
  grants: enter,
});

export const verifyParameter = syncFunction("share/verify-parameter", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "Query"],
  putsEvents: true,
  grants: enter,
});
