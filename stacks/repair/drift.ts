import { promotionName } from "../../core/names.ts";
import { driftEvents, driftSources } from "../../core/repair/drift-events.ts";
import { badEnds, executionStatusChange } from "../../events/aws/execution-status-change.ts";
import { factory } from "../program/factory.ts";
import { bus } from "../resources/bus.ts";
import { acceptFromRules } from "../resources/dead-letters.ts";
import { arnOf, logicalName, place, resourceName, tags } from "../resources/deployment.ts";
import { serviceRole } from "../resources/grant.ts";
import { checkedPattern, rule } from "../resources/rule.ts";
import { reconcile } from "./reconcile.ts";

/** AWS's events arrive only on the default bus of their region; these rules forward them to the factory's bus. */
const forwarder = serviceRole("drift-forwarder", "events.amazonaws.com", {
  grants: [{ actions: ["events:PutEvents"], resources: [bus.arn] }],
});

for (const region of factory.regions) {
  const name = `drift-${region}`;
  const logical = logicalName(name);
  const eventPattern = checkedPattern(name, driftEvents(factory, place));
  const created = new aws.cloudwatch.EventRule(logical, {
    region,
    name: resourceName(name),
    description: "A published resource, or one that it depends on, was changed",
    eventPattern,
    tags,
  });
  new aws.cloudwatch.EventTarget(`${logical}Target`, {
    region,
    rule: created.name,
    targetId: bus.name,
    arn: bus.arn,
    roleArn: forwarder.arn,
  });
}

const drift = rule("drift", reconcile, {
  description: "A published resource was changed: reconcile compares it with the ledger",
  bus,
  pattern: { source: driftSources },
});
const ended = rule("promotion-ended-badly", reconcile, {
  description: "A promotion failed, timed out or was stopped: reconcile looks whether it was undone",
  pattern: {
    ...executionStatusChange.pattern,
    detail: {
      stateMachineArn: [arnOf("states", `stateMachine:${promotionName(factory.name)}`)],
      status: badEnds,
    },
  },
});
acceptFromRules("reconcile", reconcile.deadLetters, [drift, ended]);
