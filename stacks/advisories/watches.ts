import { UPDATE_TOPICS_REGION, updateTopic, watchedBases } from "../../core/advisories/bases.ts";
import { amiParents } from "../../core/advisories/newest-ami.ts";
import { parameterStoreChange } from "../../events/aws/parameter-store-change.ts";
import { factory } from "../program/factory.ts";
import { acceptFromRules } from "../resources/dead-letters.ts";
import { logicalName, place } from "../resources/deployment.ts";
import { rule } from "../resources/rule.ts";
import { scheduleFunction } from "../resources/schedule.ts";
import { resolveParents, watchBase, watchPackages } from "./functions.ts";

const bases = watchedBases(factory);

if (Object.values(factory.images).some(({ triggers }) => triggers.packages)) {
  scheduleFunction(watchPackages, "watch-packages", {
    description: "Finds vendors' advisories for installed packages",
    expression: "rate(2 hours)",
    // A flexible window, so that vendors do not get all requests on the hour.
    window: 1800,
  });
}

if (bases.length > 0) {
  scheduleFunction(watchBase, "watch-base", {
    description: "Finds replaced parents of images",
    expression: "rate(4 hours)",
    window: 900,
  });
}

if (resolveParents) {
  scheduleFunction(resolveParents, "resolve-parents", {
    description: "Finds the newest AMIs of images' parents",
    expression: "rate(4 hours)",
    window: 900,
  });
}

const resolved = amiParents(factory).filter(({ parameter }) => bases.some(({ name }) => name === parameter));

if (resolved.length > 0) {
  const moved = rule("parent-resolved", watchBase, {
    description: "The newest AMI of an image's parent changed",
    pattern: { ...parameterStoreChange.pattern, detail: { name: resolved.map(({ parameter }) => parameter) } },
    transform: { paths: { time: "$.time" }, template: '{"scheduledTime":<time>}' },
  });
  acceptFromRules("watch-base", watchBase.deadLetters, [moved]);
}

/**
 * A message only triggers an early check. The next scheduled check covers a lost message, so the subscription has no dead-letter
 * queue, which would have to be in the topic's region.
 */
const topics = new Set(bases.flatMap(({ name }) => updateTopic(place.partition, name) ?? []));

for (const topic of topics) {
  const name = topic.slice(topic.lastIndexOf(":") + 1);
  new aws.lambda.Permission(`${logicalName(name)}Permission`, {
    action: "lambda:InvokeFunction",
    function: watchBase.arn,
    principal: "sns.amazonaws.com",
    sourceArn: topic,
  });
  new aws.sns.TopicSubscription(logicalName(name), {
    region: UPDATE_TOPICS_REGION as aws.Region,
    topic,
    protocol: "lambda",
    endpoint: watchBase.arn,
  });
}
