import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { promotionName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { at, blueprint, forwardingTargets, functionTargets, resourcesOf } from "../world/read-blueprint.ts";

interface Pattern {
  account?: string[];
  $or?: Pattern[];
  source: string[];
  "detail-type"?: string[];
  resources?: { prefix: string }[];
  detail?: { image: string[]; channel: string[]; stateMachineArn?: string[] };
}

const rules = resourcesOf("EventRule");
const patternOf = (rule: (typeof rules)[number]) => at<Pattern>(rule, "eventPattern");
/** The factory's bus has events of AWS only because these rules forward them. */
const forwarding = rules.filter((rule) =>
  forwardingTargets().some((target) => at(target, "rule") === at(rule, "name")),
);
const ofBus = (bus: string | undefined) => rules.filter((rule) => at(rule, "eventBusName") === bus);

/** Every event that `events/` defines: its source and name. */
const known = new Set<string>();
beforeAll(async () => {
  for (const folder of ["../../events/", "../../events/aws/"]) {
    for (const file of readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith(".ts"))) {
      const module: Record<string, unknown> = await import(`${folder}${file}`);
      for (const exported of Object.values(module)) {
        const { pattern } = (exported ?? {}) as { pattern?: Pattern };
        for (const type of pattern?.["detail-type"] ?? []) known.add(`${pattern?.source?.[0]} ${type}`);
      }
    }
  }
});

describe("the factory's rules", () => {
  it("match only events that events/ defines", () => {
    const awaited = rules.flatMap((rule) => {
      const pattern = patternOf(rule);
      return (pattern.$or ?? [pattern]).flatMap(({ source, "detail-type": detailTypes = [] }) =>
        source.flatMap((one) => detailTypes.map((detailType) => `${one} ${detailType}`)),
      );
    });

    expect(awaited.filter((event) => !known.has(event))).toEqual([]);
  });

  it("match only Image Builder images and promotions of the factory", () => {
    const [imageState, execution, ...others] = ofBus(undefined).filter((rule) => !forwarding.includes(rule));

    expect(others).toEqual([]);
    expect(patternOf(execution!).detail?.stateMachineArn).toEqual([
      `arn:aws:states:${blueprint.buildRegion}:${blueprint.account}:stateMachine:${promotionName(factory.name)}`,
    ]);
    expect(patternOf(imageState!).resources?.map(({ prefix }) => prefix)).toEqual(
      Object.keys(factory.images).map(
        (image) => `arn:aws:imagebuilder:${blueprint.buildRegion}:${blueprint.account}:image/${factory.name}-${image}/`,
      ),
    );
  });

  it("forward changes in the factory's account from each region to one rule on its bus", () => {
    const [waiting, ...others] = ofBus("amint-acme").filter((rule) => !patternOf(rule)["detail-type"]);
    const sources = forwarding.flatMap((rule) => patternOf(rule).$or?.flatMap(({ source }) => source) ?? []);

    expect(forwarding.map(({ region }) => region)).toEqual(factory.regions);
    for (const rule of forwarding) expect(patternOf(rule).account).toEqual([blueprint.account]);
    expect(others).toEqual([]);
    expect(new Set(patternOf(waiting!).source)).toEqual(new Set(sources));
  });

  it("start a child once when its parent's channel moves, never when its own does", () => {
    const edges = Object.entries(factory.images).flatMap(([child, { parent, triggers }]) =>
      triggers.parent && "image" in parent ? [{ child, image: [parent.image], channel: [parent.channel] }] : [],
    );

    const targets = resourcesOf("EventTarget").filter((target) =>
      at<string | undefined>(target, "inputTransformer", "inputTemplate")?.includes('"trigger":"parent"'),
    );
    const wired = targets.map((target) => {
      const template = at<string>(target, "inputTransformer", "inputTemplate");
      const rule = rules.find((one) => at(one, "name") === at(target, "rule"))!;
      return { child: /"image":"([^"]+)"/.exec(template)?.[1], ...patternOf(rule).detail };
    });

    expect(wired).toEqual(edges);
    for (const { child, image } of wired) expect(image).not.toContain(child);
  });

  it("are the only principals that may invoke their functions", () => {
    const { account, partition, buildRegion } = blueprint;
    const permissions = resourcesOf("Permission")
      .filter((one) => at(one, "principal") !== "*")
      .map((one) => [
        at<string>(one, "function").split(":").at(-1),
        at<string>(one, "principal"),
        at<string>(one, "sourceArn"),
      ]);

    const subscribed = resourcesOf("TopicSubscription")
      .filter((one) => at(one, "protocol") === "lambda")
      .map((one) => [at<string>(one, "endpoint").split(":").at(-1), "sns.amazonaws.com", at<string>(one, "topic")]);
    const needed = functionTargets().map((target) => {
      const bus = at<string | undefined>(target, "eventBusName");
      const rule = `rule/${bus ? `${bus}/` : ""}${at(target, "rule")}`;
      return [
        at<string>(target, "arn").split(":").at(-1),
        "events.amazonaws.com",
        `arn:${partition}:events:${buildRegion}:${account}:${rule}`,
      ];
    });

    expect(permissions.toSorted()).toEqual([...needed, ...subscribed].toSorted());
  });

  it("have permissions that name the function's ARN, so that they are created after the function", () => {
    const byName = resourcesOf("Permission").filter((one) => !at<string>(one, "function").startsWith("arn:"));

    expect(byName.map(({ name }) => name)).toEqual([]);
  });

  it("leave one function public: Slack's, which requires Slack's signature, and only by its URL", () => {
    const open = resourcesOf("Permission").filter((one) => at(one, "principal") === "*");

    expect(open.map((one) => at<string>(one, "function").split(":").at(-1))).toEqual([
      "amint-acme-answer-slack",
      "amint-acme-answer-slack",
    ]);
    expect(
      open.map((one) => [at(one, "action"), at(one, "functionUrlAuthType"), at(one, "invokedViaFunctionUrl")]),
    ).toEqual(
      expect.arrayContaining([
        ["lambda:InvokeFunctionUrl", "NONE", undefined],
        ["lambda:InvokeFunction", undefined, true],
      ]),
    );
  });

  it("keep trying for a day before an event is parked", () => {
    for (const target of functionTargets()) {
      expect(at(target, "retryPolicy")).toEqual({ maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 });
    }
    // EventBridge's default is the same.
    for (const target of forwardingTargets()) expect(at(target, "retryPolicy")).toBeUndefined();
  });
});

