import factory from "../../factory.config.ts";
import { actAsConsumer } from "../consumers.ts";
import type { Grant } from "../grant.ts";
import { syncFunction } from "../lambda-function.ts";

/** Without consumers nobody's account is entered, and nothing is launched. */
const enter: Grant[] = factory.consumers ? [actAsConsumer] : [];

/** Snapshots' Describe actions have no resources (service authorization reference, "Amazon EC2"). */
const readSnapshots: Grant[] = factory.consumers ? [{ actions: ["ec2:DescribeSnapshots"], resources: ["*"] }] : [];

export const verifyShare = syncFunction("verify-share", {
  timeoutSeconds: 120,
  ledger: ["GetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [...enter, ...readSnapshots],
});

export const startCanary = syncFunction("start-canary", {
  timeoutSeconds: 60,
  ledger: ["BatchGetItem"],
  grants: enter,
});

export const checkCanary = syncFunction("check-canary", { timeoutSeconds: 60, ledger: ["PutItem"], grants: enter });

export const endCanary = syncFunction("end-canary", {
  timeoutSeconds: 60,
  ledger: ["Query", "PutItem"],
  putsEvents: true,
  grants: enter,
});

export const verifyParameter = syncFunction("verify-parameter", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "Query"],
  putsEvents: true,
  grants: enter,
});