describe("the factory's subscriptions", () => {
  it("are to Amazon's topics for the public AMIs that images start from, in the topics' regions", () => {
    const subscriptions = resourcesOf("TopicSubscription").filter((one) => at(one, "protocol") === "lambda");

    expect(
      subscriptions.map(({ region, inputs }) => ({ region, topic: inputs.topic, endpoint: inputs.endpoint })),
    ).toEqual([
      {
        region: "us-east-1",
        topic: "arn:aws:sns:us-east-1:137112412989:amazon-linux-2023-ami-updates",
        endpoint: `arn:aws:lambda:${blueprint.buildRegion}:${blueprint.account}:function:amint-acme-watch-base`,
      },
    ]);
  });
});

describe("the factory's schedules", () => {
  const schedules = resourcesOf("Schedule");

  it("are one per scheduled image, and one each for reconciling, clean-up, retirement, fleet reports and watching", () => {
    const scheduled = Object.entries(factory.images).filter(([, { triggers }]) => triggers.schedule);

    expect(schedules.map((one) => at<string>(one, "name")).toSorted()).toEqual(
      [
        ...scheduled.map(([image]) => `amint-acme-build-${image}`),
        "amint-acme-clean-up",
        "amint-acme-reconcile",
        "amint-acme-retire",
        "amint-acme-tell-fleet",
        "amint-acme-watch-base",
        "amint-acme-watch-packages",
      ].toSorted(),
    );
  });

  it("poll vendors and Amazon at different minutes, not all on the hour", () => {
    for (const name of ["amint-acme-watch-base", "amint-acme-watch-packages"]) {
      const watch = schedules.find((one) => at(one, "name") === name)!;

      expect(at(watch, "flexibleTimeWindow", "mode")).toBe("FLEXIBLE");
    }
  });

  it("pass the scheduled time to the function, in the image's time zone", () => {
    const patchNight = schedules.find((one) => at(one, "name") === "amint-acme-build-al2023-base")!;

    expect(patchNight.inputs).toMatchObject({
      scheduleExpression: "cron(0 3 9-15 * ? *)",
      scheduleExpressionTimezone: "Europe/Zurich",
      target: { input: { trigger: "schedule", image: "al2023-base", scheduledTime: "<aws.scheduler.scheduled-time>" } },
    });
  });
});
